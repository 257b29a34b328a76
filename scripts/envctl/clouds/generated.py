"""Reads through Google's generated clients for BigQuery, Pub/Sub and Workflows.

They speak REST, to Google or to a sandbox; what they return is turned back into the document of the API.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import importlib.metadata
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from .credentials import Credentials, CredentialsError
from .endpoints import Endpoints, origin
from .failures import Failure, Reason, classify, unauthenticated

_THREADS = 8
_DEADLINE = 20.0
# Google's Pub/Sub clients obey it before what they are given, and fail where they are to speak REST.
_EMULATOR = "PUBSUB_EMULATOR_HOST"

Call = Callable[[str], dict[str, Any]]

_MOVE_ROWS = ("pandas", "pyarrow", "google.cloud.bigquery_storage", "google.cloud.bigquery_storage_v1")


class ClientThreads:
    """The clients in threads of this process, made when they are first needed.

    Args:
        make: makes them, in one of the threads.
    """

    def __init__(self, make: Callable[[], GeneratedClients]) -> None:
        self._make = make
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="google-client")
        self._made: asyncio.Future[GeneratedClients] | None = None

    async def read(self, call: str, name: str, permission: str, service: str) -> dict[str, Any] | Failure:
        """One document, or why there is none; see `GeneratedClients.read`."""
        loop = asyncio.get_running_loop()
        if self._made is None:
            self._made = loop.run_in_executor(self._threads, self._make)
        clients = await self._made
        return await loop.run_in_executor(self._threads, clients.read, call, name, permission, service)

    def close(self) -> None:
        """Let go of the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GeneratedClients:
    """The three clients. Many threads may read at once.

    Args:
        endpoints: where the APIs answer.
        credentials: who asks.
        project: the environment's project.
        lean: import BigQuery's client without what moves rows quickly (pandas, pyarrow, the Storage API): 0.4 s less.
            For a process that only reads documents, since the client stays so for the rest of the process.
    """

    def __init__(self, endpoints: Endpoints, credentials: Credentials, project: str, *, lean: bool = False) -> None:
        self._endpoints = endpoints
        self._credentials = credentials
        self._project = project
        self._calls: dict[str, Call] = {}
        self._without: Failure | None = None
        import_clients(lean=lean)
        try:
            self._calls = self._make()
        except CredentialsError as error:
            self._without = unauthenticated(error)

    def read(self, call: str, name: str, permission: str, service: str) -> dict[str, Any] | Failure:
        """One document, or why there is none. Its retries, which the clients make themselves, end after `_DEADLINE` s.

        Args:
            call: which, such as "topic".
            name: the thing's full name.
            permission: what the caller needs.
            service: the API's short name.
        """
        if self._without is not None:
            return self._without
        try:
            return self._calls[call](name)
        except CredentialsError as error:
            return unauthenticated(error)
        except Exception as error:
            return self._failure(error, permission, service)

    def _failure(self, error: Exception, permission: str, service: str) -> Failure:
        from google.api_core.exceptions import GoogleAPICallError, RetryError
        from google.auth.exceptions import GoogleAuthError
        from requests.exceptions import RequestException

        cause = error.cause if isinstance(error, RetryError) else error
        if isinstance(cause, GoogleAPICallError) and cause.code is not None:
            return classify(int(cause.code), _answered(cause), permission=permission, service=service)
        if isinstance(cause, GoogleAuthError):
            return Failure(Reason.UNAUTHENTICATED, "the credentials were refused", service="credentials")
        if isinstance(cause, RequestException):
            at = origin(self._endpoints.client_endpoint(service))
            return Failure(Reason.UNREACHABLE, f"{at} can't be reached: {type(cause).__name__}", service=at)
        # Such as an answer that isn't the API's message: this one read is unknown, the others go on.
        said = (str(cause).splitlines() or [""])[0][:200]
        return Failure(Reason.UNEXPECTED, f"{service}.googleapis.com: {type(cause).__name__}: {said}")

    def _make(self) -> dict[str, Call]:
        from google.api_core import exceptions
        from google.api_core.retry import Retry, if_exception_type
        from google.cloud.bigquery import Client as BigQuery
        from google.cloud.bigquery.retry import DEFAULT_RETRY
        from google.cloud.workflows_v1 import WorkflowsClient
        from google.pubsub_v1 import PublisherClient, SchemaServiceClient, SubscriberClient
        from requests.exceptions import ConnectionError as Unreachable

        credentials = self._credentials.for_clients()
        passing = (
            exceptions.TooManyRequests,
            exceptions.ServiceUnavailable,
            exceptions.BadGateway,
            exceptions.GatewayTimeout,
        )
        retry = Retry(
            predicate=if_exception_type(*passing), initial=0.2, maximum=4.0, multiplier=2.0, timeout=_DEADLINE
        )
        made = functools.partial(self._client, credentials)
        publisher, subscriber, schemas = (
            made(c, "pubsub") for c in (PublisherClient, SubscriberClient, SchemaServiceClient)
        )
        workflows = made(WorkflowsClient, "workflows")
        bigquery = BigQuery(
            project=self._project,
            credentials=credentials,
            client_options={"api_endpoint": self._endpoints.client_endpoint("bigquery")},
        )
        # BigQuery's own retry also repeats refused connections, for ten minutes.
        again = DEFAULT_RETRY.with_timeout(_DEADLINE).with_predicate(
            lambda error: not isinstance(error, Unreachable) and isinstance(error, passing)
        )
        options: dict[str, Any] = {"retry": retry, "timeout": _DEADLINE}
        return {
            "topic": lambda name: _document(publisher.get_topic(topic=name, **options)),
            "subscription": lambda name: _document(subscriber.get_subscription(subscription=name, **options)),
            "schema": lambda name: _document(schemas.get_schema(request={"name": name, "view": "FULL"}, **options)),
            "workflow": lambda name: _document(workflows.get_workflow(name=name, **options)),
            "dataset": lambda name: dict(bigquery.get_dataset(name, retry=again, timeout=_DEADLINE).to_api_repr()),
            "table": lambda name: dict(bigquery.get_table(name, retry=again, timeout=_DEADLINE).to_api_repr()),
        }

    def _client(self, credentials: Any, client: Any, service: str) -> Any:
        endpoint = self._endpoints.client_endpoint(service)
        emulator = os.environ.pop(_EMULATOR, None)
        try:
            return client(credentials=credentials, transport="rest", client_options={"api_endpoint": endpoint})
        finally:
            if emulator is not None:
                os.environ[_EMULATOR] = emulator


def import_clients(*, lean: bool) -> None:
    """Import the three clients' packages, `lean` as in `GeneratedClients`."""
    with _no_version_warnings(), _left_out(*(_MOVE_ROWS if lean else ())):
        for package in ("bigquery", "workflows_v1"):
            importlib.import_module(f"google.cloud.{package}")
        importlib.import_module("google.pubsub_v1")


@contextmanager
def _no_version_warnings() -> Iterator[None]:
    """Import google-api-core without its warning of Python versions whose support ends: it is for who builds.

    It looks for the name of the package to warn of in every installed distribution, which costs 0.15 s.
    """
    search = importlib.metadata.packages_distributions
    importlib.metadata.packages_distributions = dict
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            yield
    finally:
        importlib.metadata.packages_distributions = search


@contextmanager
def _left_out(*modules: str) -> Iterator[None]:
    """Let optional imports of these modules fail, as if they weren't installed."""
    absent = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)


def _answered(error: Any) -> Any:
    """The API's own error document; None where it sent none, as a proxy's page is."""
    try:
        return error.response.json()
    except (AttributeError, ValueError):
        return None


def _document(message: Any) -> dict[str, Any]:
    """A message of a generated client as the JSON document that came over the wire."""
    from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]

    return dict(MessageToDict(type(message).pb(message)))

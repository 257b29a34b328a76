"""One authorised HTTP session: bounded concurrency, retries within a deadline, answers told from failures."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import aiohttp
import orjson
from yarl import URL

from .credentials import Credentials, CredentialsError
from .endpoints import Endpoints, origin
from .failures import Failure, Reason, classify, unauthenticated

_RETRIED = {429, 500, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often a read is tried.

    Attributes:
        deadline: seconds for one read with all its tries.
        timeout: seconds for one try.
        connections: tries to reach an address at which nothing answers.
        first_wait: seconds before the second try; doubles after each, up to `longest_wait`.
    """

    deadline: float = 20.0
    timeout: float = 10.0
    connections: int = 3
    first_wait: float = 0.2
    longest_wait: float = 4.0


class Session:
    """Reads JSON from the APIs. Use it as an async context manager.

    Args:
        endpoints: where the APIs answer.
        credentials: who asks.
        concurrency: requests in flight at once.
        patience: retries and deadlines.
        clock, sleep: time, in seconds, for tests.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        credentials: Credentials,
        *,
        concurrency: int = 32,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.endpoints = endpoints
        self.credentials = credentials
        self._patience = patience or Patience()
        self._clock = clock
        self._sleep = sleep
        self._slots = asyncio.Semaphore(concurrency)
        self._down: dict[str, Failure] = {}
        self._concurrency = concurrency
        self._http: aiohttp.ClientSession

    async def __aenter__(self) -> Session:
        # A sandbox is on this machine: no proxy may stand between. What is sent is never a cookie.
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._concurrency),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=not self.endpoints.is_sandbox,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    async def read(
        self,
        service: str,
        path: str,
        *,
        method: str = "GET",
        query: Mapping[str, str] | None = None,
        body: Any = None,
        permission: str | None = None,
    ) -> dict[str, Any] | Failure:
        """One document of an API, or why there is none.

        Args:
            service: the API's short name, such as "run".
            path: from the version on, such as "v2/projects/p/locations/l/services/s".
            method: POST for the few reads that are posts (`:getIamPolicy`).
            query: parameters.
            body: sent as JSON.
            permission: what the caller needs, reported when the API refuses without saying.
        """
        url = self.endpoints.url(service, path)
        try:
            token = await self.credentials.token()
        except CredentialsError as error:
            return unauthenticated(error)
        answer = await self._send(method, url, query, body, {"authorization": f"Bearer {token}"})
        if isinstance(answer, Failure):
            return answer
        document = answer.document
        if answer.status == 200:
            if isinstance(document, dict):
                return document
            return Failure(Reason.UNEXPECTED, f"{origin(url)} answered something other than a JSON object")
        return classify(answer.status, document, permission=permission, service=service)

    async def get(
        self,
        url: str,
        *,
        token: str | None,
        timeout: float,  # noqa: ASYNC109
    ) -> Answer | Failure:
        """Any address once, without retries: a service's own health. Redirects are not followed."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with self._slots:
            answer = await self._try("GET", url, None, None, headers, timeout)
        return answer.failure if isinstance(answer, _Unanswered) else answer

    async def _send(
        self, method: str, url: str, query: Mapping[str, str] | None, body: Any, headers: Mapping[str, str]
    ) -> Answer | Failure:
        patience, began, tries, wait = self._patience, self._clock(), 0, self._patience.first_wait
        while True:
            tries += 1
            async with self._slots:
                # One address that is down costs its patience once, not once for every read that waits behind it.
                if down := self._down.get(origin(url)):
                    return down
                answer = await self._try(method, url, query, body, headers, patience.timeout)
            pause = wait * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, guards nothing
            if isinstance(answer, _Unanswered):
                if tries >= patience.connections:
                    return self._give_up(url, answer)
            elif answer.status not in _RETRIED:
                return answer
            else:
                pause = max(pause, _retry_after(answer))
            if self._clock() - began + pause > patience.deadline:
                return self._give_up(url, answer) if isinstance(answer, _Unanswered) else answer
            await self._sleep(pause)
            wait = min(wait * 2, patience.longest_wait)

    async def _try(
        self,
        method: str,
        url: str,
        query: Mapping[str, str] | None,
        body: Any,
        headers: Mapping[str, str],
        seconds: float,
    ) -> Answer | _Unanswered:
        content = None if body is None else orjson.dumps(body)
        if content is not None:
            headers = {**headers, "content-type": "application/json"}
        try:
            async with self._http.request(
                method,
                URL(url, encoded=True).extend_query(query or {}),
                data=content,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=seconds),
                allow_redirects=False,
            ) as answer:
                return Answer(answer.status, answer.headers.get("retry-after", ""), await answer.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            nobody_there = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
            return _Unanswered(_unreachable(url, error), nobody_there)

    def _give_up(self, url: str, unanswered: _Unanswered) -> Failure:
        if unanswered.nobody_there:
            self._down.setdefault(origin(url), unanswered.failure)
        return unanswered.failure


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered.

    Attributes:
        status: of HTTP.
        retry_after: the header, or nothing.
        body: as it came.
    """

    status: int
    retry_after: str
    body: bytes

    @property
    def document(self) -> Any:
        """The body as JSON; None where it isn't."""
        try:
            return orjson.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class _Unanswered:
    """A try without an answer; `nobody_there` where not even a connection came about."""

    failure: Failure
    nobody_there: bool


def _unreachable(url: str, error: aiohttp.ClientError | TimeoutError) -> Failure:
    said = "took too long" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
    return Failure(Reason.UNREACHABLE, f"{origin(url)} can't be reached: {said}", service=origin(url))


def _retry_after(answer: Answer) -> float:
    return float(answer.retry_after) if answer.retry_after.isdigit() else 0.0

"""Where addresses come from: variables, as compose and Kubernetes set them, and Cloud Run's API or a sandbox's."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

import httpx
import orjson

from shared_services.cloud.tokens import AccessTokens
from shared_services.errors import InputError

Addresses = Mapping[str, tuple[str, ...]]


class Source(Protocol):
    """Knows addresses of services."""

    async def addresses(self) -> Addresses:
        """All that it knows, by the service's name."""
        ...


class StaticSource:
    """Addresses that don't change while a process runs.

    `RISK_MANAGER_URL=http://risk-1:8003,http://risk-2:8003` names those of one service, `PLATFORM_SERVICES` those of
    many as JSON: the output `service_uris` of an environment can be given as it is.

    >>> source = StaticSource.of({"PLATFORM_SERVICES": '{"shared-services/auth": "http://127.0.0.1:8081"}'})
    >>> asyncio.run(source.addresses())
    {'auth': ('http://127.0.0.1:8081',)}

    Args:
        known: addresses by the service's name.
    """

    def __init__(self, known: Mapping[str, tuple[str, ...]]) -> None:
        self._known = {name: tuple(_checked(each, name) for each in each_of) for name, each_of in known.items()}

    @classmethod
    def of(cls, environ: Mapping[str, str] | None = None) -> StaticSource:
        """From variables.

        Raises:
            InputError: `PLATFORM_SERVICES` can't be read, or an address is none.
        """
        environ = os.environ if environ is None else environ
        found: dict[str, tuple[str, ...]] = {}
        text = environ.get("PLATFORM_SERVICES")
        if text:
            try:
                given = orjson.loads(text)
                pairs = [(str(path), value) for path, value in given.items()]
            except (ValueError, AttributeError):
                raise InputError("PLATFORM_SERVICES is not JSON of names and addresses") from None
            for path, value in pairs:
                found[path.rpartition("/")[2]] = (value,) if isinstance(value, str) else tuple(value)
        for variable, value in environ.items():
            name = variable.removesuffix("_URL").lower().replace("_", "-")
            if variable.endswith("_URL") and value.startswith(("http://", "https://")) and name not in _NO_SERVICES:
                found[name] = tuple(each.strip() for each in value.split(",") if each.strip())
        return cls(found)

    async def addresses(self) -> Addresses:
        """All that it knows."""
        return self._known


_NO_SERVICES = {"sandbox", "database", "redis"}


class CloudRunSource:
    """The services of a project and region, by Cloud Run's API. The same for Google Cloud and for a sandbox.

    >>> source = CloudRunSource("atm-prod", "asia-south1")
    >>> asyncio.run(source.addresses())  # doctest: +SKIP
    {'auth': ('https://auth-x7q.a.run.app',), …}

    Args:
        project: by default `GOOGLE_CLOUD_PROJECT`.
        region: where they run.
        environ: the variables.
        timeout_seconds: of a question.
    """

    def __init__(
        self,
        project: str | None = None,
        region: str = "asia-south1",
        *,
        environ: Mapping[str, str] | None = None,
        timeout_seconds: float = 5,
    ) -> None:
        self._environ = os.environ if environ is None else environ
        self._project, self._region, self._timeout = project, region, timeout_seconds
        self._tokens = AccessTokens(self._environ)

    async def addresses(self) -> Addresses:
        """The address of each service."""
        from shared_services.cloud.clients import find_project

        project = self._project or find_project(environ=self._environ)
        url = f"{self._base()}projects/{project}/locations/{self._region}/services"
        found: dict[str, tuple[str, ...]] = {}
        page = ""
        async with httpx.AsyncClient(timeout=self._timeout, trust_env=not url.startswith("http://")) as client:
            headers = {"authorization": f"Bearer {await asyncio.to_thread(self._tokens, url)}"}
            while True:
                answer = await client.get(url, params={"pageToken": page} if page else {}, headers=headers)
                answer.raise_for_status()
                said = answer.json()
                for service in said.get("services", ()):
                    if service.get("uri"):
                        found[str(service["name"]).rpartition("/")[2]] = (str(service["uri"]),)
                page = said.get("nextPageToken", "")
                if not page:
                    return found

    def _base(self) -> str:
        given = self._environ.get("GOOGLE_CLOUD_RUN_V2_CUSTOM_ENDPOINT")
        if given:
            return given if given.endswith("/") else f"{given}/"
        sandbox = self._environ.get("SANDBOX_URL")
        return f"{sandbox}/run/v2/" if sandbox else "https://run.googleapis.com/v2/"


def _checked(address: str, name: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise InputError(f'"{address}" is no address of {name}', todo="http://HOST:PORT or https://HOST")
    return address.rstrip("/")

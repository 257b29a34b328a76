"""Reading a cloud: over HTTP, by Google's generated clients, and the health of its services."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from .credentials import Credentials, CredentialsError
from .endpoints import Endpoints
from .failures import Failure, unauthenticated

if TYPE_CHECKING:
    from .generated import ClientThreads
    from .session import Session


class Reader(Protocol):
    """What asks a cloud. Use it as an async context manager.

    `ReaderHere` asks from this process, `ReaderProcess` from another.
    """

    @property
    def endpoints(self) -> Endpoints:
        """Where the APIs answer."""
        ...

    async def http(
        self, service: str, path: str, method: str, query: Mapping[str, str], body: Any, permission: str
    ) -> dict[str, Any] | Failure:
        """One document of an API, or why there is none; the arguments are those of `Session.read`."""
        ...

    async def client(self, call: str, name: str, permission: str, service: str) -> dict[str, Any] | Failure:
        """One document by one of Google's clients; the arguments are those of `GeneratedClients.read`."""
        ...

    async def health(self, uri: str, seconds: float) -> tuple[int, Any] | Failure:
        """The status and the JSON of a service's `/health`, asked once.

        Args:
            uri: the service's address, for which an ID token is sent where services take one.
            seconds: how long it may take.
        """
        ...

    async def __aenter__(self) -> Reader: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class ReaderHere:
    """Asks from this process. The clients are made when one is first needed.

    Args:
        endpoints: where the APIs answer.
        credentials: who asks.
        project: the environment's project.
        lean: as of `GeneratedClients`.
    """

    def __init__(self, endpoints: Endpoints, credentials: Credentials, project: str, *, lean: bool = False) -> None:
        self.endpoints = endpoints
        self._credentials = credentials
        self._project = project
        self._lean = lean
        self._session: Session
        self._clients: ClientThreads

    async def http(
        self, service: str, path: str, method: str, query: Mapping[str, str], body: Any, permission: str
    ) -> dict[str, Any] | Failure:
        return await self._session.read(service, path, method=method, query=query, body=body, permission=permission)

    async def client(self, call: str, name: str, permission: str, service: str) -> dict[str, Any] | Failure:
        return await self._clients.read(call, name, permission, service)

    async def health(self, uri: str, seconds: float) -> tuple[int, Any] | Failure:
        try:
            token = await self._credentials.id_token(uri)
        except CredentialsError as error:
            return unauthenticated(error)
        answer = await self._session.get(f"{uri}/health", token=token, timeout=seconds)
        return answer if isinstance(answer, Failure) else (answer.status, answer.document)

    async def __aenter__(self) -> ReaderHere:
        from .generated import ClientThreads, GeneratedClients
        from .session import Session

        self._session = await Session(self.endpoints, self._credentials).__aenter__()
        self._clients = ClientThreads(
            lambda: GeneratedClients(self.endpoints, self._credentials, self._project, lean=self._lean)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clients.close()
        await self._session.__aexit__(kind, error, trace)

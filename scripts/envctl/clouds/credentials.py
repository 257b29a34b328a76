"""Who asks: Google's application default credentials, or a sandbox's token. Neither is ever printed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Protocol

from .endpoints import SANDBOX_TOKEN

_SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]


SIGN_IN = "sign in: `gcloud auth application-default login`"


class CredentialsError(Exception):
    """There are no usable credentials.

    Attributes:
        todo: how to get some.
    """

    def __init__(self, why: str, todo: str = SIGN_IN) -> None:
        super().__init__(why)
        self.todo = todo


class Credentials(Protocol):
    """What signs requests."""

    async def token(self) -> str:
        """An access token for the APIs. Raises CredentialsError."""
        ...

    async def id_token(self, audience: str) -> str | None:
        """An ID token for a service; None where a service takes none. Raises CredentialsError."""
        ...

    def for_clients(self) -> Any:
        """The same as google-auth's `Credentials`, for Google's generated clients. Raises CredentialsError."""
        ...


@dataclass(frozen=True, slots=True)
class SandboxToken:
    """A token that a sandbox takes and that opens nothing else."""

    value: str = field(default=SANDBOX_TOKEN, repr=False)

    async def token(self) -> str:
        return self.value

    async def id_token(self, audience: str) -> str | None:
        return None

    def for_clients(self) -> Any:
        from google.oauth2.credentials import Credentials as TokenCredentials

        return TokenCredentials(token=self.value)  # type: ignore[no-untyped-call]


class ApplicationDefault:
    """Google's application default credentials, found and refreshed by google-auth when they are first needed."""

    def __init__(self) -> None:
        self._found: Any = None
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        async with self._lock:
            return await asyncio.to_thread(self._token)

    async def id_token(self, audience: str) -> str | None:
        return await asyncio.to_thread(self._id_token, audience)

    def for_clients(self) -> Any:
        if self._found is None:
            import google.auth
            from google.auth.exceptions import GoogleAuthError

            try:
                self._found, _ = google.auth.default(scopes=_SCOPES)
            except GoogleAuthError as error:
                raise _unusable(error) from error
        return self._found

    def _token(self) -> str:
        from google.auth.exceptions import GoogleAuthError
        from google.auth.transport.requests import Request

        credentials = self.for_clients()
        try:
            if not credentials.valid:
                credentials.refresh(Request())
        except GoogleAuthError as error:
            raise _unusable(error) from error
        return str(credentials.token)

    def _id_token(self, audience: str) -> str:
        from google.auth.exceptions import GoogleAuthError
        from google.auth.transport.requests import Request
        from google.oauth2 import id_token

        try:
            return str(id_token.fetch_id_token(Request(), audience))  # type: ignore[no-untyped-call]
        except GoogleAuthError as error:
            # A person's credentials can't name an audience, but carry an ID token that Cloud Run accepts.
            own = getattr(self.for_clients(), "id_token", None)
            if own:
                return str(own)
            raise CredentialsError(
                "these credentials give no ID token, which a service asks for",
                "use a service account: `gcloud auth application-default login --impersonate-service-account=…`",
            ) from error


def _unusable(error: Exception) -> CredentialsError:
    # google-auth's messages name files and accounts but no token; still only the first line is kept.
    first = (str(error).splitlines() or ["no reason given"])[0][:200]
    return CredentialsError(f"no usable Google credentials ({first})")

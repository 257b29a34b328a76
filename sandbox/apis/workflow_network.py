"""Requests of workflows: to Google's APIs, which are the sandbox itself, to its services, and to anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.control.context import Control
from sandbox.control.id_token import id_token
from sandbox.control.outgoing import here
from sandbox.workflows.errors import fault
from sandbox.workflows.world import Answer, Outgoing

if TYPE_CHECKING:
    import httpx


@dataclass(slots=True)
class Network:
    """The connections of all executions."""

    _client: httpx.AsyncClient | None = None

    async def close(self) -> None:
        """Close them."""
        if self._client is not None:
            await self._client.aclose()

    async def send(self, control: Control, request: Outgoing, account: str) -> Answer:
        """Send a request with a token of an account. Raises WorkflowError where no answer comes."""
        import httpx

        if self._client is None:
            # Proxies of the environment are not for loopback addresses.
            self._client = httpx.AsyncClient(
                trust_env=False, follow_redirects=True, limits=httpx.Limits(max_connections=None)
            )
        headers = {**request.headers, **_authorization(control, request, account)}
        try:
            url = here(control, request.url)
            answer = await self._client.request(
                request.method, url, headers=headers, content=request.content, timeout=request.timeout
            )
        except httpx.TimeoutException as error:
            message = f"no answer of {request.url} within {request.timeout:g} seconds"
            raise fault("TimeoutError", message) from error
        except (httpx.ConnectError, httpx.InvalidURL, httpx.UnsupportedProtocol, LookupError, ValueError) as error:
            raise fault("ConnectionFailedError", f"can't connect to {request.url}: {error}") from error
        except httpx.HTTPError as error:
            message = f"the connection to {request.url} broke: {error or type(error).__name__}"
            raise fault("ConnectionError", message) from error
        return Answer(
            answer.status_code, {header_name(key): value for key, value in answer.headers.items()}, answer.content
        )


def _authorization(control: Control, request: Outgoing, account: str) -> dict[str, str]:
    auth: dict[str, Any] = dict(request.auth or {})
    if auth.get("type") == "OIDC":
        wanted = {"serviceAccountEmail": account, "audience": auth.get("audience")}
        return {"Authorization": f"Bearer {id_token(control, wanted, request.url)}"}
    return {"Authorization": f"Bearer sandbox-{control.hex(32)}"} if auth.get("type") == "OAuth2" else {}


def header_name(name: str) -> str:
    """A header as HTTP writes it.

    >>> header_name("content-type")
    'Content-Type'
    """
    return "-".join(part.capitalize() for part in name.split("-"))

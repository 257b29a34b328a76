"""Requests of workflows: to Google's APIs, which are the sandbox itself, to its services, and to anywhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from sandbox.control import sending
from sandbox.control.context import Control
from sandbox.control.id_token import authorization
from sandbox.workflows.errors import fault
from sandbox.workflows.world import Answer, Outgoing


@dataclass(slots=True)
class Network:
    """The connections of all executions."""

    control: Control
    _sender: sending.Sender = field(init=False)

    def __post_init__(self) -> None:
        self._sender = sending.Sender(self.control)

    async def close(self) -> None:
        """Close them. A call that is under way is cancelled: it is made again after the start."""
        await self._sender.close()

    async def send(self, request: Outgoing, account: str) -> Answer:
        """Send a request with a token of an account. Raises WorkflowError where no answer comes."""
        token = _authorization(self.control, request, account)
        headers = {name: text for name, text in request.headers.items() if header_name(name) not in token} | token
        made = sending.Outgoing(request.method, request.url, headers, request.content)
        try:
            answer = await self._sender.fetch(made, request.timeout, redirects=True)
        except TimeoutError as error:
            message = f"no answer of {request.url} within {request.timeout:g} seconds"
            raise fault("TimeoutError", message) from error
        except (httpx.ConnectError, httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError) as error:
            raise fault("ConnectionFailedError", f"can't connect to {request.url}: {error}") from error
        except (httpx.HTTPError, RuntimeError) as error:
            message = f"the connection to {request.url} broke: {error or type(error).__name__}"
            raise fault("ConnectionError", message) from error
        received = {header_name(key): value for key, value in answer.headers.items()}
        return Answer(answer.status_code, received, answer.content)


def _authorization(control: Control, request: Outgoing, account: str) -> dict[str, str]:
    auth: dict[str, Any] = dict(request.auth or {})
    wanted = {"serviceAccountEmail": account, "audience": auth.get("audience")}
    token = {"OIDC": "oidcToken", "OAuth2": "oauthToken"}.get(str(auth.get("type")))
    made = authorization(control, {token: wanted} if token else {}, request.url)
    return {header_name(name): text for name, text in made.items()}


def header_name(name: str) -> str:
    """A header as HTTP writes it.

    >>> header_name("content-type")
    'Content-Type'
    """
    return "-".join(part.capitalize() for part in name.split("-"))

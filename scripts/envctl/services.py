"""What the services that terraform deployed say of themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from .clouds.credentials import CredentialsError
from .clouds.failures import Failure
from .clouds.session import Session
from .target import Target

_SECONDS = 30.0
# A service that was started a moment ago, with eleven others, may not have reached all that it needs.
_SOON = ("starting", "degraded", "down")
_TIMES, _PAUSE_SECONDS = 10, 1.0


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """A service's own account.

    Attributes:
        path: its path in the YAML, such as "shared-services/auth".
        uri: where it answers.
        status: what its /health says, such as "ok"; or why it says nothing.
        kind: "starter" where it is the generic starter app and not the service itself; else "service".
    """

    path: str
    uri: str
    status: str
    kind: str


def ask_services(target: Target, uris: Mapping[str, str]) -> list[ServiceAnswer]:
    """Ask each service for its /health, all at once, and again for a while where it isn't well yet.

    Args:
        target: the environment.
        uris: the addresses by path (the root's output).
    """
    return asyncio.run(_ask(target, uris))


async def _ask(target: Target, uris: Mapping[str, str]) -> list[ServiceAnswer]:
    async with Session(target.endpoints, target.credentials) as session:

        async def ask(path: str, uri: str) -> ServiceAnswer:
            try:
                token = await target.credentials.id_token(uri)
            except CredentialsError as error:
                return ServiceAnswer(path, uri, f"{error}; {error.todo}", "unknown")
            answer = await session.get(f"{uri}/health", token=token, timeout=_SECONDS)
            if isinstance(answer, Failure):
                return ServiceAnswer(path, uri, answer.message, "unknown")
            said = answer.document if isinstance(answer.document, dict) else {}
            status = str(said.get("status", f"HTTP {answer.status}"))
            return ServiceAnswer(path, uri, status, str(said.get("kind", "service")))

        async def patiently(path: str, uri: str) -> ServiceAnswer:
            answer = await ask(path, uri)
            for _ in range(_TIMES):
                if answer.status not in _SOON:
                    break
                await asyncio.sleep(_PAUSE_SECONDS)
                answer = await ask(path, uri)
            return answer

        return list(await asyncio.gather(*(patiently(path, uri) for path, uri in sorted(uris.items()))))

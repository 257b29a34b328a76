"""Whether a service answers on `/health` with 200 and its own name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from envctl.clouds import Failure, Reason
from envctl.clouds.credentials import CredentialsError
from envctl.clouds.session import Answer, Session
from envctl.output.model import Result

from .model import Thing

# A service that scaled to zero starts at this request.
COLD_START = 30.0

_REACHABLE_FROM_ANYWHERE = "INGRESS_TRAFFIC_ALL"


@dataclass(frozen=True, slots=True)
class Health:
    """How a service answered."""

    result: Result
    message: str
    actual: str | None = None
    failure: Failure | None = None


async def ask(session: Session, thing: Thing, service: Mapping[str, Any]) -> Health:
    """Ask a service for its health.

    Args:
        session: who asks.
        thing: the service as declared.
        service: the service as Cloud Run describes it.
    """
    uri, key = str(service.get("uri") or ""), thing.place.key
    if not session.endpoints.is_sandbox and service.get("ingress") != _REACHABLE_FROM_ANYWHERE:
        return Health(
            Result.SKIPPED, f"{key}/health: its ingress is internal, so only the VPC reaches it; Ready is checked"
        )
    if not uri:
        return Health(Result.FAIL, f"{key} has no address yet")
    try:
        token = await session.credentials.id_token(uri)
    except CredentialsError as error:
        return Health(Result.UNKNOWN, str(error), failure=Failure(Reason.UNAUTHENTICATED, str(error)))
    answer = await session.get(f"{uri}/health", token=token, timeout=COLD_START)
    if isinstance(answer, Failure):
        if session.endpoints.is_sandbox:
            return Health(Result.FAIL, f"{key}/health doesn't answer: {answer.message}")
        return Health(Result.UNKNOWN, answer.message, failure=answer)
    if answer.status in (401, 403):
        refused = Failure(Reason.FORBIDDEN, f"{key} refuses the caller", permission="run.routes.invoke")
        return Health(Result.UNKNOWN, refused.message, str(answer.status), refused)
    if answer.status != 200:
        return Health(Result.FAIL, f"{key}/health answers {answer.status}, not 200", str(answer.status))
    named = _name(answer)
    if named != key:
        return Health(Result.FAIL, f"{key}/health names {named or 'nobody'}, not {key}", named)
    return Health(Result.PASS, f"{key}/health answers 200")


def _name(answer: Answer) -> str | None:
    """Who answered: `service` in the JSON document, or `name`."""
    document = answer.document
    if not isinstance(document, Mapping):
        return None
    name = document.get("service") or document.get("name")
    return str(name) if name else None

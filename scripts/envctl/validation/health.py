"""Whether a service answers on `/health` with 200 and its own name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from envctl.clouds import Failure, Reason
from envctl.clouds.reader import Reader
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


async def ask(reader: Reader, thing: Thing, service: Mapping[str, Any]) -> Health:
    """Ask a service for its health.

    Args:
        reader: what asks.
        thing: the service as declared.
        service: the service as Cloud Run describes it.
    """
    uri, key = str(service.get("uri") or ""), thing.place.key
    if not reader.endpoints.is_sandbox and service.get("ingress") != _REACHABLE_FROM_ANYWHERE:
        return Health(
            Result.SKIPPED, f"{key}/health: its ingress is internal, so only the VPC reaches it; Ready is checked"
        )
    if not uri:
        return Health(Result.FAIL, f"{key} has no address yet")
    answer = await reader.health(uri, COLD_START)
    if isinstance(answer, Failure):
        if reader.endpoints.is_sandbox:
            return Health(Result.FAIL, f"{key}/health doesn't answer: {answer.message}")
        return Health(Result.UNKNOWN, answer.message, failure=answer)
    status, document = answer
    if status in (401, 403):
        refused = Failure(Reason.FORBIDDEN, f"{key} refuses the caller", permission="run.routes.invoke")
        return Health(Result.UNKNOWN, refused.message, str(status), refused)
    if status != 200:
        return Health(Result.FAIL, f"{key}/health answers {status}, not 200", str(status))
    named = _name(document)
    if named != key:
        return Health(Result.FAIL, f"{key}/health names {named or 'nobody'}, not {key}", named)
    return Health(Result.PASS, f"{key}/health answers 200")


def _name(document: Any) -> str | None:
    """Who answered: `service` in the JSON document, or `name`."""
    if not isinstance(document, Mapping):
        return None
    name = document.get("service") or document.get("name")
    return str(name) if name else None

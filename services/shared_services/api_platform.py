"""`/api/v1/services`: who is there, and how they are."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from shared_services.config.registry import document, names
from shared_services.discovery.client import IdTokens
from shared_services.discovery.registry import ServiceHealth
from shared_services.logging.redaction import redactor

from .api_config import Reader, parts_of
from .parts import Parts

router = APIRouter(prefix="/api/v1", tags=["platform"])


@dataclass
class HealthOfAll:
    """What all services say of themselves, asked at most every so often: asking wakes those that sleep."""

    tokens: IdTokens = field(default_factory=IdTokens)
    _known: tuple[float, dict[str, Any]] | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, parts: Parts, *, now: bool = False) -> dict[str, Any]:
        """The answers; those of a moment ago serve too."""
        keep = 1.0 if now else float(parts.settings.HEALTH_INTERVAL_SECONDS)
        async with self._lock:
            if self._known is None or time.monotonic() >= self._known[0] + keep:
                found = await parts.registry.health(tokens=self.tokens)
                self._known = time.monotonic(), _document(found)
            return self._known[1]


@router.get("/services")
async def services(request: Request, person: Reader) -> dict[str, Any]:
    """The services of this environment and their addresses."""
    registry = parts_of(request).registry
    found = {name: await registry.endpoints(name) for name in await registry.services()}
    rows = [
        {
            "service": name,
            "deployed": name in found,
            "addresses": [
                {"url": each.url, "usable": each.usable, "breaker": each.breaker.state.value}
                for each in found.get(name, ())
            ],
        }
        for name in sorted({*found, *_declared()})
    ]
    return {"services": rows}


@router.get("/services/health")
async def health(
    request: Request,
    person: Reader,
    now: Annotated[bool, Query(description="Ask again, also when the last answers are fresh.")] = False,
) -> dict[str, Any]:
    """What all services say of themselves."""
    known: HealthOfAll = request.app.state.health
    return await known.get(parts_of(request), now=now)


def _declared() -> list[str]:
    return [name for name in names() if document(name).is_service]


def _document(found: tuple[ServiceHealth, ...]) -> dict[str, Any]:
    # What a service says of its database may name the password.
    rows = [{**redactor().fields(asdict(each)), "ok": each.ok, "seconds": round(each.seconds, 4)} for each in found]
    missing = sorted(set(_declared()) - {each.service for each in found})
    nothing = {"url": "", "status": "not deployed", "kind": "", "ok": False, "seconds": 0, "checks": {}}
    rows += [{"service": name, **nothing} for name in missing]
    counts = {"ok": 0, "degraded": 0, "down": 0}
    for row in rows:
        counts[row["status"] if row["status"] in ("ok", "degraded") else "down"] += 1
    at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"checked_at": at, "counts": counts, "services": sorted(rows, key=lambda row: row["service"])}

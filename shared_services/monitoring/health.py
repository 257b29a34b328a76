"""The health of all services of an environment: asked once, told as a table, JSON or Prometheus' text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared_services.discovery.registry import ServiceHealth

if TYPE_CHECKING:
    from shared_services.discovery.client import Tokens
    from shared_services.discovery.registry import ServiceRegistry


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What the services said of themselves.

    Args:
        at: when they were asked, in UTC.
        services: the answers, by name and address.
    """

    at: datetime
    services: tuple[ServiceHealth, ...]

    @property
    def ok(self) -> bool:
        """Whether there is a service, and all of them can be used."""
        return bool(self.services) and all(each.ok for each in self.services)

    def rows(self) -> list[tuple[str, ...]]:
        """A line for each: service, health, what runs, milliseconds, what doesn't work, address."""
        return [
            (each.service, each.status, each.kind, f"{each.seconds * 1000:.0f}", _troubles(each), each.url)
            for each in self.services
        ]

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        services = [
            {
                "service": each.service,
                "status": each.status,
                "ok": each.ok,
                "kind": each.kind,
                "url": each.url,
                "milliseconds": round(each.seconds * 1000, 1),
                "checks": dict(each.checks),
            }
            for each in self.services
        ]
        return {"at": self.at.isoformat(), "ok": self.ok, "services": services}

    def prometheus(self) -> str:
        """As Prometheus reads it.

        >>> report = HealthReport(datetime(2026, 1, 2, tzinfo=UTC), (ServiceHealth("auth", "http://a", "ok"),))
        >>> print(report.prometheus().splitlines()[2])
        service_up{service="auth",url="http://a"} 1
        """
        up, seconds, checks = [], [], []
        for each in self.services:
            labels = f'service="{_escaped(each.service)}",url="{_escaped(each.url)}"'
            up.append(f"service_up{{{labels}}} {int(each.ok)}")
            seconds.append(f"service_health_duration_seconds{{{labels}}} {each.seconds:.6f}")
            for name, check in sorted(each.checks.items()):
                works = int(isinstance(check, dict) and check.get("status") == "ok")
                checks.append(f'service_check_up{{{labels},check="{_escaped(name)}"}} {works}')
        families = [
            ("service_up", "Whether the service can be used.", up),
            ("service_health_duration_seconds", "How long the answer took.", seconds),
            ("service_check_up", "Whether what the service needs works.", checks),
        ]
        lines = [
            line
            for name, about, samples in families
            if samples
            for line in (f"# HELP {name} {about}", f"# TYPE {name} gauge", *samples)
        ]
        return "\n".join(lines) + "\n"


async def check_health(
    registry: ServiceRegistry,
    expected: Sequence[str] = (),
    *,
    only: Sequence[str] = (),
    seconds: float = 10,
    tokens: Tokens | None = None,
) -> HealthReport:
    """Ask services for their health.

    Args:
        registry: knows where they are.
        expected: those that should be there; one that nobody knows is told as not deployed.
        only: ask these alone.
        seconds: how long an answer may take.
        tokens: gives the ID token for an address.
    """
    known = await registry.services()
    wanted = sorted(set(only) or {*known, *expected})
    answers = await registry.health([name for name in wanted if name in known], seconds=seconds, tokens=tokens)
    missing = (ServiceHealth(name, "", "not deployed") for name in wanted if name not in known)
    return HealthReport(
        datetime.now(UTC), tuple(sorted((*answers, *missing), key=lambda each: (each.service, each.url)))
    )


def _troubles(health: ServiceHealth) -> str:
    down = [
        f"{name}: {check.get('detail') or check.get('status')}"
        for name, check in sorted(health.checks.items())
        if isinstance(check, dict) and check.get("status") != "ok"
    ]
    return "; ".join(down)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

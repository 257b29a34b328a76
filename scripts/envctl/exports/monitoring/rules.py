"""Alert rules: the objectives of the YAML, and what must not be whatever the objectives say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..workloads import Workload
from .metrics import error_ratio, one_of, slow_ratio


class _Speed(NamedTuple):
    """How fast an error budget burns, as modules/monitoring has it."""

    name: str
    rate: float
    long: str
    short: str
    severity: str


_SPEEDS = (_Speed("fast", 14.4, "1h", "5m", "critical"), _Speed("slow", 6.0, "6h", "30m", "warning"))
_RISK_USED = 0.9


def rules(
    subproject: str, own: Sequence[Workload], objectives: Mapping[str, Any], buckets: Sequence[float]
) -> tuple[dict[str, Any], list[str]]:
    """The rules of a subproject, and the objectives that its services' own metrics can't tell.

    Args:
        subproject: its name.
        own: what it runs.
        objectives: its `slo_services`, resolved.
        buckets: the bounds of durations, in seconds.
    """
    names = [one.name for one in own if one.kind == "services"]
    groups = []
    burning, notes = _objectives(subproject, objectives, buckets)
    if burning:
        groups.append({"name": f"{subproject}: objectives", "rules": burning})
    if names:
        groups.append({"name": f"{subproject}: services", "rules": list(_services(subproject, names))})
    return {"groups": groups}, notes


def _objectives(
    subproject: str, objectives: Mapping[str, Any], buckets: Sequence[float]
) -> tuple[list[dict[str, Any]], list[str]]:
    made: list[dict[str, Any]] = []
    notes: list[str] = []
    for key, holder in objectives.items():
        for name, slo in holder["slos"].items():
            record = f"slo:{_metric(key)}_{_metric(name)}:errors"
            ratio = _ratio(slo, buckets)
            if ratio is None:
                notes.append(f"{subproject}: the objective {key}/{name} is measured by Google's Monitoring alone")
                continue
            service, query = ratio
            windows = sorted({window for speed in _SPEEDS for window in (speed.long, speed.short)})
            made += [{"record": f"{record}:{window}", "expr": query.replace("WINDOW", window)} for window in windows]
            if slo["burn_alerts"] is not None:
                made += [_burn(subproject, key, name, slo, service, record, speed) for speed in _SPEEDS]
    return made, notes


def _ratio(slo: Mapping[str, Any], buckets: Sequence[float]) -> tuple[str, str] | None:
    """The service, and the part of its requests that are not good in a window; None where it isn't told by it."""
    if slo["availability"] is not None:
        service = str(slo["availability"]).rpartition("/")[2]
        return service, error_ratio("http", one_of([service]), "WINDOW")
    if slo["latency"] is not None:
        service = str(slo["latency"]["service"]).rpartition("/")[2]
        bound = next((one for one in buckets if one * 1000 >= slo["latency"]["milliseconds"]), None)
        return None if bound is None else (service, slow_ratio(one_of([service]), bound, "WINDOW"))
    return None


def _burn(
    subproject: str, key: str, name: str, slo: Mapping[str, Any], service: str, record: str, speed: _Speed
) -> dict[str, Any]:
    limit = f"({speed.rate:g} * {1 - slo['goal']:.6g})"
    expr = f"{record}:{speed.long} > {limit} and {record}:{speed.short} > {limit}"
    says = f"{key}/{name} burns its error budget: {speed.name}"
    about = {
        "summary": says,
        "description": f"{slo['goal'] * 100:g} % is promised; {{{{ $value | humanizePercentage }}}} are not good.",
    }
    runbook = slo["burn_alerts"]["runbook"]
    return _alert(
        f"BudgetBurns{speed.name.capitalize()}",
        expr,
        "2m",
        {"severity": speed.severity, "subproject": subproject, "objective": f"{key}/{name}", "affected": service},
        {**about, **({"runbook_url": runbook} if runbook else {})},
    )


def _services(subproject: str, names: list[str]) -> Iterator[dict[str, Any]]:
    chosen, about = one_of(names), {"subproject": subproject}
    yield _alert(
        "ServiceDown",
        f"up{{{chosen}}} == 0",
        "2m",
        {"severity": "critical", **about},
        {"summary": "{{ $labels.service }} doesn't answer"},
    )
    yield _alert(
        "ServiceSaysNothing",
        " or ".join(f'absent(up{{service="{name}"}})' for name in sorted(names)),
        "10m",
        {"severity": "warning", **about},
        {"summary": "{{ $labels.service }} is not scraped at all"},
    )
    yield _alert(
        "CircuitBreakerOpen",
        f"max by (service, name) (circuit_breaker_state{{{chosen}}}) == 2",
        "1m",
        {"severity": "warning", **about},
        {"summary": "{{ $labels.service }} gave up on {{ $labels.name }} for now"},
    )
    yield _alert(
        "RiskLimitNearlyUsed",
        f"max by (service, limit) (risk_limit_used_ratio{{{chosen}}}) > {_RISK_USED}",
        "1m",
        {"severity": "critical", **about},
        {"summary": "{{ $labels.limit }} is used by {{ $value | humanizePercentage }}"},
    )


def _alert(name: str, expr: str, lasting: str, labels: dict[str, str], says: dict[str, str]) -> dict[str, Any]:
    return {"alert": name, "expr": expr, "for": lasting, "labels": labels, "annotations": says}


def _metric(text: str) -> str:
    return text.replace("-", "_")

"""Grafana's dashboards: one a subproject, a row a service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...environments.models.base import seconds
from ...environments.models.run_containers import cpus, mebibytes
from ..workloads import Workload
from .metrics import error_ratio, one_of, quantile, requests

_COLUMNS, _HEIGHT = 24, 8
_SOURCE = {"type": "prometheus", "uid": "${source}"}
_SCHEMA = 39

Panel = dict[str, Any]


def dashboard(
    platform: str, environment: str, subproject: str, own: Sequence[Workload], time_zone: str
) -> dict[str, Any]:
    """The dashboard of a subproject.

    Args:
        platform: stands in its id and its tags.
        environment: stands in its title.
        subproject: its name.
        own: what it runs.
        time_zone: that times are shown in.
    """
    services = [one for one in own if one.kind == "services"]
    panels: list[Panel] = []
    for title, charts in _rows(services):
        panels += _row(title, charts, panels)
    for number, panel in enumerate(panels, 1):
        panel["id"] = number
    return {
        "uid": f"{platform}-{subproject}"[:40],
        "title": f"{subproject} ({environment})",
        "tags": [platform, subproject],
        "schemaVersion": _SCHEMA,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": time_zone,
        "graphTooltip": 1,
        "templating": {
            "list": [{"name": "source", "type": "datasource", "query": "prometheus", "label": "Prometheus"}]
        },
        "panels": panels,
    }


def _rows(services: Sequence[Workload]) -> Iterator[tuple[str, list[Panel]]]:
    names = [one.name for one in services]
    if not names:
        yield "Nothing runs here yet", []
        return
    chosen = one_of(names)
    yield (
        "All",
        [
            _stat("Up", f"sum(up{{{chosen}}}) / count(up{{{chosen}}})", "percentunit", {"red": None, "green": 1}),
            _stat("Requests", f"sum(rate(http_requests_total{{{chosen}}}[5m]))", "reqps", {"green": None}),
            _stat(
                "Errors",
                f"max({error_ratio('http', chosen, '5m')})",
                "percentunit",
                {"green": None, "orange": 0.001, "red": 0.01},
            ),
            _stat(
                "Open breakers",
                f"sum(circuit_breaker_state{{{chosen}}} == bool 2) or vector(0)",
                "none",
                {"green": None, "red": 1},
            ),
        ],
    )
    for one in services:
        yield one.name, list(_service(one))
    yield (
        "Business",
        [
            _chart("Orders/s by state", f"sum by (status) (rate(orders_total{{{chosen}}}[$__rate_interval]))", "ops"),
            _chart("Profit and loss of the day", f"sum by (strategy) (pnl_rupees{{{chosen}}})", "currencyINR"),
            _chart("Open positions", f"sum by (strategy) (positions_open{{{chosen}}})", "none"),
            _chart("Risk limits, used", f"max by (limit) (risk_limit_used_ratio{{{chosen}}})", "percentunit", limit=1),
        ],
    )


def _service(one: Workload) -> Iterator[Panel]:
    chosen, values = one_of([one.name]), one.values
    yield _chart("Requests/s by status", requests("http", chosen), "reqps")
    if one.grpc_port:
        yield _chart("gRPC calls/s by status", requests("grpc", chosen), "reqps")
    lines = {f"{part:.0%}": quantile("http", chosen, part) for part in (0.5, 0.95, 0.99)}
    yield _chart("Answers within", lines, "s", limit=seconds(values["timeout"]))
    room = values["concurrency"]
    yield _chart("Requests under way", f"max(http_requests_in_progress{{{chosen}}})", "none", limit=room)
    memory = mebibytes(values["memory"]) * 1024 * 1024
    yield _chart("Memory", f"max(process_resident_memory_bytes{{{chosen}}})", "bytes", limit=memory)
    busy = f"max(rate(process_cpu_seconds_total{{{chosen}}}[$__rate_interval]))"
    yield _chart("CPUs", busy, "none", limit=cpus(values["cpu"]))


def _row(title: str, charts: Sequence[Panel], before: Sequence[Panel]) -> Iterator[Panel]:
    top = max((panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in before), default=0)
    yield {"type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": _place(0, top, _COLUMNS, 1)}
    width = _COLUMNS // min(4, max(1, len(charts))) if len(charts) != 5 else 8
    in_a_row = _COLUMNS // width
    for at, chart in enumerate(charts):
        place = _place(at % in_a_row * width, top + 1 + at // in_a_row * _HEIGHT, width, _HEIGHT)
        yield {**chart, "gridPos": place}


def _place(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": width, "h": height}


def _chart(title: str, lines: str | dict[str, str], unit: str, limit: float | None = None) -> Panel:
    """A chart of one query (a line each of its series), or of several named ones, and the YAML's limit."""
    named = {"": lines} if isinstance(lines, str) else lines
    defaults: dict[str, Any] = {"unit": unit, "min": 0, "custom": {"fillOpacity": 10, "showPoints": "never"}}
    if unit == "currencyINR":
        del defaults["min"]
    if limit is not None:
        steps = [{"color": "green", "value": None}, {"color": "red", "value": limit}]
        defaults["thresholds"] = {"mode": "absolute", "steps": steps}
        defaults["custom"]["thresholdsStyle"] = {"mode": "dashed"}
    return {
        "type": "timeseries",
        "title": title,
        "datasource": _SOURCE,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [_target(at, query, name) for at, (name, query) in enumerate(named.items())],
    }


def _stat(title: str, query: str, unit: str, colours: dict[str, float | None]) -> Panel:
    steps = [{"color": colour, "value": value} for colour, value in colours.items()]
    return {
        "type": "stat",
        "title": title,
        "datasource": _SOURCE,
        "fieldConfig": {
            "defaults": {"unit": unit, "thresholds": {"mode": "absolute", "steps": steps}},
            "overrides": [],
        },
        "options": {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}, "colorMode": "value"},
        "targets": [_target(0, query, "")],
    }


def _target(at: int, query: str, name: str) -> dict[str, Any]:
    return {
        "refId": chr(ord("A") + at),
        "datasource": _SOURCE,
        "expr": query,
        "legendFormat": name or "__auto",
        "range": True,
    }

"""Cloud Monitoring v3: time series are written and read. `aggregation` aligns and reduces them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sandbox.apis.monitoring import aggregation, filter, metrics
from sandbox.apis.monitoring import points as monitoring_points
from sandbox.apis.monitoring.aggregation import Aggregation
from sandbox.apis.monitoring.aligners import Series
from sandbox.apis.monitoring.metrics import KINDS, VALUES, by_number
from sandbox.control import paging
from sandbox.control.context import Call, Control, timestamp
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route

_AT_ONCE = 200
_EVERY = 5.0
_PAST, _FUTURE = 25 * 3600, 300
_PAGE = 100_000
_VALUES = {
    "boolValue": "BOOL",
    "int64Value": "INT64",
    "doubleValue": "DOUBLE",
    "stringValue": "STRING",
    "distributionValue": "DISTRIBUTION",
}
# Where metrics of one's own can be measured.
_WRITABLE = frozenset(
    ("global", "generic_node", "generic_task", "gce_instance", "k8s_cluster", "k8s_container", "k8s_node", "k8s_pod")
)


async def start(control: Control) -> None:
    """The tables."""
    control.store.schema(monitoring_points.SCHEMA)


def _seconds(value: object, field: str) -> float:
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError as error:
        raise invalid_argument(f"Field {field} had an invalid value: not a timestamp.", {field: "invalid"}) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


async def create(call: Call) -> Response:
    """`timeSeries.create`: what is right is written, also where the rest is not."""
    given = call.body().get("timeSeries") or []
    if not given or len(given) > _AT_ONCE:
        text = (
            f"Field timeSeries had an invalid value: 1 to {_AT_ONCE} TimeSeries are written at once, not {len(given)}."
        )
        raise invalid_argument(text, {"time_series": text})
    wrong: list[tuple[int, str]] = []
    seen: set[str] = set()
    with call.store.transaction():
        for at, series in enumerate(given):
            try:
                _write(call, series, seen)
            except ApiError as error:
                wrong.append((at, error.message))
    if not wrong:
        return Response.of({})
    said = "; ".join(f"timeSeries[{at}]: {text}" for at, text in wrong)
    summary = {
        "@type": "type.googleapis.com/google.monitoring.v3.CreateTimeSeriesSummary",
        "totalPointCount": len(given),
        "successPointCount": len(given) - len(wrong),
        "errors": [{"status": {"code": 3, "message": text}, "pointCount": 1} for _, text in wrong],
    }
    raise ApiError("INVALID_ARGUMENT", f"One or more TimeSeries could not be written: {said}", details=[summary])


def _refuse(text: str) -> ApiError:
    return ApiError("INVALID_ARGUMENT", text)


def _write(call: Call, series: dict[str, Any], seen: set[str]) -> None:
    metric, resource = series.get("metric") or {}, series.get("resource") or {}
    kind, place = str(metric.get("type", "")), str(resource.get("type", ""))
    if place not in _WRITABLE:
        raise _refuse(f'Field resource.type had an invalid value of "{place}": one of {", ".join(sorted(_WRITABLE))}.')
    labels = {key: str(value) for key, value in (metric.get("labels") or {}).items()}
    told = {key: str(value) for key, value in (resource.get("labels") or {}).items() if key != "project_id"}
    known = metrics.RESOURCES[place].split()
    if unknown := sorted(set(told) - set(known)):
        raise _refuse(f"unrecognized resource label {', '.join(unknown)} of {place}.")
    told = {"project_id": call.project, **{key: told.get(key, "") for key in known}}
    points = series.get("points") or []
    if len(points) != 1:
        raise _refuse(f"Field points had an invalid value: exactly one point is written, not {len(points)}.")
    value = points[0].get("value") or {}
    types = [name for field, name in _VALUES.items() if field in value]
    if len(types) != 1:
        raise _refuse("Field points[0].value had an invalid value: one of " + ", ".join(_VALUES) + ".")
    stated = by_number(series.get("valueType"), VALUES)
    if stated not in (VALUES[0], types[0]):
        raise _refuse(f"Value type for metric {kind} must be {stated}, but is {types[0]}.")
    descriptor = _descriptor(call, series, kind, types[0], labels)
    begins, ends = _interval(call, points[0].get("interval") or {}, descriptor["metricKind"])
    named = {"metric": {"type": kind, "labels": labels}, "resource": {"type": place, "labels": told}}
    key = monitoring_points.key(call.project, named)
    if key in seen:
        raise _refuse("Duplicate TimeSeries encountered. Only one point can be written per TimeSeries per request.")
    seen.add(key)
    point = {"interval": {"startTime": timestamp(begins), "endTime": timestamp(ends)}, "value": value}
    _append(call, named, ends, point)


def _descriptor(call: Call, series: dict[str, Any], kind: str, value: str, labels: dict[str, str]) -> dict[str, Any]:
    """The metric's descriptor; made, or given the new labels, where it must be."""
    standing = metrics.find(call.control, call.project, kind)
    stated = by_number(series.get("metricKind"), KINDS)
    if standing is None:
        wanted = {"type": kind, "metricKind": stated if stated != KINDS[0] else "GAUGE", "valueType": value}
        wanted["unit"] = series.get("unit") or ""
        return metrics.keep(call.control, call.project, {**wanted, "labels": [{"key": key} for key in labels]})
    if stated not in (KINDS[0], standing["metricKind"]):
        raise _refuse(f"Metric kind for metric {kind} must be {standing['metricKind']}, but is {stated}.")
    if value != standing["valueType"]:
        raise _refuse(f"Value type for metric {kind} must be {standing['valueType']}, but is {value}.")
    known = {label["key"] for label in standing.get("labels", [])}
    if new := [key for key in labels if key not in known]:
        grown = [*standing.get("labels", []), *({"key": key} for key in new)]
        return metrics.keep(call.control, call.project, {**standing, "labels": grown})
    return standing


def _interval(call: Call, interval: dict[str, Any], kind: str) -> tuple[float, float]:
    ends = _seconds(interval.get("endTime"), "points[0].interval.end_time")
    begins = _seconds(interval["startTime"], "points[0].interval.start_time") if interval.get("startTime") else ends
    now = call.control.clock()
    if ends > now + _FUTURE or ends < now - _PAST:
        raise _refuse("Data points cannot be written more than 25h in the past, or 5 minutes in the future.")
    if kind == "GAUGE" and begins != ends:
        raise _refuse("The start time of a GAUGE's point must be absent or equal to the end time.")
    if kind == "CUMULATIVE" and begins >= ends:
        raise _refuse("The start time must be before the end time for the non-gauge metric.")
    return begins, ends


def _append(call: Call, named: dict[str, Any], ends: float, point: dict[str, Any]) -> None:
    store = call.store
    series = monitoring_points.find(store, call.project, named)
    if series is not None:
        ((last,),) = store.rows("SELECT max(ends) FROM monitoring_points WHERE series = ?", (series,))
        if last is not None and ends <= last:
            raise _refuse(
                "Points must be written in order. One or more of the points specified had an older end time than the "
                "most recent point."
            )
        if last is not None and ends - last < _EVERY:
            raise _refuse(
                "One or more points were written more frequently than the maximum sampling period configured for the "
                "metric."
            )
    else:
        series = monitoring_points.make(store, call.project, named)
        if series is None:
            raise _refuse(f"The sandbox keeps {monitoring_points.SERIES_MOST} time series of a project.")
    monitoring_points.put(store, series, ends, point)


async def list_series(call: Call) -> Response:
    """`timeSeries.list`: the newest points first; an interval begins after its start."""
    chosen = filter.compile_filter(call.query("filter"))
    if not chosen.types:
        raise invalid_argument(
            'The filter must specify a metric type: metric.type = "TYPE".', {"filter": "metric.type"}
        )
    if call.query("orderBy"):  # nor does Google order them
        raise invalid_argument("Field orderBy is unsupported: it must be left blank.", {"order_by": "must be blank"})
    end = _seconds(call.query("interval.endTime"), "interval.end_time")
    start = call.query("interval.startTime")
    begin = _seconds(start, "interval.start_time") if start else end
    if begin > end:
        raise invalid_argument("The start time must not be after the end time.", {"interval.start_time": start})
    if steps := aggregation.asked(call):
        return _aggregated(call, chosen, steps, begin, end)
    headers = call.query("view") in ("HEADERS", "1")
    left = call.integer("pageSize", _PAGE, _PAGE) or _PAGE
    after, before = 0, end
    if token := paging.after(call.query("pageToken")):
        after, before = _position(token)
    made: list[dict[str, Any]] = []
    answer: dict[str, Any] = {}
    for number, named in _found(call, chosen, after):
        until = before if number == after and token else end
        strictly = "<" if number == after and token else "<="
        lower = ">=" if begin == end else ">"
        points = call.store.rows(
            f"SELECT ends, document FROM monitoring_points WHERE series = ? AND ends {lower} ? AND ends {strictly} ? "  # noqa: S608
            "ORDER BY ends DESC LIMIT ?",
            (number, begin, until, 1 if headers else left + 1),
        )
        if not points:
            continue
        if left == 0:
            answer["nextPageToken"] = paging.token(f"{number} inf")
            break
        shown = points[: 1 if headers else left]
        made.append(_shown(call, named, None if headers else [json.loads(point) for _, point in shown]))
        left -= 1 if headers else len(shown)
        if len(points) > len(shown):
            answer["nextPageToken"] = paging.token(f"{number} {shown[-1][0]!r}")
            break
    if made:
        answer["timeSeries"] = made
    return Response.of(answer)


def _found(call: Call, chosen: filter.Filter, after: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    """The series that a filter asks for, by their numbers."""
    marks = ",".join("?" * len(chosen.types))
    sql = f"SELECT id, document FROM monitoring_series WHERE project = ? AND type IN ({marks}) AND id >= ? ORDER BY id"  # noqa: S608
    for number, text in call.store.rows(sql, (call.project, *chosen.types, after)):
        named = json.loads(text)
        if chosen.matches({**named, "project": call.project}):
            yield number, named


def _position(token: str) -> tuple[int, float]:
    try:
        number, _, before = token.partition(" ")
        return int(number), float(before)
    except ValueError as error:
        raise invalid_argument("Invalid page token.", {"pageToken": "not a token of this list"}) from error


def _shown(call: Call, named: dict[str, Any], points: list[dict[str, Any]] | None) -> dict[str, Any]:
    descriptor: dict[str, Any] = metrics.find(call.control, call.project, named["metric"]["type"]) or {}
    fields = ("metricKind", "valueType", "unit")
    document: dict[str, Any] = {**named, **{field: descriptor[field] for field in fields if field in descriptor}}
    if points is not None:
        document["points"] = points
    return document


def _aggregated(call: Call, chosen: filter.Filter, steps: list[Aggregation], begin: float, end: float) -> Response:
    """A token of these pages is how many points came before."""
    found = []
    # What lies between two points needs the one after.
    until = end + steps[0].period if steps[0].aligner == "INTERPOLATE" else end
    for number, named in _found(call, chosen):
        descriptor = metrics.find(call.control, call.project, named["metric"]["type"]) or {}
        sql = "SELECT ends, document FROM monitoring_points WHERE series = ? AND ends <= ? ORDER BY ends"
        points = [(ends, json.loads(point)) for ends, point in call.store.rows(sql, (number, until))]
        kinds = (descriptor["metricKind"], descriptor["valueType"])
        found.append(Series(named["metric"], named["resource"], *kinds, points))
    for step in steps:
        found = aggregation.aggregate(found, step, begin, end)
    made = [aggregation.shown(series) for series in found]
    headers = call.query("view") in ("HEADERS", "1")
    size = call.integer("pageSize", _PAGE, _PAGE) or _PAGE
    skipped, _ = _position(paging.after(call.query("pageToken")) or "0 0")
    answer: dict[str, Any] = {}
    shown: list[dict[str, Any]] = []
    at = 0
    for series in made:
        points = series.pop("points")[: 1 if headers else None]
        some = points[max(0, skipped - at) : max(0, skipped + size - at)]
        at += len(points)
        if some:
            shown.append(series if headers else {**series, "points": some})
    if shown:
        answer["timeSeries"] = shown
    if at > skipped + size:
        answer["nextPageToken"] = paging.token(f"{skipped + size} 0")
    return Response.of(answer)


_PLACE = "v3/projects/{project}/timeSeries"
ROUTES = [Route("POST", _PLACE, create, data=True), Route("GET", _PLACE, list_series, data=True)]

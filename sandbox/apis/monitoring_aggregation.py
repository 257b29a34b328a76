"""Aggregation of time series: the points of each are aligned to periods, and series are reduced to one a group.

Periods end at the interval's end and go back from there. A point belongs to the period that ends at or after it. What
is cumulative is taken to grow evenly between its points, and from zero after a reset.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.control.context import Call, timestamp
from sandbox.control.errors import invalid_argument, unimplemented

_ALIGNERS = {"0": "NONE", "1": "DELTA", "2": "RATE", "4": "NEXT_OLDER", "10": "MIN", "11": "MAX", "12": "MEAN"}
_ALIGNERS |= {"13": "COUNT", "14": "SUM"}
_REDUCERS = {"0": "NONE", "1": "MEAN", "2": "MIN", "3": "MAX", "4": "SUM", "6": "COUNT"}
_FIELD = re.compile(r"(metric|resource)\.(?:type|labels?\.(\w+))")
_LONGEST = 104 * 7 * 86_400
_PERIODS_MOST = 100_000
_FIELDS = {"INT64": "int64Value", "DOUBLE": "doubleValue"}

Aligned = dict[float, Any]
_FOLDS: dict[str, Callable[[list[Any]], Any]] = {
    "MEAN": lambda values: sum(values) / len(values),
    "MIN": min,
    "MAX": max,
    "SUM": sum,
    "COUNT": len,
}


@dataclass(frozen=True, slots=True)
class Series:
    """A series with its points by their ends, the oldest first."""

    metric: dict[str, Any]
    resource: dict[str, Any]
    kind: str
    value: str
    points: list[tuple[float, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Aggregation:
    """What is asked for."""

    aligner: str
    reducer: str
    period: float
    fields: tuple[str, ...]


def _wrong(field: str, why: str) -> Exception:
    return invalid_argument(f"Field aggregation.{field} had an invalid value: {why}.", {f"aggregation.{field}": why})


def asked(call: Call) -> Aggregation | None:
    """The aggregation of a call; None where the points are wanted as they are."""
    aligner = _function(call, "perSeriesAligner", "ALIGN_", _ALIGNERS)
    reducer = _function(call, "crossSeriesReducer", "REDUCE_", _REDUCERS)
    query = call.request.query
    fields = [*query.get("aggregation.groupByFields", ()), *query.get("aggregation.group_by_fields", ())]
    if aligner == "NONE":
        if reducer != "NONE":
            raise _wrong("crossSeriesReducer", "it needs a perSeriesAligner")
        return None
    if reducer == "NONE" and fields:
        raise _wrong("groupByFields", "they need a crossSeriesReducer")
    for name in fields:
        if not _FIELD.fullmatch(name):
            raise _wrong("groupByFields", f'"{name}": such as resource.labels.location')
    text = call.query("aggregation.alignmentPeriod")
    if not re.fullmatch(r"\d+(\.\d{1,9})?s", text) or not 60 <= float(text[:-1]) <= _LONGEST:
        raise _wrong("alignmentPeriod", f'"{text}": seconds with an s, 60s to {_LONGEST}s')
    return Aggregation(aligner, reducer, float(text[:-1]), tuple(fields))


def _function(call: Call, field: str, stem: str, known: dict[str, str]) -> str:
    given = call.query(f"aggregation.{field}") or "0"
    found = known.get(given, given.removeprefix(stem))
    if found not in known.values():
        raise unimplemented(f"The sandbox does not implement {given} of aggregation.{field} for timeSeries.")
    return found


def aggregate(found: list[Series], how: Aggregation, begin: float, end: float) -> list[dict[str, Any]]:
    """The series that come out, their points the newest first."""
    ends: list[float] = []
    at = end
    while at > begin or not ends:
        ends.append(at)
        if len(ends) > _PERIODS_MOST:
            raise _wrong("alignmentPeriod", f"more than {_PERIODS_MOST} periods")
        at = end - len(ends) * how.period
    kept = [(series, aligned) for series in found if (aligned := _align(series, how, ends[::-1]))]
    if not kept:
        return []
    first = kept[0][0]
    kind = "DELTA" if how.aligner == "DELTA" else "GAUGE"
    value = {"MEAN": "DOUBLE", "RATE": "DOUBLE", "COUNT": "INT64"}.get(how.aligner, first.value)
    if how.reducer == "NONE":
        return [_shown(each.metric, each.resource, kind, value, aligned, how.period) for each, aligned in kept]
    if value not in _FIELDS and how.reducer != "COUNT":
        raise _wrong("crossSeriesReducer", f"{how.reducer} of {value}")
    value = {"MEAN": "DOUBLE", "COUNT": "INT64"}.get(how.reducer, value)
    return [_shown(*labels, kind, value, _reduce(each, how), how.period) for labels, each in _groups(kept, how)]


def _align(series: Series, how: Aggregation, ends: list[float]) -> Aligned:
    name = how.aligner
    if (series.kind == "CUMULATIVE") != (name in ("DELTA", "RATE")):
        raise _wrong("perSeriesAligner", f"ALIGN_{name} with a metric of kind {series.kind}")
    numeric = series.value in _FIELDS
    if not numeric and not (name == "NEXT_OLDER" or (name == "COUNT" and series.value == "BOOL")):
        raise _wrong("perSeriesAligner", f"ALIGN_{name} with values of type {series.value}")
    if name in ("DELTA", "RATE"):
        return _differences(series, how, ends)
    inside: dict[float, list[Any]] = {}
    for moment, point in series.points:
        at = bisect.bisect_left(ends, moment)
        if at < len(ends) and moment > ends[at] - how.period:
            inside.setdefault(ends[at], []).append(number(point, series.value) if numeric else point["value"])
    if name == "NEXT_OLDER":
        return {at: values[-1] for at, values in inside.items()}
    return {at: _FOLDS[name](values) for at, values in inside.items()}


def number(point: dict[str, Any], value: str) -> Any:
    """A point's number."""
    given = point["value"][_FIELDS[value]]
    return int(given) if value == "INT64" else float(given)


def _differences(series: Series, how: Aggregation, ends: list[float]) -> Aligned:
    """How much it grew in each period."""
    times: list[float] = []
    totals: list[float] = []
    begun, last = "", 0.0
    for moment, point in series.points:
        value, start = number(point, series.value), point["interval"]["startTime"]
        if not times:
            times.append(min(_start(point), moment))
            totals.append(0.0)
        elif start != begun:
            reset = max(times[-1], _start(point))
            if reset > times[-1]:
                times.append(reset)
                totals.append(totals[-1])
            last = 0.0
        totals.append(totals[-1] + value - last)
        times.append(moment)
        begun, last = start, value

    def total(at: float) -> float:
        place = bisect.bisect_left(times, at)
        if place in (0, len(times)):
            return totals[0 if place == 0 else -1]
        share = (at - times[place - 1]) / (times[place] - times[place - 1])
        grown = totals[place - 1] + share * (totals[place] - totals[place - 1])
        return round(grown) if series.value == "INT64" else grown

    aligned: Aligned = {}
    for at in ends:
        if times and at > times[0] and at - how.period < times[-1]:
            delta = total(at) - total(at - how.period)
            rate = delta / how.period
            aligned[at] = rate if how.aligner == "RATE" else (int(delta) if series.value == "INT64" else delta)
    return aligned


def _start(point: dict[str, Any]) -> float:
    return datetime.fromisoformat(point["interval"]["startTime"].replace("Z", "+00:00")).timestamp()


_Labels = tuple[dict[str, Any], dict[str, Any]]


def _groups(kept: list[tuple[Series, Aligned]], how: Aggregation) -> list[tuple[_Labels, list[Aligned]]]:
    found: dict[tuple[str, ...], tuple[_Labels, list[Aligned]]] = {}
    parsed = [(match[1], match[2]) for name in how.fields if (match := _FIELD.fullmatch(name))]
    for series, aligned in kept:
        parts = {"metric": series.metric, "resource": series.resource}
        values = [str(parts[part]["labels"].get(key, "") if key else parts[part]["type"]) for part, key in parsed]
        labels: dict[str, dict[str, str]] = {"metric": {}, "resource": {}}
        labels["resource"]["project_id"] = series.resource["labels"]["project_id"]
        for (part, key), value in zip(parsed, values, strict=True):
            if key:
                labels[part][key] = value
        metric = {"type": series.metric["type"], "labels": labels["metric"]}
        resource = {"type": series.resource["type"], "labels": labels["resource"]}
        found.setdefault((series.resource["type"], *values), ((metric, resource), []))[1].append(aligned)
    return list(found.values())


def _reduce(group: list[Aligned], how: Aggregation) -> Aligned:
    ends = sorted({at for aligned in group for at in aligned})
    return {at: _FOLDS[how.reducer]([aligned[at] for aligned in group if at in aligned]) for at in ends}


def _shown(
    metric: dict[str, Any], resource: dict[str, Any], kind: str, value: str, aligned: Aligned, period: float
) -> dict[str, Any]:
    points = []
    for at in sorted(aligned, reverse=True):
        told = aligned[at]
        if value in _FIELDS:
            told = {_FIELDS[value]: str(int(told)) if value == "INT64" else float(told)}
        begins = timestamp(at - period) if kind == "DELTA" else timestamp(at)
        points.append({"interval": {"startTime": begins, "endTime": timestamp(at)}, "value": told})
    return {"metric": metric, "resource": resource, "metricKind": kind, "valueType": value, "points": points}

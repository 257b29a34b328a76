"""Aggregation of time series: the points of each are aligned to periods, and series are reduced to one a group.

Periods end at the interval's end and go back from there. `aligners` has what becomes of the points of one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sandbox.apis.monitoring import values
from sandbox.apis.monitoring.aligners import ALIGNERS, Aligned, Series, align
from sandbox.apis.monitoring.values import NUMBERS
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import invalid_argument

_ALIGNERS = {"0": "NONE", "1": "DELTA", "2": "RATE", "3": "INTERPOLATE", "4": "NEXT_OLDER", "10": "MIN", "11": "MAX"}
_ALIGNERS |= {"12": "MEAN", "13": "COUNT", "14": "SUM", "15": "STDDEV", "16": "COUNT_TRUE", "17": "FRACTION_TRUE"}
_ALIGNERS |= {"18": "PERCENTILE_99", "19": "PERCENTILE_95", "20": "PERCENTILE_50", "21": "PERCENTILE_05"}
_ALIGNERS |= {"23": "PERCENT_CHANGE", "24": "COUNT_FALSE"}
_REDUCERS = {"0": "NONE", "1": "MEAN", "2": "MIN", "3": "MAX", "4": "SUM", "5": "STDDEV", "6": "COUNT"}
_REDUCERS |= {"7": "COUNT_TRUE", "8": "FRACTION_TRUE", "9": "PERCENTILE_99", "10": "PERCENTILE_95"}
_REDUCERS |= {"11": "PERCENTILE_50", "12": "PERCENTILE_05", "15": "COUNT_FALSE"}
_FIELD = re.compile(r"(metric|resource)\.(?:type|labels?\.(\w+))")
_LONGEST = 104 * 7 * 86_400
_PERIODS_MOST = 100_000

Fold = Callable[[list[Any]], Any]
_COMPUTED = (*NUMBERS, "DISTRIBUTION")
# What a reducer makes of values, of which types, and the type that comes out where it is another.
_FOLDS: dict[str, tuple[Fold, tuple[str, ...], str]] = {
    "MEAN": (values.mean, _COMPUTED, "DOUBLE"),
    "MIN": (min, NUMBERS, ""),
    "MAX": (max, NUMBERS, ""),
    "SUM": (values.added, _COMPUTED, ""),
    "STDDEV": (values.deviation, _COMPUTED, "DOUBLE"),
    "COUNT": (len, (*_COMPUTED, "BOOL", "STRING"), "INT64"),
    "COUNT_TRUE": (sum, ("BOOL",), "INT64"),
    "COUNT_FALSE": (lambda found: len(found) - sum(found), ("BOOL",), "INT64"),
    "FRACTION_TRUE": (values.share, ("BOOL",), "DOUBLE"),
    "PERCENTILE_99": (partial(values.percentile, percent=99), _COMPUTED, "DOUBLE"),
    "PERCENTILE_95": (partial(values.percentile, percent=95), _COMPUTED, "DOUBLE"),
    "PERCENTILE_50": (partial(values.percentile, percent=50), _COMPUTED, "DOUBLE"),
    "PERCENTILE_05": (partial(values.percentile, percent=5), _COMPUTED, "DOUBLE"),
}


@dataclass(frozen=True, slots=True)
class Aggregation:
    """What is asked for, in the field `name` of the request."""

    name: str
    aligner: str
    reducer: str
    period: float
    fields: tuple[str, ...]

    def wrong(self, field: str, why: str) -> Exception:
        """The error of one of its fields."""
        return _wrong(self.name, field, why)


def _wrong(name: str, field: str, why: str) -> Exception:
    return invalid_argument(f"Field {name}.{field} had an invalid value: {why}.", {f"{name}.{field}": why})


def asked(call: Call) -> list[Aggregation]:
    """The aggregations of a call, one after the other; none where the points are wanted as they are."""
    first, second = _asked(call, "aggregation"), _asked(call, "secondaryAggregation")
    if second is not None and first is None:
        raise _wrong("secondaryAggregation", "perSeriesAligner", "it needs an aggregation before it")
    return [each for each in (first, second) if each is not None]


def _asked(call: Call, name: str) -> Aggregation | None:
    aligner = _function(call, name, "perSeriesAligner", "ALIGN_", _ALIGNERS)
    reducer = _function(call, name, "crossSeriesReducer", "REDUCE_", _REDUCERS)
    query, snake = call.request.query, "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
    fields = [*query.get(f"{name}.groupByFields", ()), *query.get(f"{snake}.group_by_fields", ())]
    if aligner == "NONE":
        if reducer != "NONE":
            raise _wrong(name, "crossSeriesReducer", "it needs a perSeriesAligner")
        return None
    if reducer == "NONE" and fields:
        raise _wrong(name, "groupByFields", "they need a crossSeriesReducer")
    for field in fields:
        if not _FIELD.fullmatch(field):
            raise _wrong(name, "groupByFields", f'"{field}": such as resource.labels.location')
    text = call.query(f"{name}.alignmentPeriod")
    if not re.fullmatch(r"\d+(\.\d{1,9})?s", text) or not 60 <= float(text[:-1]) <= _LONGEST:
        raise _wrong(name, "alignmentPeriod", f'"{text}": seconds with an s, 60s to {_LONGEST}s')
    return Aggregation(name, aligner, reducer, float(text[:-1]), tuple(fields))


def _function(call: Call, name: str, field: str, stem: str, known: dict[str, str]) -> str:
    given = call.query(f"{name}.{field}") or "0"
    found = known.get(given, given.removeprefix(stem))
    if found not in known.values():
        raise _wrong(name, field, f'"{given}" is none')
    return found


def aggregate(found: list[Series], how: Aggregation, begin: float, end: float) -> list[Series]:
    """The series that come out, their points the oldest first."""
    ends: list[float] = []
    at = end
    while at > begin or not ends:
        ends.append(at)
        if len(ends) > _PERIODS_MOST:
            raise how.wrong("alignmentPeriod", f"more than {_PERIODS_MOST} periods")
        at = end - len(ends) * how.period
    aligner = ALIGNERS[how.aligner]
    kept: list[tuple[Series, Aligned]] = []
    for series in found:
        if series.kind not in aligner.kinds:
            raise how.wrong("perSeriesAligner", f"ALIGN_{how.aligner} with a metric of kind {series.kind}")
        if series.value not in aligner.types:
            raise how.wrong("perSeriesAligner", f"ALIGN_{how.aligner} with values of type {series.value}")
        if aligned := align(series, how.aligner, how.period, ends[::-1]):
            kept.append((series, aligned))
    if not kept:
        return []
    kind = "DELTA" if how.aligner == "DELTA" else "GAUGE"
    value = aligner.becomes or kept[0][0].value
    if how.reducer == "NONE":
        return [_made(each.metric, each.resource, kind, value, aligned, how.period) for each, aligned in kept]
    fold, types, becomes = _FOLDS[how.reducer]
    if value not in types:
        raise how.wrong("crossSeriesReducer", f"REDUCE_{how.reducer} of values of type {value}")
    return [
        _made(*labels, kind, becomes or value, _reduce(each, fold), how.period) for labels, each in _groups(kept, how)
    ]


_Labels = tuple[dict[str, Any], dict[str, Any]]


def _groups(kept: list[tuple[Series, Aligned]], how: Aggregation) -> list[tuple[_Labels, list[Aligned]]]:
    found: dict[tuple[str, ...], tuple[_Labels, list[Aligned]]] = {}
    parsed = [(match[1], match[2]) for name in how.fields if (match := _FIELD.fullmatch(name))]
    for series, aligned in kept:
        parts = {"metric": series.metric, "resource": series.resource}
        told = [str(parts[part]["labels"].get(key, "") if key else parts[part]["type"]) for part, key in parsed]
        labels: dict[str, dict[str, str]] = {"metric": {}, "resource": {}}
        labels["resource"]["project_id"] = series.resource["labels"]["project_id"]
        for (part, key), value in zip(parsed, told, strict=True):
            if key:
                labels[part][key] = value
        metric = {"type": series.metric["type"], "labels": labels["metric"]}
        resource = {"type": series.resource["type"], "labels": labels["resource"]}
        found.setdefault((series.resource["type"], *told), ((metric, resource), []))[1].append(aligned)
    return list(found.values())


def _reduce(group: list[Aligned], fold: Fold) -> Aligned:
    ends = sorted({at for aligned in group for at in aligned})
    return {at: fold([aligned[at] for aligned in group if at in aligned]) for at in ends}


def _made(
    metric: dict[str, Any], resource: dict[str, Any], kind: str, value: str, aligned: Aligned, period: float
) -> Series:
    points = []
    for at in sorted(aligned):
        begins = timestamp(at - period) if kind == "DELTA" else timestamp(at)
        interval = {"startTime": begins, "endTime": timestamp(at)}
        points.append((at, {"interval": interval, "value": values.written(aligned[at], value)}))
    return Series(metric, resource, kind, value, points)


def shown(series: Series) -> dict[str, Any]:
    """A series as the API writes it, its points the newest first."""
    points = [point for _, point in reversed(series.points)]
    kinds = {"metricKind": series.kind, "valueType": series.value}
    return {"metric": series.metric, "resource": series.resource, **kinds, "points": points}

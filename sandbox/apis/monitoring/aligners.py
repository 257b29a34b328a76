"""Aligners: what is left of a series' points in each period.

A point belongs to the period that ends at or after it. What is cumulative is taken to grow evenly between its points,
and from nothing after a reset.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sandbox.apis.monitoring import values
from sandbox.apis.monitoring.values import NUMBERS, Distribution, read

Aligned = dict[float, Any]
_SMOOTHED = 600.0
_PERCENTILES = {"PERCENTILE_99": 99, "PERCENTILE_95": 95, "PERCENTILE_50": 50, "PERCENTILE_05": 5}


@dataclass(frozen=True, slots=True)
class Series:
    """A series with its points by their ends, the oldest first."""

    metric: dict[str, Any]
    resource: dict[str, Any]
    kind: str
    value: str
    points: list[tuple[float, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Aligner:
    """Which series it takes, by kind and type of value; the type that comes out, where it is another; and what it makes
    of the values of a period, where it looks at nothing else."""

    kinds: tuple[str, ...]
    types: tuple[str, ...]
    becomes: str = ""
    fold: Callable[[list[Any]], Any] | None = None


_GAUGE, _ANY, _GROWING = ("GAUGE",), ("GAUGE", "DELTA"), ("CUMULATIVE", "DELTA")
_ALL = (*NUMBERS, "BOOL", "STRING", "DISTRIBUTION")
ALIGNERS: dict[str, Aligner] = {
    "DELTA": Aligner(_GROWING, (*NUMBERS, "DISTRIBUTION")),
    "RATE": Aligner(_GROWING, NUMBERS, "DOUBLE"),
    "INTERPOLATE": Aligner(_GAUGE, NUMBERS),
    "NEXT_OLDER": Aligner(_GAUGE, _ALL, fold=lambda found: found[-1]),
    "MIN": Aligner(_ANY, NUMBERS, fold=min),
    "MAX": Aligner(_ANY, NUMBERS, fold=max),
    "MEAN": Aligner(_ANY, NUMBERS, "DOUBLE", values.mean),
    "COUNT": Aligner(_ANY, (*NUMBERS, "BOOL"), "INT64", len),
    "SUM": Aligner(_ANY, (*NUMBERS, "DISTRIBUTION"), fold=values.added),
    "STDDEV": Aligner(_ANY, NUMBERS, "DOUBLE", values.deviation),
    "COUNT_TRUE": Aligner(_GAUGE, ("BOOL",), "INT64", sum),
    "COUNT_FALSE": Aligner(_GAUGE, ("BOOL",), "INT64", lambda found: len(found) - sum(found)),
    "FRACTION_TRUE": Aligner(_GAUGE, ("BOOL",), "DOUBLE", values.share),
    "PERCENT_CHANGE": Aligner(_ANY, NUMBERS, "DOUBLE"),
    **{
        name: Aligner(_ANY, ("DISTRIBUTION",), "DOUBLE", partial(values.percentile, percent=percent))
        for name, percent in _PERCENTILES.items()
    },
}


def align(series: Series, name: str, period: float, ends: Sequence[float]) -> Aligned:
    """The value of each period that has one, by its end."""
    if name in ("DELTA", "RATE"):
        return _growth(series, name, period, ends)
    points = [(moment, read(point, series.value)) for moment, point in series.points]
    if name == "INTERPOLATE":
        return _between(points, series.value, ends)
    inside: dict[float, list[Any]] = {}
    for moment, value in points:
        at = bisect.bisect_left(ends, moment)
        if at < len(ends) and moment > ends[at] - period:
            inside.setdefault(ends[at], []).append(value)
    if name == "PERCENT_CHANGE":
        return _changes(points, period, inside)
    fold = ALIGNERS[name].fold
    assert fold is not None
    return {at: fold(found) for at, found in inside.items()}


def _between(points: list[tuple[float, Any]], value: str, ends: Sequence[float]) -> Aligned:
    """Values at the ends, on the line from the point before to the one after."""
    times, found = [moment for moment, _ in points], {}
    for at in ends:
        place = bisect.bisect_left(times, at)
        if place < len(times) and times[place] == at:
            found[at] = points[place][1]
        elif 0 < place < len(times):
            (early, one), (late, other) = points[place - 1 : place + 1]
            told = one + (other - one) * (at - early) / (late - early)
            found[at] = round(told) if value == "INT64" else told
    return found


def _changes(points: list[tuple[float, Any]], period: float, inside: dict[float, list[Any]]) -> Aligned:
    """Changes in percent from the end of the period before, of means of ten minutes; what is below zero is left."""
    times = [moment for moment, _ in points]

    def smoothed(at: float) -> float | None:
        some = points[bisect.bisect_right(times, at - _SMOOTHED) : bisect.bisect_right(times, at)]
        counted = [value for _, value in some if value >= 0]
        return values.mean(counted) if counted else None

    found: Aligned = {}
    for at in inside:
        now, before = smoothed(at), smoothed(at - period)
        if now is not None and before is not None:
            found[at] = (now - before) / before * 100 if before else (float("inf") if now else 0.0)
    return found


def _growth(series: Series, name: str, period: float, ends: Sequence[float]) -> Aligned:
    """How much it grew in each period."""
    times, totals = _totals(series)
    whole = series.value == "INT64"

    def total(at: float) -> Any:
        place = bisect.bisect_left(times, at)
        if place in (0, len(times)):
            return totals[0 if place == 0 else -1]
        share = (at - times[place - 1]) / (times[place] - times[place - 1])
        grown = _plus(totals[place - 1], _scaled(_minus(totals[place], totals[place - 1]), share))
        return round(grown) if whole else grown

    aligned: Aligned = {}
    for at in ends:
        if times and at > times[0] and at - period < times[-1]:
            delta = _minus(total(at), total(at - period))
            aligned[at] = delta / period if name == "RATE" else int(delta) if whole else delta
    return aligned


def _totals(series: Series) -> tuple[list[float], list[Any]]:
    """How much it grew since the first point's start, by the moments at which that is known."""
    times: list[float] = []
    totals: list[Any] = []
    begun, last = "", None
    for moment, point in series.points:
        value, start = read(point, series.value), point["interval"]["startTime"]
        if not times:
            times.append(min(_start(point), moment))
            totals.append(_scaled(value, 0))
        elif start != begun:
            reset = max(times[-1], _start(point))
            if reset > times[-1]:
                times.append(reset)
                totals.append(totals[-1])
            last = None
        fresh = value if last is None or series.kind == "DELTA" else _minus(value, last)
        totals.append(_plus(totals[-1], fresh))
        times.append(moment)
        begun, last = start, value
    return times, totals


def _plus(one: Any, other: Any) -> Any:
    return one.plus(other) if isinstance(one, Distribution) else one + other


def _minus(one: Any, other: Any) -> Any:
    return one.plus(other, -1) if isinstance(one, Distribution) else one - other


def _scaled(one: Any, share: float) -> Any:
    return one.scaled(share) if isinstance(one, Distribution) else one * share


def _start(point: dict[str, Any]) -> float:
    return datetime.fromisoformat(point["interval"]["startTime"].replace("Z", "+00:00")).timestamp()

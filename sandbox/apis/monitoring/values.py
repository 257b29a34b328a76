"""Values of time series as one computes with them: numbers, truths, distributions.

A distribution is its count, its sum, its sum of squares and the counts of its buckets, so that distributions are added,
subtracted and shared out like numbers.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.control.errors import invalid_argument, unimplemented

FIELDS = {"INT64": "int64Value", "DOUBLE": "doubleValue", "BOOL": "boolValue", "DISTRIBUTION": "distributionValue"}
NUMBERS = ("INT64", "DOUBLE")
_MOST_BUCKETS = 200  # https://cloud.google.com/monitoring/quotas


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many values there are, in all and by bucket; `options` says where the buckets end."""

    count: float
    total: float
    squares: float
    buckets: tuple[float, ...]
    options: str

    @property
    def mean(self) -> float:
        """The values' mean."""
        return self.total / self.count if self.count else 0.0

    @property
    def deviation(self) -> float:
        """The values' standard deviation."""
        return math.sqrt(self.spread / self.count) if self.count else 0.0

    @property
    def spread(self) -> float:
        """The sum of the squared deviations from the mean."""
        return max(0.0, self.squares - self.count * self.mean**2)

    def percentile(self, percent: float) -> float:
        """The value below which that share lies, as if the values of a bucket lay evenly in it."""
        ends = bounds(json.loads(self.options))
        if not self.count or not ends:
            return self.mean
        rank, before = self.count * percent / 100, 0.0
        for number, inside in enumerate(self.buckets):
            if inside and before + inside >= rank:
                if number == 0 or number >= len(ends):  # without an end on one side
                    return ends[min(number, len(ends) - 1)]
                low, high = ends[number - 1], ends[number]
                return low + (high - low) * max(0.0, rank - before) / inside
            before += inside
        return ends[-1]

    def scaled(self, share: float) -> Distribution:
        """That share of all values."""
        parts = (self.count * share, self.total * share, self.squares * share)
        return Distribution(*parts, tuple(each * share for each in self.buckets), self.options)

    def plus(self, other: Distribution, sign: int = 1) -> Distribution:
        """The values of both, or those that the other lacks."""
        if self.options != other.options and self.buckets and other.buckets:
            raise unimplemented("The sandbox does not implement aggregation of distributions with different buckets.")
        pairs = itertools.zip_longest(self.buckets, other.buckets, fillvalue=0.0)
        return Distribution(
            self.count + sign * other.count,
            self.total + sign * other.total,
            self.squares + sign * other.squares,
            tuple(one + sign * two for one, two in pairs),
            self.options if self.buckets else other.options,
        )

    def document(self) -> dict[str, Any]:
        """As the API writes it."""
        found: dict[str, Any] = {"count": str(round(self.count))}
        if self.count:
            found |= {"mean": self.mean, "sumOfSquaredDeviation": self.spread}
        if self.options != "{}":
            found["bucketOptions"] = json.loads(self.options)
        return {**found, "bucketCounts": [str(round(each)) for each in self.buckets]} if self.buckets else found


def bounds(options: dict[str, Any]) -> list[float]:
    """Where buckets end: the first has all below the first bound, the last all from the last one on.

    >>> bounds({"linearBuckets": {"numFiniteBuckets": 2, "width": 5, "offset": 1}})
    [1.0, 6.0, 11.0]
    >>> bounds({"exponentialBuckets": {"numFiniteBuckets": 2, "growthFactor": 2, "scale": 3}})
    [3.0, 6.0, 12.0]
    """
    if linear := options.get("linearBuckets"):
        steps = _steps(linear)
        return [float(linear.get("offset", 0)) + float(linear.get("width", 0)) * step for step in steps]
    if growing := options.get("exponentialBuckets"):
        steps = _steps(growing)
        return [float(growing.get("scale", 0)) * float(growing.get("growthFactor", 0)) ** step for step in steps]
    return [float(bound) for bound in (options.get("explicitBuckets") or {}).get("bounds") or []]


def _steps(options: dict[str, Any]) -> range:
    number = int(options.get("numFiniteBuckets", 0))
    if number > _MOST_BUCKETS:
        raise ValueError(f"{number} buckets are more than {_MOST_BUCKETS}")
    return range(number + 1)


def read(point: dict[str, Any], value: str) -> Any:
    """A point's value; as it is written where one doesn't compute with it."""
    if value not in FIELDS:
        return point["value"]
    given = point["value"][FIELDS[value]]
    if value == "INT64":
        return int(given)
    if value == "DOUBLE":
        return float(given)
    return distribution(given) if value == "DISTRIBUTION" else bool(given)


def distribution(given: dict[str, Any]) -> Distribution:
    """A distribution as the API writes it. Raises 400 where its buckets don't have its values."""
    count, mean = int(given.get("count") or 0), float(given.get("mean") or 0)
    buckets = tuple(float(each) for each in given.get("bucketCounts") or ())
    if buckets and sum(buckets) != count:
        raise invalid_argument(
            f"A distribution's bucketCounts are {sum(buckets):g} together, and its count is {count}."
        )
    squares = float(given.get("sumOfSquaredDeviation") or 0) + count * mean**2
    options = json.dumps(given.get("bucketOptions") or {}, sort_keys=True)
    return Distribution(count, count * mean, squares, buckets, options)


def written(told: Any, value: str) -> dict[str, Any]:
    """A value as the API writes it."""
    if value == "INT64":
        return {"int64Value": str(int(told))}
    if value == "DOUBLE":
        number = float(told)
        return {"doubleValue": number if math.isfinite(number) else "Infinity" if number > 0 else "-Infinity"}
    if value == "DISTRIBUTION":
        return {"distributionValue": told.document()}
    return {"boolValue": told} if value == "BOOL" else dict(told)


def added(values: Sequence[Any]) -> Any:
    """The sum of numbers, or all values of distributions."""
    if not isinstance(values[0], Distribution):
        return sum(values)
    found = values[0]
    for each in values[1:]:
        found = found.plus(each)
    return found


def mean(values: Sequence[Any]) -> float:
    """The mean of numbers, or of all values of distributions."""
    whole = added(values)
    return whole.mean if isinstance(whole, Distribution) else float(whole / len(values))


def deviation(values: Sequence[Any]) -> float:
    """The standard deviation of numbers, or of all values of distributions: of what there is, not of a sample.

    >>> deviation([2, 4, 4, 4, 5, 5, 7, 9])
    2.0
    """
    whole = added(values)
    if isinstance(whole, Distribution):
        return whole.deviation
    middle = whole / len(values)
    return math.sqrt(sum((each - middle) ** 2 for each in values) / len(values))


def percentile(values: Sequence[Any], percent: float) -> float:
    """The number below which that share lies, between two by their distance; or of all values of distributions.

    >>> percentile([1, 2, 3, 4, 5], 50), percentile([1, 2], 95)
    (3.0, 1.95)
    """
    if isinstance(values[0], Distribution):
        return float(added(values).percentile(percent))
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


def share(values: Sequence[bool]) -> float:
    """How many of them are true, of all."""
    return sum(values) / len(values)

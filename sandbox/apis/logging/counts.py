"""Metrics of log entries: what a batch adds to their time series, `logging.googleapis.com/user/NAME`.

A point is a minute. It belongs to the time that an entry states, not to when it came.
"""

from __future__ import annotations

import bisect
import json
import logging
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sandbox.apis.logging.filter import compile_path
from sandbox.apis.logging.routes import compiled
from sandbox.apis.monitoring import points as monitoring_points
from sandbox.apis.monitoring import values as monitoring_values
from sandbox.apis.monitoring.values import Distribution
from sandbox.control.context import Control
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.filters import Matches

Entry = dict[str, Any]
Extract = Callable[[Entry], str | None]

METRICS = "logging.metrics"
_EXTRACT = re.compile(r"\s*EXTRACT\(\s*(?P<path>\S.*?)\s*\)\s*", re.DOTALL)
_REGEXP = re.compile(
    r"\s*REGEXP_EXTRACT\(\s*(?P<path>[^,]+?)\s*,\s*(?P<quote>[\"'])(?P<pattern>.*)(?P=quote)\s*\)\s*", re.DOTALL
)
_USUAL = {"exponentialBuckets": {"numFiniteBuckets": 64, "growthFactor": 2.0, "scale": 0.01}}
"""The buckets of a metric that states none."""
_MINUTE = 60
_PAST, _FUTURE = 24 * 3600, 600
"""Seconds: an entry that states an earlier or a later time isn't counted."""
_NOTHING = {"STRING": "", "INT64": "0", "BOOL": "false"}
_MOST_OF_LABEL = 1024

log = logging.getLogger("sandbox.logging")


@lru_cache(maxsize=1024)
def extractor(text: str) -> Extract:
    """What a field of an entry is, or a part of it, as text; None where there is none. Raises 400.

    >>> extractor('REGEXP_EXTRACT(textPayload, "took ([0-9.]+) ms")')({"textPayload": "took 12.5 ms"})
    '12.5'
    """
    if match := _REGEXP.fullmatch(text):
        try:
            pattern = re.compile(match["pattern"])
        except re.error as error:
            raise _wrong(text, str(error)) from error
        if pattern.groups != 1:
            raise _wrong(text, "the regular expression must have one group")
    elif match := _EXTRACT.fullmatch(text):
        pattern = None
    else:
        raise _wrong(text, "it is neither EXTRACT(field) nor REGEXP_EXTRACT(field, regex)")
    find = compile_path(match["path"])

    def extract(entry: Entry) -> str | None:
        found = next(iter(find(entry)), None)
        if found is None or pattern is None:
            return found
        part = pattern.search(found)
        return part[1] if part else None

    return extract


def _wrong(text: str, why: str) -> ApiError:
    return invalid_argument(f"Invalid extractor '{text}': {why}.", {"metric": "extractor"})


@dataclass(frozen=True, slots=True)
class _Metric:
    """A metric, read."""

    kind: str
    takes: Matches
    bucket: str
    labels: dict[str, tuple[Extract, str]]
    value: Extract | None
    bounds: tuple[float, ...]
    options: str

    @classmethod
    def of(cls, document: dict[str, Any]) -> _Metric:
        descriptor = document["metricDescriptor"]
        extractors = document.get("labelExtractors") or {}
        labels = {
            label["key"]: (extractor(str(extractors[label["key"]])), str(label.get("valueType") or "STRING"))
            for label in descriptor.get("labels") or []
        }
        value = str(document.get("valueExtractor") or "")
        buckets = document.get("bucketOptions") or _USUAL
        return cls(
            kind=str(descriptor["type"]),
            takes=compiled(str(document["filter"])),
            bucket=str(document.get("bucketName") or ""),
            labels=labels,
            value=extractor(value) if value else None,
            bounds=tuple(monitoring_values.bounds(buckets)),
            options=json.dumps(buckets, sort_keys=True),
        )


class Counts:
    """What a batch of entries adds. `save` writes it, in the caller's transaction."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._metrics: dict[str, list[_Metric]] = {}
        self._added: dict[tuple[str, float], monitoring_points.Addition] = {}

    def add(self, entry: Entry, places: str) -> None:
        """Count an entry, which is kept at these places, or nowhere: that makes no difference to a metric."""
        kind, _, rest = str(entry["logName"]).partition("/")
        project = rest.partition("/")[0]
        if kind != "projects":
            return
        metrics = self._metrics.get(project)
        if metrics is None:
            metrics = self._metrics[project] = list(self._read(project))
        for metric in metrics:
            if (not metric.bucket or f" {metric.bucket} " in places) and metric.takes(entry):
                self._count(project, metric, entry)

    def _read(self, project: str) -> Iterator[_Metric]:
        for found in self._control.store.select(METRICS, f"projects/{project}"):
            if found.document.get("disabled"):
                continue
            try:
                yield _Metric.of(found.document)
            except (ApiError, KeyError, TypeError, ValueError) as error:  # of an older sandbox, which checked less
                log.warning("%s counts nothing: %s", found.name, error)

    def _count(self, project: str, metric: _Metric, entry: Entry) -> None:
        moment = datetime.fromisoformat(f"{str(entry['timestamp'])[:19]}+00:00").timestamp()
        now = self._control.clock()
        if not now - _PAST <= moment <= now + _FUTURE:
            return
        labels = {}
        for key, (extract, kind) in metric.labels.items():
            labels[key] = _label(extract(entry), kind)
        if metric.value is None:
            value: int | Distribution = 1
        else:
            number = _number(metric.value(entry))
            if number is None:
                return
            value = _one(metric, number)
        resource = entry["resource"]
        told = {key: str(label) for key, label in (resource.get("labels") or {}).items()}
        named = {
            "metric": {"type": metric.kind, "labels": labels},
            "resource": {"type": str(resource["type"]), "labels": {"project_id": project, **told}},
        }
        addition = monitoring_points.Addition(project, named, moment // _MINUTE * _MINUTE, _MINUTE, value)
        known = self._added.get(addition.key)
        self._added[addition.key] = known.plus(value) if known is not None else addition

    def save(self) -> None:
        """Add it to the time series."""
        for addition in self._added.values():
            if not monitoring_points.add(self._control, addition):
                log.warning("%s has too many time series: some are not counted", addition.named["metric"]["type"])


def _one(metric: _Metric, number: float) -> Distribution:
    """The distribution of one number: a bucket has what is at least its lower bound and less than its upper one."""
    buckets = (*(0.0 for _ in range(bisect.bisect_right(metric.bounds, number))), 1.0)
    return Distribution(1, number, number * number, buckets, metric.options)


def _label(text: str | None, kind: str) -> str:
    """A label's value; what isn't of its type is as if it weren't there."""
    nothing = _NOTHING.get(kind, "")
    if text is None:
        return nothing
    if kind == "INT64":
        return text if re.fullmatch(r"-?\d{1,19}", text) else nothing
    if kind == "BOOL":
        return text.lower() if text.lower() in ("true", "false") else nothing
    return text[:_MOST_OF_LABEL]


def _number(text: str | None) -> float | None:
    """A number, or a duration in seconds (`0.25s`); None where the text is neither."""
    match = re.fullmatch(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)s?\s*", text or "")
    number = float(match[1]) if match else math.inf
    return number if math.isfinite(number) else None

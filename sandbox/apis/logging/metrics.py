"""Metrics made of log entries: what a counter and a distribution need."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from sandbox.apis.logging.counts import extractor
from sandbox.apis.logging.filter import compile_filter
from sandbox.apis.monitoring import metrics as monitoring_metrics
from sandbox.apis.monitoring import values as monitoring_values
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
_MOST_LABELS = 10


def complete(document: dict[str, Any], name: str) -> None:
    """Check a metric and fill in its descriptor. Raises 400 where Google would refuse it."""
    compile_filter(str(document.get("filter") or ""))
    descriptor = document.setdefault("metricDescriptor", {})
    distribution = bool(document.get("valueExtractor"))
    descriptor.setdefault("metricKind", "DELTA")
    descriptor.setdefault("valueType", "DISTRIBUTION" if distribution else "INT64")
    descriptor["type"] = f"logging.googleapis.com/user/{name}"
    descriptor.setdefault("unit", "1")
    if descriptor["metricKind"] != "DELTA":
        raise invalid_argument("metricKind must be DELTA.", {"metric.metric_descriptor.metric_kind": "DELTA"})
    if descriptor["valueType"] not in ("INT64", "DISTRIBUTION"):
        raise invalid_argument(
            "valueType must be INT64 or DISTRIBUTION.", {"metric.metric_descriptor.value_type": "unsupported"}
        )
    if (descriptor["valueType"] == "DISTRIBUTION") != distribution:
        raise invalid_argument(
            "A value extractor is for a DISTRIBUTION, which needs one.", {"metric.value_extractor": "DISTRIBUTION"}
        )
    try:
        bounds = monitoring_values.bounds(document.get("bucketOptions") or {})
    except (TypeError, ValueError, OverflowError) as error:
        raise invalid_argument(f"Invalid bucketOptions: {error}.", {"metric.bucket_options": "invalid"}) from error
    if any(low >= high for low, high in pairwise(bounds)) or (document.get("bucketOptions") and not bounds):
        raise invalid_argument("The bounds of bucketOptions must grow.", {"metric.bucket_options": "invalid"})
    if document.get("bucketOptions") and not distribution:
        raise invalid_argument("Buckets are for a DISTRIBUTION.", {"metric.bucket_options": "DISTRIBUTION"})
    _labels(document, descriptor)


def _labels(document: dict[str, Any], descriptor: dict[str, Any]) -> None:
    extractors = document.get("labelExtractors") or {}
    declared = [str(label.get("key", "")) for label in descriptor.get("labels") or []]
    if set(extractors) != set(declared) or len(set(declared)) != len(declared):
        raise invalid_argument(
            "Each label of the descriptor has one extractor, and each extractor a label.",
            {"metric.label_extractors": "labels"},
        )
    if len(declared) > _MOST_LABELS or not all(_LABEL.fullmatch(label) for label in declared):
        raise invalid_argument(
            "At most ten labels of letters, digits and underscores, begun by a letter.",
            {"metric.metric_descriptor.labels": "form"},
        )
    extracting = [document.get("valueExtractor"), *extractors.values()]
    for text in extracting:
        if text:
            extractor(str(text))


def describe(control: Control, metric: Resource) -> None:
    """Have Cloud Monitoring know the metric."""
    project, document = metric.name.split("/")[1], metric.document
    name = unquote(metric.id)
    descriptor = {
        "name": f"projects/{project}/metricDescriptors/{document['metricDescriptor']['type']}",
        "description": document.get("description", ""),
        "displayName": f"logging/user/{name}",
        **{key: value for key, value in document["metricDescriptor"].items() if key != "name" and value},
    }
    monitoring_metrics.put(control, project, {key: value for key, value in descriptor.items() if value})


def forget(control: Control, metric: Resource) -> None:
    """A metric is gone, and what was counted with it."""
    monitoring_metrics.drop(control, metric.name.split("/")[1], metric.document["metricDescriptor"]["type"])

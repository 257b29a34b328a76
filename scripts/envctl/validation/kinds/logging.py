"""Metrics made of log entries, sinks, log buckets with their views, and audit logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from envctl.validation.model import Environment, Kind, Place, Read, Setting, Thing, World, always
from envctl.validation.normal import dig, flag, number, text, unordered

Found = Mapping[str, Any]


def _shared(kind: Kind, environment: Environment) -> Iterator[Thing]:
    """What belongs to the environment and to no subproject."""
    values = environment.tfvars
    for key, fields in values[kind.name].items():
        place = Place(values["project_id"], values["region"], "project", key)
        yield Thing(kind, place, kind.resource(place, fields), fields, (kind.name, key))


def _labels(metric: Found) -> dict[str, tuple[str, str, str]]:
    extractors = metric.get("labelExtractors") or {}
    return {
        label["key"]: (
            text(extractors.get(label["key"])),
            text(label.get("valueType")) or "STRING",
            text(label.get("description")),
        )
        for label in dig(metric, "metricDescriptor.labels") or []
    }


def _declared_labels(thing: Thing, _world: World) -> dict[str, tuple[str, str, str]]:
    return {
        key: (label["extractor"], label["value_type"], label["description"])
        for key, label in thing.fields["labels"].items()
    }


def _buckets(thing: Thing, _world: World) -> dict[str, Any]:
    buckets = thing.fields["buckets"]
    if buckets is None:
        return {}
    if buckets["bounds"]:
        return {"explicitBuckets": {"bounds": buckets["bounds"]}}
    if buckets["growth_factor"] is not None:
        growing = {"growthFactor": buckets["growth_factor"], "scale": buckets["scale"]}
        return {"exponentialBuckets": {"numFiniteBuckets": buckets["count"], **growing}}
    even = {"offset": buckets["offset"], "width": buckets["width"]}
    return {"linearBuckets": {"numFiniteBuckets": buckets["count"], **even}}


def _without_zeros(value: Any) -> Any:
    return {kind: {k: v for k, v in body.items() if v not in (0, None)} for kind, body in (value or {}).items()}


LOG_METRICS = Kind(
    name="log_metrics",
    noun="log-based metric",
    document=Read("logging", "v2/{name}", "logging.logMetrics.get"),
    resource=lambda place, _fields: f"projects/{place.project}/metrics/{quote(place.key, safe='')}",
    settings=(
        Setting("description", "description", normal=text),
        Setting("filter", "filter", normal=text),
        Setting("value_extractor", "valueExtractor", normal=text),
        Setting("unit", "metricDescriptor.unit", normal=lambda unit: text(unit) or "1"),
        Setting("labels", "metricDescriptor.labels", declared=_declared_labels, found=_labels),
        Setting("buckets", "bucketOptions", normal=_without_zeros, declared=_buckets),
        Setting("switched on", "disabled", normal=flag, declared=always(False), says="not disabled"),
    ),
)


def _destination(thing: Thing, _world: World) -> str:
    sink = thing.fields
    if sink["dataset"]:
        return f"bigquery.googleapis.com/{sink['dataset']}"
    return f"storage.googleapis.com/{sink['bucket']}" if sink["bucket"] else f"pubsub.googleapis.com/{sink['topic']}"


def _exclusions(thing: Thing, _world: World) -> list[tuple[str, str, bool]]:
    return [(name, exclusion["filter"], False) for name, exclusion in thing.fields["exclusions"].items()]


LOG_SINKS = Kind(
    name="log_sinks",
    noun="log sink",
    document=Read("logging", "v2/{name}", "logging.sinks.get"),
    resource=lambda place, _fields: f"projects/{place.project}/sinks/{place.key}",
    settings=(
        Setting("description", "description", normal=text),
        Setting("filter", "filter", normal=lambda value: text(value).strip()),
        Setting("destination", "destination", normal=text, declared=_destination),
        Setting(
            "partitioned",
            "bigqueryOptions.usePartitionedTables",
            normal=flag,
            when=lambda fields: fields["dataset"] is not None,
        ),
        Setting(
            "exclusions",
            "exclusions",
            normal=unordered,
            declared=_exclusions,
            found=lambda sink: [
                (one.get("name"), text(one.get("filter")), flag(one.get("disabled")))
                for one in sink.get("exclusions") or []
            ],
        ),
        Setting("switched on", "disabled", normal=flag, declared=always(False), says="not disabled"),
    ),
    things=_shared,
    unchecked=dict.fromkeys(("dataset", "bucket", "topic"), "part of destination"),
)


def _views(answer: Found) -> list[tuple[str, str, str]]:
    return [
        (str(view["name"]).rpartition("/")[2], text(view.get("filter")), text(view.get("description")))
        for view in answer.get("views") or []
        if not str(view["name"]).rpartition("/")[2].startswith("_")
    ]


LOG_BUCKETS = Kind(
    name="log_buckets",
    noun="log bucket",
    document=Read("logging", "v2/{name}", "logging.buckets.get"),
    resource=lambda place, fields: f"projects/{place.project}/locations/{fields['location']}/buckets/{place.key}",
    settings=(
        Setting("description", "description", normal=text),
        Setting("retention_days", "retentionDays", normal=number),
        Setting("analytics", "analyticsEnabled", normal=flag),
        Setting("locked", "locked", normal=flag),
        Setting("state", "lifecycleState", declared=always("ACTIVE"), says="ACTIVE"),
        Setting(
            "views",
            "views",
            normal=unordered,
            declared=lambda thing, _world: [
                (key, view["filter"], view["description"]) for key, view in thing.fields["views"].items()
            ],
            found=_views,
            reader="views",
            says="and no other but Google's own, which begin with _",
        ),
    ),
    reads={"views": Read("logging", "v2/{name}/views", "logging.views.list", items="views")},
    things=_shared,
    unchecked={"location": "part of the bucket's name"},
)


def _audit(thing: Thing, policy: Found) -> Found | None:
    configs = policy.get("auditConfigs") or []
    return next((dict(config) for config in configs if config.get("service") == thing.place.key), None)


def _types(config: Found) -> list[str]:
    return [str(log.get("logType")) for log in config.get("auditLogConfigs") or []]


def _exempted(config: Found) -> list[list[str]]:
    return [sorted(log.get("exemptedMembers") or []) for log in config.get("auditLogConfigs") or []]


AUDIT_LOGS = Kind(
    name="audit_logs",
    noun="audit log",
    document=Read(
        "cloudresourcemanager",
        "v1/projects/{project}:getIamPolicy",
        "resourcemanager.projects.getIamPolicy",
        method="POST",
        body={"options": {"requestedPolicyVersion": 3}},
    ),
    resource=lambda place, _fields: f"projects/{place.project}/auditConfigs/{place.key}",
    settings=(
        Setting("log_types", "auditConfigs.auditLogConfigs.logType", normal=unordered, found=_types),
        Setting(
            "exempted",
            "auditConfigs.auditLogConfigs.exemptedMembers",
            declared=lambda thing, _world: [sorted(thing.fields["exempted"]) for _ in thing.fields["log_types"]],
            found=_exempted,
        ),
    ),
    things=_shared,
    select=_audit,
)

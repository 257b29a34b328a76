"""What a subproject's things leave to their environment: names, places, protection, pauses."""

from __future__ import annotations

from typing import Any

from ..models import Environment
from .names import bucket_name, certificate_name

_LOCATED = (
    "bigquery_connections",
    "taxonomies",
    "scheduled_queries",
    "buckets",
    "datasets",
    "kms_keys",
    "repositories",
    "triggers",
)
_PROTECTED = ("kms_keys", "sql_instances", "redis_instances", "services", "jobs", "worker_pools", "workflows", "queues")


def fill_defaults(environment: Environment, data: dict[str, Any]) -> None:
    """A subproject's data with the environment's answers where it has none of its own."""
    for key, balancer in data["load_balancers"].items():
        balancer["certificate"] = balancer["certificate"] or certificate_name(key, balancer["domains"])
    for key, bucket in data["buckets"].items():
        bucket["name"] = bucket_name(environment, key, bucket["name"])
        for thing in (bucket, *bucket["managed_folders"].values()):
            _default(thing, "force_destroy", environment.delete_contents)
    for dataset in data["datasets"].values():
        _default(dataset, "delete_contents_on_destroy", environment.delete_contents)
    for secret in data["secrets"].values():
        _default(secret, "placeholder", environment.secret_placeholders)
    for kind in _LOCATED:
        for thing in data[kind].values():
            thing["location"] = thing["location"] or environment.region
    for key, taxonomy in data["taxonomies"].items():
        _default(taxonomy, "display_name", key)
        taxonomy["location"] = taxonomy["location"].lower()
        for path, tag in taxonomy["tags"].items():
            _default(tag, "display_name", path.rpartition("/")[2])
    protected = [thing for kind in _PROTECTED for thing in data[kind].values()]
    for dataset in data["datasets"].values():
        protected += [
            thing
            for kind in ("tables", "external_tables", "views", "materialized_views")
            for thing in dataset[kind].values()
        ]
        for table in dataset["tables"].values():
            # BigQuery gives new tables the dataset's default; said outright, it holds for older ones too.
            partitioning = table["time_partitioning"]
            if partitioning is not None and partitioning["expiration_days"] is None:
                partitioning["expiration_days"] = dataset["default_partition_expiration_days"]
    for thing in protected:
        _default(thing, "deletion_protection", environment.deletion_protection)
    for kind in ("services", "jobs", "worker_pools"):
        for thing in data[kind].values():
            if thing["vpc_access"] is not None:
                _name_way(environment, thing["vpc_access"])
    for schedule in data["schedules"].values():
        schedule["time_zone"] = schedule["time_zone"] or environment.time_zone
        _default(schedule, "paused", environment.pause_schedules)
    for query in data["scheduled_queries"].values():
        _default(query, "paused", environment.pause_schedules)


def _name_way(environment: Environment, access: dict[str, Any]) -> None:
    """The full names of a subnet or a connector."""
    place = f"projects/{environment.project_id}"
    if access["subnet"] is not None:
        access["subnet"] = f"{place}/regions/{environment.region}/subnetworks/{access['subnet']}"
    if access["connector"] is not None and "/" not in access["connector"]:
        access["connector"] = f"{place}/locations/{environment.region}/connectors/{access['connector']}"


def _default(thing: dict[str, Any], field: str, value: Any) -> None:
    """What a thing leaves to the environment."""
    if thing[field] is None:
        thing[field] = value

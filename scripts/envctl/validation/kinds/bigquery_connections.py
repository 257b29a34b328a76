"""BigQuery's connections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World
from envctl.validation.normal import text

from .common import DESCRIPTION, policy_read

ACCOUNT = r"(?:bqcx-[0-9]+-[0-9a-z]+@gcp-sa-bigquery-condel|service-[0-9]+@gcp-sa-bigqueryconnection)"


def connection_parts(name: str | None) -> list[str]:
    """A connection's project, location and id, however it is written.

    >>> connection_parts("projects/p/locations/asia-south1/connections/c") == connection_parts("p.asia-south1.c")
    True
    """
    parts = (name or "").split("/")
    return [part.lower() for part in (parts[1::2] if len(parts) == 6 else (name or "").split("."))]


def _source(thing: Thing, _world: World) -> str:
    return next((kind for kind in ("cloud_sql", "spark") if thing.fields[kind]), "cloud_resource")


def _source_found(connection: Mapping[str, Any]) -> str | None:
    kinds = {"cloudSql": "cloud_sql", "spark": "spark", "cloudResource": "cloud_resource"}
    return next((kind for field, kind in kinds.items() if field in connection), None)


def _can_connect(policy: Mapping[str, Any]) -> bool:
    return any(
        binding["role"] == "roles/cloudsql.client" and any(re.search(ACCOUNT, who) for who in binding["members"])
        for binding in policy.get("bindings") or []
    )


def _of(kind: str, field: str, api: str, **other: Any) -> Setting:
    return Setting(
        f"{kind}.{field}",
        api,
        normal=text,
        declared=lambda thing, _world: thing.fields[kind][field],
        when=lambda fields: fields[kind] is not None,
        **other,
    )


BIGQUERY_CONNECTIONS = Kind(
    name="bigquery_connections",
    noun="BigQuery connection",
    document=Read("bigqueryconnection", "v1/{name}", "bigquery.connections.get"),
    resource=lambda place, fields: f"projects/{place.project}/locations/{fields['location']}/connections/{place.key}",
    settings=(
        Setting("friendly_name", "friendlyName", normal=text),
        DESCRIPTION,
        Setting("kms_key", "kmsKeyName", normal=text),
        Setting("source", "cloudResource, cloudSql or spark", declared=_source, found=_source_found),
        _of("cloud_sql", "instance", "cloudSql.instanceId"),
        _of("cloud_sql", "database", "cloudSql.database"),
        _of("cloud_sql", "type", "cloudSql.type"),
        Setting(
            "cloud_sql.password_secret",
            "hasCredential",
            declared=lambda _thing, _world: True,
            found=lambda connection: bool(connection.get("hasCredential")),
            when=lambda fields: fields["cloud_sql"] is not None,
            says="that it has a password; Google doesn't tell which",
        ),
        Setting(
            "cloud_sql role",
            "the project's IAM policy",
            reader="roles",
            declared=lambda _thing, _world: True,
            found=_can_connect,
            when=lambda fields: fields["cloud_sql"] is not None,
            says="its account has roles/cloudsql.client on the project",
        ),
        _of("spark", "metastore_service", "spark.metastoreServiceConfig.metastoreService"),
        _of("spark", "history_cluster", "spark.sparkHistoryServerConfig.dataprocCluster"),
    ),
    policy=policy_read("bigqueryconnection", "v1", "bigquery.connections.getIamPolicy", method="POST"),
    reads={
        "roles": Read(
            "cloudresourcemanager",
            "v1/projects/{project}:getIamPolicy",
            "resourcemanager.projects.getIamPolicy",
            method="POST",
            body={"options": {"requestedPolicyVersion": 3}},
        )
    },
    unchecked={
        "location": "part of its name",
        "reads": "the buckets' grants have it",
        "writes": "the buckets' grants have it",
        "calls": "the services' grants have it",
        "cloud_sql.username": "Google doesn't tell it",
    },
)

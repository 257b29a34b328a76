"""BigQuery datasets, tables and views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from envctl.validation.dataset_access import AUTHORIZED, access_bindings, authorized
from envctl.validation.model import (
    Comparer,
    Environment,
    Kind,
    Place,
    Read,
    Setting,
    Thing,
    World,
    always,
    declared_things,
    expected_labels,
)
from envctl.validation.normal import block, dig, flag, listed, lower, number, text, unordered
from envctl.validation.schema import compare_schema, with_policy_tags

from .bigquery_connections import connection_parts
from .common import DESCRIPTION, LABELS, TERRAFORM_ONLY

_DAY_MS = 86_400_000


def _milliseconds(field: str) -> Any:
    def declared(thing: Thing, _world: World) -> int:
        return int(dig(thing.fields, field) or 0) * _DAY_MS

    return declared


def _authorized(thing: Thing, _world: World, field: str) -> list[str]:
    return list(dig(thing.fields, f"authorized.{field}"))


DATASETS = Kind(
    name="datasets",
    noun="dataset",
    document=Read("bigquery", "{name}", "bigquery.datasets.get", client="dataset"),
    resource=lambda place, _fields: f"{place.project}.{place.key}",
    settings=(
        Setting("friendly_name", "friendlyName", normal=text),
        DESCRIPTION,
        Setting("location", "location", normal=lower),
        Setting(
            "default_table_expiration_days",
            "defaultTableExpirationMs",
            normal=number,
            declared=_milliseconds("default_table_expiration_days"),
        ),
        Setting(
            "default_partition_expiration_days",
            "defaultPartitionExpirationMs",
            normal=number,
            declared=_milliseconds("default_partition_expiration_days"),
        ),
        Setting("max_time_travel_hours", "maxTimeTravelHours", normal=lambda hours: number(hours or 168)),
        Setting(
            "storage_billing_model",
            "storageBillingModel",
            # Left out, or "unspecified", is by logical bytes.
            normal=lambda model: "LOGICAL" if text(model) in ("", "STORAGE_BILLING_MODEL_UNSPECIFIED") else model,
        ),
        Setting("kms_key", "defaultEncryptionConfiguration.kmsKeyName", normal=text),
        Setting("default_collation", "defaultCollation", normal=text),
        Setting("case_insensitive", "isCaseInsensitive", normal=flag),
        *(
            Setting(
                f"authorized.{kind}s",
                f"access.{kind}",
                normal=unordered,
                declared=partial(_authorized, field=f"{kind}s"),
                found=partial(authorized, kind=kind),
                says="these, and no others",
            )
            for kind in AUTHORIZED
        ),
        LABELS,
    ),
    # Beside the client's read: the client can't ask for policy version 3, without which conditions are not told.
    policy=Read(
        "bigquery",
        "v2/projects/{project}/datasets/{key}",
        "bigquery.datasets.get",
        query={"accessPolicyVersion": "3"},
    ),
    bindings=lambda dataset: list(access_bindings(dataset)),
    unchecked={
        "delete_contents_on_destroy": TERRAFORM_ONLY,
        "tables": "a kind of their own",
        "external_tables": "a kind of their own",
        "views": "a kind of their own",
        "materialized_views": "a kind of their own",
        "routines": "a kind of their own",
    },
)


def below_datasets(kind: Kind, environment: Environment) -> Iterator[Thing]:
    values = environment.tfvars
    for dataset in declared_things(DATASETS, environment):
        for key, fields in dataset.fields[kind.name].items():
            place = Place(
                dataset.place.project, dataset.place.region, dataset.place.subproject, f"{dataset.place.key}.{key}"
            )
            labels = expected_labels(values, place.subproject, fields)
            path = (*dataset.path, kind.name, key)
            yield Thing(kind, place, kind.resource(place, fields), fields, path, labels, parent=dataset.id)


def _partitioning(thing: Thing, _world: World) -> dict[str, Any] | None:
    declared = thing.fields["time_partitioning"]
    if declared is None:
        return None
    return {
        "type": declared["type"],
        "field": declared["field"],
        "expirationMs": str((declared["expiration_days"] or 0) * _DAY_MS),
    }


def _time_partitioning(value: Mapping[str, Any] | None) -> Any:
    return value and (text(value.get("type")), text(value.get("field")), number(value.get("expirationMs")))


def _range(thing: Thing, _world: World) -> dict[str, Any] | None:
    declared = thing.fields["range_partitioning"]
    if declared is None:
        return None
    return {"field": declared["field"], "range": {part: str(declared[part]) for part in ("start", "end", "interval")}}


def _range_partitioning(value: Mapping[str, Any] | None) -> Any:
    if not value:
        return None
    return (value.get("field"), *(number(dig(value, f"range.{part}")) for part in ("start", "end", "interval")))


def _keys_declared(thing: Thing, _world: World) -> list[Any]:
    dataset = thing.place.key.partition(".")[0]
    return [
        (name, dataset, key["table"], key["column"], key["references"])
        for name, key in thing.fields["foreign_keys"].items()
    ]


def _keys_found(table: Mapping[str, Any]) -> list[Any]:
    return [
        (
            key.get("name"),
            dig(key, "referencedTable.datasetId"),
            dig(key, "referencedTable.tableId"),
            dig(key, "columnReferences.0.referencingColumn"),
            dig(key, "columnReferences.0.referencedColumn"),
        )
        for key in dig(table, "tableConstraints.foreignKeys") or []
    ]


def _iceberg(thing: Thing, _world: World) -> Any:
    declared = thing.fields["iceberg"]
    return declared and (connection_parts(declared["connection"]), declared["storage_uri"], "PARQUET", "ICEBERG")


def _iceberg_found(table: Mapping[str, Any]) -> Any:
    found = table.get("biglakeConfiguration")
    if not found:
        return None
    rest = (found.get(field) for field in ("storageUri", "fileFormat", "tableFormat"))
    return (connection_parts(found.get("connectionId")), *rest)


TABLE_POLICY = Read(
    "bigquery",
    "v2/projects/{project}/datasets/{dataset}/tables/{table}:getIamPolicy",
    "bigquery.tables.getIamPolicy",
    method="POST",
    body={"options": {"requestedPolicyVersion": 3}},
)

TABLES = Kind(
    name="tables",
    noun="table",
    document=Read("bigquery", "{name}", "bigquery.tables.get", client="table"),
    resource=lambda place, _fields: f"{place.project}.{place.key}",
    settings=(
        Setting("type", "type", normal=lambda kind: text(kind) or "TABLE", declared=always("TABLE"), says="is a table"),
        DESCRIPTION,
        Setting("time_partitioning", "timePartitioning", normal=_time_partitioning, declared=_partitioning),
        Setting("range_partitioning", "rangePartitioning", normal=_range_partitioning, declared=_range),
        Setting(
            "require_partition_filter",
            "requirePartitionFilter",
            normal=flag,
            # Older tables carry it inside their partitioning.
            found=lambda table: (
                table.get("requirePartitionFilter") or dig(table, "timePartitioning.requirePartitionFilter")
            ),
        ),
        Setting("clustering", "clustering.fields", normal=listed),
        Setting("primary_key", "tableConstraints.primaryKey.columns", normal=listed),
        Setting(
            "foreign_keys", "tableConstraints.foreignKeys", normal=unordered, declared=_keys_declared, found=_keys_found
        ),
        Setting("iceberg", "biglakeConfiguration", declared=_iceberg, found=_iceberg_found),
        LABELS,
    ),
    comparers=(
        Comparer(
            "schema",
            "schema.fields",
            compare_schema,
            says="column by column, nested ones too, with their policy tags",
            resolve=with_policy_tags,
        ),
    ),
    policy=TABLE_POLICY,
    things=below_datasets,
    unchecked={"deletion_protection": TERRAFORM_ONLY, "row_access_policies": "a kind of their own"},
)

VIEWS = Kind(
    name="views",
    noun="view",
    document=Read("bigquery", "{name}", "bigquery.tables.get", client="table"),
    resource=lambda place, _fields: f"{place.project}.{place.key}",
    settings=(
        Setting("type", "type", declared=always("VIEW"), says="is a logical view"),
        DESCRIPTION,
        Setting("query", "view.query", normal=block),
        Setting("GoogleSQL", "view.useLegacySql", normal=flag, declared=always(False), says="never legacy SQL"),
        LABELS,
    ),
    policy=TABLE_POLICY,
    things=below_datasets,
    unchecked={"deletion_protection": TERRAFORM_ONLY},
)

MATERIALIZED_VIEWS = Kind(
    name="materialized_views",
    noun="materialized view",
    document=Read("bigquery", "{name}", "bigquery.tables.get", client="table"),
    resource=lambda place, _fields: f"{place.project}.{place.key}",
    settings=(
        Setting("type", "type", declared=always("MATERIALIZED_VIEW"), says="is a materialized view"),
        DESCRIPTION,
        Setting("query", "materializedView.query", normal=block),
        Setting(
            "enable_refresh",
            "materializedView.enableRefresh",
            found=lambda view: dig(view, "materializedView.enableRefresh") is not False,  # left out, it is on
        ),
        Setting(
            "refresh_interval_minutes",
            "materializedView.refreshIntervalMs",
            normal=number,
            declared=lambda thing, _world: int(thing.fields["refresh_interval_minutes"]) * 60_000,
            found=lambda view: dig(view, "materializedView.refreshIntervalMs") or 1_800_000,
        ),
        Setting("clustering", "clustering.fields", normal=listed),
        LABELS,
    ),
    policy=TABLE_POLICY,
    things=below_datasets,
    unchecked={"deletion_protection": TERRAFORM_ONLY},
)

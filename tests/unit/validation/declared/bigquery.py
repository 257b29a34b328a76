"""Datasets with their tables, views and routines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.unit.validation.declared.bigquery_around import tag_name
from tests.unit.validation.declared.thing import Deployed, bindings, written

DAY_MS = 86_400_000


def datasets(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    project = values["project_id"]
    parent = f"bigquery/v2/projects/{project}/datasets"
    rows = [one["bigquery"] for one in sub["export_subscriptions"].values() if one["bigquery"]]
    sinks = {(one["dataset"], one["table"]) for one in rows}
    for id, dataset in sub["datasets"].items():
        access: list[dict[str, Any]] = [
            {"role": "WRITER", "specialGroup": "projectWriters"},
            {"role": "OWNER", "specialGroup": "projectOwners"},
            {"role": "READER", "specialGroup": "projectReaders"},
        ]
        access += [_access(binding["role"], member) for binding in bindings(dataset) for member in binding["members"]]
        access += [_authorized(kind, name) for kind in dataset["authorized"] for name in dataset["authorized"][kind]]
        document: dict[str, Any] = {
            "datasetReference": {"projectId": project, "datasetId": id},
            "location": dataset["location"],
            "maxTimeTravelHours": str(dataset["max_time_travel_hours"]),
            "labels": {**common, **dataset["labels"]},
            "access": access,
        }
        if dataset["kms_key"]:
            document["defaultEncryptionConfiguration"] = {"kmsKeyName": dataset["kms_key"]}
        if dataset["case_insensitive"]:
            document["isCaseInsensitive"] = True
        texts = {
            "friendlyName": dataset["friendly_name"],
            "description": dataset["description"],
            "defaultCollation": dataset["default_collation"],
        }
        document |= {name: text for name, text in texts.items() if text}
        for name, days in (
            ("defaultTableExpirationMs", dataset["default_table_expiration_days"]),
            ("defaultPartitionExpirationMs", dataset["default_partition_expiration_days"]),
        ):
            if days:
                document[name] = str(days * DAY_MS)
        yield Deployed(parent, id, document)
        for table_id, table in dataset["tables"].items():
            document = {
                "description": table["description"],
                "labels": {**common, **table["labels"]},
                "schema": {"fields": _with_tags(values, table["schema"])},
            }
            if partitioning := table["time_partitioning"]:
                document["timePartitioning"] = {"type": partitioning["type"], "field": partitioning["field"]}
                if partitioning["expiration_days"]:
                    document["timePartitioning"]["expirationMs"] = str(partitioning["expiration_days"] * DAY_MS)
            if partitioning := table["range_partitioning"]:
                limits = {name: str(partitioning[name]) for name in ("start", "end", "interval")}
                document["rangePartitioning"] = {"field": partitioning["field"], "range": limits}
            if table["require_partition_filter"]:
                document["requirePartitionFilter"] = True
            if table["clustering"]:
                document["clustering"] = {"fields": table["clustering"]}
            if table["primary_key"]:
                document["tableConstraints"] = {"primaryKey": {"columns": table["primary_key"]}}
            if table["foreign_keys"]:
                document["tableConstraints"] = {
                    "foreignKeys": [_key(project, id, *one) for one in table["foreign_keys"].items()]
                }
            if lake := table["iceberg"]:
                document["biglakeConfiguration"] = {
                    "connectionId": ".".join(lake["connection"].split("/")[1::2]),
                    "storageUri": lake["storage_uri"],
                    "fileFormat": "PARQUET",
                    "tableFormat": "ICEBERG",
                }
            here = (f"projects/{project}/datasets/{id}", table_id) in sinks
            roles = ("roles/bigquery.dataEditor", "roles/bigquery.metadataViewer")
            yield _table(project, id, table_id, document, written(table, here, *roles), "TABLE")
            above = f"{parent}/{id}/tables/{table_id}/rowAccessPolicies"
            for policy_id, policy in table["row_access_policies"].items():
                seen = [{"role": "roles/bigquery.filteredDataViewer", "members": policy["grantees"]}]
                predicate = {"filterPredicate": policy["filter"]}
                yield Deployed(above, policy_id, predicate, {}, f"{above}/{policy_id}:getIamPolicy", seen)
        for table_id, table in dataset["external_tables"].items():
            document = {"description": table["description"], "labels": {**common, **table["labels"]}}
            document["externalDataConfiguration"] = _files(table)
            if table["schema"]:
                document["schema"] = {"fields": json.loads(table["schema"])}
            if table["metadata_cache"]:
                document["maxStaleness"] = table["metadata_cache"]["max_staleness"]
            yield _table(project, id, table_id, document, table, "EXTERNAL")
        for view_id, view in dataset["views"].items():
            document = {
                "description": view["description"],
                "labels": {**common, **view["labels"]},
                "view": {"query": view["query"], "useLegacySql": False},
            }
            yield _table(project, id, view_id, document, view, "VIEW")
        for view_id, view in dataset["materialized_views"].items():
            kept = {
                "query": view["query"],
                "enableRefresh": view["enable_refresh"],
                "refreshIntervalMs": str(view["refresh_interval_minutes"] * 60_000),
            }
            document = {"description": view["description"], "labels": {**common, **view["labels"]}}
            document["materializedView"] = kept
            if view["clustering"]:
                document["clustering"] = {"fields": view["clustering"]}
            yield _table(project, id, view_id, document, view, "MATERIALIZED_VIEW")
        for routine_id, routine in dataset["routines"].items():
            here = f"{parent}/{id}/routines"
            policy = f"{here}/{routine_id}:getIamPolicy"
            yield Deployed(here, routine_id, _routine(project, id, routine_id, routine), {}, policy, bindings(routine))


def _with_tags(values: Mapping[str, Any], schema: str) -> Any:
    return json.loads(re.sub(r"\$\{policy_tag:([^}]*)\}", lambda match: tag_name(values, match[1]), schema))


def _key(project: str, dataset: str, name: str, key: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "referencedTable": {"projectId": project, "datasetId": dataset, "tableId": key["table"]},
        "columnReferences": [{"referencingColumn": key["column"], "referencedColumn": key["references"]}],
    }


def _files(table: Mapping[str, Any]) -> dict[str, Any]:
    options = {
        "csvOptions": table["csv"]
        and {
            "fieldDelimiter": table["csv"]["delimiter"],
            "quote": table["csv"]["quote"],
            "skipLeadingRows": str(table["csv"]["skip_leading_rows"]),
            "encoding": table["csv"]["encoding"],
        },
        "jsonOptions": table["json"],
        "parquetOptions": table["parquet"]
        and {
            "enumAsString": table["parquet"]["enum_as_string"],
            "enableListInference": table["parquet"]["enable_list_inference"],
        },
        "avroOptions": table["avro"] and {"useAvroLogicalTypes": table["avro"]["use_logical_types"]},
        "hivePartitioningOptions": table["hive_partitioning"]
        and {
            "mode": table["hive_partitioning"]["mode"],
            "sourceUriPrefix": table["hive_partitioning"]["source_uri_prefix"],
        },
        "connectionId": table["connection"],
        "ignoreUnknownValues": table["ignore_unknown_values"],
        "maxBadRecords": table["max_bad_records"],
        "metadataCacheMode": table["metadata_cache"] and table["metadata_cache"]["mode"],
    }
    return {
        "sourceFormat": table["format"],
        "autodetect": table["schema"] is None,
        "sourceUris": table["source_uris"],
        "compression": table["compression"],
        **{name: value for name, value in options.items() if value},
    }


def _authorized(kind: str, name: str) -> dict[str, Any]:
    _, project, _, dataset, *below = name.split("/")
    reference = {"projectId": project, "datasetId": dataset}
    if kind == "datasets":
        return {"dataset": {"dataset": reference, "targetTypes": ["VIEWS"]}}
    return {kind.removesuffix("s"): {**reference, "tableId" if kind == "views" else "routineId": below[1]}}


def _routine(project: str, dataset: str, id: str, routine: Mapping[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "routineReference": {"projectId": project, "datasetId": dataset, "routineId": id},
        "routineType": routine["type"],
    }
    if routine["remote"] is None:
        document |= {"language": routine["language"]}
    arguments = []
    for one in routine["arguments"]:
        argument = {"name": one["name"], "argumentKind": "FIXED_TYPE" if one["type"] else "ANY_TYPE"}
        if one["type"]:
            argument["dataType"] = json.loads(one["type"])
        if one["mode"]:
            argument["mode"] = one["mode"]
        arguments.append(argument)
    told = {
        "description": routine["description"],
        "arguments": arguments,
        "returnType": json.loads(routine["returns"]) if routine["returns"] else None,
        "importedLibraries": routine["libraries"],
        "determinismLevel": routine["determinism"],
        "securityMode": routine["security"],
        "dataGovernanceType": "DATA_MASKING" if routine["masking"] else None,
        "definitionBody": routine["body"],
        "remoteFunctionOptions": _remote(routine["remote"]),
        "sparkOptions": _spark(routine["spark"]),
    }
    columns = [{"name": one["name"], "type": json.loads(one["type"])} for one in routine["returns_table"]]
    if columns:
        document["returnTableType"] = {"columns": columns}
    return document | {name: value for name, value in told.items() if value}


def _remote(options: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if options is None:
        return None
    told = {
        "connection": options["connection"],
        "endpoint": options["endpoint"],
        "maxBatchingRows": str(options["max_batching_rows"] or ""),
        "userDefinedContext": options["context"],
    }
    return {name: value for name, value in told.items() if value}


def _spark(options: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if options is None:
        return None
    told = {
        "connection": options["connection"],
        "runtimeVersion": options["runtime_version"],
        "containerImage": options["container_image"],
        "mainFileUri": options["main_file"],
        "mainClass": options["main_class"],
        "jarUris": options["jars"],
        "pyFileUris": options["py_files"],
        "fileUris": options["files"],
        "archiveUris": options["archives"],
        "properties": options["properties"],
    }
    return {name: value for name, value in told.items() if value}


def _table(
    project: str, dataset: str, table: str, document: dict[str, Any], fields: Mapping[str, Any], kind: str
) -> Deployed:
    parent = f"bigquery/v2/projects/{project}/datasets/{dataset}/tables"
    document["tableReference"] = {"projectId": project, "datasetId": dataset, "tableId": table}
    return Deployed(parent, table, document, {"type": kind}, f"{parent}/{table}:getIamPolicy", bindings(fields))


def _access(role: str, member: str) -> dict[str, Any]:
    kind, _, address = member.partition(":")
    old = {"roles/bigquery.dataViewer": "READER", "roles/bigquery.dataEditor": "WRITER"}
    return {"role": old.get(role, role), "groupByEmail" if kind == "group" else "userByEmail": address}

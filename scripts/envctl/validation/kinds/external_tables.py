"""BigQuery tables whose rows are files in Cloud Storage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Comparer, Difference, Kind, Read, Setting, Thing, World, always
from envctl.validation.normal import dig, flag, listed, number, text
from envctl.validation.schema import compare_schema

from .bigquery_connections import connection_parts
from .common import DESCRIPTION, LABELS, TERRAFORM_ONLY
from .datasets import TABLE_POLICY, below_datasets

_AT = "externalDataConfiguration"
# The options of each format: their fields here and in the API, and what absence means.
_OPTIONS: Mapping[str, tuple[str, Mapping[str, tuple[str, Any]]]] = {
    "csv": (
        "csvOptions",
        {
            "delimiter": ("fieldDelimiter", ","),
            "quote": ("quote", '"'),
            "skip_leading_rows": ("skipLeadingRows", 0),
            "allow_quoted_newlines": ("allowQuotedNewlines", False),
            "allow_jagged_rows": ("allowJaggedRows", False),
            "encoding": ("encoding", "UTF-8"),
        },
    ),
    "json": ("jsonOptions", {"encoding": ("encoding", "UTF-8")}),
    "parquet": (
        "parquetOptions",
        {"enum_as_string": ("enumAsString", False), "enable_list_inference": ("enableListInference", False)},
    ),
    "avro": ("avroOptions", {"use_logical_types": ("useAvroLogicalTypes", False)}),
    "hive_partitioning": (
        "hivePartitioningOptions",
        {
            "mode": ("mode", "AUTO"),
            "source_uri_prefix": ("sourceUriPrefix", ""),
            "require_partition_filter": ("requirePartitionFilter", False),
        },
    ),
}


def _options(name: str) -> Setting:
    api, fields = _OPTIONS[name]

    def found(table: Mapping[str, Any]) -> dict[str, Any] | None:
        options = dig(table, f"{_AT}.{api}")
        if options is None:
            return None
        told = {field: options.get(key, absent) for field, (key, absent) in fields.items()}
        return {
            field: (
                number(value)
                if field == "skip_leading_rows"
                else str(value).rstrip("/")
                if field == "source_uri_prefix"
                else value
            )
            for field, value in told.items()
        }

    def declared(thing: Thing, _world: World) -> Any:
        options = thing.fields[name]
        if options is None or "source_uri_prefix" not in options:
            return options
        return {**options, "source_uri_prefix": options["source_uri_prefix"].rstrip("/")}

    return Setting(name, f"{_AT}.{api}", declared=declared, found=found, when=lambda fields: fields[name] is not None)


def _cache(thing: Thing, _world: World) -> Any:
    declared = thing.fields["metadata_cache"]
    return declared and (declared["mode"], declared["max_staleness"])


def _cache_found(table: Mapping[str, Any]) -> Any:
    mode = dig(table, f"{_AT}.metadataCacheMode")
    return (mode, table.get("maxStaleness")) if mode else None


def _columns(thing: Thing, document: Mapping[str, Any]) -> list[Difference]:
    """Of those that are declared; BigQuery finds the others out, and adds those of partitions."""
    if thing.fields["schema"] is None:
        return []
    differences = compare_schema(thing, document)
    if thing.fields["hive_partitioning"] is None:
        return differences
    known = {str(column["name"]) for column in json.loads(thing.fields["schema"])}
    return [one for one in differences if one.what.partition(" ")[0].partition(".")[0] in known]


EXTERNAL_TABLES = Kind(
    name="external_tables",
    noun="external table",
    document=Read("bigquery", "{name}", "bigquery.tables.get", client="table"),
    resource=lambda place, _fields: f"{place.project}.{place.key}",
    settings=(
        Setting("type", "type", declared=always("EXTERNAL"), says="is a table of files"),
        DESCRIPTION,
        Setting("format", f"{_AT}.sourceFormat"),
        Setting("source_uris", f"{_AT}.sourceUris", normal=listed),
        Setting("compression", f"{_AT}.compression", normal=lambda way: text(way) or "NONE"),
        Setting("ignore_unknown_values", f"{_AT}.ignoreUnknownValues", normal=flag),
        Setting("max_bad_records", f"{_AT}.maxBadRecords", normal=number),
        Setting("connection", f"{_AT}.connectionId", normal=connection_parts),
        Setting("metadata_cache", f"{_AT}.metadataCacheMode, maxStaleness", declared=_cache, found=_cache_found),
        *(_options(name) for name in _OPTIONS),
        LABELS,
    ),
    comparers=(Comparer("schema", "schema.fields", _columns, says="column by column, where it is declared"),),
    policy=TABLE_POLICY,
    things=below_datasets,
    unchecked={"deletion_protection": TERRAFORM_ONLY},
)

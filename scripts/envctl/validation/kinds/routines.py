"""BigQuery's functions and procedures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World
from envctl.validation.normal import block, listed, mapping, number, text

from .bigquery_connections import connection_parts
from .common import DESCRIPTION, at
from .datasets import below_datasets


def _type(text_: str | None) -> Any:
    return None if text_ is None else json.loads(text_)


def _arguments(thing: Thing, _world: World) -> list[Any]:
    return [(one["name"], _type(one["type"]), one["mode"]) for one in thing.fields["arguments"]]


def _arguments_found(routine: Mapping[str, Any]) -> list[Any]:
    return [(one.get("name"), one.get("dataType"), one.get("mode")) for one in routine.get("arguments") or []]


def _columns(thing: Thing, _world: World) -> list[Any]:
    return [{"name": one["name"], "type": _type(one["type"])} for one in thing.fields["returns_table"]]


def _of(block_: str, field: str, api: str, normal: Any) -> Setting:
    return Setting(
        f"{block_}.{field}",
        api,
        normal=normal,
        declared=at(f"{block_}.{field}"),
        when=lambda fields: fields[block_] is not None,
        says=f"of what has a {block_}",
    )


_REMOTE = {
    "connection": ("connection", connection_parts),
    "endpoint": ("endpoint", text),
    "max_batching_rows": ("maxBatchingRows", number),
    "context": ("userDefinedContext", mapping),
}
_SPARK = {
    "connection": ("connection", connection_parts),
    "runtime_version": ("runtimeVersion", text),
    "container_image": ("containerImage", text),
    "main_file": ("mainFileUri", text),
    "main_class": ("mainClass", text),
    "jars": ("jarUris", listed),
    "py_files": ("pyFileUris", listed),
    "files": ("fileUris", listed),
    "archives": ("archiveUris", listed),
    "properties": ("properties", mapping),
}

ROUTINES = Kind(
    name="routines",
    noun="routine",
    document=Read("bigquery", "v2/projects/{project}/datasets/{dataset}/routines/{table}", "bigquery.routines.get"),
    resource=lambda place, _fields: f"{place.project}.{place.key}",
    settings=(
        Setting("type", "routineType"),
        Setting("language", "language", normal=lambda language: text(language) or "SQL"),
        DESCRIPTION,
        Setting("body", "definitionBody", normal=block),
        Setting("arguments", "arguments", declared=_arguments, found=_arguments_found),
        Setting(
            "returns",
            "returnType",
            declared=lambda thing, _world: _type(thing.fields["returns"]),
            when=lambda fields: fields["returns"] is not None,
            says="where it is declared; it follows from the body",
        ),
        Setting(
            "returns_table",
            "returnTableType.columns",
            declared=_columns,
            when=lambda fields: bool(fields["returns_table"]),
            says="where it is declared; it follows from the body",
        ),
        Setting("libraries", "importedLibraries", normal=listed),
        Setting("determinism", "determinismLevel", when=lambda fields: fields["determinism"] is not None),
        Setting("security", "securityMode", when=lambda fields: fields["security"] is not None),
        Setting(
            "masking",
            "dataGovernanceType",
            found=lambda routine: routine.get("dataGovernanceType") == "DATA_MASKING",
        ),
        *(_of("remote", field, f"remoteFunctionOptions.{api}", normal) for field, (api, normal) in _REMOTE.items()),
        *(_of("spark", field, f"sparkOptions.{api}", normal) for field, (api, normal) in _SPARK.items()),
    ),
    policy=Read(
        "bigquery",
        "v2/projects/{project}/datasets/{dataset}/routines/{table}:getIamPolicy",
        "bigquery.routines.getIamPolicy",
        method="POST",
        body={"options": {"requestedPolicyVersion": 3}},
    ),
    things=below_datasets,
    unchecked={"body_file": "its text is the body"},
)

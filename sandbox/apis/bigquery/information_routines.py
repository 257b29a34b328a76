"""INFORMATION_SCHEMA of routines: `ROUTINES`, `PARAMETERS` and `ROUTINE_OPTIONS`, from their documents.

https://cloud.google.com/bigquery/docs/information-schema-routines
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.apis.bigquery.constants import Columns

Document = dict[str, Any]
Row = tuple[Any, ...]

_SPECIFIC = [(name, "STRING") for name in ("specific_catalog", "specific_schema", "specific_name")]
_TYPES = {"SCALAR_FUNCTION": "FUNCTION", "TABLE_VALUED_FUNCTION": "TABLE FUNCTION", "PROCEDURE": "PROCEDURE"}
_DETERMINISTIC = {"DETERMINISTIC": "YES", "NOT_DETERMINISTIC": "NO"}


def sql_type(kind: Document) -> str:
    """A type of the API as SQL writes it.

    >>> sql_type({"typeKind": "ARRAY", "arrayElementType": {"typeKind": "INT64"}})
    'ARRAY<INT64>'
    """
    if kind["typeKind"] == "ARRAY":
        return f"ARRAY<{sql_type(kind['arrayElementType'])}>"
    if kind["typeKind"] == "STRUCT":
        return f"STRUCT<{_columns(kind['structType']['fields'])}>"
    return str(kind["typeKind"])


def _columns(fields: list[Document]) -> str:
    return ", ".join(" ".join([*filter(None, [each.get("name")]), sql_type(each["type"])]) for each in fields)


def _place(routine: Document) -> tuple[str, str, str]:
    reference = routine["routineReference"]
    return reference["projectId"], reference["datasetId"], reference["routineId"]


def _outside(routine: Document) -> Document:
    return routine.get("remoteFunctionOptions") or routine.get("sparkOptions") or {}


def _returned(routine: Document) -> str | None:
    if "returnType" in routine:
        return sql_type(routine["returnType"])
    table = routine.get("returnTableType")
    return f"TABLE<{_columns(table['columns'])}>" if table else None


def _routine(routine: Document) -> Iterator[Row]:
    language = routine.get("language") if routine.get("language") != "SQL" else None
    yield (
        *_place(routine),
        *_place(routine),
        _TYPES[routine["routineType"]],
        _returned(routine),
        "EXTERNAL" if language or _outside(routine) else "SQL",
        routine.get("definitionBody"),
        language,
        _DETERMINISTIC.get(routine.get("determinismLevel", "")),
        None,
        int(routine["creationTime"]),
        int(routine["lastModifiedTime"]),
        _ddl(routine),
        _outside(routine).get("connection"),
    )


def _parameters(routine: Document) -> Iterator[Row]:
    place, procedure = _place(routine), routine["routineType"] == "PROCEDURE"
    if (returned := _returned(routine)) is not None:
        yield (*place, 0, None, "YES", None, returned, None, None)
    for position, each in enumerate(routine.get("arguments") or [], 1):
        mode = each.get("mode", "IN") if procedure else None
        kind = sql_type(each["dataType"]) if each.get("dataType") else "ANY TYPE"
        yield (*place, position, mode, "NO", each.get("name"), kind, None, None)


def _options(routine: Document) -> Iterator[Row]:
    place = _place(routine)
    yield from ((*place, name, kind, text) for name, kind, text in _said(routine))


def _said(routine: Document) -> Iterator[tuple[str, str, str]]:
    """The options of a routine: name, type, and value as SQL writes it."""
    outside = _outside(routine)
    texts = {"description": routine.get("description"), "endpoint": outside.get("endpoint")}
    texts |= {"main_file_uri": outside.get("mainFileUri"), "main_class": outside.get("mainClass")}
    texts |= {"runtime_version": outside.get("runtimeVersion"), "container_image": outside.get("containerImage")}
    for name, text in texts.items():
        if text:
            yield name, "STRING", json.dumps(text, ensure_ascii=False)
    if outside.get("maxBatchingRows"):
        yield "max_batching_rows", "INT64", str(outside["maxBatchingRows"])
    lists = {"library": routine.get("importedLibraries"), "jar_uris": outside.get("jarUris")}
    lists |= {"py_file_uris": outside.get("pyFileUris"), "file_uris": outside.get("fileUris")}
    lists |= {"archive_uris": outside.get("archiveUris")}
    for name, items in lists.items():
        if items:
            yield name, "ARRAY<STRING>", json.dumps(items, ensure_ascii=False)
    pairs = {"user_defined_context": outside.get("userDefinedContext"), "properties": outside.get("properties")}
    for name, given in pairs.items():
        if given:
            shown = (f"({json.dumps(key)}, {json.dumps(text)})" for key, text in given.items())
            yield name, "ARRAY<STRUCT<STRING, STRING>>", f"[{', '.join(shown)}]"


def _ddl(routine: Document) -> str:
    """A statement that makes the routine."""
    procedure, outside = routine["routineType"] == "PROCEDURE", _outside(routine)
    arguments = ", ".join(
        " ".join(
            [
                *([each.get("mode", "IN")] if procedure and not outside else []),
                str(each.get("name")),
                sql_type(each["dataType"]) if each.get("dataType") else "ANY TYPE",
            ]
        )
        for each in routine.get("arguments") or []
    )
    lines = [f"CREATE {_TYPES[routine['routineType']]} `{'.'.join(_place(routine))}`({arguments})"]
    if (returned := _returned(routine)) is not None:
        lines[0] += f" RETURNS {returned}"
    if "remoteFunctionOptions" in routine:
        lines.append(f"REMOTE WITH CONNECTION `{outside['connection']}`")
    elif outside:
        lines.append(f"WITH CONNECTION `{outside['connection']}`")
    options = [f"{name} = {text}" for name, _, text in _said(routine)]
    if options:
        lines.append(f"OPTIONS ({', '.join(options)})")
    body = routine.get("definitionBody") or ""
    if routine.get("language", "SQL") != "SQL":
        lines.append(f"LANGUAGE {str(routine['language']).lower() if not outside else routine['language']}")
        lines += [f'AS r"""{body}"""'] if body else []
    elif routine["routineType"] == "SCALAR_FUNCTION" and not outside:
        lines.append(f"AS ({body})")
    elif procedure:
        lines.append(body if body.upper().startswith("BEGIN") else f"BEGIN\n{body}\nEND")
    elif body:
        lines.append(f"AS ({body})")
    return "\n".join(lines) + ";"


VIEWS: dict[str, tuple[Columns, Callable[[Document], Iterator[Row]]]] = {
    "ROUTINES": (
        [
            *_SPECIFIC,
            *((name, "STRING") for name in ("routine_catalog", "routine_schema", "routine_name", "routine_type")),
            *((name, "STRING") for name in ("data_type", "routine_body", "routine_definition", "external_language")),
            *((name, "STRING") for name in ("is_deterministic", "security_type")),
            *((name, "TIMESTAMP") for name in ("created", "last_altered")),
            *((name, "STRING") for name in ("ddl", "connection")),
        ],
        _routine,
    ),
    "PARAMETERS": (
        [
            *_SPECIFIC,
            ("ordinal_position", "INT64"),
            *((name, "STRING") for name in ("parameter_mode", "is_result", "parameter_name", "data_type")),
            *((name, "STRING") for name in ("parameter_default", "is_aggregate")),
        ],
        _parameters,
    ),
    "ROUTINE_OPTIONS": (
        [*_SPECIFIC, *((name, "STRING") for name in ("option_name", "option_type", "option_value"))],
        _options,
    ),
}
"""The views of routines: their columns, and the rows of a routine."""

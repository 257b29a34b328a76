"""JSON Schema for editors, made from the models: `schema.base.json` for base.yaml, `schema.subproject.json` for the
files of subprojects/, `schema.json` for the environments.

Run `python -m envctl.environments.schema` after a change of the models; a test holds the files against them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .load import FOLDER
from .models import Environment, Subproject

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
BASE_FILE = "schema.base.json"
SUBPROJECT_FILE = "schema.subproject.json"
OVERLAY_FILE = "schema.json"


def base_schema() -> dict[str, Any]:
    """For base.yaml: what every environment has, so only what differs (such as project_id) may be missing."""
    schema = _closed(Environment.model_json_schema(by_alias=True))
    schema.pop("required", None)
    return {"$schema": _DRAFT, **schema, "title": "The platform, as every environment has it"}


def subproject_schema() -> dict[str, Any]:
    """For a file of subprojects/: one subproject, whole."""
    schema = _closed(Subproject.model_json_schema(by_alias=True))
    return {"$schema": _DRAFT, **schema, "title": "A subproject, as every environment has it"}


def overlay_schema() -> dict[str, Any]:
    """For an environment's file: everything may be missing, and null removes; but lists replace, so items are whole."""
    schema = _closed(Environment.model_json_schema(by_alias=True))
    definitions = schema.get("$defs", {})
    merged = _merged(schema, definitions)
    for name, definition in definitions.items():
        if name in merged:
            _loosen(definition)
    _loosen(schema)
    return {"$schema": _DRAFT, **schema, "title": "What differs in one environment"}


def texts() -> dict[str, str]:
    """The files' texts by name."""
    schemas = {BASE_FILE: base_schema(), SUBPROJECT_FILE: subproject_schema(), OVERLAY_FILE: overlay_schema()}
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


def write(root: Path) -> tuple[Path, ...]:
    """Write the files below `envs/`."""
    for name, text in texts().items():
        (root / FOLDER / name).write_text(text, encoding="utf-8")
    return tuple(root / FOLDER / name for name in texts())


def _closed(node: Any) -> Any:
    """Where keys follow a pattern, no other keys are allowed; titles that only repeat the key go."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed: dict[str, Any] = {}
    for key, item in node.items():
        if key == "properties":
            closed[key] = {name: _closed(_untitled(field)) for name, field in item.items()}
        elif key not in {"default", "const", "enum"}:
            closed[key] = _closed(item)
        else:
            closed[key] = item
    if "patternProperties" in closed:
        closed.setdefault("additionalProperties", False)
    return closed


def _untitled(field: Any) -> Any:
    return {key: item for key, item in field.items() if key != "title"} if isinstance(field, dict) else field


def _merged(node: Any, definitions: dict[str, Any], seen: frozenset[str] = frozenset()) -> set[str]:
    """The definitions that are merged key by key: those reached without passing through a list."""
    found: set[str] = set()
    if isinstance(node, list):
        for item in node:
            found |= _merged(item, definitions, seen)
    elif isinstance(node, dict):
        name = str(node.get("$ref", "")).removeprefix("#/$defs/")
        if name and name not in seen:
            found |= {name} | _merged(definitions[name], definitions, seen | {name})
        for key, item in node.items():
            if key not in {"items", "$defs", "default", "enum", "required"}:
                found |= _merged(item, definitions, seen)
    return found


def _loosen(schema: dict[str, Any]) -> None:
    schema.pop("required", None)
    for name, field in schema.get("properties", {}).items():
        _loosen_values(field)
        schema["properties"][name] = _nullable(field)


def _loosen_values(field: dict[str, Any]) -> None:
    patterns = field.get("patternProperties", {})
    for pattern, value in patterns.items():
        patterns[pattern] = _nullable(value)
    if isinstance(field.get("additionalProperties"), dict):
        field["additionalProperties"] = _nullable(field["additionalProperties"])


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    arms = schema.get("anyOf", [])
    if {"type": "null"} in arms:
        return schema
    return {**{key: schema[key] for key in ("description",) if key in schema}, "anyOf": [schema, {"type": "null"}]}


if __name__ == "__main__":
    write(Path(__file__).resolve().parents[3])

"""Models as rows of BigQuery, and their tables' schemas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .errors import Incomplete, UnreadableMessage
from .layout import Kind, Stored, layout

if TYPE_CHECKING:
    from .base import Model

VERSION_COLUMN = "schema_version"


def table_schema(model: type[Model]) -> list[dict[str, str]]:
    """The columns of a model's table, as BigQuery's API and `envs/schemas/*.json` write them."""
    columns = [_column(field) for field in layout(model)]
    columns.append(
        {
            "name": VERSION_COLUMN,
            "type": "INTEGER",
            "mode": "NULLABLE",
            "description": "Version of the model that wrote the row; none is 1.",
        }
    )
    return columns


def _column(field: Stored) -> dict[str, str]:
    mode = "REPEATED" if field.repeated else "REQUIRED" if field.required else "NULLABLE"
    column = {"name": field.name, "type": field.kind.value, "mode": mode}
    return {**column, "description": field.description} if field.description else column


def to_row(model: Model) -> dict[str, Any]:
    """A row of JSON values."""
    row: dict[str, Any] = {}
    for field in layout(type(model)):
        value = getattr(model, field.name)
        if value is None:
            if field.required:
                raise Incomplete(f"{model.SCHEMA.name}: its table needs {field.name}, and this one has none")
            row[field.name] = None
        elif field.repeated:
            row[field.name] = [json_value(field.kind, each) for each in value]
        else:
            row[field.name] = json_value(field.kind, value)
    row[VERSION_COLUMN] = model.SCHEMA.version
    return row


def json_value(kind: Kind, value: Any) -> Any:
    if kind is Kind.NUMERIC:
        return format(value, "f")
    if kind is Kind.TIMESTAMP or kind is Kind.DATE:
        return value.isoformat()
    if kind is Kind.JSON:
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    if kind is Kind.STRING:
        return str(value)
    return value


def from_row(model: type[Model], row: Mapping[str, Any]) -> dict[str, Any]:
    """The model's values in a row; columns that the model doesn't know are an error, columns that the row lacks are
    null.
    """
    values: dict[str, Any] = dict(row)
    for field in layout(model):
        if field.name not in values:
            continue
        value = values[field.name]
        if value is None:
            del values[field.name]  # null: the model's own default, or its error
        elif field.kind is Kind.JSON and isinstance(value, str):
            try:
                values[field.name] = json.loads(value)
            except ValueError:
                raise UnreadableMessage(f"{model.SCHEMA.name}: {field.name} is not JSON") from None
        elif field.repeated:
            values[field.name] = tuple(value)
    return values

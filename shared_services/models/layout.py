"""What a model's fields are when stored or sent: read off its annotations once, for BigQuery and Avro alike."""

from __future__ import annotations

import types
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from .fields import Column

if TYPE_CHECKING:
    from .base import Model


class Kind(StrEnum):
    """How a value is stored; the words are BigQuery's."""

    STRING = "STRING"
    INTEGER = "INTEGER"
    FLOAT = "FLOAT"
    NUMERIC = "NUMERIC"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    TIMESTAMP = "TIMESTAMP"
    JSON = "JSON"


_KINDS: dict[type, Kind] = {
    str: Kind.STRING,
    int: Kind.INTEGER,
    float: Kind.FLOAT,
    Decimal: Kind.NUMERIC,
    bool: Kind.BOOLEAN,
    date: Kind.DATE,
    datetime: Kind.TIMESTAMP,
    dict: Kind.JSON,
}
# Money, dates and times are texts.
_AVRO = {Kind.INTEGER: "long", Kind.FLOAT: "double", Kind.BOOLEAN: "boolean"}


@dataclass(frozen=True, slots=True)
class Stored:
    """A field as it is stored."""

    name: str
    kind: Kind
    nullable: bool
    """Whether Python may have None there."""
    required: bool
    """Whether the table may not."""
    repeated: bool
    avro: bool
    """Whether messages carry it."""
    avro_type: str
    enum: type[Enum] | None
    description: str


@cache
def layout(model: type[Model]) -> tuple[Stored, ...]:
    """The fields of a model in their order.

    Raises:
        TypeError: a field has a type that can't be stored; the tests call this for every model.
    """
    return tuple(_stored(name, field) for name, field in model.model_fields.items())


def _stored(name: str, field: Any) -> Stored:
    column = next((each for each in field.metadata if isinstance(each, Column)), Column())
    kind, nullable, repeated, enum = _unwrapped(field.annotation)
    if repeated and nullable:
        raise TypeError(f"{name}: BigQuery knows no array that is null")
    return Stored(
        name=name,
        kind=kind,
        nullable=nullable,
        required=(not nullable and not repeated) if column.required is None else column.required,
        repeated=repeated,
        avro=column.avro,
        avro_type=column.avro_type or _AVRO.get(kind, "string"),
        enum=enum,
        description=field.description or "",
    )


def _unwrapped(annotation: Any) -> tuple[Kind, bool, bool, type[Enum] | None]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unwrapped(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        inner = [each for each in get_args(annotation) if each is not type(None)]
        kind, _, repeated, enum = _unwrapped(inner[0])
        return kind, True, repeated, enum
    if origin is tuple:
        kind, _, _, enum = _unwrapped(get_args(annotation)[0])
        return kind, False, True, enum
    if origin is Literal:
        return _KINDS[type(get_args(annotation)[0])], False, False, None
    if origin is dict:
        return Kind.JSON, False, False, None
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return Kind.STRING, False, False, annotation
    if annotation not in _KINDS:
        raise TypeError(f"{annotation} can't be stored")
    return _KINDS[annotation], False, False, None

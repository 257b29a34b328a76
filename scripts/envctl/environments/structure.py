"""The shape of the models, for walking plain data along them: which field holds what, and which markers it carries."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from .models.base import FileContent, Reference, Template
from .paths import Path

Marker = Reference | FileContent | Template


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field's type comes to.

    Args:
        model: the model, where the type is one.
        items: the shape of a list's items or a mapping's values.
        is_mapping: of the two, a mapping.
        marker: what rendering has to do with the text.
        nullable: whether null is a value.
        marked: whether a marker is on it or anywhere below.
    """

    model: type[BaseModel] | None = None
    items: Shape | None = None
    is_mapping: bool = False
    marker: Marker | None = None
    nullable: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A field: its name in YAML, its name in Python, whether it must be given, and its shape."""

    key: str
    attribute: str
    required: bool
    shape: Shape


@cache
def fields(model: type[BaseModel]) -> dict[str, FieldShape]:
    """A model's fields by their name in YAML."""
    found = {}
    for attribute, info in model.model_fields.items():
        key = info.alias or attribute
        found[key] = FieldShape(key, attribute, info.is_required(), _shape(info.annotation, tuple(info.metadata)))
    return found


def _shape(annotation: Any, metadata: tuple[Any, ...] = ()) -> Shape:
    nullable = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *extra = get_args(annotation)
            metadata += tuple(extra)
        elif origin in (Union, types.UnionType):
            others = [arm for arm in get_args(annotation) if arm is not type(None)]
            if len(others) != 1:
                raise TypeError(f"a field of a model is of one type, or of one type or null: not {annotation}")
            nullable, annotation = True, others[0]
        else:
            break
    marker = next((m for m in metadata if isinstance(m, Reference | FileContent | Template)), None)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        marked = any(field.shape.marked for field in fields(annotation).values())
        return Shape(model=annotation, nullable=nullable, marked=marked)
    if origin in (list, dict):
        items = _shape(get_args(annotation)[-1])
        return Shape(items=items, is_mapping=origin is dict, nullable=nullable, marked=items.marked)
    return Shape(marker=marker, nullable=nullable, marked=marker is not None)


def descend(model: type[BaseModel], path: Path) -> Shape | None:
    """The shape at a path, or None where the models have nothing (an unknown key, or free-form data)."""
    shape: Shape | None = Shape(model=model)
    for part in path:
        if shape is None:
            return None
        if shape.model is not None:
            field = fields(shape.model).get(str(part))
            shape = field.shape if field else None
        else:
            shape = shape.items
    return shape


def marked(shape: Shape, value: Any, path: Path = ()) -> Iterator[tuple[Path, Marker, str]]:
    """Every text below a value that carries a marker. Data of a wrong shape is passed over: validation reports it."""
    if not shape.marked or value is None:
        return
    if shape.marker is not None:
        if isinstance(value, str):
            yield path, shape.marker, value
    elif shape.model is not None:
        if isinstance(value, dict):
            for key, field in fields(shape.model).items():
                if field.shape.marked and key in value:
                    yield from marked(field.shape, value[key], (*path, key))
    elif shape.items is not None:
        if shape.is_mapping and isinstance(value, dict):
            for key, item in value.items():
                yield from marked(shape.items, item, (*path, key))
        elif not shape.is_mapping and isinstance(value, list):
            for index, item in enumerate(value):
                yield from marked(shape.items, item, (*path, index))

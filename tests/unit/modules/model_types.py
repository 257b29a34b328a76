"""The models of an environment as the types that Terraform would give them."""

from __future__ import annotations

import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from tests.unit.modules.hcl_types import Type

_SCALARS = {str: "string", int: "number", float: "number", bool: "bool"}


def type_of(annotation: Any) -> Type:
    """The type of a field's annotation; what may be None is what it is otherwise."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_of(arguments[0])
    if origin in (Union, types.UnionType):
        (rest,) = [argument for argument in arguments if argument is not type(None)]
        return type_of(rest)
    if origin is Literal:
        return Type(_SCALARS[type(arguments[0])])
    if origin is list:
        return Type("list", of=type_of(arguments[0]))
    if origin is dict and arguments[1] is Any:
        return Type("string")  # free documents are rendered as JSON
    if origin is dict:
        return Type("map", of=type_of(arguments[1]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Type("object", fields=fields_of(annotation))
    return Type(_SCALARS[annotation])


def fields_of(model: type[BaseModel]) -> dict[str, Type]:
    """The fields of a model by the names that YAML uses; those with a default are optional."""
    result = {}
    for name, info in model.model_fields.items():
        if info.exclude:  # a switch: rendering acts on it and leaves it out
            continue
        found = type_of(info.annotation)
        default = None if info.is_required() else info.get_default(call_default_factory=True)
        if isinstance(default, BaseModel) and default == type(default)():
            default = {}  # each field has its own
        result[info.alias or name] = Type(found.kind, found.of, found.fields, not info.is_required(), default)
    return result

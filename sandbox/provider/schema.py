"""The schema Terraform sees, made from the tables."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tf.gen import tfplugin_pb2 as pb

from sandbox.provider.data.tables import COMPUTED_ID
from sandbox.provider.fields import Field
from sandbox.provider.table import ResourceType

_NESTING = {
    "list": pb.Schema.NestedBlock.LIST,
    "set": pb.Schema.NestedBlock.SET,
    "single": pb.Schema.NestedBlock.SINGLE,
}
_WRITE_ONLY = b"\x58\x01"
"""`write_only = true`, field 11 of Attribute: it is newer than the generated messages, which carry it along."""
_ID = Field("id", "string", computed=True)


def cty_type(field: Field) -> Any:
    """The field's type in Terraform's JSON notation; a computed nested field is a collection of objects."""
    if field.nested:
        return [field.kind, ["object", {name: cty_type(inner) for name, inner in field.fields.items()}]]
    if field.element == "map":
        return [field.kind, ["map", "string"]]
    return [field.kind, field.element] if field.element else field.kind


def attribute(field: Field) -> pb.Schema.Attribute:
    """The field as an attribute."""
    made = pb.Schema.Attribute(
        name=field.name,
        type=json.dumps(cty_type(field), separators=(",", ":")).encode(),
        required=field.required,
        optional=field.optional,
        computed=field.computed,
        sensitive=field.sensitive,
        deprecated=field.deprecated,
    )
    if field.write_only:
        made.MergeFromString(_WRITE_ONLY)
    return made


def nested_block(field: Field) -> pb.Schema.NestedBlock:
    """The field as a nested block."""
    return pb.Schema.NestedBlock(
        type_name=field.name,
        nesting=_NESTING[field.kind],
        min_items=(field.min_items or 1) if field.required else 0,
        max_items=field.max_items,
        block=block(field.fields.values()),
    )


def block(fields: Iterable[Field]) -> pb.Schema.Block:
    """A block of fields, each an attribute or a nested block."""
    made = pb.Schema.Block()
    for field in fields:
        if field.block:
            made.block_types.append(nested_block(field))
        else:
            made.attributes.append(attribute(field))
    return made


def data_source_schema(kind: ResourceType) -> pb.Schema:
    """The schema of a data source, with `id`."""
    made = block(kind.fields.values())
    if "id" not in kind.fields:
        made.attributes.append(attribute(replace(_ID, optional=kind.name not in COMPUTED_ID)))
    return pb.Schema(version=kind.version, block=made)


def resource_schema(kind: ResourceType) -> pb.Schema:
    """The schema of a resource type, with `id` and `timeouts`."""
    made = block(kind.fields.values())
    if "id" not in kind.fields:
        made.attributes.append(attribute(_ID))
    if kind.timeouts:
        steps = [Field(name, "string") for name in kind.timeouts]
        made.block_types.append(
            pb.Schema.NestedBlock(type_name="timeouts", nesting=pb.Schema.NestedBlock.SINGLE, block=block(steps))
        )
    return pb.Schema(version=kind.version, block=made)

"""The messages of the plugin protocol that ephemeral resources have (6.7 and later).

The library that has the other messages is of an older version of the protocol; these are told here, field by field
(`tfplugin6.proto`), and refer to its.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory  # type: ignore[import-untyped]
from tf.gen import tfplugin_pb2 as pb

_PACKAGE = "tfplugin6"
_FILE = "tfplugin6_ephemeral.proto"
_Kind = descriptor_pb2.FieldDescriptorProto
_DIAGNOSTICS = ("diagnostics", 1, "Diagnostic", True)
# Message → part → fields: name, number, type (a message of the protocol where it begins with a capital), repeated.
_MESSAGES: dict[str, dict[str, list[tuple[str, int, str, bool]]]] = {
    "ValidateEphemeralResourceConfig": {
        "Request": [("type_name", 1, "string", False), ("config", 2, "DynamicValue", False)],
        "Response": [_DIAGNOSTICS],
    },
    "OpenEphemeralResource": {
        "Request": [("type_name", 1, "string", False), ("config", 2, "DynamicValue", False)],
        "Response": [_DIAGNOSTICS, ("result", 3, "DynamicValue", False), ("private", 4, "bytes", False)],
    },
    "CloseEphemeralResource": {
        "Request": [("type_name", 1, "string", False), ("private", 2, "bytes", False)],
        "Response": [_DIAGNOSTICS],
    },
    # What GetProviderSchema's answer has besides: messages are merged by putting one behind the other.
    "EphemeralSchemas": {
        "Entry": [("key", 1, "string", False), ("value", 2, "Schema", False)],
        "Response": [("ephemeral_resource_schemas", 8, "EphemeralSchemas.Entry", True)],
    },
}


def _messages() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(
        name=_FILE, package=_PACKAGE, syntax="proto3", dependency=[pb.DESCRIPTOR.name]
    )
    for name, parts in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for part, fields in parts.items():
            nested = message.nested_type.add(name=part)
            for field, number, kind, repeated in fields:
                label = _Kind.LABEL_REPEATED if repeated else _Kind.LABEL_OPTIONAL
                made = nested.field.add(name=field, number=number, label=label)
                if kind[0].isupper():
                    made.type, made.type_name = _Kind.TYPE_MESSAGE, f".{_PACKAGE}.{kind}"
                else:
                    made.type = _Kind.Type.Value(f"TYPE_{kind.upper()}")
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    classes: dict[str, Any] = message_factory.GetMessageClassesForFiles([_FILE], pool)
    return classes


_MADE = _messages()


ValidateEphemeralResourceConfig = _MADE[f"{_PACKAGE}.ValidateEphemeralResourceConfig"]
OpenEphemeralResource = _MADE[f"{_PACKAGE}.OpenEphemeralResource"]
CloseEphemeralResource = _MADE[f"{_PACKAGE}.CloseEphemeralResource"]
EphemeralSchemas = _MADE[f"{_PACKAGE}.EphemeralSchemas"]

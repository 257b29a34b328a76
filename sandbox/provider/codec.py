"""Values as Terraform puts them on the wire: msgpack, with an extension for what is not known yet.

In Python: None, str, bool, int, float, list (lists and sets), dict (maps and objects), `UNKNOWN`.
"""

from __future__ import annotations

import json
from typing import Any, Final

import msgpack
from tf.gen import tfplugin_pb2 as pb


class Unknown:
    """The type of `UNKNOWN`, a value that is known after apply."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __copy__(self) -> Unknown:
        return self

    def __deepcopy__(self, memo: object) -> Unknown:
        return self


UNKNOWN: Final = Unknown()
_UNKNOWN_EXT = 0
_REFINED_EXT = 12


def _extension(code: int, data: bytes) -> Any:
    if code in (_UNKNOWN_EXT, _REFINED_EXT):
        return UNKNOWN
    raise ValueError(f"msgpack extension {code} is not a Terraform value")


def _default(value: Any) -> Any:
    if value is UNKNOWN:
        return msgpack.ExtType(_UNKNOWN_EXT, b"\0")
    raise TypeError(f"{type(value).__name__} is not a Terraform value")


def decode(data: bytes) -> Any:
    """A value from its msgpack. Terraform writes a number that fits no machine type as a string."""
    return msgpack.unpackb(data, ext_hook=_extension, strict_map_key=False, raw=False)


def encode(value: Any) -> bytes:
    """A value as msgpack."""
    packed: bytes = msgpack.packb(value, default=_default, use_bin_type=True)
    return packed


def from_wire(value: pb.DynamicValue) -> Any:
    """A value of a request."""
    if value.msgpack:
        return decode(value.msgpack)
    return json.loads(value.json) if value.json else None


def to_wire(value: Any) -> pb.DynamicValue:
    """A value of a response."""
    return pb.DynamicValue(msgpack=encode(value))


def without_unknowns(value: Any) -> Any:
    """A value whose unknown parts are null, as it is once nothing more is found out.

    >>> without_unknowns({"name": UNKNOWN, "ports": [80, UNKNOWN]})
    {'name': None, 'ports': [80, None]}
    """
    if value is UNKNOWN:
        return None
    if isinstance(value, dict):
        return {key: without_unknowns(item) for key, item in value.items()}
    return [without_unknowns(item) for item in value] if isinstance(value, list) else value


def is_known(value: Any) -> bool:
    """Whether nothing within is unknown."""
    if value is UNKNOWN:
        return False
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    if isinstance(value, list):
        return all(map(is_known, value))
    return True


def known(blocks: Any) -> list[dict[str, Any]]:
    """The blocks of a list that the plan knows."""
    return [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []

"""The values of workflows: null, booleans, integers, doubles, strings, bytes, lists, maps.

None is ever changed in place: a variable that is assigned to another is a value of its own, as in Google Cloud, since
what changes a list or a map makes a new one.
"""

from __future__ import annotations

import json
from typing import Any

from sandbox.workflows.errors import fault

_NAMES = {bool: "boolean", int: "integer", float: "double", str: "string", bytes: "bytes", list: "list", dict: "map"}
_LEAST, _MOST = -(2**63), 2**63 - 1


def type_name(value: object) -> str:
    """What `get_type` says.

    >>> type_name(True), type_name(None), type_name({})
    ('boolean', 'null', 'map')
    """
    return "null" if value is None else _NAMES.get(type(value), "function")


def is_number(value: object) -> bool:
    """Whether a value is an integer or a double."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole(value: int) -> int:
    """An integer that fits into 64 bits. Raises ValueError of workflows."""
    if not _LEAST <= value <= _MOST:
        raise fault("ValueError", f"integer overflow: {value} does not fit into 64 bits")
    return value


def equal(left: object, right: object) -> bool:
    """Whether two values are equal; an integer may equal a double, nothing else crosses types.

    >>> equal(1, 1.0), equal(1, True), equal([1, {"a": 2}], [1.0, {"a": 2}])
    (True, False, True)
    """
    if is_number(left) and is_number(right):
        return left == right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return type(left) is type(right) and left == right


def item(of: object, key: object) -> Any:
    """`of[key]`. Raises KeyError, IndexError and TypeError of workflows."""
    if isinstance(of, dict):
        if not isinstance(key, str):
            raise fault("TypeError", f"map key must be a string, not {type_name(key)}")
        if key not in of:
            raise fault("KeyError", f"key not found: {key}")
        return of[key]
    if isinstance(of, list):
        if not isinstance(key, int) or isinstance(key, bool):
            raise fault("TypeError", f"list index must be an integer, not {type_name(key)}")
        if not 0 <= key < len(of):
            raise fault("IndexError", f"index out of range: {key} of a list of {len(of)}")
        return of[key]
    raise fault("TypeError", f"cannot take an element of {type_name(of)}")


def replaced(of: object, keys: list[Any], value: object) -> Any:
    """A value with one thing set at a path of keys: what is beside the path is shared with the old value.

    >>> replaced({"a": [1, 2]}, ["a", 1], 3)
    {'a': [1, 3]}
    >>> replaced({}, ["a", "b"], 1)
    {'a': {'b': 1}}
    """
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(of, dict) and isinstance(key, str):
        return {**of, key: replaced(of.get(key, {}), rest, value)}
    inner = item(of, key)
    return [*of[:key], replaced(inner, rest, value), *of[key + 1 :]]  # type: ignore[index]


def to_json(value: object, indent: int | None = None) -> str:
    """JSON as Google's runtime writes it. Raises TypeError of workflows for bytes and functions."""
    try:
        return json.dumps(value, ensure_ascii=False, indent=indent, separators=None if indent else (",", ":"))
    except (TypeError, ValueError) as error:
        raise fault("TypeError", "value is not JSON: it holds bytes or a function") from error


def size(value: object) -> int:
    """About the bytes of memory that Google counts for a value."""
    if isinstance(value, str | bytes):
        return len(value) if isinstance(value, bytes) or value.isascii() else len(value.encode())
    if isinstance(value, list):
        return 8 + sum(map(size, value))
    if isinstance(value, dict):
        return 8 + sum(len(key) + size(inner) for key, inner in value.items())
    return 8

"""What kinds of values a document may have where, so that what reads it need not ask again.

A shape is a document with types in place of values: `{"displayName": str, "steps": [{"approvalsNeeded": int}]}`. A list
has the shape of its elements, a map of any keys is `{str: …}`, and fields that a shape doesn't name are left alone.
"""

from __future__ import annotations

from typing import Any

from sandbox.control.errors import invalid_argument

_CALLED = {str: "TYPE_STRING", int: "TYPE_INT32", bool: "TYPE_BOOL", dict: "object", list: "array"}


def check(value: Any, shape: Any, path: str = "") -> None:
    """400 for a value of another kind than its shape's; null is as good as nothing.

    >>> check({"name": "a", "sizes": ["1", 2], "more": None}, {"name": str, "sizes": [int], "more": {str: str}})
    """
    if value is None:
        return
    if isinstance(shape, dict):
        _expect(isinstance(value, dict), dict, value, path)
        for key, inner in value.items():
            if (expected := shape.get(key, shape.get(str))) is not None:
                check(inner, expected, f"{path}.{key}" if path else key)
    elif isinstance(shape, list):
        _expect(isinstance(value, list) and None not in value, list, value, path)
        for at, inner in enumerate(value):
            check(inner, shape[0], f"{path}[{at}]")
    elif shape is int:  # 64 bits are written as text
        number = isinstance(value, int | float) and not isinstance(value, bool)
        _expect(number or (isinstance(value, str) and value.lstrip("-").isdigit()), int, value, path)
    else:
        _expect(isinstance(value, shape), shape, value, path)


def _expect(right: bool, kind: type, value: Any, path: str) -> None:
    if not right:
        raise invalid_argument(f"Invalid value at '{path}' ({_CALLED[kind]}), {value!r}", {path: _CALLED[kind]})

"""The functions that stand in no module: conversions, `default`, `if`, `len` and their like."""

from __future__ import annotations

from typing import Any

from sandbox.workflows.errors import fault
from sandbox.workflows.library.data import contains
from sandbox.workflows.library.registry import function, must_be
from sandbox.workflows.values import is_number, type_name, whole


@function("default", "val default_val")
def _default(value: Any, default: Any) -> Any:
    return default if value is None else value


@function("if", "condition if_true if_false")
def _if(condition: Any, if_true: Any, if_false: Any) -> Any:
    return if_true if must_be("boolean", condition, "condition") else if_false


@function("int", "x")
def _int(value: Any) -> int:
    if is_number(value):
        try:
            return whole(int(value))
        except (OverflowError, ValueError) as error:
            raise fault("ValueError", f"{value} is no integer") from error
    try:
        return whole(int(str(must_be("string", value, "x")).strip()))
    except ValueError as error:
        raise fault("ValueError", f"'{value}' is no integer") from error


@function("double", "x")
def _double(value: Any) -> float:
    if is_number(value):
        return float(value)
    try:
        return float(must_be("string", value, "x"))
    except ValueError as error:
        raise fault("ValueError", f"'{value}' is no number") from error


@function("string", "x")
def _string(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if is_number(value):
        return format_double(value) if isinstance(value, float) else str(value)
    raise fault("TypeError", f"string() takes an integer, a double, a boolean or a string, not {type_name(value)}")


def format_double(value: float) -> str:
    """The shortest text of a double, without a fraction that is zero.

    >>> format_double(1.7), format_double(3.0), format_double(1e21)
    ('1.7', '3', '1e+21')
    """
    return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)


@function("get_type", "x")
@function("type", "x")
def _get_type(value: Any) -> str:
    return type_name(value)


@function("keys", "map")
def _keys(given: Any) -> list[str]:
    return list(must_be("map", given, "map"))


@function("len", "value")
def _len(value: Any) -> int:
    if not isinstance(value, str | list | dict | bytes):
        raise fault("TypeError", f"len() takes a list, a map or a string, not {type_name(value)}")
    return len(value)


@function("not", "x")
def _not(value: Any) -> bool:
    return not must_be("boolean", value, "x")


@function("in", "key container")
def _in(key: Any, container: Any) -> bool:
    return contains(container, key)

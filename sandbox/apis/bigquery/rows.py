"""Rows of `insertAll`: checked before the engine takes them, with BigQuery's errors per row."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.runtime.bigquery.fields import Field

_DATE = r"\d{1,4}-\d{1,2}-\d{1,2}"
_CLOCK = r"\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?"
_ZONE = r"\s*(?:Z|z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?|[A-Za-z]+/[\w/+-]+)?"


def check(rows: Sequence[Any], fields: Sequence[Field], *, ignore_unknown: bool) -> dict[int, list[dict[str, str]]]:
    """The errors of rows by their index; none for a row that fits.

    >>> fields = [{"name": "n", "type": "INTEGER", "mode": "NULLABLE"}]
    >>> check([{"json": {"n": "x"}}], fields, ignore_unknown=False)[0][0]["message"]
    'Cannot convert value to integer (bad value): x'
    """
    found: dict[int, list[dict[str, str]]] = {}
    for index, row in enumerate(rows):
        errors: list[dict[str, str]] = []
        values = row.get("json") if isinstance(row, dict) else None
        if isinstance(values, dict):
            _check_record(values, fields, "", ignore_unknown, errors)
        else:
            errors.append(_error("", "The row has no JSON object."))
        if errors:
            found[index] = errors
    return found


def answer(errors: dict[int, list[dict[str, str]]], total: int, *, skip_invalid: bool) -> list[dict[str, Any]]:
    """`insertErrors`: unless invalid rows are skipped, one of them stops the others."""
    stopped = [{"reason": "stopped", "location": "", "debugInfo": "", "message": ""}]
    listed = sorted(errors) if skip_invalid else range(total)
    return [{"index": index, "errors": errors.get(index, stopped)} for index in listed]


def _error(location: str, message: str) -> dict[str, str]:
    return {"reason": "invalid", "location": location, "debugInfo": "", "message": message}


def _check_record(
    values: dict[str, Any], fields: Sequence[Field], where: str, ignore_unknown: bool, errors: list[dict[str, str]]
) -> None:
    known = {field["name"].lower(): field for field in fields}
    given = {key.lower(): value for key, value in values.items()}
    if not ignore_unknown:
        errors += [
            _error(f"{where}{key}", f"no such field: {where}{key}.") for key in values if key.lower() not in known
        ]
    for key, field in known.items():
        value, place, mode = given.get(key), f"{where}{field['name']}", field.get("mode", "NULLABLE")
        if value is None:
            if mode == "REQUIRED":
                errors.append(_error(place, f"Missing required field: {place}."))
        elif mode == "REPEATED":
            if isinstance(value, list):
                for item in value:
                    _check_value(item, field, place, ignore_unknown, errors)
            else:
                errors.append(_error(place, f"Repeated field {place} must be a list."))
        else:
            _check_value(value, field, place, ignore_unknown, errors)


def _check_value(value: Any, field: Field, place: str, ignore_unknown: bool, errors: list[dict[str, str]]) -> None:
    kind = field["type"]
    if kind == "RECORD":
        if isinstance(value, dict):
            _check_record(value, field["fields"], f"{place}.", ignore_unknown, errors)
        else:
            errors.append(_error(place, f"This field: {place} is a record."))
        return
    fits = _FITS.get(kind)
    if fits is None:
        return
    if isinstance(value, dict | list):
        errors.append(_error(place, f"This field: {place} is not a record."))
    elif not fits(value):
        errors.append(_error(place, f"Cannot convert value to {kind.lower()} (bad value): {value}"))


def _integer(value: Any) -> bool:
    try:
        number = int(value) if isinstance(value, str) else value
        return not isinstance(value, bool) and number == int(number) and -(2**63) <= number < 2**63
    except (ValueError, OverflowError):
        return False


def _number(value: Any) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return not isinstance(value, bool)


def _decimal(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _bytes(value: Any) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError, TypeError):
        return False
    return True


def _boolean(value: Any) -> bool:
    return isinstance(value, bool) or str(value).lower() in ("true", "false", "t", "f", "1", "0")


def _text(pattern: str) -> Callable[[Any], bool]:
    rule = re.compile(pattern)
    return lambda value: isinstance(value, str) and rule.fullmatch(value.strip()) is not None


_timestamp = _text(rf"{_DATE}(?:[ Tt]\s*{_CLOCK})?{_ZONE}")

_FITS: dict[str, Callable[[Any], bool]] = {
    "STRING": lambda value: True,
    "INTEGER": _integer,
    "FLOAT": _number,
    "NUMERIC": _decimal,
    "BIGNUMERIC": _decimal,
    "BOOLEAN": _boolean,
    "BYTES": _bytes,
    "DATE": _text(_DATE),
    "TIME": _text(_CLOCK),
    "DATETIME": _text(rf"{_DATE}(?:[ Tt]{_CLOCK})?"),
    "TIMESTAMP": lambda value: _number(value) if not isinstance(value, str) else _timestamp(value) or _number(value),
}

"""Texts: JSON, base64, lengths, regular expressions, times of day."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Any

from sandbox.provider import durations
from sandbox.provider.checks.registry import check

# What Go's parser of JSON says where Python's says the key.
_GO = {
    "Expecting value": "looking for beginning of value",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Expecting ':' delimiter": "after object key",
    "Extra data": "after top-level value",
    "Invalid control character at": "in string literal",
    "Invalid \\escape": "in string escape code",
}


@check("json")
def is_json(value: str, full: str, _: str) -> Iterator[str]:
    """The text is JSON; an empty one is nothing yet."""
    if value and (wrong := unread(value)):
        yield f'"{full}" contains an invalid JSON: {wrong}'


@check("table_schema")
def is_table_schema(value: str, full: str, _: str) -> Iterator[str]:
    """The text is a JSON array without nulls, as a table of BigQuery has its fields."""
    if not value:
        yield '"schema" is not a JSON array: unexpected end of JSON input'
        return
    if wrong := unread(value):
        yield f'"{full}" contains an invalid JSON: {wrong}'
        return
    listed = json.loads(value)
    if listed is not None and not isinstance(listed, list):
        kind = {dict: "object", str: "string", bool: "bool"}.get(type(listed), "number")
        yield f'"schema" is not a JSON array: json: cannot unmarshal {kind} into Go value of type []interface {{}}'
    elif listed and None in listed:
        yield '"schema" contains a nil element'


def unread(text: str) -> str:
    """What keeps a text from being JSON, in Go's words; empty where nothing does."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            return "unexpected end of JSON input"
        reason = next((go for python, go in _GO.items() if error.msg.startswith(python)), "after a value")
        return f"invalid character '{text[error.pos]}' {reason}"
    return ""


@check("base64_lines")
def is_base64_in_lines(value: str, full: str, _: str) -> Iterator[str]:
    """The text is base64, blanks and line breaks aside."""
    yield from is_base64(re.sub(r"\s+", "", value), full, "")


@check("base64")
def is_base64(value: str, full: str, _: str) -> Iterator[str]:
    """The text is base64 with its padding (RFC 4648, section 4)."""
    if not _decodes(value):
        yield (
            f'could not decode "{full}" as a valid base64 value. Please use the terraform base64 functions such as '
            "base64encode() or filebase64() to supply a valid base64 string"
        )


@check("encryption_key")
def is_encryption_key(value: str, _: str, __: str) -> Iterator[str]:
    """The key of an object's customer is base64."""
    if not _decodes(value):
        yield "Failed to decode (base64) customer_encryption, expecting valid base64 encoded key"


@check("hexadecimal")
def is_hexadecimal(value: str, full: str, _: str) -> Iterator[str]:
    """The text is a number of 32 bits in hexadecimal digits."""
    if not re.fullmatch(r"0*[0-9a-fA-F]{1,8}", value):
        yield f'could not decode "{full}" as a unsigned 32 bit hexadecimal integer'


@check("pattern")
def is_pattern(value: str, full: str, _: str) -> Iterator[str]:
    """The text is a regular expression, as a list is filtered by one."""
    if wrong := _miswritten(value):
        yield f"{full} ({value}) is not a valid regex pattern: {wrong}"


def _decodes(text: str) -> bool:
    try:
        base64.b64decode(re.sub(r"[\r\n]", "", text), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


@check("length")
def has_length(value: str, full: str, bounds: str) -> Iterator[str]:
    """The text has so many bytes: `length:LEAST..MOST`."""
    least, most = map(int, bounds.split(".."))
    if not least <= len(value.encode()) <= most:
        yield f"expected length of {full} to be in the range ({least} - {most}), got {value}"


@check("filled")
def is_filled(value: str, full: str, _: str) -> Iterator[str]:
    """The text isn't empty."""
    if not value:
        yield f'expected "{full}" to not be an empty string, got '


@check("regexp")
def is_regexp(value: str, full: str, _: str) -> Iterator[str]:
    """The text is a regular expression."""
    if wrong := _miswritten(value):
        yield f"Invalid regular expression for {full}: {wrong}"


def _miswritten(pattern: str) -> str:
    """What keeps a text from being a regular expression, in Go's words; empty where nothing does."""
    try:
        re.compile(pattern)
    except re.error as error:
        reason = "missing closing )" if error.msg.startswith("missing )") else error.msg
        return f"error parsing regexp: {reason}: `{pattern}`"
    return ""


@check("hourly")
def is_hourly(value: str, full: str, _: str) -> Iterator[str]:
    """A time of day, on the hour."""
    hour, colon, minutes = value.partition(":")
    if not colon or ":" in minutes:
        yield f'"{full}" must be in the format HH:00, got: {value}'
        return
    if minutes != "00":
        yield f'"{full}" does not allow minutes, it must be in the format HH:00, got: {value}'
    if not re.fullmatch(r"[+-]?\d+", hour, re.ASCII):
        yield f'"{full}" cannot be parsed, it must be in the format HH:00, got: {value}'
    elif not 0 <= int(hour) <= 23:
        yield (
            f'"{full}" does not specify a valid hour, it must be in the format HH:00 where HH : [00-23], got: {value}'
        )


@check("duration")
def is_duration(value: str, full: str, _: str) -> Iterator[str]:
    """A duration as Go writes one."""
    try:
        durations.nanoseconds(value)
    except ValueError as error:
        yield f"expected {full} to be a duration, but parsing gave an error: {error}"


@check("on")
def is_on(value: Any, full: str, _: str) -> Iterator[str]:
    """The switch is on: off is said by leaving it out."""
    if value is False:
        yield f'"{full}" must be set to true, got: false'

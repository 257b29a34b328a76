"""Bytes in requests and answers of Cloud KMS: base64, bounded, with the CRC32C that goes along."""

from __future__ import annotations

import base64
import re
from typing import Any

import google_crc32c

from sandbox.control import binary
from sandbox.control.errors import invalid_argument


def snake(name: str) -> str:
    """A field as protocol buffers spell it.

    >>> snake("plaintextCrc32c")
    'plaintext_crc32c'
    """
    return re.sub(r"[A-Z]", lambda match: f"_{match[0].lower()}", name)


def decode(value: object, field: str) -> bytes:
    """The bytes of a base64 text, of either alphabet."""
    try:
        return binary.decode(value)
    except ValueError as error:
        raise invalid_argument(f"Invalid value at '{snake(field)}': not base64.", {snake(field): "base64"}) from error


def take(body: dict[str, Any], field: str, answer: dict[str, Any] | None = None, *, most: int) -> bytes:
    """A field's bytes, their checksum verified where it is given; `answer` then says that it was."""
    data = decode(body.get(field), field)
    if len(data) > most:
        message = f"The field {snake(field)} holds at most {most} bytes, not {len(data)}."
        raise invalid_argument(message, {snake(field): message})
    verify(body, field, data, answer)
    return data


def verify(body: dict[str, Any], field: str, data: bytes, answer: dict[str, Any] | None = None) -> None:
    """Hold the checksum of a field against its bytes."""
    given = body.get(f"{field}Crc32c")
    if given is None:
        return
    if not str(given).isdigit() or int(given) != google_crc32c.value(data):
        message = f"The checksum in field {snake(field)}_crc32c did not match the data in field {snake(field)}."
        raise invalid_argument(message, {f"{snake(field)}_crc32c": message})
    if answer is not None:
        answer[f"verified{field[0].upper()}{field[1:]}Crc32c"] = True


def put(answer: dict[str, Any], field: str, data: bytes) -> None:
    """Bytes into an answer, with their checksum."""
    answer[field] = base64.b64encode(data).decode()
    answer[f"{field}Crc32c"] = str(google_crc32c.value(data))

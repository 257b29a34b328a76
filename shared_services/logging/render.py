"""A record as a line: JSON for machines (the seeds' fields and Cloud Logging's), text for people."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Mapping
from typing import Any

import orjson

from shared_services.errors import describe_error

from .redaction import redactor

SEVERITIES = {
    "debug": "DEBUG",
    "info": "INFO",
    "warning": "WARNING",
    "warn": "WARNING",
    "error": "ERROR",
    "exception": "ERROR",
    "critical": "CRITICAL",
    "fatal": "CRITICAL",
}
# Fields that the line has of its own: a field of the same name is written with an underscore behind it.
RESERVED = frozenset({"timestamp", "severity", "level", "service", "message", "module", "function", "line", "logger"})
_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
_MOST_CHARACTERS = 8192
_MOST_TRACEBACK = 16_384

_second = 0
_second_text = ""


def timestamp(now_ns: int) -> str:
    """A moment as lines carry it, in UTC.

    >>> timestamp(1_705_746_600_000_000_000)
    '2024-01-20T10:30:00.000Z'
    """
    global _second, _second_text
    second, rest = divmod(now_ns, 1_000_000_000)
    if second != _second or not _second_text:
        text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        _second_text = text
        _second = second
    else:
        text = _second_text
    return f"{text}.{rest // 1_000_000:03d}Z"


def error_fields(error: BaseException) -> dict[str, Any]:
    """What a line says of an exception: its class, type and message, and where it was raised.

    >>> sorted(error_fields(KeyError("x")))
    ['error_class', 'error_message', 'error_type', 'stack_trace']
    """
    fields: dict[str, Any] = dict(describe_error(error))
    text = "".join(traceback.format_exception(error))
    if len(text) > _MOST_TRACEBACK:  # the ends say most: where it began and where it was raised
        text = f"{text[: _MOST_TRACEBACK // 2]}\n…\n{text[-_MOST_TRACEBACK // 2 :]}"
    fields["stack_trace"] = text
    return fields


def cut(text: str, most: int = _MOST_CHARACTERS) -> str:
    """A text that isn't longer than a line should be.

    >>> cut("abcdef", 4)
    'abcd… (6 characters)'
    """
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


def as_json(record: Mapping[str, Any]) -> str:
    """A record as a line of JSON. What JSON can't hold is written as text.

    >>> as_json({"message": "x", "price": float("nan"), "items": {1, 2}})
    '{"message":"x","price":null,"items":"{1, 2}"}\\n'
    """
    try:
        return orjson.dumps(record, _text, _OPTIONS).decode()
    except TypeError:  # most often of a key that is no text: to allow for those in every line would make all slower
        pass
    try:
        return orjson.dumps(record, _text, _OPTIONS | orjson.OPT_NON_STR_KEYS).decode()
    except (TypeError, ValueError, RecursionError):
        return json.dumps({str(key): _text(value) for key, value in record.items()}, ensure_ascii=True) + "\n"


def as_text(record: Mapping[str, Any]) -> str:
    """A record as a line for people.

    >>> print(as_text({"timestamp": "2024-01-20T10:30:00.000Z", "severity": "INFO", "service": "auth",
    ...     "message": "signed in", "user": "u-1"}), end="")
    2024-01-20T10:30:00.000Z INFO     auth signed in user=u-1
    """
    rest = " ".join(
        f"{name}={_short(value)}"
        for name, value in record.items()
        if name not in {"timestamp", "severity", "level", "service", "message", "module", "function", "line"}
        and name != "stack_trace"
        and not name.startswith("logging.googleapis.com/")
    )
    head = f"{record.get('timestamp', '')} {record.get('severity', ''):<8} {record.get('service', '')}"
    # A line is a line: whatever is logged can't begin one that looks like another's.
    line = f"{head} {record.get('message', '')}{' ' if rest else ''}{rest}".replace("\r", "\\r").replace("\n", "\\n")
    trace = record.get("stack_trace")
    return f"{line}\n{_indented(str(trace))}" if trace else f"{line}\n"


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else as_json({"v": value})[5:-2]
    return text if text and not any(c.isspace() for c in text) else json.dumps(text, ensure_ascii=False)


def _text(value: Any) -> Any:
    """What JSON has no form for: models as their fields, anything else as its text."""
    try:
        dump = getattr(value, "model_dump", None)
        if dump is not None:
            return redactor().fields(dump(mode="json"))
        return cut(str(value))
    except Exception:
        return f"<{type(value).__name__}>"

"""A log line as a row of `platform_logs.service_logs`: whatever a service wrote, or Cloud Logging kept of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

Row = dict[str, Any]

LONGEST_BYTES = 1_000_000
_DEEPEST = 200
_NAMES = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
_OTHERS = {"TRACE": "DEBUG", "WARN": "WARNING", "EXCEPTION": "ERROR", "FATAL": "CRITICAL"}
_SEVERITIES = {name: name for name in _NAMES} | _OTHERS
_SEVERITIES |= {name.lower(): severity for name, severity in _SEVERITIES.items()}
_TEXT = re.compile(
    r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)\s+"
    r"\[?(DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|CRITICAL|FATAL)\]?\s+(\S+)\s+(.+)"
)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_TRACE = "logging.googleapis.com/trace"
_INSERT_ID = "logging.googleapis.com/insertId"
_INSERT_IDS = frozenset({_INSERT_ID, "insertId", "insert_id"})


def read_line(line: bytes, service: str) -> Row | None:
    """A line as a row; None where it is no log line at all.

    Lines are JSON with the platform's fields (or those that are usual elsewhere: `msg`, `time`, `lvl`), or this
    library's text form. A time without a zone is taken for UTC.

    >>> row = read_line(b'{"timestamp":"2024-01-20T10:30:00Z","level":"info","message":"up","port":8001}', "auth")
    >>> row["severity"], row["service"], row["fields"]
    ('INFO', 'auth', {'port': 8001})
    >>> read_line(b"\\x00\\xff not a line", "auth") is None
    True

    Args:
        line: its bytes, without the line's end.
        service: what it is of, where it doesn't say so itself.
    """
    try:
        said = orjson.loads(line)
    except ValueError:
        return _unusual(line, service)
    return read_fields(said, service) if type(said) is dict and _shallow(line) else None


def read_fields(said: dict[str, Any], service: str) -> Row | None:
    """The fields of a line as a row. `said` is used up."""
    pop = said.pop
    message = pop("message", None)
    if message is None:
        message = pop("msg", None)
        if message is None and (message := pop("event", None)) is None:
            return None
    given = pop("timestamp", None) or pop("time", None) or pop("ts", None)
    try:
        moment = datetime.fromisoformat(given)  # nearly every line's
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
    except (TypeError, ValueError):
        found = _moment(given)
        if found is None:
            return None
        moment = found
    level = pop("level", None)
    row: Row = {
        "timestamp": moment,
        "service": pop("service", None) or service,
        "severity": _SEVERITIES.get(pop("severity", level) or pop("lvl", None), "DEFAULT"),
        "message": message,
    }
    if "logger" in said:
        row["logger"] = pop("logger")
    if "correlation_id" in said:
        row["correlation_id"] = pop("correlation_id")
    if "revision" in said:
        row["revision"] = pop("revision")
    if _TRACE in said:
        row["trace_id"] = str(pop(_TRACE)).rpartition("/")[2]
    elif "trace_id" in said:
        row["trace_id"] = pop("trace_id")
    for name in _INSERT_IDS & said.keys():
        row["insert_id"] = pop(name)
    for name, value in row.items():
        if type(value) is not str and value is not moment:
            row[name] = "" if value is None else _text(value)
    if said:
        row["fields"] = said
    return row


def read_entry(entry: Mapping[str, Any], service: str) -> Row | None:
    """An entry of Cloud Logging as a row."""
    payload = entry.get("jsonPayload")
    said = dict(payload) if isinstance(payload, Mapping) else {"message": entry.get("textPayload")}
    if said.get("message") is None and "protoPayload" in entry:
        said = {"message": str(entry["protoPayload"].get("methodName", "audit")), "audit": entry["protoPayload"]}
    labels = (entry.get("resource") or {}).get("labels") or {}
    given = {
        "timestamp": entry.get("timestamp") or entry.get("receiveTimestamp"),
        "severity": entry.get("severity", "DEFAULT"),
        _INSERT_ID: entry.get("insertId"),
        _TRACE: entry.get("trace"),
    }
    said |= {name: value for name, value in given.items() if value}
    said.setdefault("service", labels.get("service_name") or labels.get("job_name"))
    said.setdefault("revision", labels.get("revision_name"))
    if entry.get("httpRequest"):
        said.setdefault("httpRequest", entry["httpRequest"])
    return read_fields(said, service)


def written(row: Row) -> bytes:
    """A row as BigQuery loads it: a line of JSON.

    >>> written({"message": "x", "timestamp": datetime(2026, 1, 2, tzinfo=UTC)})
    b'{"message":"x","timestamp":"2026-01-02T00:00:00Z"}\\n'
    """
    return orjson.dumps(row, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def _unusual(line: bytes, service: str) -> Row | None:
    """A line that isn't strictly JSON: NaN, bytes that are no UTF-8, half a surrogate; or text."""
    text = line.decode("utf-8", "replace").strip("\x00").strip()
    if text.startswith("{") and _shallow(line):
        try:
            said = json.loads(_SURROGATE.sub(r"\\ufffd", text), parse_constant=lambda _: None, parse_int=_number)
            said = orjson.loads(orjson.dumps(said))
        except (ValueError, TypeError, RecursionError):
            return None
        return read_fields(said, service) if isinstance(said, dict) else None
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    said = {"timestamp": match[1].replace(",", "."), "level": match[2], "service": match[3], "message": match[4]}
    return read_fields(said, service)


def _number(text: str) -> int | float:
    return int(text) if len(text) < 19 else float(text)


def _shallow(line: bytes) -> bool:
    """Whether nothing is nested deeper than BigQuery takes."""
    if len(line) <= 2 * _DEEPEST or line.count(b"{") + line.count(b"[") <= _DEEPEST:
        return True
    depth = deepest = 0
    for byte in line:  # brackets in texts count too: such a line is odd enough
        if byte in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"}]":
            depth -= 1
    return deepest <= _DEEPEST


def _moment(value: Any) -> datetime | None:
    try:
        if isinstance(value, Mapping):  # as Cloud Logging's agents write it
            value = int(value["seconds"]) + int(value.get("nanos", 0)) / 1e9
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        while abs(value) > 1e11:  # milliseconds, microseconds, nanoseconds
            value /= 1000
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, TypeError, KeyError, OverflowError, OSError):
        return None


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()

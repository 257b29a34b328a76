"""Log entries of Cloud Run: of a line that was printed, and of a request that was answered.

A line that is a JSON object is structured: its special fields go to the fields of the entry.
https://cloud.google.com/logging/docs/structured-logging#special-payload-fields
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sandbox.apis.logging.filter import SEVERITIES
from sandbox.control.context import timestamp
from sandbox.runtime.output import Origin, Served

Entry = dict[str, Any]

_SPECIAL = "logging.googleapis.com/"
_OTHER_NAMES = {"WARN": "WARNING", "ERR": "ERROR", "CRIT": "CRITICAL", "FATAL": "CRITICAL", "EMERG": "EMERGENCY"}
_TRACE = re.compile(r"projects/[^/]+/traces/[^/]+")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_CLOUD_TRACE = re.compile(r"([0-9a-fA-F]{32})(?:/(\d+))?(?:;o=(\d))?")
# Special fields that are passed on as they are, with the type they must have.
_FIELDS: dict[str, tuple[str, type]] = {
    "httpRequest": ("httpRequest", dict),
    f"{_SPECIAL}operation": ("operation", dict),
    f"{_SPECIAL}sourceLocation": ("sourceLocation", dict),
    f"{_SPECIAL}spanId": ("spanId", str),
    f"{_SPECIAL}trace_sampled": ("traceSampled", bool),
    f"{_SPECIAL}insertId": ("insertId", str),
}


def printed(origin: Origin, stream: str, lines: bytes, moment: float) -> Iterator[Entry]:
    """The entries of whole lines that came at a moment; empty lines are none."""
    base = {**_of(origin, f"run.googleapis.com/{stream}"), "timestamp": timestamp(moment)}
    for line in lines.decode(errors="replace").splitlines():
        if line.strip():
            yield entry_of(line, base)


def entry_of(line: str, base: Entry) -> Entry:
    """An entry of one line. What of it can't be a field of an entry stays in the payload.

    >>> entry_of('{"severity": "warn", "message": "late", "symbol": "TCS"}', {"logName": "projects/p/logs/l"})
    {'logName': 'projects/p/logs/l', 'severity': 'WARNING', 'jsonPayload': {'message': 'late', 'symbol': 'TCS'}}
    >>> entry_of("late", {"logName": "projects/p/logs/l"})
    {'logName': 'projects/p/logs/l', 'textPayload': 'late'}
    """
    payload = _parsed(line)
    if payload is None:
        return {**base, "textPayload": line}
    entry = dict(base)
    if "severity" in payload and (severity := _severity(payload["severity"])):
        entry["severity"] = severity
        del payload["severity"]
    for name, (field, kind) in _FIELDS.items():
        if name in payload and isinstance(payload[name], kind):
            entry[field] = payload.pop(name)
    labels = payload.get(f"{_SPECIAL}labels")
    if isinstance(labels, dict):
        del payload[f"{_SPECIAL}labels"]
        entry["labels"] = {**entry.get("labels", {}), **{key: _text(value) for key, value in labels.items()}}
    trace = payload.get(f"{_SPECIAL}trace")
    if isinstance(trace, str):
        del payload[f"{_SPECIAL}trace"]
        project = str(base.get("logName", "")).split("/")[1:2]
        entry["trace"] = trace if _TRACE.fullmatch(trace) or not project else f"projects/{project[0]}/traces/{trace}"
    if moment := _moment(payload):
        entry["timestamp"] = moment
    if list(payload) == ["message"] and isinstance(payload["message"], str):
        entry["textPayload"] = payload["message"]
    else:
        entry["jsonPayload"] = payload
    return entry


def served(origin: Origin, request: Served) -> Entry:
    """The entry of a request, of the log run.googleapis.com/requests."""
    http = {
        "requestMethod": request.method,
        "requestUrl": request.url,
        "requestSize": str(request.received),
        "status": request.status,
        "responseSize": str(request.sent),
        "remoteIp": request.client,
        "serverIp": request.server,
        "latency": f"{request.latency:.9f}s",
        "protocol": request.protocol,
    }
    for header, field in (("user-agent", "userAgent"), ("referer", "referer")):
        if header in request.headers:
            http[field] = request.headers[header]
    severity = "ERROR" if request.status >= 500 else "WARNING" if request.status >= 400 else "INFO"
    return {
        **_of(origin, "run.googleapis.com/requests"),
        "timestamp": timestamp(request.ended - request.latency),
        "severity": severity,
        "httpRequest": http,
        **_trace(origin.project, request.headers.get("traceparent"), request.headers.get("x-cloud-trace-context")),
    }


def _of(origin: Origin, log: str) -> Entry:
    entry: Entry = {
        "logName": f"projects/{origin.project}/logs/{log.replace('/', '%2F')}",
        "resource": {"type": origin.kind, "labels": dict(origin.resource)},
    }
    if origin.labels:
        entry["labels"] = dict(origin.labels)
    return entry


def _parsed(line: str) -> dict[str, Any] | None:
    text = line.strip()
    if not text.startswith("{"):
        return None
    try:
        found = json.loads(text, parse_constant=str)  # NaN is no JSON: it would be none for who reads the entry
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _severity(value: Any) -> str:
    """The severity that a value names, by its name or its number; empty where it names none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return next((name for name, number in SEVERITIES.items() if number == value), "")
    text = str(value).upper()
    text = _OTHER_NAMES.get(text, text)
    return text if text in SEVERITIES else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _moment(payload: dict[str, Any]) -> str:
    """The time that a line states, taken out of it: `timestamp` {seconds, nanos}, its parts, or `time`."""
    stated = payload.get("timestamp")
    if isinstance(stated, dict) and (moment := _counted(stated.get("seconds"), stated.get("nanos"))):
        del payload["timestamp"]
        return moment
    if moment := _counted(payload.get("timestampSeconds"), payload.get("timestampNanos")):
        del payload["timestampSeconds"]
        payload.pop("timestampNanos", None)
        return moment
    if isinstance(payload.get("time"), str):
        match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?\d*(Z|[+-]\d\d:?\d\d)", payload["time"])
        if match is not None:
            try:
                whole = datetime.fromisoformat(match[1] + ("+00:00" if match[3] == "Z" else match[3])).astimezone(UTC)
            except (ValueError, OverflowError):
                return ""
            del payload["time"]
            return f"{_whole(whole)}{match[2] or ''}Z"
    return ""


def _counted(seconds: Any, nanos: Any) -> str:
    try:
        whole, part = int(seconds), int(nanos or 0)
        if not 0 <= part < 10**9:
            return ""
        return f"{_whole(datetime.fromtimestamp(whole, UTC))}.{part:09}Z"
    except (TypeError, ValueError, OverflowError, OSError):
        return ""


def _whole(moment: datetime) -> str:
    """To the second, with four digits of the year: `%Y` has fewer before the year 1000."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def _trace(project: str, w3c: str | None, google: str | None) -> Entry:
    """The trace that a request belongs to."""
    if w3c and (match := _TRACEPARENT.match(w3c)):
        trace, span, sampled = match[1], match[2], int(match[3], 16) & 1 == 1
    elif google and (match := _CLOUD_TRACE.match(google)):
        trace, sampled = match[1], match[3] == "1"
        span = f"{int(match[2]) & (2**64 - 1):016x}" if match[2] else ""
    else:
        return {}
    found: Entry = {"trace": f"projects/{project}/traces/{trace}"}
    if span:
        found["spanId"] = span
    if sampled:
        found["traceSampled"] = True
    return found

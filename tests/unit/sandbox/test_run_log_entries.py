"""What Cloud Run prints and serves, as log entries."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.apis.logging.book import complete
from sandbox.apis.run import log_entries as run_log_entries
from sandbox.runtime.output import Origin, Served

ORIGIN = Origin("atm", "cloud_run_revision", {"service_name": "risk"}, {"instanceId": "1f"})
LOG = "projects/atm/logs/run.googleapis.com%2F"


def made(line: str) -> dict[str, Any]:
    (entry,) = run_log_entries.printed(ORIGIN, "stdout", line.encode(), 0.0)
    return entry


def test_a_line_of_text_is_its_text() -> None:
    assert made("  plain \n") == {
        "logName": f"{LOG}stdout",
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": "risk"}},
        "labels": {"instanceId": "1f"},
        "timestamp": "1970-01-01T00:00:00.000000Z",
        "textPayload": "  plain ",
    }


def test_special_fields_become_those_of_the_entry() -> None:
    line = {
        "severity": "error",
        "message": "refused",
        "reason": "limit",
        "httpRequest": {"requestMethod": "POST", "status": 409},
        "time": "2026-11-26T14:30:00.123456789+05:30",
        "logging.googleapis.com/labels": {"team": "risk", "tries": 2},
        "logging.googleapis.com/insertId": "42",
        "logging.googleapis.com/operation": {"id": "o", "first": True},
        "logging.googleapis.com/sourceLocation": {"file": "a.py", "line": 7},
        "logging.googleapis.com/spanId": "000000000000004a",
        "logging.googleapis.com/trace": "06796866738c859f2f19b7cfb3214824",
        "logging.googleapis.com/trace_sampled": True,
    }
    entry = made(json.dumps(line))
    assert {name: entry[name] for name in set(entry) - {"logName", "resource"}} == {
        "severity": "ERROR",
        "timestamp": "2026-11-26T09:00:00.123456789Z",
        "labels": {"instanceId": "1f", "team": "risk", "tries": "2"},
        "insertId": "42",
        "httpRequest": {"requestMethod": "POST", "status": 409},
        "operation": {"id": "o", "first": True},
        "sourceLocation": {"file": "a.py", "line": 7},
        "spanId": "000000000000004a",
        "trace": "projects/atm/traces/06796866738c859f2f19b7cfb3214824",
        "traceSampled": True,
        "jsonPayload": {"message": "refused", "reason": "limit"},
    }


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ({"timestamp": {"seconds": 1764147600, "nanos": 5}}, "2025-11-26T09:00:00.000000005Z"),
        ({"timestampSeconds": "1764147600", "timestampNanos": 0}, "2025-11-26T09:00:00.000000000Z"),
        ({"time": "2025-11-26T09:00:00Z"}, "2025-11-26T09:00:00Z"),
        ({"timestampSeconds": -40000000000}, "0702-06-15T00:53:20.000000000Z"),
        ({"time": "yesterday"}, "1970-01-01T00:00:00.000000Z"),
        ({"timestamp": {"seconds": "soon"}}, "1970-01-01T00:00:00.000000Z"),
    ],
)
def test_the_time_is_what_the_line_states(line: dict[str, Any], moment: str) -> None:
    assert made(json.dumps(line))["timestamp"] == moment


def test_a_message_alone_is_text() -> None:
    entry = made('{"severity": "NOTICE", "message": "up"}')
    assert (entry["severity"], entry["textPayload"]) == ("NOTICE", "up")


@given(st.text() | st.recursive(st.none() | st.text() | st.integers() | st.floats(), st.lists, max_leaves=3))
def test_whatever_is_printed_is_an_entry_that_is_taken(value: Any) -> None:
    fields = ("message", "time", "timestamp", "timestampSeconds", "severity", "logging.googleapis.com/labels")
    for line in (str(value), json.dumps(value), json.dumps(dict.fromkeys(fields, value))):
        for entry in run_log_entries.printed(ORIGIN, "stdout", line.encode(errors="replace"), 0.0):
            completed = complete(0, entry, "2026-11-26T09:00:00Z")
            json.dumps(completed, allow_nan=False)


def test_a_request_is_an_entry_with_its_trace() -> None:
    headers = {"user-agent": "curl", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
    request = Served("GET", "http://h/x?y=1", 503, 0.25, 100.25, 3, 9, "127.0.0.1", "127.0.0.1", "HTTP/1.1", headers)
    entry = run_log_entries.served(ORIGIN, request)
    assert (entry["logName"], entry["severity"]) == (f"{LOG}requests", "ERROR")
    assert entry["timestamp"] == "1970-01-01T00:01:40.000000Z"
    assert (entry["trace"], entry["spanId"]) == (
        "projects/atm/traces/4bf92f3577b34da6a3ce929d0e0e4736",
        "00f067aa0ba902b7",
    )
    assert entry["httpRequest"] == {
        "requestMethod": "GET",
        "requestUrl": "http://h/x?y=1",
        "requestSize": "3",
        "status": 503,
        "responseSize": "9",
        "remoteIp": "127.0.0.1",
        "serverIp": "127.0.0.1",
        "latency": "0.250000000s",
        "protocol": "HTTP/1.1",
        "userAgent": "curl",
    }

"""Lines become rows that BigQuery takes, or are told apart as garbage."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_services.aggregation.lines import read_entry, read_line, written
from shared_services.aggregation.report import Report, pattern

# As the users' documents show it.
SEEDS_LINE = {
    "timestamp": "2024-01-20T10:30:00.000Z",
    "level": "INFO",
    "service": "market-data-ingestion",
    "message": "Data fetch completed",
    "module": "data_fetcher",
    "function": "fetch_market_data",
    "line": 45,
    "duration_ms": 1250.5,
    "symbols": ["AAPL", "GOOGL", "MSFT"],
}
MOMENT = datetime(2024, 1, 20, 10, 30, tzinfo=UTC)


def test_the_seeds_line_is_a_row() -> None:
    row = read_line(json.dumps(SEEDS_LINE).encode(), "x")
    assert row == {
        "timestamp": MOMENT,
        "service": "market-data-ingestion",
        "severity": "INFO",
        "message": "Data fetch completed",
        "fields": {
            "module": "data_fetcher",
            "function": "fetch_market_data",
            "line": 45,
            "duration_ms": 1250.5,
            "symbols": ["AAPL", "GOOGL", "MSFT"],
        },
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"ts": 1705746600, "msg": "x", "lvl": "warn"}, {"timestamp": MOMENT, "severity": "WARNING", "service": "d"}),
        ({"time": 1705746600123, "message": 7}, {"message": "7"}),
        ({"timestamp": "2024-01-20T16:00:00+05:30", "message": {"a": 1}}, {"message": '{"a":1}'}),
        ({"timestamp": "2024-01-20T10:30:00", "message": "naive"}, {"timestamp": MOMENT}),
        ({"timestamp": {"seconds": 1705746600, "nanos": 0}, "message": "agent"}, {"timestamp": MOMENT}),
        ({"time": 1705746600, "message": "m", "service": 5, "logger": None}, {"service": "5", "logger": ""}),
        (
            {"time": 1705746600, "message": "m", "logging.googleapis.com/trace": "projects/p/traces/abc"},
            {"trace_id": "abc"},
        ),
        ({"time": 1705746600, "message": "m", "logging.googleapis.com/insertId": "i-1"}, {"insert_id": "i-1"}),
        ({"time": 1705746600, "message": "m", "severity": "shout"}, {"severity": "DEFAULT"}),
    ],
)
def test_other_forms_are_read(line: dict[str, Any], expected: dict[str, Any]) -> None:
    row = read_line(json.dumps(line).encode(), "d")
    assert row is not None
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\x00\x00\x00",
        b"\xff\xfe\x00 garbage",
        b"Traceback (most recent call last):",
        b"[1, 2]",
        b'"text"',
        b'{"message": "no time"}',
        b'{"timestamp": "2024-13-45T99:99:99Z", "message": "no such time"}',
        b'{"timestamp": true, "message": "x"}',
        b'{"timestamp": 1e400, "message": "x"}',
        b'{"timestamp": "2024-01-20T10:30:00Z"}',
        b'{"timestamp": "2024-01-20T10:30:00Z", "message": "cut',
        b'{"time": 1705746600, "message": "deep", "x": ' + b"[" * 300 + b"]" * 300 + b"}",
        b"[" * 100_000,
    ],
)
def test_garbage_is_no_row(line: bytes) -> None:
    assert read_line(line, "x") is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"time": 1705746600, "message": "not a number", "x": NaN}', "not a number"),
        (b'{"time": 1705746600, "message": "bytes \xff"}', "bytes \ufffd"),
        (b'{"time": 1705746600, "message": "half \\ud83d"}', "half \ufffd"),
        (b"2024-01-20T10:30:00.000Z INFO     auth signed in user=u-1", "signed in user=u-1"),
        (b"2024-01-20 10:30:00,123 [ERROR] auth failed", "failed"),
    ],
)
def test_what_is_not_strictly_json_is_read_where_it_can_be(line: bytes, message: str) -> None:
    row = read_line(line, "x")
    assert row is not None
    assert row["message"] == message
    json.loads(written(row))


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(st.text(), st.none() | st.integers() | st.floats() | st.text() | st.lists(st.floats()), max_size=4)
)
def test_any_json_line_with_time_and_message_can_be_written(said: dict[str, Any]) -> None:
    line = json.dumps({**said, "timestamp": "2024-01-20T10:30:00Z", "message": "m"}).encode()
    row = read_line(line, "x")
    assert row is not None
    again = json.loads(written(row))
    assert {"timestamp", "service", "severity", "message"} <= again.keys()
    assert all(isinstance(value, str) for name, value in again.items() if name != "fields")


@settings(max_examples=50, deadline=None)
@given(st.binary())
def test_no_bytes_are_fatal(line: bytes) -> None:
    read_line(line, "x")


def test_an_entry_of_cloud_logging_is_a_row() -> None:
    entry = {
        "insertId": "abc",
        "timestamp": "2024-01-20T10:30:00.123456789Z",
        "severity": "ERROR",
        "trace": "projects/p/traces/4bf9",
        "resource": {"labels": {"service_name": "auth", "revision_name": "auth-00001"}},
        "jsonPayload": {"message": "order 17 rejected", "correlation_id": "c-1", "symbol": "TCS"},
    }
    row = read_entry(entry, "unknown")
    assert row is not None
    assert row | {"timestamp": None} == {
        "timestamp": None,
        "service": "auth",
        "severity": "ERROR",
        "message": "order 17 rejected",
        "correlation_id": "c-1",
        "revision": "auth-00001",
        "trace_id": "4bf9",
        "insert_id": "abc",
        "fields": {"symbol": "TCS"},
    }
    text = {"textPayload": "plain", "timestamp": "2024-01-20T10:30:00Z"}
    assert (read_entry(text, "unknown") or {})["message"] == "plain"
    assert read_entry({"timestamp": "2024-01-20T10:30:00Z"}, "unknown") is None


def test_errors_are_told_by_their_pattern() -> None:
    report = Report()
    for number in range(30):
        line = {
            **SEEDS_LINE,
            "severity": "ERROR",
            "message": f"order {number} of 'S{number}' rejected after {number}.5 s",
        }
        row = read_line(json.dumps(line).encode(), "x")
        assert row is not None
        report.add(row)
    (found,) = report.document()["errors"]
    assert (found["pattern"], found["count"]) == ("order <n> of <text> rejected after <n> s", 30)
    assert pattern("key 6f0c4d0e-6f5b-5c5c-9d0e-3c5a3c1f7a11 of deadbeef01") == "key <uuid> of <hex>"

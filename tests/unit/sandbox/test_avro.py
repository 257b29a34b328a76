"""Avro messages held against their schema."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sandbox.apis.pubsub.avro import AvroError, Schema

BAR = {
    "type": "record",
    "name": "Bar",
    "namespace": "market",
    "fields": [
        {"name": "symbol", "type": "string"},
        {"name": "close", "type": ["null", "double"]},
        {"name": "side", "type": {"type": "enum", "name": "Side", "symbols": ["BUY", "SELL"]}},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "ticks", "type": {"type": "map", "values": "long"}},
    ],
}
GOOD: dict[str, Any] = {"symbol": "TCS", "close": {"double": 1.5}, "side": "BUY", "tags": ["a"], "ticks": {"n": 1}}


def test_json_message_that_fits() -> None:
    Schema(json.dumps(BAR)).check_json(json.dumps(GOOD).encode())


@pytest.mark.parametrize(
    "change",
    [{"symbol": 1}, {"close": 1.5}, {"side": "HOLD"}, {"tags": "a"}, {"ticks": {"n": 2**63}}, {"unknown": 1}],
)
def test_json_message_that_does_not_fit(change: dict[str, Any]) -> None:
    with pytest.raises(AvroError):
        Schema(json.dumps(BAR)).check_json(json.dumps({**GOOD, **change}).encode())


def test_binary_message_that_fits_and_one_cut_short() -> None:
    data = b"\x06TCS" + b"\x02" + struct.pack("<d", 1.5) + b"\x00" + b"\x02\x02a\x00" + b"\x02\x02n\x02\x00"
    schema = Schema(json.dumps(BAR))
    schema.check_binary(data)
    for bad in (data[:-1], data + b"x"):
        with pytest.raises(AvroError):
            schema.check_binary(bad)


@given(st.binary(max_size=80))
@example(b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01")
def test_any_bytes_fit_or_are_refused(data: bytes) -> None:
    schema = Schema(json.dumps(BAR))
    for check in (schema.check_binary, schema.check_json):
        try:
            check(data)
        except AvroError:
            continue


@pytest.mark.parametrize(
    "definition",
    [
        "{",
        '"string"',
        '{"type": "record", "name": "A"}',
        '{"type": "record", "name": "A", "fields": [{"name": "x", "type": "B"}]}',
    ],
)
def test_what_is_no_schema_is_refused(definition: str) -> None:
    with pytest.raises(AvroError):
        Schema(definition)

"""Values of appended rows: what Google's encoders pack comes out again, and texts are read as they are written."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.rpc import append_values as values
from sandbox.runtime.bigquery.cells import interval

EPOCH = datetime(1970, 1, 1)
MICRO = timedelta(microseconds=1)


def packed(at: time) -> int:
    """As CivilTimeEncoder.encodePacked64TimeMicros packs."""
    return (at.hour << 12 | at.minute << 6 | at.second) << 20 | at.microsecond


@given(st.datetimes())
def test_packed_and_written_moments_are_read(at: datetime) -> None:
    whole = (at - EPOCH) // MICRO
    days = at.year << 26 | at.month << 22 | at.day << 17
    assert values.packed_datetime((days << 20) + packed(at.time())) == whole
    assert values.packed_time(packed(at.time())) == whole % 86_400_000_000
    assert values.datetime_of_text(at.isoformat()) == values.datetime_of_text(str(at)) == whole
    assert values.time_of_text(at.time().isoformat()) == whole % 86_400_000_000
    assert values.micros((at.replace(tzinfo=UTC) - EPOCH.replace(tzinfo=UTC)) // MICRO) == whole


@given(st.integers(-(2**63), 2**63 - 1))
def test_any_packed_number_is_a_moment_or_refused(number: int) -> None:
    for read in (values.packed_time, values.packed_datetime, values.micros, values.day):
        try:
            read(number)
        except (ValueError, OverflowError) as error:
            assert str(error)


@given(st.text("0123456789-:. Tt+", max_size=30))
def test_any_text_is_a_value_or_refused(text: str) -> None:
    for read in (values.day_of_text, values.time_of_text, values.datetime_of_text, values.interval_of_text):
        try:
            read(text)
        except ValueError as error:
            assert str(error)


@given(st.integers(-(10**5), 10**5), st.integers(-(10**6), 10**6), st.integers(-(10**14), 10**14))
def test_intervals_are_read_as_they_are_written(months: int, days: int, micros: int) -> None:
    assert values.interval_of_text(interval(months, days, micros * 1000)) == (months, days, micros * 1000)


@given(st.decimals(Decimal(-(10**28)), Decimal(10**28), places=9))
def test_numbers_in_bytes_are_read(number: Decimal) -> None:
    unscaled = int(number.scaleb(9, Context(prec=60)))
    data = unscaled.to_bytes((unscaled.bit_length() + 8) // 8, "little", signed=True)
    assert values.numeric_of_bytes({"type": "NUMERIC"})(data) == number
    assert values.numeric({"type": "NUMERIC"})(str(number)) == number


@pytest.mark.parametrize("number", ["1e29", "-1e29", "NaN", "Infinity", "x", ""])
def test_what_is_no_numeric_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="NUMERIC"):
        values.numeric({"type": "NUMERIC"})(number)


def test_a_columns_own_precision_holds() -> None:
    convert = values.numeric({"type": "NUMERIC", "precision": "5", "scale": "2"})
    assert convert("999.994") == Decimal("999.99")
    for number in ("999.995", "1000", "1e400"):
        with pytest.raises(ValueError, match="out of range"):
            convert(number)
    most = "9" * 29 + "." + "9" * 9
    assert values.numeric({"type": "NUMERIC"})(most) == Decimal(most)

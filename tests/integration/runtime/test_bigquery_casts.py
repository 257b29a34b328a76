"""CAST with a format, of times, numbers and bytes, through Google's client."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest

UTC = datetime.UTC


def value(client: Any, expression: str, more: str = "") -> Any:
    ((found,),) = [tuple(row) for row in client.query_and_wait(f"SELECT {expression} {more}")]
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("CAST(DATE '2026-01-07' AS STRING FORMAT 'DAY, DD MON YYYY')", "WEDNESDAY, 07 JAN 2026"),
        ("CAST(DATE '2026-01-07' AS STRING FORMAT 'Dy D DDD YY \"x\"')", "Wed 4 007 26 x"),
        ("CAST(DATETIME '2026-01-07 00:05:06.789' AS STRING FORMAT 'HH12:MI:SS.FF2 am')", "12:05:06.78 am"),
        (
            "CAST(TIMESTAMP '2026-01-07 20:00:00' AS STRING FORMAT 'MM/DD HH24 TZH:TZM' AT TIME ZONE 'Asia/Kolkata')",
            "01/08 01 +05:30",
        ),
        ("CAST(TIME '13:01:02' AS STRING FORMAT 'SSSSS P.M.')", "46862 P.M."),
        ("CAST(b'abc' AS STRING FORMAT 'HEX') || CAST(b'abc' AS STRING FORMAT 'base64')", "616263YWJj"),
        ("CAST('616263' AS BYTES FORMAT 'HEX')", b"abc"),
        ("SAFE_CAST('zz' AS BYTES FORMAT 'HEX')", None),
        ("CAST('07/jan/2026' AS DATE FORMAT 'DD/MON/YYYY')", datetime.date(2026, 1, 7)),
        ("CAST('09:30 PM' AS TIME FORMAT 'HH12:MI AM')", datetime.time(21, 30)),
        ("CAST('2026-01-07T10' AS DATETIME FORMAT 'YYYY-MM-DD\"T\"HH24')", datetime.datetime(2026, 1, 7, 10)),
        (
            "CAST('2026-01-07 10' AS TIMESTAMP FORMAT 'YYYY-MM-DD HH24' AT TIME ZONE '+02')",
            datetime.datetime(2026, 1, 7, 8, tzinfo=UTC),
        ),
        (
            "CAST('2026-01-07 10 -0100' AS TIMESTAMP FORMAT 'YYYY-MM-DD HH24 TZHTZM')",
            datetime.datetime(2026, 1, 7, 11, tzinfo=UTC),
        ),
        ("CAST(DATE '2026-01-07' AS STRING FORMAT 'RR RRRR')", "26 2026"),
        ("CAST('99-01-07' AS DATE FORMAT 'RR-MM-DD')", datetime.date(1999, 1, 7)),
        ("CAST(-1234.567 AS STRING FORMAT 'L9,999.99')", "-$1,234.57"),
        ("CAST(12 AS STRING FORMAT '0000') || CAST(NUMERIC '12.50' AS STRING FORMAT 'FM99.99')", " 001212.5"),
        ("SAFE_CAST('never' AS DATE FORMAT 'YYYY-MM-DD')", None),
        ("CAST(CAST(NULL AS DATE) AS STRING FORMAT 'YYYY')", None),
    ],
)
def test_a_cast_by_a_format(client: Any, expression: str, expected: Any) -> None:
    assert value(client, expression) == expected


def test_a_cast_of_columns_and_aggregates(client: Any) -> None:
    rows = "FROM UNNEST([DATE '2026-01-07', DATE '2026-02-01']) AS d"
    assert value(client, "CAST(MAX(d) AS STRING FORMAT 'MM.YYYY')", rows) == "02.2026"
    assert value(client, "STRING_AGG(CAST(d AS STRING FORMAT 'Mon') ORDER BY d)", rows) == "Jan,Feb"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("CAST(DATE '2026-01-07' AS STRING FORMAT 'HH24')", "is none of DATE"),
        ("CAST(DATE '2026-01-07' AS STRING FORMAT 'CC')", "not served here, or is none"),
        ("CAST(12 AS STRING FORMAT '9.9EEEE')", "not served here"),
        ("CAST('2026' AS DATE FORMAT 'YYYY-MM')", "Failed to parse"),
        ("CAST(b'x' AS STRING FORMAT 'BASE8')", "not served here"),
    ],
)
def test_formats_that_are_none_are_refused(client: Any, expression: str, message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        value(client, expression)

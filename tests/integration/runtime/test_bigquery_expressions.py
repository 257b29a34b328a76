"""Weeks, buckets of time, casts to integers and places in arrays, as BigQuery counts and rounds them."""

from __future__ import annotations

import datetime
from datetime import UTC, date
from typing import Any

import pytest
from google.cloud import bigquery

WEDNESDAY = "DATE '2026-01-07'"


def value(client: Any, expression: str) -> Any:
    return next(iter(client.query_and_wait(f"SELECT {expression}")))[0]


@pytest.mark.parametrize(
    ("part", "began", "number"),
    [
        ("WEEK", date(2026, 1, 4), 1),
        ("WEEK(SUNDAY)", date(2026, 1, 4), 1),
        ("WEEK(MONDAY)", date(2026, 1, 5), 1),
        ("WEEK(WEDNESDAY)", date(2026, 1, 7), 1),
        ("WEEK(THURSDAY)", date(2026, 1, 1), 1),
        ("WEEK(SATURDAY)", date(2026, 1, 3), 1),
        ("ISOWEEK", date(2026, 1, 5), 2),
    ],
)
def test_a_week_begins_on_its_day(client: Any, part: str, began: date, number: int) -> None:
    week = datetime.timedelta(days=7)
    assert value(client, f"DATE_TRUNC({WEDNESDAY}, {part})") == began
    assert value(client, f"DATE_ADD(DATE_TRUNC({WEDNESDAY}, {part}), INTERVAL 1 DAY)") == began + week / 7
    assert value(client, f"LAST_DAY({WEDNESDAY}, {part})") == began + week * 6 / 7
    assert value(client, f"EXTRACT({part} FROM {WEDNESDAY})") == number
    midnight = datetime.datetime.combine(began, datetime.time())
    assert value(client, f"DATETIME_TRUNC(DATETIME '2026-01-07 10:30:00', {part})") == midnight
    assert value(client, f"TIMESTAMP_TRUNC(TIMESTAMP '2026-01-07 10:30:00+00', {part})") == midnight.replace(tzinfo=UTC)
    day_before = began - week / 7
    assert value(client, f"DATE_DIFF(DATE '{began}', DATE '{day_before}', {part})") == 1
    assert value(client, f"DATE_DIFF(DATE '{began + week * 6 / 7}', DATE '{began}', {part})") == 0
    assert value(client, f"DATE_DIFF(DATE '{day_before}', DATE '{began + week}', {part})") == -2
    assert value(client, f"DATETIME_DIFF(DATETIME '{began} 00:00:00', DATETIME '{day_before} 23:00:00', {part})") == 1


def test_a_week_of_a_zone_begins_at_its_midnight(client: Any) -> None:
    sunday_evening = "TIMESTAMP '2026-01-04 20:00:00+00'"  # Monday in Kolkata
    assert value(client, f"TIMESTAMP_TRUNC({sunday_evening}, WEEK(MONDAY), 'Asia/Kolkata')") == datetime.datetime(
        2026, 1, 4, 18, 30, tzinfo=UTC
    )
    assert value(client, f"EXTRACT(WEEK(MONDAY) FROM {sunday_evening} AT TIME ZONE 'Asia/Kolkata')") == 1
    assert value(client, f"EXTRACT(WEEK(MONDAY) FROM {sunday_evening})") == 0


def test_times_are_put_into_buckets(client: Any) -> None:
    at = "TIMESTAMP '2026-01-07 10:07:00+00'"
    assert value(client, f"TIMESTAMP_BUCKET({at}, INTERVAL 5 MINUTE)").minute == 5
    assert value(client, f"TIMESTAMP_BUCKET({at}, INTERVAL 5 MINUTE, TIMESTAMP '2026-01-01 00:02:00+00')").minute == 7
    assert value(client, f"DATE_BUCKET({WEDNESDAY}, INTERVAL 2 DAY, DATE '2026-01-02')") == date(2026, 1, 6)
    assert value(client, "DATETIME_BUCKET(DATETIME '2026-01-07 10:07:00', INTERVAL 12 HOUR)") == datetime.datetime(
        2026, 1, 7
    )


@pytest.mark.parametrize(
    ("number", "rounded"), [("2.5", 3), ("-2.5", -3), ("0.5", 1), ("1.4", 1), ("9007199254740993", 9007199254740993)]
)
def test_halves_are_cast_away_from_zero(client: Any, number: str, rounded: int) -> None:
    kinds = ("INT64",) if "." not in number else ("FLOAT64", "NUMERIC")
    for kind in kinds:
        assert value(client, f"CAST(x AS INT64) FROM UNNEST([CAST({number} AS {kind})]) AS x") == rounded
        assert value(client, f"SAFE_CAST(x AS INT64) FROM UNNEST([CAST({number} AS {kind})]) AS x") == rounded


def test_other_casts_are_as_before(client: Any) -> None:
    assert value(client, "(SELECT SUM(CAST(x AS INT64)) FROM UNNEST(['1', '0x1F']) AS x)") == 32
    assert value(client, "SAFE_CAST(x AS INT64) FROM UNNEST(['no']) AS x") is None
    assert value(client, "CAST(x AS INT64) FROM UNNEST([TRUE]) AS x") == 1


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("a[OFFSET(i)]", 20),
        ("a[i]", 20),
        ("a[i + 1]", 30),
        ("a[SAFE_OFFSET(i + 9)]", None),
        ("a[ORDINAL(i)]", 10),
        ("a[OFFSET(ARRAY_LENGTH(a) - 1)]", 30),
        ("a[OFFSET(1)]", 20),
        ("ARRAY_SLICE(a, 1, 2)", [20, 30]),
        ("ARRAY_SLICE(a, i - 1, i)", [10, 20]),
        ("ARRAY_SLICE(a, -2, -1)[OFFSET(0)]", 20),
        ("(SELECT APPROX_QUANTILES(x, 2)[OFFSET(1)] FROM UNNEST(a) AS x)", 20),
        ("(SELECT APPROX_QUANTILES(x, 100)[OFFSET(50)] FROM UNNEST(GENERATE_ARRAY(1, 101)) AS x)", 51),
    ],
)
def test_places_of_an_array_are_counted_from_zero(client: Any, place: str, wanted: Any) -> None:
    assert value(client, f"{place} FROM (SELECT [10, 20, 30] AS a, 1 AS i)") == wanted


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("TIMESTAMP_DIFF(TIMESTAMP '2026-01-01 01:00:00+00', TIMESTAMP '2026-01-01 00:30:30+00', MINUTE)", 29),
        ("TIMESTAMP_DIFF(TIMESTAMP '2026-01-01 00:00:01+00', TIMESTAMP '2026-01-02 00:00:00+00', DAY)", 0),
        ("TIMESTAMP_DIFF(TIMESTAMP '2026-01-01 00:00:00+00', TIMESTAMP '2026-01-01 00:00:00.5+00', MILLISECOND)", -500),
        ("DATETIME_DIFF(DATETIME '2026-01-02 00:00:00', DATETIME '2026-01-01 23:59:59', DAY)", 1),
        ("EXTRACT(MILLISECOND FROM TIMESTAMP '2026-01-01 00:00:07.234+00')", 234),
        ("EXTRACT(MICROSECOND FROM DATETIME '2026-01-01 00:00:07.000005')", 5),
        ("CAST(x AS STRING) FROM UNNEST([1.0]) AS x", "1"),
        ("CAST(x AS STRING) FROM UNNEST([10.25, 1e20]) AS x WHERE x < 11", "10.25"),
        ("CAST(NUMERIC '1.50' AS STRING)", "1.5"),
        ("CAST(NUMERIC '100' AS STRING)", "100"),
        ("CAST(100 AS STRING)", "100"),
        ("SAFE_CAST(DATE '2026-01-01' AS STRING)", "2026-01-01"),
        (r"'a%b' LIKE r'a\%b'", True),
        (r"'axb' LIKE 'a\\%b'", False),
        ("'axb' LIKE 'a%b'", True),
        ("JSON_TYPE(JSON '1')", "number"),
        ("JSON_TYPE(JSON '[1]')", "array"),
        ("JSON_TYPE(JSON '\"a\"')", "string"),
        ("TO_JSON_STRING(NULL)", "null"),
        ("TO_JSON_STRING([1, 2])", "[1,2]"),
        ("STRING(TIMESTAMP '2026-01-01 00:00:00+00', 'Asia/Kolkata')", "2026-01-01 05:30:00+05:30"),
        ("STRING(TIMESTAMP '2026-01-01 00:00:00.25+00', 'UTC')", "2026-01-01 00:00:00.250+00"),
        (
            "FORMAT_TIMESTAMP('%FT%H:%M:%E3S%Ez', TIMESTAMP '2026-01-01 00:00:07.1234+00')",
            "2026-01-01T00:00:07.123+00:00",
        ),
        ("FORMAT_TIMESTAMP('%E*S', TIMESTAMP '2026-01-01 00:00:10+00')", "10"),
        ("FORMAT_TIMESTAMP('Q%Q %s', TIMESTAMP '1970-05-01 00:00:00+00')", "Q2 10368000"),
        ("FORMAT_TIMESTAMP('%e', TIMESTAMP '2026-01-01 20:00:00+00', 'Asia/Kolkata')", " 2"),
        ("FORMAT_DATETIME('%c', DATETIME '2026-01-01 00:00:00')", "Thu Jan  1 00:00:00 2026"),
        ("FORMAT_TIME('%R', TIME '10:11:12')", "10:11"),
        ("FORMAT_DATE('%D', DATE '2026-01-31')", "01/31/26"),
        ('FORMAT("%\'d", 1234567)', "1,234,567"),
        ("IF(TRUE, CAST(x AS STRING), 'no') FROM UNNEST([1.0]) AS x", "1"),
        ("UPPER(LOWER(JSON_TYPE(JSON '1')))", "NUMBER"),
        ("MOD(EXTRACT(MILLISECOND FROM TIMESTAMP '2026-01-01 00:00:07.234+00'), 100)", 34),
        ("COALESCE(TO_JSON_STRING(NULL), 'nothing')", "null"),
        ("ARRAY_INCLUDES([1, 2], 2)", True),
        ("ARRAY_AVG([1, 2])", 1.5),
        ("ARRAY_IS_DISTINCT([1, 1])", False),
    ],
)
def test_an_expression_has_the_value_that_bigquery_gives_it(client: Any, expression: str, wanted: Any) -> None:
    assert value(client, expression) == wanted


def test_variables_and_places_of_parameters_are_counted_once(client: Any) -> None:
    script = """
        DECLARE x FLOAT64 DEFAULT 3.0;
        DECLARE a ARRAY<INT64> DEFAULT [1, 2, 3];
        SELECT CAST(x AS INT64), CAST(x AS STRING), a[OFFSET(1)], EXTRACT(WEEK(MONDAY) FROM CURRENT_DATE()) >= 0;
    """
    assert [row[:3] for row in client.query(script).result()] == [(3, "3", 2)]
    given = [bigquery.ScalarQueryParameter(None, "FLOAT64", 3.0), bigquery.ScalarQueryParameter(None, "INT64", 1)]
    config = bigquery.QueryJobConfig(query_parameters=given)
    rows = client.query_and_wait("SELECT CAST(? AS INT64), [1, 2][OFFSET(?)]", job_config=config)
    assert [tuple(row) for row in rows] == [(3, 2)]


def test_parameters_by_their_places_are_read_where_they_stand(client: Any) -> None:
    def asked(expression: str, *given: tuple[str, Any]) -> Any:
        config = bigquery.QueryJobConfig(
            query_parameters=[bigquery.ScalarQueryParameter(None, kind, each) for kind, each in given]
        )
        return next(iter(client.query_and_wait(f"SELECT {expression}", job_config=config)))[0]

    first, last = date(2026, 1, 4), date(2026, 1, 19)
    assert asked("DATE_DIFF(?, ?, WEEK(MONDAY))", ("DATE", last), ("DATE", first)) == 3
    assert asked("DATE_TRUNC(?, ISOWEEK)", ("DATE", first)) == date(2025, 12, 29)
    at = datetime.datetime(2026, 1, 1, 0, 1, 30, tzinfo=UTC)
    assert asked("TIMESTAMP_DIFF(?, TIMESTAMP '2026-01-01 00:00:31+00', MINUTE)", ("TIMESTAMP", at)) == 0
    assert asked("TIMESTAMP_BUCKET(?, INTERVAL 1 MINUTE)", ("TIMESTAMP", at)) == at.replace(second=0)
    assert asked('CONCAT(?, FORMAT("%\'d", ?))', ("STRING", "="), ("INT64", 1234)) == "=1,234"

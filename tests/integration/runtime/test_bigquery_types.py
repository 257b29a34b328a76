"""Operators and functions whose kind depends on the types of what they are of, through Google's client."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from google.api_core.exceptions import BadRequest
from google.cloud.bigquery import QueryJobConfig, ScalarQueryParameter, StructQueryParameter

COLUMNS = (
    "DATE '2026-01-03' AS d, DATE '2026-01-01' AS e, 5 AS i, NUMERIC '1.5' AS n, 2.5 AS f, b'abc' AS b, 'Abc' AS s, "
    "TIMESTAMP '2026-01-03 03:00:00+00' AS ts, [DATE '2026-01-05'] AS dates, [b'Ab'] AS pieces"
)


@pytest.fixture(scope="module")
def table(client: Any, scratch: str) -> str:
    client.query_and_wait(f"CREATE TABLE {scratch}.typed AS SELECT {COLUMNS}")
    return f"{scratch}.typed"


def found(client: Any, table: str, expressions: str, more: str = "") -> list[tuple[str, str]]:
    """The values, as texts without zeros at their ends, and their types."""
    rows = client.query_and_wait(f"SELECT {expressions} FROM {table} AS a {more}")  # noqa: S608
    (row,) = rows
    return [(str(value), field.field_type) for value, field in zip(row, rows.schema, strict=True)]


def test_a_date_less_a_date_is_an_interval(client: Any, table: str) -> None:
    days = str(relativedelta(days=2))
    given = found(client, table, f"d - e, a.d - a.e, (SELECT MAX(d) FROM {table}) - e, i - i, d - 1")  # noqa: S608
    assert given[:3] == [(days, "INTERVAL")] * 3
    assert given[3:] == [("0", "INTEGER"), ("2026-01-02", "DATE")]
    assert found(client, table, "COUNT(*)", "WHERE d - e > INTERVAL 1 DAY") == [("1", "INTEGER")]


def test_powers_and_roots_of_a_numeric_are_numeric(client: Any, table: str) -> None:
    given = found(client, table, "POW(n, 2), POWER(i, n), SQRT(n * 6), POW(POW(n, 2), 2), EXP(n - n), LOG(n, n)")
    assert given == [(value, "NUMERIC") for value in ("2.25", "11.180339887", "3", "5.0625", "1", "1")]
    real = found(client, table, "POW(n, f), POW(i, 2), SQRT(f * f), SQRT(i * i)")
    assert real == [("2.7556759606310752", "FLOAT"), ("25.0", "FLOAT"), ("2.5", "FLOAT"), ("5.0", "FLOAT")]


def test_a_quotient_is_a_float_where_either_side_is_one(client: Any, table: str) -> None:
    given = found(client, table, "n / f, (f + 1) / n, SAFE_DIVIDE(n, f * 3), i / 3")
    assert given == [
        ("0.6", "FLOAT"),
        ("2.3333333333333335", "FLOAT"),
        ("0.2", "FLOAT"),
        ("1.6666666666666667", "FLOAT"),
    ]
    assert found(client, table, "n / i, i / n") == [("0.3", "NUMERIC"), ("3.333333333", "NUMERIC")]


def test_functions_of_columns_of_bytes_are_those_of_bytes(client: Any, table: str) -> None:
    expressions = (
        "b || b, CONCAT(b, b, b), REVERSE(b), UPPER(b), LEFT(b, 2), SUBSTR(b, 2), LPAD(b, 4, b'-'), RTRIM(b, b'c')"
    )
    values = (b"abcabc", b"abcabcabc", b"cba", b"ABC", b"ab", b"bc", b"-abc", b"ab")
    assert found(client, table, expressions) == [(str(value), "BYTES") for value in values]
    assert found(client, table, "BIT_COUNT(b), FARM_FINGERPRINT(b) = FARM_FINGERPRINT('abc')") == [
        ("10", "INTEGER"),
        ("True", "BOOLEAN"),
    ]
    texts = found(client, table, "s || s, REVERSE(s), UPPER(s), LEFT(s, 2), SUBSTR(s, -2), LPAD(s, 4), TRIM(s, 'A')")
    assert texts == [(value, "STRING") for value in ("AbcAbc", "cbA", "ABC", "Ab", "bc", " Abc", "bc")]


def test_types_are_known_of_aggregates_windows_and_elements(client: Any, table: str) -> None:
    """Where a macro's overloads would be chosen, DuckDB knows none of these yet."""
    days = str(relativedelta(days=2))
    spans = found(client, table, "MAX(d) - MIN(e)")
    spans += found(client, table, "d - FIRST_VALUE(e) OVER (ORDER BY d), ARRAY_TRANSFORM(dates, x -> x - d)[OFFSET(0)]")
    assert spans == [(days, "INTERVAL")] * 3
    numbers = found(client, table, "POW(SUM(n), 2), SUM(n) / COUNT(*), SQRT(MAX(n * 6)), AVG(n * 2), DIV(MAX(n), 1)")
    assert numbers == [(value, "NUMERIC") for value in ("2.25", "1.5", "3", "3", "1")]
    assert found(client, table, "MAX(n) / MAX(f), POW(SUM(n), MAX(f) - 0.5)") == [("0.6", "FLOAT"), ("2.25", "FLOAT")]
    assert found(client, table, "AVG(n * i) OVER ()") == [("7.5", "NUMERIC")]
    pieces = found(client, table, "LOWER(MAX(b)), MAX(b) || MIN(b)")
    pieces += found(client, table, "ARRAY_TRANSFORM(pieces, x -> LOWER(x))[OFFSET(0)]")
    assert pieces == [(str(value), "BYTES") for value in (b"abc", b"abcabc", b"ab")]
    lambdas = found(client, table, "ARRAY_TRANSFORM([1, 2], e -> e / 2)")
    assert lambdas == [("[0.5, 1.0]", "FLOAT")]


def test_types_are_known_in_groups_and_by_names(client: Any, table: str) -> None:
    grouped = "GROUP BY UPPER(s), n / i HAVING total / c > 1 ORDER BY UPPER(s), n / i, total / c"
    given = found(client, table, "UPPER(s), n / i, SUM(n) AS total, COUNT(*) AS c", grouped)
    assert given == [("ABC", "STRING"), ("0.3", "NUMERIC"), ("1.5", "NUMERIC"), ("1", "INTEGER")]
    (row,) = client.query_and_wait(
        f"WITH q AS (SELECT n * n AS m, b || b AS bb FROM {table}) SELECT AVG(m), LOWER(bb) FROM q GROUP BY bb"  # noqa: S608
    )
    assert tuple(row) == (Decimal("2.25"), b"abcabc")


def test_parameters_have_the_types_that_they_are_said_to_be_of(client: Any, table: str) -> None:
    parameters = [
        ScalarQueryParameter("day", "DATE", datetime.date(2026, 1, 5)),
        ScalarQueryParameter("none", "DATE", None),
        ScalarQueryParameter("price", "NUMERIC", Decimal("2.25")),
        ScalarQueryParameter("count", "INT64", 7),
        ScalarQueryParameter("raw", "BYTES", b"QrS"),
        StructQueryParameter("pair", ScalarQueryParameter("raw", "BYTES", b"Q"), ScalarQueryParameter("n", "INT64", 1)),
    ]
    values = (
        "@day - d, @none - d, SQRT(@price), @count * 1000000000, LOWER(@raw), @pair.raw || b'x', @pair.n * 3000000000"
    )
    sql = f"SELECT {values}, '@day' FROM {table}"  # noqa: S608
    rows = client.query_and_wait(sql, job_config=QueryJobConfig(query_parameters=parameters))
    (row,) = rows
    assert tuple(row) == (
        *(relativedelta(days=2), None, Decimal("1.5"), 7_000_000_000, b"qrs", b"Qx", 3_000_000_000),
        "@day",
    )
    kinds = [field.field_type for field in rows.schema]
    assert kinds == ["INTERVAL", "INTERVAL", "NUMERIC", "INTEGER", "BYTES", "BYTES", "INTEGER", "STRING"]


def test_types_are_known_in_the_bodies_of_functions(client: Any, table: str, scratch: str) -> None:
    made = scratch.partition(".")[2]
    client.query_and_wait(f"CREATE FUNCTION {made}.span(x DATE, y DATE) AS (x - y)")
    assert found(client, table, f"{made}.span(MAX(d), MIN(e))") == [(str(relativedelta(days=2)), "INTERVAL")]
    sql = f"CREATE TEMP FUNCTION f(x BYTES) AS (LOWER(x) || x); SELECT f(MAX(b)) FROM {table}"  # noqa: S608
    assert [tuple(row) for row in client.query_and_wait(sql)] == [(b"abcabc",)]


def test_times_are_apart_by_hours_and_dates_by_days(client: Any, table: str) -> None:
    """DuckDB counts days of hours."""
    texts = found(
        client, table, "CAST(ts - TIMESTAMP '2026-01-01' AS STRING), CAST(MAX(d) - MIN(e) AS STRING)", "GROUP BY 1"
    )
    assert texts == [("0-0 0 51:0:0", "STRING"), ("0-0 2 0:0:0", "STRING")]
    assert found(client, table, "DATE_TRUNC(d, MONTH)") == [("2026-01-01", "DATE")]


def test_numeric_is_multiplied_and_divided_exactly(client: Any, table: str) -> None:
    """A DOUBLE has fewer digits, and DuckDB's product twice the scale."""
    given = found(client, table, "NUMERIC '123456789012.34' / n, NUMERIC '-2' / (n * 2), n * n, n * n * n / n / n / n")
    assert given == [(value, "NUMERIC") for value in ("82304526008.226666667", "-0.666666667", "2.25", "1")]
    with pytest.raises(BadRequest, match="division by zero: 5 / 0"):
        found(client, table, "i / (i - 5)")


def test_an_operand_that_is_a_query_or_a_window_is_evaluated_once(client: Any, table: str) -> None:
    given = found(client, table, f"d - (SELECT MIN(e) FROM {table}), SUM(n) OVER () / SUM(i) OVER ()")  # noqa: S608
    assert given == [(str(relativedelta(days=2)), "INTERVAL"), ("0.3", "NUMERIC")]
    once = "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 500)) AS i WHERE CAST(RAND() AS NUMERIC) - i * RAND() IS NULL"
    assert [tuple(row) for row in client.query_and_wait(once)] == [(0,)]


def test_functions_that_only_texts_had_are_of_bytes_too(client: Any, table: str) -> None:
    flags = found(client, table, "STARTS_WITH(b, b'a'), ENDS_WITH(MAX(b), b'c'), STRPOS(b, b'c') = 3", "GROUP BY b")
    assert flags == [("True", "BOOLEAN")] * 3
    pieces = found(
        client, table, "REPLACE(b, b'b', b'xx'), TRANSLATE(b, b'ac', b'z'), TRIM(MAX(b), b'a')", "GROUP BY b"
    )
    assert pieces == [(str(value), "BYTES") for value in (b"axxc", b"zb", b"bc")]
    assert found(client, table, "SPLIT(b, b'b'), CONTAINS_SUBSTR(b, 'abc')") == [
        ("[b'a', b'c']", "BYTES"),
        ("True", "BOOLEAN"),
    ]
    assert found(client, table, "LOWER(NULL), REPLACE(NULL, 'a', 'b')") == [("None", "STRING")] * 2
    for mixed in ("s || b", "CONCAT(b, 'x')"):
        with pytest.raises(BadRequest, match=r"No matching signature for operator \|\|"):
            found(client, table, mixed)
    with pytest.raises(BadRequest, match="STRING_AGG of BYTES is not served here"):
        found(client, table, "STRING_AGG(b)")


def test_bignumeric_is_a_type_of_its_own_and_loses_no_digits(client: Any, table: str) -> None:
    """It was a NUMERIC of five digits of a fraction."""
    texts = "BIGNUMERIC '1.1234567890123456789', CAST(n AS BIGNUMERIC) + n, SUM(CAST(i AS BIGNUMERIC))"
    given = found(client, table, texts, "GROUP BY n")
    assert given == [(value, "BIGNUMERIC") for value in ("1.1234567890123456789", "3", "5")]
    assert found(client, table, "CAST(BIGNUMERIC '1.25' AS NUMERIC)") == [("1.25", "NUMERIC")]
    config = QueryJobConfig(query_parameters=[ScalarQueryParameter("big", "BIGNUMERIC", Decimal("12.5"))])
    rows = client.query_and_wait("SELECT @big", job_config=config)
    assert [tuple(row) for row in rows] == [(Decimal("12.5"),)]
    for lossy in ("BIGNUMERIC '1.12345678901234567891'", "CAST(f AS BIGNUMERIC)", "CAST(n AS BIGNUMERIC) / n"):
        with pytest.raises(BadRequest, match=r"BIGNUMERIC.*not served here"):
            found(client, table, lossy)

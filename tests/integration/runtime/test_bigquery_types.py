"""Operators and functions whose kind depends on the types of a table's columns, through Google's client."""

from __future__ import annotations

from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

COLUMNS = (
    "DATE '2026-01-03' AS d, DATE '2026-01-01' AS e, 5 AS i, NUMERIC '1.5' AS n, 2.5 AS f, b'abc' AS b, 'Abc' AS s"
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


def test_what_has_no_type_yet_is_left_as_it_is(client: Any, table: str) -> None:
    grouped = "GROUP BY UPPER(s), n / i HAVING total / c > 1 ORDER BY UPPER(s), n / i, total / c"
    given = found(client, table, "UPPER(s), n / i, SUM(i) AS total, COUNT(*) AS c", grouped)
    assert given == [("ABC", "STRING"), ("0.3", "NUMERIC"), ("5", "INTEGER"), ("1", "INTEGER")]
    lambdas = found(client, table, "ARRAY_TRANSFORM([1, 2], e -> e / 2)")
    assert lambdas == [("[0.5, 1.0]", "FLOAT")]

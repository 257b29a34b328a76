"""Functions in JavaScript, and functions' arguments of any type, through Google's client."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest


def value(client: Any, signature: str, code: str, call: str) -> Any:
    """What a temporary function gives."""
    sql = f'CREATE TEMP FUNCTION f{signature} LANGUAGE js AS r"""{code}"""; SELECT f({call})'
    ((found,),) = [tuple(row) for row in client.query_and_wait(sql)]
    return found


@pytest.mark.parametrize(
    ("signature", "code", "call", "expected"),
    [
        ("(x FLOAT64, y FLOAT64) RETURNS FLOAT64", "return x*y;", "2, 3.5", 7.0),
        ("(x STRING) RETURNS INT64", "return x === null ? -1 : x.length", "NULL", -1),
        ("(x STRING) RETURNS INT64", "return '9007199254740993'", "''", 9007199254740993),
        ("(x BYTES) RETURNS BYTES", "return x", "b'a\\xff'", b"a\xff"),
        ("(x NUMERIC, y NUMERIC) RETURNS STRING", "return typeof x + y", "2, NUMERIC '1.5'", "number1.5"),
        ("(x STRING) RETURNS NUMERIC", "return x", "'1.25'", Decimal("1.25")),
        ("(x FLOAT64) RETURNS BOOL", "return x === Infinity", "CAST('inf' AS FLOAT64)", True),
        ("(x DATE) RETURNS STRING", "return x.toISOString()", "DATE '2026-01-03'", "2026-01-03T00:00:00.000Z"),
        ("(x DATE) RETURNS DATE", "x.setUTCDate(4); return x", "DATE '2026-01-03'", datetime.date(2026, 1, 4)),
        ("(x TIMESTAMP) RETURNS FLOAT64", "return x.microsecond", "TIMESTAMP '2026-01-03 00:00:00.123456'", 456.0),
        ("(x ARRAY<FLOAT64>) RETURNS ARRAY<STRING>", "return x.map(n => n + '!')", "[1, 2.5]", ["1!", "2.5!"]),
        ("(x STRUCT<a FLOAT64, b ARRAY<STRING>>) RETURNS STRUCT<n FLOAT64, s STRING>",
         "return {s: x.b.join('-'), n: x.a}", "STRUCT(1.5, ['a', 'b'])", {"n": 1.5, "s": "a-b"}),
        ("(x JSON) RETURNS JSON", "x.b = x.a.length; return x", "JSON '{\"a\": [1, 2]}'", {"a": [1, 2], "b": 2}),
        ("(x STRING) RETURNS STRING", "return undefined", "'a'", None),
    ],
)  # fmt: skip
def test_values_go_over_as_bigquery_has_them(
    client: Any, signature: str, code: str, call: str, expected: object
) -> None:
    assert value(client, signature, code, call) == expected


@pytest.mark.parametrize(
    ("signature", "code", "refusal"),
    [
        ("(x FLOAT64) RETURNS FLOAT64", "\n throw new Error('no way')", r"Error: no way at line 2 \(function f\)"),
        ("(x FLOAT64) RETURNS FLOAT64", "return (", r"SyntaxError: Unexpected token '}' .*\(function f\)"),
        ("(x FLOAT64) RETURNS INT64", "return 1.5", "Failed to coerce output value 1.5 to type INT64"),
        ("(x FLOAT64) RETURNS DATE", "return 'tomorrow'", 'Failed to coerce output value "tomorrow" to type DATE'),
        ("(x FLOAT64) RETURNS STRING", "return fetch('http://127.0.0.1')", "ReferenceError: fetch is not defined"),
        ("(x FLOAT64) RETURNS STRING", "const all = []; while (true) all.push(new Array(1e6).fill(x))", "256 MiB"),
        ("(x INT64) RETURNS FLOAT64", "return x", r"JavaScript functions take no INT64 \(argument x\): use FLOAT64"),
        (
            "(x FLOAT64) RETURNS FLOAT64 LANGUAGE js OPTIONS (library=['gs://b/a.js'])",
            "",
            "does not implement libraries",
        ),
    ],
)
def test_what_fails_is_told_by_its_words(client: Any, signature: str, code: str, refusal: str) -> None:
    with pytest.raises(BadRequest, match=refusal):
        if "OPTIONS" in signature:
            client.query_and_wait(f"CREATE TEMP FUNCTION f{signature} AS 'return x'; SELECT f(1.0)")
        else:
            value(client, signature, code, "1")


def test_a_function_in_javascript_stays_and_is_told_of(client: Any, scratch: str) -> None:
    dataset = scratch.partition(".")[2]
    create = f"{dataset}.joined(x STRING, y STRING) RETURNS STRING DETERMINISTIC LANGUAGE js AS 'return x + y'"
    client.query_and_wait(f"CREATE FUNCTION {create}")
    client.query_and_wait(f"CREATE OR REPLACE FUNCTION {create.replace('x + y', 'y + x')}")
    rows = client.query_and_wait(f"SELECT {dataset}.joined(s, 'b') FROM UNNEST(['a', NULL]) AS s ORDER BY s")  # noqa: S608
    assert [tuple(row) for row in rows] == [("bnull",), ("ba",)]
    told = f"SELECT routine_definition, external_language FROM {dataset}.INFORMATION_SCHEMA.ROUTINES"  # noqa: S608
    assert ("return y + x", "JAVASCRIPT") in [tuple(row) for row in client.query_and_wait(told)]
    assert client.get_routine(f"{scratch}.joined").language == "JAVASCRIPT"
    client.delete_routine(f"{scratch}.joined")
    with pytest.raises(BadRequest, match="joined"):
        client.query_and_wait(f"SELECT {dataset}.joined('a', 'b')")


def test_what_changes_each_time_is_asked_for_each_row(client: Any) -> None:
    random = "CREATE TEMP FUNCTION r() RETURNS FLOAT64 LANGUAGE js AS 'return Math.random()'"
    count = "SELECT COUNT(DISTINCT x) FROM (SELECT r() AS x FROM UNNEST([1, 2, 3]))"
    rows = client.query_and_wait(f"{random}; {count}")
    assert [tuple(row) for row in rows] == [(3,)]


def test_a_script_has_functions_of_its_own(client: Any) -> None:
    square = "CREATE TEMP FUNCTION f(x FLOAT64) RETURNS FLOAT64 LANGUAGE js AS 'return x * x'"
    rows = client.query_and_wait(f"DECLARE a FLOAT64 DEFAULT 2; {square}; SET a = f(a); SELECT a, f(a)")
    assert [tuple(row) for row in rows] == [(4.0, 16.0)]


def test_arguments_of_any_type_have_the_type_of_each_call(client: Any, scratch: str) -> None:
    dataset = scratch.partition(".")[2]
    client.query_and_wait(f"CREATE FUNCTION {dataset}.square(x ANY TYPE) AS (x * x)")
    rows = client.query_and_wait(f"SELECT {dataset}.square(NUMERIC '1.5'), {dataset}.square(2), {dataset}.square(0.5)")
    assert [str(each) for row in rows for each in row] == ["2.25", "4", "0.25"]
    assert [field.field_type for field in rows.schema] == ["NUMERIC", "INTEGER", "FLOAT"]
    (argument,) = client.get_routine(f"{scratch}.square").arguments
    assert argument.kind == "ANY_TYPE"
    sql = "CREATE TEMP FUNCTION ratio(x ANY TYPE, y ANY TYPE) AS (x / y); SELECT ratio(NUMERIC '1', 3), ratio(1, 4)"
    assert [[str(each) for each in row] for row in client.query_and_wait(sql)] == [["0.333333333", "0.25"]]

"""Functions have the values that BigQuery's reference gives for them: many in each query, through Google's client."""

from __future__ import annotations

import datetime
from datetime import UTC, date
from decimal import Decimal
from typing import Any

import pytest
from google.api_core.exceptions import GoogleAPICallError
from google.cloud import bigquery


def values(client: Any, expressions: list[str], rest: str = "") -> list[Any]:
    return list(next(iter(client.query_and_wait(f"SELECT {', '.join(expressions)} {rest}"))))


def at(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


NUMBERS = {
    "ROUND(5)": 5.0,
    "ROUND(125, -1)": 130.0,
    "ROUND(NUMERIC '2.5')": Decimal(3),
    "ROUND(NUMERIC '2.25', 1, 'ROUND_HALF_EVEN')": Decimal("2.2"),
    "TRUNC(5)": 5.0,
    "SIGN(-2.5)": -1.0,
    "SIGN(NUMERIC '-3')": Decimal(-1),
    "BIT_COUNT(-1)": 64,
    "-8 >> 1": 9223372036854775804,
    "1 << 63": -9223372036854775808,
    "1 << 64": 0,
    "CAST('1.123456789' AS NUMERIC)": Decimal("1.123456789"),
    "NUMERIC '7' / 2": Decimal("3.5"),
    "CAST(1e15 AS STRING)": "1e+15",
    "CAST(1 / 3 AS STRING)": "0.33333333333333331",
    "CAST(-0.0 AS STRING)": "-0",
    "PARSE_NUMERIC('  -  12.34 ')": Decimal("-12.34"),
    "SAFE_CAST('2.7' AS INT64)": None,
    "SAFE.MOD(1, 0)": None,
    "GENERATE_ARRAY(1.0, 2.0, 0.5)": [1.0, 1.5, 2.0],
    "GENERATE_ARRAY(10, 0, -3)": [10, 7, 4, 1],
    "['a', 'b'][SAFE_OFFSET(5)]": None,
    "ARRAY_TRANSFORM([1, 4], (e, i) -> e + i)": [1, 5],
    "ARRAY_INCLUDES_ANY([1, 2], [2, 5])": True,
}
TEXTS = {
    r"'\u0041\x42\103\''": "ABC'",
    r"r'\u0041'": "\\u0041",
    "SUBSTR('apple', 0, 2)": "ap",
    "SUBSTR('apple', -10, 3)": "app",
    "SAFE.SUBSTR('foo', 0, -2)": None,
    "INSTR('banana', 'an', -1)": 4,
    "INSTR('banana', 'an', 1, 2)": 4,
    "UNICODE('')": 0,
    r"NORMALIZE('\u00ea') = NORMALIZE('\u0065\u0302')": True,
    r"CONTAINS_SUBSTR('\u2168 day', 'IX')": True,
    "CONTAINS_SUBSTR((23, 35, 41), '35')": True,
    r"BIT_COUNT(b'\xff')": 8,
    r"TO_CODE_POINTS(b'\x00\x10\xff')": [0, 16, 255],
    r"b'\xff\n\''": b"\xff\n'",
    "CONCAT(b'a', b'b')": b"ab",
    "LEFT(b'apple', 3)": b"app",
    "SUBSTR(b'apple', -2)": b"le",
    "LENGTH(CAST('абв' AS BYTES))": 6,
    "LPAD(b'abc', 5, b'd')": b"ddabc",
    "TRIM(b'bab', b'b')": b"a",
    "REVERSE(b'abc')": b"cba",
    r"SAFE_CONVERT_BYTES_TO_STRING(b'\xc2')": "\ufffd",
    r"SAFE_CAST(b'\xff' AS STRING)": None,
    "FROM_HEX('0AF')": b"\x00\xaf",
    "FARM_FINGERPRINT(b'a') = FARM_FINGERPRINT('a')": True,
    "NET.HOST('http://www.Google.Co.UK:80/x')": "www.Google.Co.UK",
    "NET.IP_TO_STRING(NET.IP_TRUNC(NET.IP_FROM_STRING('10.1.2.3'), 8))": "10.0.0.0",
    "NET.SAFE_IP_FROM_STRING('bad')": None,
    "NET.IPV4_TO_INT64(NET.IPV4_FROM_INT64(167772161))": 167772161,
    "COLLATE('a', 'und:ci') = 'A'": True,
    "COLLATE('Ab', 'und:ci')": "Ab",
    "COLLATE('Orange', 'und:ci') IN ('oRANGE', 'x')": True,
    "COLLATE('a', '') = 'A'": False,
    "ST_ASTEXT(ST_GEOGPOINT(1, 2))": "POINT(1 2)",
}
FORMATS = {
    "FORMAT('%t', DATE '2026-01-01')": "2026-01-01",
    "FORMAT('%T', 'q')": '"q"',
    "FORMAT('%T', NULL)": "NULL",
    "FORMAT('%t', [1, 2])": "[1, 2]",
    "FORMAT('%T', STRUCT(1 AS a, 'x' AS b))": '(1, "x")',
    "FORMAT('%T', TIMESTAMP '2026-01-01 00:00:00+00')": 'TIMESTAMP "2026-01-01 00:00:00+00"',
    "FORMAT('%T', NUMERIC '1.5')": 'NUMERIC "1.5"',
    "FORMAT('%t|%5t|', 1.0, TRUE)": "1.0| true|",
    """FORMAT('%p', JSON '{"a": 1}')""": '{"a":1}',
    "FORMAT('%x|%o', -255, 8)": "-ff|10",
    "FORMAT('%s', 'a%d')": "a%d",
    'FORMAT("%\'.2f", 12345678.5)': "12,345,678.50",
    "FORMAT('%d', NULL)": None,
}
TIMES = {
    "EXTRACT(TIME FROM TIMESTAMP '2026-01-01 20:00:00+00' AT TIME ZONE 'Asia/Kolkata')": datetime.time(1, 30),
    "EXTRACT(DATETIME FROM TIMESTAMP '2026-01-01 20:00:00+00')": datetime.datetime(2026, 1, 1, 20),
    "CURRENT_DATETIME() IS NULL": False,
    "(SELECT EXTRACT(DAY FROM d - DATE '2026-01-01') FROM UNNEST([DATE '2026-01-05']) AS d)": 4,
    "(SELECT v FROM UNNEST(ARRAY(SELECT AS STRUCT CAST('1' AS INT64) AS v)))": 1,
    "CAST(DATE '2026-01-05' - DATE '2026-01-01' AS STRING)": "0-0 4 0:0:0",
    "DATE '2026-01-02' - DATE '2026-01-01' = INTERVAL 1 DAY": True,
    "CAST(TIMESTAMP '2026-01-02 01:00:00+00' - TIMESTAMP '2026-01-01 00:00:00+00' AS STRING)": "0-0 0 25:0:0",
    "CAST(INTERVAL '1-2 3 4:5:6.789' YEAR TO SECOND AS STRING)": "1-2 3 4:5:6.789",
    "CAST(JUSTIFY_INTERVAL(INTERVAL '29 49:00:00' DAY TO SECOND) AS STRING)": "0-1 1 1:0:0",
    "PARSE_TIMESTAMP('%s', '60')": at(1970, 1, 1, 0, 1),
    "PARSE_TIMESTAMP('%F %T', '2026-01-01 00:00:00', 'Asia/Kolkata')": at(2025, 12, 31, 18, 30),
    "PARSE_TIMESTAMP('%FT%H:%M:%E*SZ', '2026-01-01T00:00:01.25Z')": at(2026, 1, 1, 0, 0, 1, 250000),
    "PARSE_DATE('%e', '3')": date(1970, 1, 3),
    "PARSE_DATE('%Y%m%d', CAST(20260131 AS STRING))": date(2026, 1, 31),
    "PARSE_TIME('%E*S', '38.5')": datetime.time(0, 0, 38, 500000),
    "SAFE.PARSE_DATE('%F', 'bad')": None,
    "FORMAT_DATE('%g %C %k|%l %J', DATE '2026-01-04')": "26 20  0|12 007",
    "FORMAT_DATETIME('%P %E4Y', DATETIME '2008-12-25 15:30:00')": "pm 2008",
    "FORMAT_TIMESTAMP('%Z', TIMESTAMP '2026-01-01 00:00:00+00')": "UTC",
    "CAST(DATETIME '2026-01-01 00:00:00.5' AS STRING)": "2026-01-01 00:00:00.500",
    "UNIX_SECONDS(TIMESTAMP '1969-12-31 23:59:59.5+00')": -1,
    "GENERATE_TIMESTAMP_ARRAY('2016-10-05', '2016-10-05', INTERVAL 1 DAY)": [at(2016, 10, 5)],
    "RANGE_END(RANGE_INTERSECT(RANGE<DATE> '[2026-01-01, 2026-02-01)', RANGE<DATE> '[2026-01-15, UNBOUNDED)'))": date(
        2026, 2, 1
    ),
}
DOCUMENTS = {
    "TO_JSON_STRING([1.0, 2.5])": "[1,2.5]",
    "TO_JSON_STRING(STRUCT(NULL AS a, TIMESTAMP '2026-01-01 00:00:00.5+00' AS c, [STRUCT(2.0 AS b)] AS d))": (
        '{"a":null,"c":"2026-01-01T00:00:00.500Z","d":[{"b":2}]}'
    ),
    "TO_JSON_STRING(9007199254740993)": '"9007199254740993"',
    "TO_JSON_STRING(CAST('nan' AS FLOAT64))": '"NaN"',
    "TO_JSON_STRING(b'abc')": '"YWJj"',
    "TO_JSON_STRING(STRUCT(1 AS id), true)": '{\n  "id": 1\n}',
    """TO_JSON_STRING(JSON '{"b":1,"a":[1, 2.5]}')""": '{"a":[1,2.5],"b":1}',
    "TO_JSON(STRUCT(TIMESTAMP '2026-01-01 00:00:00+00' AS t))": {"t": "2026-01-01T00:00:00Z"},
    """JSON_KEYS(JSON '{"b":{"c":1},"a":1}')""": ["a", "b", "b.c"],
    """JSON_KEYS(JSON '{"a":{"b":1}}', 1)""": ["a"],
    """JSON_KEYS(JSON '{"b":[[{"c":1}]]}', mode => 'lax recursive')""": ["b", "b.c"],
    """JSON '{"a":[1,2]}'.a[1]""": 2,
    """JSON '{"a":"x"}'['a']""": "x",
    """STRING(JSON '{"a":"x"}'.a)""": "x",
    """(SELECT j.a[1] FROM (SELECT JSON '{"a":[5,6]}' AS j))""": 6,
    "LAX_INT64(JSON 'true')": 1,
    "LAX_STRING(JSON '[1]')": None,
    """SAFE.INT64(JSON '"1"')""": None,
    """INT64_ARRAY(JSON '[1,2]')""": [1, 2],
    """JSON_SET(JSON '{"a":1}', '$.b', 2, create_if_missing => false)""": {"a": 1},
    "JSON_ARRAY_APPEND(JSON '[1]', '$', 2)": [1, 2],
}


@pytest.mark.parametrize("known", [NUMBERS, TEXTS, FORMATS, TIMES, DOCUMENTS], ids=lambda known: next(iter(known)))
def test_functions_have_the_values_of_the_reference(client: Any, known: dict[str, Any]) -> None:
    found = dict(zip(known, values(client, list(known)), strict=True))
    assert {name: (each, type(each)) for name, each in found.items()} == {
        name: (each, type(each)) for name, each in known.items()
    }


ROWS = "UNNEST([STRUCT('a' AS k, 3 AS v, 10 AS o), STRUCT('b', 2, 5), STRUCT(NULL, NULL, 7), STRUCT('a', 1, NULL)])"


def test_aggregates_of_some_rows(client: Any) -> None:
    known = {
        "APPROX_TOP_COUNT(k, 2)": [{"value": "a", "count": 2}, {"value": None, "count": 1}],
        "APPROX_TOP_SUM(k, v, 1)[OFFSET(0)].sum": 4,
        "ARRAY_AGG(v IGNORE NULLS ORDER BY v LIMIT 2)": [1, 2],
        "SUM(v HAVING MAX o)": 3,
        "COUNT(v HAVING MIN o)": 1,
        "ROUND(SUM(v), 1)": 6.0,
        "FORMAT('%d %t', COUNT(*), MAX(k))": "4 b",
        "TO_JSON_STRING(ARRAY_AGG(v IGNORE NULLS ORDER BY v))": "[1,2,3]",
        "AVG(CAST(v AS NUMERIC))": Decimal(2),
        "ARRAY_AGG(v IGNORE NULLS ORDER BY v)[OFFSET(0)] - 1": 0,
    }
    found = dict(zip(known, values(client, list(known), f"FROM {ROWS}"), strict=True))
    top = found.pop("APPROX_TOP_COUNT(k, 2)")
    assert (len(top), top[0]) == (2, known.pop("APPROX_TOP_COUNT(k, 2)")[0])
    assert found == known
    collated = "SELECT COUNT(*) FROM (SELECT COLLATE(x, 'und:ci') AS k FROM UNNEST(['b', 'A', 'a']) AS x) GROUP BY k"
    assert sorted(row[0] for row in client.query_and_wait(collated)) == [1, 2]


def test_columns_have_bigquery_s_names_and_order(client: Any) -> None:
    sold = "(SELECT 'kale' AS p, 51 AS sales, 'Q1' AS q UNION ALL SELECT 'kale', 23, 'Q2')"

    def row(query: str) -> dict[str, Any]:
        return dict(next(iter(client.query_and_wait(query))).items())

    pivot = row(f"SELECT * FROM {sold} PIVOT(SUM(sales) AS t, COUNT(*) AS c FOR q IN ('Q1', 'Q2' AS two))")  # noqa: S608
    assert list(pivot.items()) == [("p", "kale"), ("t_Q1", 51), ("c_Q1", 1), ("t_two", 23), ("c_two", 1)]
    unpivot = row("SELECT * FROM (SELECT 'k' AS p, 51 AS Q1, NULL AS Q2) UNPIVOT(sales FOR q IN (Q1, Q2))")
    assert list(unpivot.items()) == [("p", "k"), ("sales", 51), ("q", "Q1")]
    assert row("SELECT AS STRUCT 1 AS a, 2 AS b") == {"a": 1, "b": 2}
    assert row("SELECT AS VALUE STRUCT(1 AS a, 2 AS b)") == {"a": 1, "b": 2}


def test_columns_views_and_parameters_have_these_functions_too(client: Any, scratch: str) -> None:
    client.query_and_wait(f"CREATE TABLE `{scratch}.t` AS SELECT 5 AS n, 1.5 AS f, 'ab' AS s, [1, 2] AS a")
    said = "SELECT ROUND(n), CAST(f AS STRING), TO_JSON_STRING(t), SUBSTR(s, 0, 1), a[OFFSET(1)], FORMAT('%t', a)"
    client.query_and_wait(f"CREATE VIEW `{scratch}.v` AS {said.replace('TO_JSON_STRING(t)', 'n')} FROM `{scratch}.t`")
    given = [bigquery.ScalarQueryParameter(None, "INT64", 5)]
    config = bigquery.QueryJobConfig(query_parameters=given)
    rows = client.query_and_wait(f"{said} FROM `{scratch}.t` AS t WHERE ROUND(?) = 5.0", job_config=config)
    wanted = (5.0, "1.5", '{"n":5,"f":1.5,"s":"ab","a":[1,2]}', "a", 2, "[1, 2]")
    assert [tuple(row) for row in rows] == [wanted]
    rows = client.query_and_wait(f"SELECT * FROM `{scratch}.v`")  # noqa: S608
    assert [tuple(row) for row in rows] == [(5.0, "1.5", 5, "a", 2, "[1, 2]")]


def test_bodies_of_functions_are_said_so_too(client: Any, scratch: str) -> None:
    made = {
        "f(x INT64)": "ROUND(x)",
        "g(x FLOAT64) RETURNS STRING": "FORMAT('%t', x)",
        "h(x STRING)": r"CONCAT(SUBSTR(x, 0, 1), '\u0041')",
    }
    for name, body in made.items():
        client.query_and_wait(f"CREATE FUNCTION `{scratch}`.{name} AS ({body})")
    client.query_and_wait(f"CREATE TABLE FUNCTION `{scratch}`.rounded(n INT64) AS (SELECT ROUND(n) AS r)")
    calls = [f"`{scratch}.{name}`({given})" for name, given in (("f", "5"), ("g", "2.0"), ("h", "'xy'"))]
    assert values(client, calls) == [5.0, "2.0", "xA"]
    assert isinstance(values(client, ["r"], f"FROM `{scratch}.rounded`(5)")[0], float)
    temporary = "CREATE TEMP FUNCTION s(x FLOAT64) AS (CAST(x AS STRING)); SELECT s(2.0)"
    assert [tuple(row) for row in client.query(temporary).result()] == [("2",)]


@pytest.mark.parametrize("kind", ["BIGNUMERIC", "ARRAY<BIGNUMERIC>", "STRING COLLATE 'und:ci'"])
def test_columns_that_would_be_kept_otherwise_are_refused(client: Any, scratch: str, kind: str) -> None:
    with pytest.raises(GoogleAPICallError, match="does not implement columns"):
        client.query_and_wait(f"CREATE TABLE `{scratch}.wide` (x {kind})", retry=None, job_retry=None)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("['a'][OFFSET(5)]", "Array index 5 is out of bounds"),
        ("[1][ORDINAL(0)]", "Array index -1 is out of bounds"),
        ("MOD(25, 0)", "division by zero: MOD"),
        ("CAST('2.7' AS INT64)", "Bad int64 value: 2.7"),
        ("GENERATE_ARRAY(1, 5, 0)", "Sequence step cannot be 0"),
        ("SUBSTR('foo', 0, -2)", "cannot be negative"),
        ("STRING(JSON '1')", "not of the kind STRING: 1"),
        ("NET.PUBLIC_SUFFIX('http://a.b')", "NET.PUBLIC_SUFFIX is not served"),
        ("COLLATE('a', 'de')", "Collation de is not served"),
        ("STARTS_WITH(COLLATE('a', 'und:ci'), 'A')", "STARTSWITH of a collated text is not served"),
        ("PARSE_DATE('%F', 'x')", 'Failed to parse input string "x"'),
    ],
)
def test_what_is_wrong_or_not_served_is_told(client: Any, expression: str, said: str) -> None:
    with pytest.raises(GoogleAPICallError, match=said) as caught:
        client.query_and_wait(f"SELECT {expression}", retry=None, job_retry=None)
    assert "Python" not in str(caught.value)

"""Documents, schemas and rows of BigQuery, without its engine."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.apis.bigquery import rows
from sandbox.apis.bigquery import schema as schemas
from sandbox.apis.bigquery.ddl import altered
from sandbox.apis.bigquery.documents import etag, normal, patched
from sandbox.control.errors import ApiError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
OBJECTS = st.dictionaries(st.text(max_size=5), JSON, max_size=4)


def field(name: str, kind: str = "STRING", mode: str = "NULLABLE", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "mode": mode, **more}


@given(OBJECTS, OBJECTS)
def test_patching_twice_is_patching_once(document: dict[str, Any], patch: dict[str, Any]) -> None:
    once = patched(document, patch)
    assert patched(once, patch) == once


@given(OBJECTS)
def test_normal_form_is_stable_and_without_nulls(document: dict[str, Any]) -> None:
    assert normal(normal(document)) == normal(document)
    assert None not in normal(document).values()


def test_etag_follows_the_document() -> None:
    assert etag({"a": 1, "etag": "x"}) == etag({"a": 1, "etag": "y"}) != etag({"a": 2})


def test_types_have_their_old_names_and_a_mode() -> None:
    given_fields = [
        {"name": "r", "type": "struct", "fields": [{"name": "x", "type": "float64", "policyTags": {"names": []}}]}
    ]
    assert schemas.normal(given_fields) == [field("r", "RECORD", fields=[field("x", "FLOAT")])]


@pytest.mark.parametrize(
    "fields",
    [
        [{"name": "", "type": "STRING"}],
        [{"name": "1x", "type": "STRING"}],
        [{"name": "x", "type": "TEXT"}],
        [{"name": "x", "type": "STRING", "mode": "OPTIONAL"}],
        [{"name": "x", "type": "STRING"}, {"name": "X", "type": "STRING"}],
        [{"name": "x", "type": "RECORD"}],
        ["x"],
        "x",
    ],
)
def test_schema_that_bigquery_refuses_is_refused(fields: object) -> None:
    with pytest.raises(ApiError):
        schemas.normal(fields)


@pytest.mark.parametrize(
    "document",
    [
        {"timePartitioning": {"type": "DAY", "field": "no_such"}},
        {"timePartitioning": {"type": "DAY", "field": "s"}},
        {"timePartitioning": {"type": "WEEK"}},
        {"rangePartitioning": {"field": "s"}},
        {"clustering": {"fields": ["no_such"]}},
        {"clustering": {"fields": list("abcde")}},
    ],
)
def test_layout_by_a_column_that_does_not_fit_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ApiError):
        schemas.check_layout(document, [field("s"), field("d", "DATE")])


def test_columns_are_added_at_the_top_level_and_in_records() -> None:
    old = [field("a", mode="REQUIRED"), field("r", "RECORD", fields=[field("x")])]
    assert schemas.additions(old, [field("b"), field("a"), old[1]], "p:d.t") == [field("b")]
    deeper = [old[0], field("r", "RECORD", fields=[field("y"), field("x")])]
    assert schemas.additions(old, deeper, "p:d.t") == []
    assert schemas.grown(old, deeper) == [field("r", "RECORD", fields=[field("x"), field("y")])]
    required = [old[0], field("r", "RECORD", fields=[field("x"), field("y", mode="REQUIRED")])]
    with pytest.raises(ApiError, match="Cannot add required fields"):
        schemas.additions(old, required, "p:d.t")


def test_engines_columns_keep_what_is_known_of_them() -> None:
    known = field("a", description="d")
    assert schemas.decorated([field("b"), field("A")], [known, field("b", "INTEGER")]) == [field("b"), known]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("INTEGER", [1, "-5", 2.0, 2**63 - 1], ["x", 1.5, True, 2**63, "1.5"]),
        ("FLOAT", [1, "1e3", "NaN"], ["x", True]),
        ("NUMERIC", [1, "1.25"], ["x", "NaN", True]),
        ("BOOLEAN", [True, "false"], ["maybe", 2]),
        ("DATE", ["2026-11-21"], ["21.11.2026", 5]),
        (
            "TIMESTAMP",
            ["2026-11-21T09:15:00Z", "2026-11-21 09:15:00.123456 UTC", 1795232914.5, "1795232914"],
            ["soon", True],
        ),
        ("BYTES", ["aGk="], ["?", 5]),
        ("JSON", [{"a": 1}, "x"], []),
    ],
)
def test_values_fit_their_columns_type(kind: str, good: list[Any], bad: list[Any]) -> None:
    fields = [field("x", kind)]
    assert rows.check([{"json": {"x": value}} for value in good], fields, ignore_unknown=False) == {}
    assert len(rows.check([{"json": {"x": value}} for value in bad], fields, ignore_unknown=False)) == len(bad)


def test_records_and_lists_are_looked_into() -> None:
    fields = [field("book", "RECORD", "REPEATED", fields=[field("bid", "FLOAT", "REQUIRED")])]
    found = rows.check(
        [{"json": {"book": [{"bid": 1}, {"ask": 2}]}}, {"json": {"book": {}}}], fields, ignore_unknown=False
    )
    assert [error["message"] for error in found[0]] == ["no such field: book.ask.", "Missing required field: book.bid."]
    assert 1 in found


@given(st.lists(OBJECTS, max_size=3))
def test_any_row_is_judged_without_a_crash(values: list[dict[str, Any]]) -> None:
    fields = [field(name, kind) for name, kind in (("", "INTEGER"), ("0", "TIMESTAMP"), ("1", "BYTES"))]
    rows.check([{"json": value} for value in values], fields, ignore_unknown=False)


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("ALTER TABLE d.t ADD COLUMN x STRING", [("d", "t")]),
        ("alter table `p-1`.d.t drop column x; ALTER TABLE t RENAME COLUMN a TO b", [("p-1", "d", "t"), ("t",)]),
        ("SELECT 1", []),
    ],
)
def test_altered_tables_are_found_in_statements(statement: str, tables: list[tuple[str, ...]]) -> None:
    assert altered(statement) == tables

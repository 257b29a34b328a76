"""INFORMATION_SCHEMA as catalogues and dbt ask for it, and the scripts of dbt, through google-cloud-bigquery."""

# ruff: noqa: S608 - the names are those that the tests made

from __future__ import annotations

from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import bigquery
from google.cloud.bigquery.table import ColumnReference, ForeignKey, PrimaryKey, TableConstraints

from tests.integration.runtime.running import PROJECT, call
from tests.integration.sandbox_process import Sandbox


def ask(client: bigquery.Client, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in client.query(sql).result()]


@pytest.fixture(scope="module")
def tables(client: bigquery.Client, scratch: str) -> str:
    """A dataset with two tables, of which one refers to the other."""
    field, repeated = bigquery.SchemaField, {"mode": "REPEATED"}
    inner = [field("c", "STRING", description="it's deep"), field("d", "NUMERIC")]
    nested = field("s", "RECORD", fields=[field("b", "RECORD", fields=inner, **repeated)])
    prices = bigquery.Table(f"{scratch}.prices", [field("day", "DATE", "REQUIRED"), nested])
    prices.table_constraints = TableConstraints(PrimaryKey(["day"]), [])
    prices = client.create_table(prices)
    marks = bigquery.Table(f"{scratch}.marks", [field("day", "DATE")])
    key = ForeignKey("marks_day", prices.reference, [ColumnReference("day", "day")])
    marks.table_constraints = TableConstraints(None, [key])
    client.create_table(marks)
    return scratch.partition(".")[2]


def test_paths_of_columns_have_nested_fields_and_join_with_columns(client: bigquery.Client, tables: str) -> None:
    sql = f"""SELECT p.field_path, p.data_type, p.description, c.ordinal_position
    FROM `{client.project}`.`{tables}`.INFORMATION_SCHEMA.COLUMNS c
    JOIN `{client.project}`.`{tables}`.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS p USING (table_name, column_name)
    WHERE table_name = 'prices' ORDER BY field_path"""
    assert ask(client, sql) == [
        ("day", "DATE", None, 1),
        ("s", "STRUCT<b ARRAY<STRUCT<c STRING, d NUMERIC>>>", None, 2),
        ("s.b", "ARRAY<STRUCT<c STRING, d NUMERIC>>", None, 2),
        ("s.b.c", "STRING", "it's deep", 2),
        ("s.b.d", "NUMERIC", None, 2),
    ]


def test_constraints_and_their_columns(client: bigquery.Client, tables: str) -> None:
    kinds = f"SELECT constraint_name, constraint_type FROM `{tables}.INFORMATION_SCHEMA.TABLE_CONSTRAINTS` ORDER BY 1"
    assert ask(client, kinds) == [("marks.marks_day", "FOREIGN KEY"), ("prices.pk$", "PRIMARY KEY")]
    columns = "table_name, column_name, position_in_unique_constraint"
    keys = f"SELECT {columns} FROM {tables}.INFORMATION_SCHEMA.KEY_COLUMN_USAGE ORDER BY 1"
    assert ask(client, keys) == [("marks", "day", 1), ("prices", "day", None)]
    used = f"SELECT table_name, constraint_name FROM {tables}.INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE ORDER BY 2"
    assert ask(client, used) == [("prices", "marks.marks_day"), ("prices", "prices.pk$")]


def test_views_of_a_region_have_all_datasets(client: bigquery.Client, tables: str) -> None:
    for view in ("TABLES", "TABLE_STORAGE", "COLUMN_FIELD_PATHS"):
        sql = f"SELECT DISTINCT table_name FROM `region-asia-south1`.INFORMATION_SCHEMA.{view}"
        assert sorted(ask(client, f"{sql} WHERE table_schema = '{tables}'")) == [("marks",), ("prices",)]
    client.update_dataset(_described(client.get_dataset(tables)), ["description", "labels"])
    sql = "SELECT option_name, option_value FROM INFORMATION_SCHEMA.SCHEMATA_OPTIONS"
    assert ask(client, f"{sql} WHERE schema_name = '{tables}' ORDER BY 1") == [
        ("description", '"what it\'s for"'),
        ("labels", '[STRUCT("team", "quant")]'),
    ]


def _described(dataset: bigquery.Dataset) -> bigquery.Dataset:
    dataset.description, dataset.labels = "what it's for", {"team": "quant"}
    return dataset


def test_jobs_are_listed_with_their_text_and_errors(client: bigquery.Client, tables: str) -> None:
    with pytest.raises(exceptions.BadRequest):
        failed = client.query(f"SELECT nothing FROM {tables}.marks")
        failed.result()
    sql = f"SELECT COUNT(*) FROM {tables}.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS"
    done = client.query(sql)
    done.result()
    assert client.get_job(done.job_id).query == done.query == sql
    view = "`region-asia-south1`.INFORMATION_SCHEMA.JOBS_BY_PROJECT"
    found = f"SELECT query, state, statement_type FROM {view} WHERE job_id = '{done.job_id}'"
    assert ask(client, found) == [(sql, "DONE", "SELECT")]
    assert ask(client, f"SELECT error_result.reason FROM {view} WHERE job_id = '{failed.job_id}'") == [
        ("invalidQuery",)
    ]


def test_what_can_not_be_told_is_said(client: bigquery.Client, tables: str) -> None:
    for name, error, why in (
        (f"{tables}.INFORMATION_SCHEMA.SEARCH_INDEXES", exceptions.MethodNotImplemented, "SEARCH_INDEXES"),
        ("nowhere.INFORMATION_SCHEMA.TABLES", exceptions.NotFound, "nowhere"),
        ("INFORMATION_SCHEMA.TABLES", exceptions.BadRequest, "qualified"),
    ):
        with pytest.raises(error, match=why):
            ask(client, f"SELECT * FROM {name}")
    text = f"SELECT '{tables}.INFORMATION_SCHEMA.TABLES' -- {tables}.INFORMATION_SCHEMA.NOTHING"
    assert ask(client, text) == [(f"{tables}.INFORMATION_SCHEMA.TABLES",)]


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("(SELECT AS STRUCT 1, [DATE '2026-01-31'])", (1, 1)),
        ("(SELECT 1, [DATE '2026-01-31'])", (1, 1)),
        ("(1, [DATE '2026-01-31', DATE '2026-02-01'])", (1, 2)),
        ("(SELECT AS STRUCT 1, [DATE '2026-01-31'] FROM UNNEST([1]) WHERE FALSE)", (None, None)),
    ],
)
def test_variables_in_brackets_get_the_fields_of_a_struct(client: bigquery.Client, source: str, values: Any) -> None:
    script = f"DECLARE n INT64; DECLARE days ARRAY<DATE>; SET (n, days) = {source}; SELECT n, ARRAY_LENGTH(days);"
    assert ask(client, script) == [values]


def test_the_only_variable_in_brackets_gets_the_only_field(client: bigquery.Client) -> None:
    """As dbt finds the partitions that it overwrites."""
    found = "(SELECT AS STRUCT ARRAY_AGG(DISTINCT day IGNORE NULLS) FROM UNNEST([DATE '2026-01-31']) AS day)"
    script = f"DECLARE days ARRAY<DATE>; SET (days) = {found}; SELECT DATE '2026-01-31' IN UNNEST(days);"
    assert ask(client, script) == [(True,)]


def test_routines_are_told_as_they_were_made(client: bigquery.Client, scratch: str) -> None:
    dataset = scratch.partition(".")[2]
    client.query_and_wait(
        f"CREATE FUNCTION `{scratch}.twice`(x INT64, y ARRAY<STRUCT<a STRING>>) RETURNS INT64 AS (x * 2)"
    )
    client.query_and_wait(f"CREATE PROCEDURE `{scratch}.note`(OUT done BOOL) BEGIN SET done = TRUE; END")
    view = f"`{dataset}`.INFORMATION_SCHEMA"
    columns = "routine_name, routine_type, data_type, routine_body, routine_definition"
    assert ask(client, f"SELECT {columns} FROM {view}.ROUTINES ORDER BY 1") == [
        ("note", "PROCEDURE", None, "SQL", "SET done = TRUE;"),
        ("twice", "FUNCTION", "INT64", "SQL", "x * 2"),
    ]
    named = "specific_name, ordinal_position, parameter_mode, is_result, parameter_name, data_type"
    assert ask(client, f"SELECT {named} FROM {view}.PARAMETERS ORDER BY 1, 2") == [
        ("note", 1, "OUT", "NO", "done", "BOOL"),
        ("twice", 0, None, "YES", None, "INT64"),
        ("twice", 1, None, "NO", "x", "INT64"),
        ("twice", 2, None, "NO", "y", "ARRAY<STRUCT<a STRING>>"),
    ]
    made = ask(client, f"SELECT routine_name, ddl FROM {view}.ROUTINES ORDER BY 1")
    for name, _ in made:
        client.delete_routine(f"{scratch}.{name}")
    for _, ddl in made:
        client.query_and_wait(ddl)
    assert ask(client, f"SELECT routine_name, ddl FROM {view}.ROUTINES ORDER BY 1") == made


def test_a_remote_function_is_told_with_its_endpoint(client: bigquery.Client, sandbox: Sandbox, scratch: str) -> None:
    call(
        sandbox,
        "POST",
        f"/bigqueryconnection/v1/projects/{PROJECT}/locations/asia-south1/connections?connectionId=told",
        {"cloudResource": {}},
    )
    made = (
        f"CREATE FUNCTION `{scratch}.far`(x INT64) RETURNS STRING\n"
        f"REMOTE WITH CONNECTION `{PROJECT}.asia-south1.told`\n"
        'OPTIONS (endpoint = "https://f", max_batching_rows = 5, user_defined_context = [("a", "b")]);'
    )
    client.query_and_wait(made)
    view = f"`{scratch.partition('.')[2]}`.INFORMATION_SCHEMA"
    told = f"SELECT routine_body, routine_definition, connection, ddl FROM {view}.ROUTINES WHERE routine_name = 'far'"
    assert ask(client, told) == [("EXTERNAL", None, f"{PROJECT}.asia-south1.told", made)]
    options = f"SELECT option_name, option_value FROM {view}.ROUTINE_OPTIONS WHERE specific_name = 'far' ORDER BY 1"
    assert ask(client, options) == [
        ("endpoint", '"https://f"'),
        ("max_batching_rows", "5"),
        ("user_defined_context", '[("a", "b")]'),
    ]

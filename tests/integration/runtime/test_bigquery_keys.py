"""Primary and foreign keys in statements, through Google's client."""

from __future__ import annotations

from typing import Any

import pytest
from google.api_core.exceptions import BadRequest
from google.cloud import bigquery


def run(client: Any, sql: str, **config: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in client.query(sql, job_config=bigquery.QueryJobConfig(**config)).result()]


def keys(client: Any, table: str) -> tuple[list[str], list[tuple[str | None, str, list[tuple[str, str]]]]]:
    """The columns of the primary key, and the foreign keys: name, table, pairs of columns."""
    found = client.get_table(table).table_constraints
    foreign = [
        (
            each.name,
            each.referenced_table.table_id,
            [(c.referencing_column, c.referenced_column) for c in each.column_references],
        )
        for each in (found.foreign_keys or () if found else ())
    ]
    return (found.primary_key.columns if found and found.primary_key else []), foreign


def test_a_table_is_made_with_its_keys(client: Any, scratch: str) -> None:
    run(client, f"CREATE TABLE {scratch}.firms (id INT64 NOT NULL, name STRING, PRIMARY KEY (id) NOT ENFORCED)")
    run(
        client,
        f"CREATE TABLE `{scratch}.trades` (id INT64 PRIMARY KEY NOT ENFORCED, firm INT64, "
        f"CONSTRAINT of_firm FOREIGN KEY (firm) REFERENCES {scratch}.firms(id) NOT ENFORCED)",
    )
    assert keys(client, f"{scratch}.firms") == (["id"], [])
    assert keys(client, f"{scratch}.trades") == (["id"], [("of_firm", "firms", [("firm", "id")])])
    # As BigQuery does, nothing enforces them.
    run(client, f"INSERT INTO {scratch}.firms (id) VALUES (1), (1)")  # noqa: S608
    dataset = scratch.rpartition(".")[2]
    views = f"SELECT constraint_type FROM {dataset}.INFORMATION_SCHEMA.TABLE_CONSTRAINTS WHERE table_name = 'trades'"  # noqa: S608
    assert sorted(run(client, views)) == [("FOREIGN KEY",), ("PRIMARY KEY",)]


def test_keys_come_with_the_rows_of_a_query_and_go_when_it_is_replaced(client: Any, scratch: str) -> None:
    table = f"{scratch}.made"
    run(client, f"CREATE TABLE {table} (a INT64, b STRING, PRIMARY KEY (a, b) NOT ENFORCED) AS SELECT 1 AS a, 'x' AS b")
    assert (keys(client, table), client.get_table(table).num_rows) == ((["a", "b"], []), 1)
    run(client, f"CREATE TABLE IF NOT EXISTS {table} (a INT64, PRIMARY KEY (a) NOT ENFORCED)")
    assert keys(client, table)[0] == ["a", "b"]
    run(client, f"CREATE OR REPLACE TABLE {table} (a INT64, PRIMARY KEY (a) NOT ENFORCED)")
    assert keys(client, table)[0] == ["a"]


def test_keys_are_added_and_dropped(client: Any, scratch: str) -> None:
    run(client, f"CREATE TABLE {scratch}.plain (id INT64, other INT64); CREATE TABLE {scratch}.main_one (id INT64);")
    run(client, f"ALTER TABLE {scratch}.main_one ADD PRIMARY KEY (id) NOT ENFORCED")
    run(client, f"ALTER TABLE {scratch}.plain ADD PRIMARY KEY (id) NOT ENFORCED")
    with pytest.raises(BadRequest, match="has a primary key already"):
        run(client, f"ALTER TABLE {scratch}.plain ADD PRIMARY KEY (other) NOT ENFORCED")
    foreign = f"CONSTRAINT fk FOREIGN KEY (other) REFERENCES {scratch}.main_one(id) NOT ENFORCED"
    run(client, f"ALTER TABLE {scratch}.plain ADD {foreign}")
    assert keys(client, f"{scratch}.plain") == (["id"], [("fk", "main_one", [("other", "id")])])
    run(client, f"ALTER TABLE {scratch}.plain DROP CONSTRAINT fk")
    run(client, f"ALTER TABLE {scratch}.plain DROP PRIMARY KEY")
    run(client, f"ALTER TABLE {scratch}.plain DROP PRIMARY KEY IF EXISTS")
    assert keys(client, f"{scratch}.plain") == ([], [])


def test_what_would_be_enforced_is_refused_and_a_plan_changes_nothing(client: Any, scratch: str) -> None:
    with pytest.raises(BadRequest, match="NOT ENFORCED"):
        run(client, f"CREATE TABLE {scratch}.strict (id INT64, PRIMARY KEY (id))")
    run(client, f"CREATE TABLE {scratch}.planned (id INT64)")
    client.query(
        f"ALTER TABLE {scratch}.planned ADD PRIMARY KEY (id) NOT ENFORCED",
        job_config=bigquery.QueryJobConfig(dry_run=True),
    )
    assert keys(client, f"{scratch}.planned") == ([], [])


def test_keys_stand_at_their_columns_and_words_like_keys_are_words(client: Any, scratch: str) -> None:
    run(client, f"CREATE TABLE {scratch}.one (id INT64 PRIMARY KEY NOT ENFORCED)")
    run(client, f"CREATE TABLE {scratch}.other (one INT64 REFERENCES {scratch}.one(id) NOT ENFORCED)")
    assert keys(client, f"{scratch}.one") == (["id"], [])
    assert keys(client, f"{scratch}.other") == ([], [("fk$1", "one", [("one", "id")])])
    table = f"{scratch}.spoken"
    run(client, f"CREATE TABLE {table} (a STRING OPTIONS(description='the primary key, a constraint'))")
    run(client, f"CREATE OR REPLACE TABLE {table} AS SELECT 'no PRIMARY KEY' AS a")
    assert (keys(client, table), run(client, f"SELECT a FROM {table}")) == (([], []), [("no PRIMARY KEY",)])  # noqa: S608
    for broken in (f"ALTER TABLE `{table} DROP PRIMARY KEY", f"CREATE TABLE `{table} (a INT64 PRIMARY KEY)"):
        with pytest.raises(BadRequest):
            run(client, broken)

"""What statements say of tables and views, as the API shows it, through Google's client."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from google.cloud import bigquery


def run(client: Any, sql: str) -> None:
    client.query(sql).result()


def test_options_of_a_statement_are_the_tables(client: Any, scratch: str) -> None:
    run(
        client,
        f"CREATE TABLE {scratch}.said (id INT64 OPTIONS(description='which'), at TIMESTAMP) "
        "PARTITION BY TIMESTAMP_TRUNC(at, HOUR) CLUSTER BY id, at "
        "OPTIONS(description='d', friendly_name='f', labels=[('team', 'a'), ('kind', 'b')], "
        "partition_expiration_days=3, expiration_timestamp=TIMESTAMP '2100-01-01 00:00:00 UTC')",
    )
    table = client.get_table(f"{scratch}.said")
    assert (table.description, table.friendly_name, table.labels) == ("d", "f", {"team": "a", "kind": "b"})
    partitions = table.time_partitioning
    assert (partitions.type_, partitions.field, partitions.expiration_ms) == ("HOUR", "at", 3 * 86_400_000)
    assert (table.clustering_fields, table.expires) == (["id", "at"], datetime(2100, 1, 1, tzinfo=UTC))
    assert [field.description for field in table.schema] == ["which", None]


@pytest.mark.parametrize(
    ("name", "rest", "kind", "field"),
    [
        ("days", "PARTITION BY DATE(at) AS SELECT CURRENT_TIMESTAMP() AS at", "DAY", "at"),
        ("months", "(day DATE) PARTITION BY DATE_TRUNC(day, MONTH)", "MONTH", "day"),
        ("columns", "(day DATE) PARTITION BY day", "DAY", "day"),
    ],
)
def test_partitions_are_told(client: Any, scratch: str, name: str, rest: str, kind: str, field: str) -> None:
    run(client, f"CREATE TABLE {scratch}.{name} {rest}")
    found = client.get_table(f"{scratch}.{name}").time_partitioning
    assert (found.type_, found.field) == (kind, field)


def test_ranges_that_part_a_table_are_told(client: Any, scratch: str) -> None:
    run(client, f"CREATE TABLE {scratch}.ranges (id INT64) PARTITION BY RANGE_BUCKET(id, GENERATE_ARRAY(0, 100, 10))")
    found = client.get_table(f"{scratch}.ranges").range_partitioning
    assert (found.field, found.range_.start, found.range_.end, found.range_.interval) == ("id", 0, 100, 10)


@pytest.mark.parametrize("script", ["{}", "BEGIN {}; END; SELECT 1"])
def test_if_not_exists_leaves_what_is_there(client: Any, scratch: str, script: str) -> None:
    table = bigquery.Table(f"{scratch}.kept", [bigquery.SchemaField("id", "INT64", description="which")])
    table.description, table.labels = "said before", {"team": "a"}
    client.create_table(table, exists_ok=True)
    view = bigquery.Table(f"{scratch}.seen")
    view.view_query, view.description = "SELECT 1 AS one", "said before"
    client.create_table(view, exists_ok=True)
    run(client, script.format(f"CREATE TABLE IF NOT EXISTS {scratch}.kept AS SELECT 'x' AS other"))
    run(client, script.format(f"CREATE VIEW IF NOT EXISTS {scratch}.seen AS SELECT 2 AS two"))
    found = client.get_table(table)
    assert (found.description, found.labels, found.schema[0].description) == ("said before", {"team": "a"}, "which")
    found = client.get_table(view)
    assert (found.description, found.view_query) == ("said before", "SELECT 1 AS one")


def test_a_view_that_a_statement_makes_shows_its_query(client: Any, scratch: str) -> None:
    run(client, f"CREATE VIEW {scratch}.by_sql AS SELECT 1 AS one")
    assert client.get_table(f"{scratch}.by_sql").view_query == "SELECT 1 AS one"

"""Query jobs that write their rows into a table, through google-cloud-bigquery, unchanged."""

from __future__ import annotations

from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import bigquery


def write(client: bigquery.Client, sql: str, table: str, **settings: Any) -> list[tuple[Any, ...]]:
    """The rows of a table that a query was written into."""
    client.query(sql, job_config=bigquery.QueryJobConfig(destination=table, **settings)).result()
    return sorted(tuple(row.values()) for row in client.list_rows(table))


def test_a_query_is_written_into_a_table(client: bigquery.Client, scratch: str) -> None:
    table = f"{scratch}.day"
    sql = "SELECT 'TCS' AS symbol, NUMERIC '1.5' AS close, JSON '{\"a\": 1}' AS more, [1, 2] AS lots"
    assert [row[:2] for row in write(client, sql, table)] == [("TCS", pytest.approx(1.5))]
    kinds = [(field.name, field.field_type, field.mode) for field in client.get_table(table).schema]
    assert kinds[1:] == [
        ("close", "NUMERIC", "NULLABLE"),
        ("more", "JSON", "NULLABLE"),
        ("lots", "INTEGER", "REPEATED"),
    ]
    with pytest.raises(exceptions.BadRequest, match="Already Exists"):  # WRITE_EMPTY is what BigQuery takes for granted
        write(client, "SELECT 'INFY' AS symbol", table)
    added = write(client, "SELECT 'INFY' AS symbol", table, write_disposition="WRITE_APPEND")
    assert [row[0] for row in added] == ["INFY", "TCS"]
    with pytest.raises(exceptions.BadRequest, match="Cannot add fields"):
        write(client, "SELECT 1 AS volume", table, write_disposition="WRITE_APPEND")
    assert write(client, "SELECT 7 AS volume", table, write_disposition="WRITE_TRUNCATE") == [(7,)]
    seen = client.get_table(table)
    assert ([field.name for field in seen.schema], seen.num_rows) == (["volume"], 1)
    replace = {"write_disposition": "WRITE_TRUNCATE", "default_dataset": scratch}
    assert write(client, "SELECT volume + 1 AS volume FROM day", table, **replace) == [(8,)]
    client.copy_table(table, f"{scratch}.copied").result()
    assert [tuple(row.values()) for row in client.list_rows(f"{scratch}.copied")] == [(8,)]


def test_where_it_can_not_be_written_is_said(client: bigquery.Client, scratch: str) -> None:
    with pytest.raises(exceptions.NotFound):
        write(client, "SELECT 1 AS a", f"{client.project}.nowhere.day")
    with pytest.raises(exceptions.NotFound):
        write(client, "SELECT 1 AS a", f"{scratch}.none", create_disposition="CREATE_NEVER")
    assert "none" not in [each.table_id for each in client.list_tables(scratch)]

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
    for statement in ("CREATE TABLE x AS SELECT 1 AS a", "SELECT 1 AS a; SELECT 2 AS a"):
        with pytest.raises(exceptions.BadRequest, match=r"cannot be set for scripts|Cannot set destination table"):
            write(client, statement, f"{scratch}.none")
    assert "none" not in [each.table_id for each in client.list_tables(scratch)]


def test_a_destination_is_partitioned_and_clustered_as_the_query_says(client: bigquery.Client, scratch: str) -> None:
    table, sql = f"{scratch}.by_day", "SELECT * FROM (SELECT DATE '2026-01-31' AS day, 'TCS' AS symbol)"
    layout = {"time_partitioning": bigquery.TimePartitioning(field="day"), "clustering_fields": ["symbol"]}
    write(client, sql, table, **layout)
    made = client.get_table(table)
    assert (made.time_partitioning.field, made.clustering_fields) == ("day", ["symbol"])
    assert len(write(client, sql, table, write_disposition="WRITE_APPEND", **layout)) == 2
    other = bigquery.TimePartitioning(field="day", type_="MONTH")
    with pytest.raises(exceptions.BadRequest, match="Incompatible table partitioning"):
        write(client, sql, table, write_disposition="WRITE_TRUNCATE", time_partitioning=other)
    with pytest.raises(exceptions.BadRequest, match="cannot be found in the schema"):
        write(client, sql, f"{scratch}.never", time_partitioning=bigquery.TimePartitioning(field="at"))
    assert "never" not in [each.table_id for each in client.list_tables(scratch)]
    assert len(write(client, sql, table, write_disposition="WRITE_TRUNCATE")) == 1
    assert client.get_table(table).time_partitioning.field == "day"


def test_a_partition_is_a_destination(client: bigquery.Client, scratch: str) -> None:
    table, day = f"{scratch}.partitions", "SELECT DATE '2026-01-{}' AS day, {} AS lots"
    layout = {"time_partitioning": bigquery.TimePartitioning(field="day")}
    write(client, f"{day.format(30, 1)} UNION ALL {day.format(31, 2)}", table, **layout)

    def into(partition: str, sql: str, disposition: str) -> list[int]:
        settings = bigquery.QueryJobConfig(destination=f"{table}${partition}", write_disposition=disposition)
        client.query(sql, job_config=settings).result()
        return sorted(row.lots for row in client.list_rows(table))

    assert into("20260131", day.format(31, 3), "WRITE_TRUNCATE") == [1, 3]
    assert into("20260131", day.format(31, 4), "WRITE_APPEND") == [1, 3, 4]
    assert into("20260129", day.format(29, 5), "WRITE_EMPTY") == [1, 3, 4, 5]
    for partition, sql, problem in (
        ("20260131", day.format(30, 6), "different partitions"),
        ("20260131", day.format(31, 6), "Already Exists"),
        ("202601", day.format(31, 6), "8 digits"),
    ):
        with pytest.raises(exceptions.BadRequest, match=problem):
            into(partition, sql, "WRITE_EMPTY" if "Already" in problem else "WRITE_TRUNCATE")
    assert into("20260131", day.format(31, 7), "WRITE_TRUNCATE") == [1, 5, 7]

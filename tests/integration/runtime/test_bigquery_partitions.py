"""One partition of a table by its own name, `ticks$20260131`, through google-cloud-bigquery, unchanged."""

# ruff: noqa: S608 - the statements are the tests' own

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import bigquery


@pytest.fixture
def ticks(client: bigquery.Client, scratch: str) -> Iterator[str]:
    """A table with two days and one row that has none."""
    table = f"{scratch}.ticks"
    days = "(DATE '2026-01-30', 'INFY', 1), (DATE '2026-01-31', 'TCS', 2), (DATE '2026-01-31', 'INFY', 3)"
    client.query(f"CREATE OR REPLACE TABLE `{table}` (day DATE, symbol STRING, lots INT64) PARTITION BY day").result()
    client.query(f"INSERT INTO `{table}` VALUES {days}, (NULL, 'TCS', 4)").result()
    yield table
    client.delete_table(table)


def lots(client: bigquery.Client, table: str) -> list[int]:
    return sorted(row["lots"] for row in client.list_rows(table))


def copy(client: bigquery.Client, source: Any, target: str, disposition: str = "WRITE_EMPTY") -> Any:
    return client.copy_table(source, target, job_config=bigquery.CopyJobConfig(write_disposition=disposition)).result()


def test_its_rows_are_read(client: bigquery.Client, ticks: str) -> None:
    assert lots(client, f"{ticks}$20260131") == [2, 3]
    assert client.get_table(f"{ticks}$20260131").num_rows == 2
    table = client.get_table(f"{ticks}$20260131")
    pages = client.list_rows(table, selected_fields=[table.schema[2]], page_size=1)
    assert sorted(row["lots"] for row in pages) == [2, 3]
    assert lots(client, f"{ticks}$__NULL__") == [4]
    assert lots(client, f"{ticks}$20250101") == []
    with pytest.raises(exceptions.BadRequest, match="8 digits"):
        client.get_table(f"{ticks}$2026")


def test_it_is_copied_and_copied_into(client: bigquery.Client, ticks: str, scratch: str) -> None:
    target = f"{scratch}.copied"
    copy(client, f"{ticks}$20260131", target)
    assert (lots(client, target), client.get_table(target).time_partitioning.field) == ([2, 3], "day")
    with pytest.raises(exceptions.BadRequest, match="Already Exists"):
        copy(client, f"{ticks}$20260131", f"{target}$20260131")
    copy(client, f"{ticks}$20260131", f"{target}$20260131", "WRITE_TRUNCATE")
    copy(client, f"{ticks}$20260130", f"{target}$20260130")
    assert lots(client, target) == [1, 2, 3]
    with pytest.raises(exceptions.BadRequest, match="different partitions"):
        copy(client, f"{ticks}$20260130", f"{target}$20260131", "WRITE_TRUNCATE")
    both = [f"{ticks}$20260130", f"{ticks}$20260131"]
    assert copy(client, both, target, "WRITE_TRUNCATE").state == "DONE"
    assert lots(client, target) == [1, 2, 3]
    copy(client, both, target, "WRITE_APPEND")
    assert lots(client, target) == [1, 1, 2, 2, 3, 3]


def test_it_is_deleted_and_its_table_stays(client: bigquery.Client, ticks: str) -> None:
    client.delete_table(f"{ticks}$20260131")
    assert lots(client, ticks) == [1, 4]
    client.delete_table(f"{ticks}$20260131")
    assert lots(client, ticks) == [1, 4]


def test_it_is_extracted(client: bigquery.Client, ticks: str, sandbox: Any) -> None:
    bucket = "partitions-extracted"
    sandbox.request("POST", f"/storage/v1/b?project={client.project}", {"name": bucket})
    client.extract_table(f"{ticks}$20260131", f"gs://{bucket}/day.csv").result()
    got = sandbox.request("GET", f"/storage/v1/b/{bucket}/o/day.csv?alt=media").body.decode()
    assert sorted(got.split()) == ["2026-01-31,INFY,3", "2026-01-31,TCS,2", "day,symbol,lots"]

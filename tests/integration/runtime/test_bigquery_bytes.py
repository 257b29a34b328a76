"""What queries read and cost, and how large tables are, by BigQuery's rule of sizes, through Google's client.

The sizes are those of https://cloud.google.com/bigquery/pricing#data: a STRING has 2 bytes and those of its UTF-8.
"""

from __future__ import annotations

from typing import Any

import pytest
from google.api_core.exceptions import GoogleAPICallError
from google.cloud import bigquery

from tests.integration.runtime.running import PROJECT, call
from tests.integration.sandbox_process import Sandbox

MEBIBYTE = 1024 * 1024
ROWS = 4


@pytest.fixture(scope="module")
def ticks(client: Any, scratch: str) -> str:
    """Four rows, one of them NULL but for its day, on three days."""
    table = f"{scratch}.ticks"
    client.query(f"""CREATE TABLE {table} (
        day DATE, symbol STRING, price NUMERIC, is_open BOOL, tags ARRAY<STRING>, book STRUCT<bid FLOAT64, ask FLOAT64>
    ) PARTITION BY day AS
    SELECT DATE '2026-01-01', 'NIFTY', NUMERIC '1.5', TRUE, ['a', 'bc'], STRUCT(1.0, 2.0) UNION ALL
    SELECT DATE '2026-01-01', 'BANKNIFTY', NUMERIC '2.5', FALSE, [], STRUCT(1.0, 2.0) UNION ALL
    SELECT DATE '2026-01-02', 'é', NUMERIC '3.5', FALSE, ['x'], STRUCT(1.0, CAST(NULL AS FLOAT64)) UNION ALL
    SELECT DATE '2026-01-03', NULL, NULL, NULL, NULL, NULL""").result()
    return table


SIZES = {"day": 4 * 8, "symbol": 7 + 11 + 4, "price": 3 * 16, "is_open": 3, "tags": 3 + 4 + 3, "book": 5 * 8}


def processed(client: Any, sql: str, **config: Any) -> int:
    """As a dry run tells it, which must be what the run itself reads."""
    told = client.query(sql, job_config=bigquery.QueryJobConfig(dry_run=True, **config)).total_bytes_processed
    job = client.query(sql, job_config=bigquery.QueryJobConfig(**config))
    job.result()
    assert client.get_job(job.job_id).total_bytes_processed == job.total_bytes_processed == told
    return int(told)


def test_a_query_reads_the_columns_that_it_names(client: Any, ticks: str) -> None:
    for column, size in SIZES.items():
        assert processed(client, f"SELECT {column} FROM {ticks}") == size, column  # noqa: S608
    assert processed(client, "SELECT 1") == processed(client, f"SELECT COUNT(*) FROM {ticks}") == 0  # noqa: S608
    whole = sum(SIZES.values())
    assert processed(client, f"SELECT * FROM {ticks}") == whole  # noqa: S608
    assert processed(client, f"SELECT * EXCEPT (book) FROM {ticks}") == whole - SIZES["book"]  # noqa: S608
    joined = f"SELECT a.price FROM {ticks} AS a JOIN {ticks} AS b ON a.symbol = b.symbol WHERE b.is_open"  # noqa: S608
    assert processed(client, joined) == SIZES["price"] + SIZES["symbol"] + SIZES["is_open"]
    script = f"SELECT price FROM {ticks}; SELECT symbol FROM {ticks};"  # noqa: S608
    job = client.query(script)
    job.result()
    assert job.total_bytes_processed == SIZES["price"] + SIZES["symbol"]


def test_each_type_has_its_size(client: Any, scratch: str) -> None:
    values = {
        "DATETIME '2026-01-01'": 8,
        "TIME '09:15:00'": 8,
        "TIMESTAMP '2026-01-01'": 8,
        "1": 8,
        "1.5": 8,
        "b'abc'": 5,
        "JSON '{\"a\":1}'": 9,
        "INTERVAL 1 DAY": 16,
        "ST_GEOGPOINT(72.8, 19.0)": 16 + 24,
        "[STRUCT(1 AS a, ['x', 'yz'] AS b)]": 8 + 3 + 4,
    }
    columns = ", ".join(f"{value} AS c{number}" for number, value in enumerate(values))
    client.query(f"CREATE TABLE {scratch}.types AS SELECT {columns}").result()
    found = [processed(client, f"SELECT c{number} FROM {scratch}.types") for number in range(len(values))]  # noqa: S608
    assert found == list(values.values())
    client.query(f"CREATE TABLE {scratch}.ranges (r RANGE<DATE>)").result()
    client.query(f"INSERT {scratch}.ranges VALUES (RANGE(DATE '2026-01-01', NULL)), (NULL)").result()  # noqa: S608
    assert processed(client, f"SELECT r FROM {scratch}.ranges") == 16  # noqa: S608


def test_conditions_on_the_column_of_partitions_leave_some_out(client: Any, ticks: str) -> None:
    first = f"SELECT symbol FROM {ticks} AS t WHERE t.day < '2026-01-02' AND symbol LIKE 'N%'"  # noqa: S608
    assert processed(client, first) == 7 + 11 + 2 * 8
    none = f"SELECT symbol FROM {ticks} WHERE day > DATE '2027-01-01'"  # noqa: S608
    assert processed(client, none) == 0
    viewed = f"{ticks}_seen"
    client.query(f"CREATE VIEW {viewed} AS SELECT symbol FROM {ticks} WHERE day = '2026-01-02'").result()  # noqa: S608
    assert processed(client, f"SELECT * FROM {viewed}") == 4 + 8  # noqa: S608


def test_what_is_changed_is_read_whole(client: Any, ticks: str, scratch: str) -> None:
    copy = f"{scratch}.copy"
    made = client.query(f"CREATE TABLE {copy} AS SELECT symbol, price FROM {ticks}")  # noqa: S608
    made.result()
    own = SIZES["symbol"] + SIZES["price"]
    assert made.total_bytes_processed == own
    update = f"UPDATE {copy} SET price = 1 WHERE symbol = 'NIFTY'"  # noqa: S608
    assert processed(client, update) == own
    assert client.get_table(copy).num_bytes == own
    delete = client.query(f"DELETE FROM {copy} WHERE symbol = 'NIFTY'")  # noqa: S608
    delete.result()
    assert delete.total_bytes_processed == own
    assert client.get_table(copy).num_bytes == own - 7 - 16


def test_ten_mebibytes_of_each_table_are_billed(client: Any, ticks: str, sandbox: Sandbox) -> None:
    job = client.query(f"SELECT symbol FROM {ticks}")  # noqa: S608
    job.result()
    assert job.total_bytes_billed == 10 * MEBIBYTE
    text = f"SELECT total_bytes_billed FROM `region-us`.INFORMATION_SCHEMA.JOBS WHERE job_id = '{job.job_id}'"  # noqa: S608
    assert [tuple(row) for row in client.query(text).result()] == [(10 * MEBIBYTE,)]
    config = bigquery.QueryJobConfig(maximum_bytes_billed=10 * MEBIBYTE - 1)
    refusal = f"Query exceeded limit for bytes billed: {10 * MEBIBYTE - 1}. {10 * MEBIBYTE} or higher required."
    refused = client.query(f"SELECT symbol FROM {ticks}", job_config=config)  # noqa: S608
    with pytest.raises(GoogleAPICallError, match=refusal):
        refused.result()
    assert refused.error_result["reason"] == "bytesBilledLimitExceeded"
    with pytest.raises(GoogleAPICallError, match=refusal):
        client.query_and_wait(f"SELECT symbol FROM {ticks}", job_config=config)  # noqa: S608
    config = bigquery.QueryJobConfig(maximum_bytes_billed=10 * MEBIBYTE)
    found = client.query_and_wait(f"SELECT symbol FROM {ticks}", job_config=config)  # noqa: S608
    assert (found.total_rows, found.total_bytes_processed) == (ROWS, SIZES["symbol"])
    told = call(sandbox, "GET", f"/bigquery/v2/projects/{PROJECT}/queries/{found.job_id}")
    assert told["totalBytesProcessed"] == str(SIZES["symbol"])

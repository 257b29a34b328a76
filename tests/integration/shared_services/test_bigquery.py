"""BigQueryClient, against the sandbox's BigQuery."""

# ruff: noqa: S608 - the statements are the tests' own

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from google.api_core import exceptions as google

from shared_services import (
    BigQueryClient,
    CloudNotFound,
    InputError,
    QueryRefused,
    QueryTooLarge,
)

Made = Callable[..., Any]
FIELDS = [
    {"name": "symbol", "type": "STRING", "mode": "REQUIRED"},
    {"name": "price", "type": "NUMERIC"},
    {"name": "day", "type": "DATE"},
]


@pytest.fixture(scope="module")
def bq(environ: dict[str, str]) -> BigQueryClient:
    return BigQueryClient(environ=environ)


@pytest.fixture
def table(make: Made) -> str:
    dataset = f"d{os.urandom(5).hex()}"
    reference = {"datasetId": dataset, "projectId": "library-tests"}
    make("POST", "/bigquery/v2/projects/{project}/datasets", {"datasetReference": reference, "location": "asia-south1"})
    body = {"tableReference": {**reference, "tableId": "bars"}, "schema": {"fields": FIELDS}}
    make("POST", f"/bigquery/v2/projects/{{project}}/datasets/{dataset}/tables", body)
    return f"{dataset}.bars"


ROWS = [
    {"symbol": "TCS", "price": Decimal("3500.05"), "day": date(2026, 1, 2)},
    {"symbol": "INFY", "price": Decimal("1500"), "day": date(2026, 1, 2)},
]


def test_parameters_keep_their_types(bq: BigQueryClient) -> None:
    moment = datetime(2026, 1, 2, 9, 15, tzinfo=UTC)
    parameters = {
        "text": "x'; DROP TABLE y; --",
        "number": 7,
        "money": Decimal("3500.05"),
        "day": date(2026, 1, 2),
        "moment": moment,
        "flag": True,
        "symbols": ["TCS", "INFY"],
    }
    sql = "SELECT @text t, @number n, @money m, @day d, @moment at, @flag f, ARRAY_LENGTH(@symbols) k"
    result = bq.query(sql, parameters)
    assert result.first() == {
        "t": "x'; DROP TABLE y; --",
        "n": 7,
        "m": Decimal("3500.05"),
        "d": date(2026, 1, 2),
        "at": moment,
        "f": True,
        "k": 2,
    }
    assert (len(result), result.columns) == (1, ("t", "n", "m", "d", "at", "f", "k"))


@pytest.mark.parametrize("way", ["load", "insert", "append"])
def test_rows_go_in_and_come_out(bq: BigQueryClient, table: str, way: str) -> None:
    rows: Any = ROWS
    if way == "append":
        schema = pyarrow.schema(
            [("symbol", pyarrow.string()), ("price", pyarrow.decimal128(38, 9)), ("day", pyarrow.date32())]
        )
        rows = pyarrow.Table.from_pylist(ROWS, schema)
    assert getattr(bq, way)(table, rows) == 2
    result = bq.query(f"SELECT symbol, price, day FROM {table} ORDER BY price DESC")
    assert result.rows() == ROWS
    assert result.arrow().column("symbol").to_pylist() == ["TCS", "INFY"]


def test_a_frame_has_the_columns(bq: BigQueryClient, table: str) -> None:
    bq.load(table, ROWS)
    frame = bq.query(f"SELECT symbol, price FROM {table} ORDER BY symbol").dataframe()
    assert list(frame.columns) == ["symbol", "price"]
    assert list(frame["symbol"]) == ["INFY", "TCS"]


def test_a_load_replaces_and_reads_files(bq: BigQueryClient, table: str, tmp_path: Path) -> None:
    bq.load(table, ROWS)
    file = tmp_path / "bars.csv"
    file.write_text("symbol,price,day\nSBIN,800.5,2026-01-05\n")
    assert bq.load(table, file, replace=True) == 1
    assert bq.query(f"SELECT symbol FROM {table}").scalar() == "SBIN"
    with pytest.raises(InputError, match="no known format"):
        bq.load(table, tmp_path / "bars.xlsx")
    with pytest.raises(InputError, match="can't be read"):
        bq.load(table, tmp_path / "none.csv")


def test_wrong_rows_are_refused_whole(bq: BigQueryClient, table: str) -> None:
    with pytest.raises(InputError, match="don't fit"):
        bq.insert(table, [ROWS[0], {"symbol": "X", "no_such_column": 1}])
    assert bq.query(f"SELECT COUNT(*) FROM {table}").scalar() == 0
    assert bq.insert(table, []) == 0


def test_a_wrong_query_says_what_bigquery_says(bq: BigQueryClient) -> None:
    with pytest.raises(QueryRefused) as caught:
        bq.query("SELEC 1")
    assert caught.value.why
    with pytest.raises((CloudNotFound, QueryRefused)):
        bq.query("SELECT * FROM no_such.table_at_all")


def test_a_dry_run_reads_nothing(bq: BigQueryClient, table: str) -> None:
    bq.load(table, ROWS)
    assert bq.estimate(f"SELECT * FROM {table}") >= 0


@pytest.mark.parametrize("value", [object(), [1, "a"], Decimal("NaN"), 1j])
def test_a_parameter_without_a_type_is_refused(bq: BigQueryClient, value: Any) -> None:
    with pytest.raises(InputError, match="the parameter x"):
        bq.query("SELECT @x", {"x": value})


@pytest.mark.parametrize("name", ["bars", "", "a.b.c.d", "a..b"])
def test_a_name_that_is_no_tables_is_refused(bq: BigQueryClient, name: str) -> None:
    with pytest.raises(InputError, match="is no table"):
        bq.load(name, ROWS)


class Capped:
    """A client whose BigQuery says that the cap is exceeded."""

    def query(self, *args: Any, **options: Any) -> Any:
        self.config = options["job_config"]
        raise google.BadRequest("Query exceeded limit for bytes billed: 10. 20971520 or higher required.")


def test_the_cap_is_sent_and_its_refusal_is_in_words() -> None:
    client = Capped()
    with pytest.raises(QueryTooLarge, match="partition"):
        BigQueryClient("p", client=client, maximum_bytes_billed=10).query("SELECT 1")
    assert client.config.maximum_bytes_billed == 10


def test_the_storage_write_api_appends_all_rows_or_none(bq: BigQueryClient) -> None:
    dataset = f"d{os.urandom(5).hex()}"
    bq.query(f"CREATE SCHEMA {dataset}")
    bq.query(f"CREATE TABLE {dataset}.bars (symbol STRING, volume INT64)")
    rows = pyarrow.table({"symbol": ["TCS", "INFY"] * 5000, "volume": list(range(10_000))})
    assert bq.append(f"{dataset}.bars", rows) == 10_000
    assert bq.query(f"SELECT SUM(volume) s FROM {dataset}.bars").scalar() == sum(range(10_000))
    with pytest.raises(InputError, match="more fields"):
        bq.append(f"{dataset}.bars", rows.append_column("more", rows.column("volume")))
    with pytest.raises(CloudNotFound):
        bq.append(f"{dataset}.none", rows)

"""Loads that make their table, or change it: by files that say what they hold, by a schema, by what is found out."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import fastavro
import pyarrow
import pytest
from google.api_core import exceptions
from google.cloud import bigquery
from pyarrow import orc, parquet

AT = datetime(2026, 1, 31, 9, 15, tzinfo=UTC)
COLUMNS: dict[str, tuple[pyarrow.DataType, Any, str]] = {
    "symbol": (pyarrow.string(), "INFY", "STRING"),
    "lots": (pyarrow.int32(), 3, "INTEGER"),
    "price": (pyarrow.float64(), 1.5, "FLOAT"),
    "amount": (pyarrow.decimal128(12, 2), Decimal("10.50"), "NUMERIC"),
    "open": (pyarrow.bool_(), True, "BOOLEAN"),
    "day": (pyarrow.date32(), date(2026, 1, 31), "DATE"),
    "at": (pyarrow.timestamp("us", "UTC"), AT, "TIMESTAMP"),
    "local": (pyarrow.timestamp("us"), AT.replace(tzinfo=None), "DATETIME"),
    "raw": (pyarrow.binary(), b"\x00\xff", "BYTES"),
    "fills": (pyarrow.list_(pyarrow.int64()), [1, 2], "INTEGER"),
    "leg": (pyarrow.struct([("strike", pyarrow.int64())]), {"strike": 24000}, "RECORD"),
}


LEG = {"type": "record", "name": "leg", "fields": [{"name": "n", "type": "long"}]}


def arrow(*columns: str) -> pyarrow.Table:
    return pyarrow.table({name: pyarrow.array([COLUMNS[name][1]], COLUMNS[name][0]) for name in columns or COLUMNS})


def written(write: Callable[..., Any], table: pyarrow.Table) -> bytes:
    file = io.BytesIO()
    write(table, file)
    return file.getvalue()


def avro(fields: list[tuple[str, Any]], *records: dict[str, Any]) -> bytes:
    file, named = io.BytesIO(), [{"name": name, "type": kind} for name, kind in fields]
    fastavro.writer(file, {"type": "record", "name": "row", "fields": named}, records)
    return file.getvalue()


def load(client: bigquery.Client, table: str, data: bytes, kind: str, **settings: Any) -> bigquery.LoadJob:
    config = bigquery.LoadJobConfig(source_format=kind, **settings)
    return client.load_table_from_file(io.BytesIO(data), table, job_config=config).result()


def shape(client: bigquery.Client, table: str) -> list[tuple[str, str, str]]:
    return [(field.name, field.field_type, field.mode) for field in client.get_table(table).schema]


def rows(client: bigquery.Client, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in client.list_rows(table)]


@pytest.fixture
def name(scratch: str) -> str:
    return f"{scratch}.t_{os.urandom(4).hex()}"


@pytest.mark.parametrize("kind", ["PARQUET", "ORC"])
def test_a_table_is_made_as_the_file_has_it(client: bigquery.Client, name: str, kind: str) -> None:
    # ORC has no time of day without a zone that pyarrow would write.
    columns = [column for column in COLUMNS if kind == "PARQUET" or column != "local"]
    data = written(parquet.write_table if kind == "PARQUET" else orc.write_table, arrow(*columns))
    assert load(client, name, data, kind).output_rows == 1
    expected = [(each, COLUMNS[each][2], "REPEATED" if each == "fills" else "NULLABLE") for each in columns]
    assert shape(client, name) == expected
    assert rows(client, name) == [{each: COLUMNS[each][1] for each in columns}]


def test_what_avro_calls_its_types_is_minded_when_asked(client: bigquery.Client, scratch: str) -> None:
    fields: list[tuple[str, Any]] = [
        ("symbol", "string"),
        ("side", {"type": "enum", "name": "side", "symbols": ["BUY", "SELL"]}),
        ("lots", ["null", "int"]),
        ("tags", {"type": "map", "values": "string"}),
        (
            "legs",
            {"type": "array", "items": {"type": "record", "name": "leg", "fields": [{"name": "n", "type": "long"}]}},
        ),
        ("at", {"type": "long", "logicalType": "timestamp-micros"}),
        ("day", {"type": "int", "logicalType": "date"}),
        ("opens", {"type": "long", "logicalType": "time-micros"}),
        ("amount", ["null", {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}]),
    ]
    record = {
        "symbol": "INFY",
        "side": "BUY",
        "lots": None,
        "tags": {"desk": "a"},
        "legs": [{"n": 1}, {"n": 2}],
        "at": AT,
        "day": AT.date(),
        "opens": time(9, 15),
        "amount": Decimal("10.50"),
    }
    data = avro(fields, record)
    load(client, f"{scratch}.plain", data, "AVRO")
    load(client, f"{scratch}.logical", data, "AVRO", use_avro_logical_types=True)
    assert shape(client, f"{scratch}.logical") == [
        ("symbol", "STRING", "REQUIRED"),
        ("side", "STRING", "REQUIRED"),
        ("lots", "INTEGER", "NULLABLE"),
        ("tags", "RECORD", "REPEATED"),
        ("legs", "RECORD", "REPEATED"),
        ("at", "TIMESTAMP", "REQUIRED"),
        ("day", "DATE", "REQUIRED"),
        ("opens", "TIME", "REQUIRED"),
        ("amount", "NUMERIC", "NULLABLE"),
    ]
    assert rows(client, f"{scratch}.logical") == [{**record, "tags": [{"key": "desk", "value": "a"}]}]
    assert [kind for _, kind, _ in shape(client, f"{scratch}.plain")][-4:] == ["INTEGER", "INTEGER", "INTEGER", "BYTES"]
    found = rows(client, f"{scratch}.plain")[0]
    assert (found["at"], found["day"], found["amount"]) == (int(AT.timestamp() * 1e6), 20484, b"\x04\x1a")
    # Into a table that stands, values become what its columns are.
    load(client, f"{scratch}.logical", data, "AVRO")
    assert [row["at"] for row in rows(client, f"{scratch}.logical")] == [AT, AT]


def test_a_table_is_made_with_its_layout(client: bigquery.Client, name: str) -> None:
    settings: dict[str, Any] = {
        "time_partitioning": bigquery.TimePartitioning(field="day"),
        "clustering_fields": ["symbol"],
        "destination_table_description": "as loaded",
    }
    load(client, name, written(parquet.write_table, arrow()), "PARQUET", **settings)
    made = client.get_table(name)
    assert (made.time_partitioning.field, made.clustering_fields) == ("day", ["symbol"])
    assert made.description == "as loaded"
    assert client.list_partitions(name) == ["20260131"]


@pytest.mark.parametrize("kind", ["CSV", "NEWLINE_DELIMITED_JSON"])
def test_texts_need_a_schema(client: bigquery.Client, name: str, kind: str) -> None:
    with pytest.raises(exceptions.BadRequest, match="No schema specified on job or table"):
        load(client, name, b'{"a": 1}\n', kind)
    with pytest.raises(exceptions.NotFound, match=r"Not found: Table .*\.t_"):
        load(client, name, b"1\n", "CSV", create_disposition="CREATE_NEVER")
    with pytest.raises(exceptions.NotFound, match="Not found: Dataset"):
        load(client, f"{client.project}.nowhere.t", b"1\n", "CSV", autodetect=True)


def test_new_columns_come_only_when_they_may(client: bigquery.Client, name: str) -> None:
    load(client, name, written(parquet.write_table, arrow("symbol")), "PARQUET")
    wider = written(parquet.write_table, arrow("symbol", "lots"))
    with pytest.raises(exceptions.BadRequest, match=r"Cannot add fields \(field: lots\)"):
        load(client, name, wider, "PARQUET")
    assert [field for field, _, _ in shape(client, name)] == ["symbol"]
    load(client, name, wider, "PARQUET", schema_update_options=["ALLOW_FIELD_ADDITION"])
    assert [row["lots"] for row in rows(client, name)] == [None, 3]
    load(client, name, written(parquet.write_table, arrow("lots")), "PARQUET")  # what it lacks is NULL
    assert client.get_table(name).num_rows == 3
    # What replaces all rows replaces the columns, too.
    load(client, name, written(parquet.write_table, arrow("day")), "PARQUET", write_disposition="WRITE_TRUNCATE")
    assert (shape(client, name), rows(client, name)) == ([("day", "DATE", "NULLABLE")], [{"day": date(2026, 1, 31)}])


def test_numbers_that_the_engine_would_round_are_refused(client: bigquery.Client, name: str) -> None:
    wide = pyarrow.table({"ratio": pyarrow.array([Decimal("1.12345678901")], pyarrow.decimal128(30, 11))})
    with pytest.raises(exceptions.BadRequest, match=r"columns of BIGNUMERIC \(ratio\)"):
        load(client, name, written(parquet.write_table, wide), "PARQUET")


def test_a_file_of_another_format_is_refused_by_its_name(client: bigquery.Client, name: str) -> None:
    for kind in ("PARQUET", "AVRO", "ORC"):
        with pytest.raises(exceptions.BadRequest, match="Error while reading data, error message: ") as refused:
            load(client, name, b"no such thing", kind)
        assert "/loads/" not in str(refused.value) and "/uploads/" not in str(refused.value)
    with pytest.raises(exceptions.NotFound):
        client.get_table(name)


def test_a_dataset_that_sql_makes_is_where_its_job_runs_and_as_it_says(client: bigquery.Client) -> None:
    name = f"made_{os.urandom(4).hex()}"
    made = f"CREATE SCHEMA {name}"
    client.query(f"{made}_a; {made}_b OPTIONS (description = 'files'); SELECT 1", location="europe-west3").result()
    client.query(f"{made}_c OPTIONS (location = 'eu', labels = [('desk', 'equity')])", location="EU").result()
    client.query(f"{made}_d OPTIONS (default_table_expiration_days = 2)", location="us").result()
    found = {each: client.get_dataset(f"{name}_{each}") for each in "abcd"}
    assert [found[each].location for each in "abcd"] == ["europe-west3", "europe-west3", "EU", "US"]
    assert (found["b"].description, found["c"].labels) == ("files", {"desk": "equity"})
    assert found["d"].default_table_expiration_ms == 2 * 86_400_000
    # What is made there is found there by the next job.
    client.query(f"CREATE TABLE {name}_a.t (n INT64)", location="europe-west3").result()
    for dataset in found.values():
        client.delete_dataset(dataset, delete_contents=True)

"""Tables whose rows are files in Cloud Storage, through google-cloud-bigquery."""

from __future__ import annotations

import io
import os
from typing import Any

import pyarrow
import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery, storage
from pyarrow import parquet

from tests.integration.sandbox_process import Sandbox


@pytest.fixture(scope="module")
def bucket(sandbox: Sandbox, client: bigquery.Client) -> Any:
    options = {"api_endpoint": sandbox.url}
    cloud = storage.Client(client.project, AnonymousCredentials(), client_options=options)  # type: ignore[no-untyped-call]
    return cloud.create_bucket(f"external-{os.urandom(4).hex()}")


@pytest.fixture
def folder(bucket: Any) -> str:
    return f"{os.urandom(4).hex()}"


@pytest.fixture
def name(scratch: str) -> str:
    return f"{scratch}.files_{os.urandom(4).hex()}"


def put(bucket: Any, name: str, **columns: list[Any]) -> None:
    file = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), file)
    bucket.blob(name).upload_from_string(file.getvalue())


def external(kind: str, uri: str, **settings: Any) -> bigquery.ExternalConfig:
    config = bigquery.ExternalConfig(kind)
    config.source_uris = [uri]
    for field, value in settings.items():
        setattr(config, field, value)
    return config


def make(client: bigquery.Client, name: str, config: bigquery.ExternalConfig, *fields: Any) -> bigquery.Table:
    table = bigquery.Table(name, schema=[bigquery.SchemaField(*field) for field in fields] or None)
    table.external_data_configuration = config
    return client.create_table(table)


def asked(client: bigquery.Client, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in client.query(query).result(timeout=30)]


def test_rows_are_those_of_the_files_at_the_time(client: bigquery.Client, bucket: Any, folder: str, name: str) -> None:
    put(bucket, f"{folder}/1.parquet", symbol=["INFY"], lots=[3])
    made = make(client, name, external("PARQUET", f"gs://{bucket.name}/{folder}/*.parquet"))
    assert made.table_type == "EXTERNAL"
    assert [(field.name, field.field_type) for field in made.schema] == [("symbol", "STRING"), ("lots", "INTEGER")]
    total = f"SELECT count(*), sum(lots) FROM `{name}`"  # noqa: S608
    assert asked(client, total) == [(1, 3)]
    put(bucket, f"{folder}/2.parquet", symbol=["TCS"], lots=[4])
    assert asked(client, total) == [(2, 7)]
    bucket.blob(f"{folder}/1.parquet").delete()
    assert asked(client, total) == [(1, 4)]
    # A view reads it as it is then, too.
    view = bigquery.Table(f"{name}_view")
    view.view_query = f"SELECT symbol FROM `{name}`"  # noqa: S608
    client.create_table(view)
    put(bucket, f"{folder}/3.parquet", symbol=["SBIN"], lots=[5])
    assert sorted(asked(client, f"SELECT * FROM `{name}_view`")) == [("SBIN",), ("TCS",)]  # noqa: S608
    # And a job that writes a table.
    config = bigquery.QueryJobConfig(destination=f"{name}_copy")
    client.query(f"SELECT * FROM `{name}` WHERE lots > 4", job_config=config).result()  # noqa: S608
    assert [tuple(row.values()) for row in client.list_rows(f"{name}_copy")] == [("SBIN", 5)]


def test_it_is_a_table_of_its_own_kind(client: bigquery.Client, bucket: Any, folder: str, name: str) -> None:
    bucket.blob(f"{folder}/a.csv").upload_from_string("symbol|lots\nINFY|3\nTCS|x\n")
    config = external("CSV", f"gs://{bucket.name}/{folder}/a.csv", max_bad_records=1)
    config.options.field_delimiter, config.options.skip_leading_rows = "|", 1
    made = make(client, name, config, ("symbol", "STRING"), ("lots", "INTEGER"))
    assert asked(client, f"SELECT * FROM `{name}`") == [("INFY", 3)]  # noqa: S608
    listed = [(each.table_id, each.table_type) for each in client.list_tables(made.dataset_id)]
    assert listed.count((made.table_id, "EXTERNAL")) == 1
    assert not [each.dataset_id for each in client.list_datasets() if each.dataset_id.startswith("_")]
    with pytest.raises(exceptions.BadRequest, match="Cannot list a table of type EXTERNAL"):
        list(client.list_rows(name, selected_fields=made.schema))
    with pytest.raises(exceptions.GoogleAPICallError):
        asked(client, f"INSERT INTO `{name}` VALUES ('SBIN', 1)")  # noqa: S608
    # Another layout of the same files is another reading.
    made.schema = [bigquery.SchemaField("symbol", "STRING"), bigquery.SchemaField("lots", "STRING")]
    client.update_table(made, ["schema"])
    assert asked(client, f"SELECT lots FROM `{name}`") == [("3",), ("x",)]  # noqa: S608
    client.delete_table(name)
    with pytest.raises(exceptions.NotFound):
        asked(client, f"SELECT * FROM `{name}`")  # noqa: S608


def test_paths_are_columns(client: bigquery.Client, bucket: Any, folder: str, name: str) -> None:
    for day, lots in (("2026-01-30", 1), ("2026-01-31", 2)):
        bucket.blob(f"{folder}/day={day}/0.json").upload_from_string(f'{{"lots": {lots}}}\n')
    layout = bigquery.HivePartitioningOptions()
    layout.mode, layout.source_uri_prefix = "AUTO", f"gs://{bucket.name}/{folder}/"
    uri = f"gs://{bucket.name}/{folder}/*"
    made = make(client, name, external("NEWLINE_DELIMITED_JSON", uri, hive_partitioning=layout), ("lots", "INTEGER"))
    assert [(field.name, field.field_type) for field in made.schema] == [("lots", "INTEGER"), ("day", "DATE")]
    assert asked(client, f"SELECT lots FROM `{name}` WHERE day = '2026-01-31'") == [(2,)]  # noqa: S608


def test_a_query_brings_tables_of_its_own(client: bigquery.Client, bucket: Any, folder: str) -> None:
    put(bucket, f"{folder}/1.parquet", lots=[1, 2])
    config = bigquery.QueryJobConfig()
    config.table_definitions = {"ticks": external("PARQUET", f"gs://{bucket.name}/{folder}/*")}
    found = client.query("SELECT sum(lots) AS total FROM ticks", job_config=config).result()
    assert [row.total for row in found] == [3]
    with pytest.raises(exceptions.NotFound):
        asked(client, "SELECT * FROM _temporary.ticks")


def test_statements_make_and_drop_one(client: bigquery.Client, bucket: Any, folder: str, name: str) -> None:
    bucket.blob(f"{folder}/day=2026-01-31/a.csv").upload_from_string("symbol,lots\nINFY,3\n")
    options = f"format = 'CSV', uris = ['gs://{bucket.name}/{folder}/*'], skip_leading_rows = 1"
    client.query(
        f"CREATE EXTERNAL TABLE `{name}` (symbol STRING, lots INT64) WITH PARTITION COLUMNS (day DATE) "
        f"OPTIONS ({options}, hive_partition_uri_prefix = 'gs://{bucket.name}/{folder}')"
    ).result()
    made = client.get_table(name)
    assert (made.table_type, [field.name for field in made.schema]) == ("EXTERNAL", ["symbol", "lots", "day"])
    assert asked(client, f"SELECT symbol, lots, CAST(day AS STRING) FROM `{name}`") == [("INFY", 3, "2026-01-31")]  # noqa: S608
    with pytest.raises(exceptions.Conflict):
        client.query(f"CREATE EXTERNAL TABLE `{name}` (symbol STRING) OPTIONS ({options})").result()
    client.query(f"CREATE OR REPLACE EXTERNAL TABLE `{name}` (symbol STRING, lots INT64) OPTIONS ({options})").result()
    assert asked(client, f"SELECT * FROM `{name}`") == [("INFY", 3)]  # noqa: S608
    for _ in range(2):
        client.query(f"DROP EXTERNAL TABLE IF EXISTS `{name}`").result()
    with pytest.raises(exceptions.NotFound):
        client.get_table(name)
    client.query(f"LOAD DATA INTO `{name}_loaded` FROM FILES ({options})").result()
    assert client.get_table(f"{name}_loaded").num_rows == 1
    # One that only has the words in a text is none of them.
    client.query(f"CREATE TABLE `{name}_words` AS SELECT 'LOAD DATA' AS words").result()
    assert asked(client, f"SELECT words FROM `{name}_words`") == [("LOAD DATA",)]  # noqa: S608


def test_what_cannot_be_read_is_told(client: bigquery.Client, bucket: Any, folder: str, name: str) -> None:
    with pytest.raises(exceptions.NotFound, match="Not found: URI"):
        make(client, name, external("PARQUET", f"gs://{bucket.name}/{folder}/*.parquet"))
    with pytest.raises(exceptions.NotFound):
        client.get_table(name)
    bucket.blob(f"{folder}/a.csv").upload_from_string("one\n")
    make(client, name, external("CSV", f"gs://{bucket.name}/{folder}/a.csv"), ("lots", "INTEGER"))
    with pytest.raises(exceptions.BadRequest, match=r"Error while reading table: .*Could not parse 'one' as INTEGER"):
        asked(client, f"SELECT * FROM `{name}`")  # noqa: S608
    sheet = external("GOOGLE_SHEETS", "https://docs.google.com/spreadsheets/d/1")
    make(client, f"{name}_sheet", sheet, ("lots", "INTEGER"))
    with pytest.raises(exceptions.MethodNotImplemented, match="GOOGLE_SHEETS"):
        client.query_and_wait(f"SELECT * FROM `{name}_sheet`", retry=None, job_retry=None)  # type: ignore[arg-type]  # noqa: S608

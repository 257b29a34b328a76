"""Loads and extracts through google-cloud-bigquery, unchanged: files of the client and of buckets."""

from __future__ import annotations

import gzip
import io
import json
import os
from datetime import date
from typing import Any

import pandas
import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery, storage

from tests.integration.sandbox_process import Sandbox

FIELDS = [
    bigquery.SchemaField("a", "STRING"),
    bigquery.SchemaField("b", "INTEGER"),
    bigquery.SchemaField("c", "BOOLEAN"),
]


@pytest.fixture
def table(client: bigquery.Client, scratch: str) -> str:
    return str(client.create_table(bigquery.Table(f"{scratch}.t_{os.urandom(4).hex()}", schema=FIELDS)))


@pytest.fixture(scope="module")
def bucket(sandbox: Sandbox, client: bigquery.Client) -> Any:
    options = {"api_endpoint": sandbox.url}
    cloud = storage.Client(client.project, AnonymousCredentials(), client_options=options)  # type: ignore[no-untyped-call]
    return cloud.create_bucket(f"files-{os.urandom(4).hex()}")


def load(client: bigquery.Client, table: str, data: bytes, **settings: Any) -> int:
    config = bigquery.LoadJobConfig(**{"source_format": "CSV", **settings})
    job = client.load_table_from_file(io.BytesIO(data), table, job_config=config)
    return int(job.result().output_rows)


def rows(client: bigquery.Client, table: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row.values()) for row in client.list_rows(table)), key=repr)


@pytest.mark.parametrize(
    ("data", "settings", "loaded"),
    [
        (b"x,1,true\ny,2,no\n", {}, [("x", 1, True), ("y", 2, False)]),
        (b"a,b,c\nx,1,true\n", {"skip_leading_rows": 1}, [("x", 1, True)]),
        (b"x|1|t\n", {"field_delimiter": "|"}, [("x", 1, True)]),
        (b"x\t1\tt\n", {"field_delimiter": "tab"}, [("x", 1, True)]),
        (b'"x, ""y""",1,\n,,\n"",,\n', {}, [("", None, None), ('x, "y"', 1, None), (None, None, None)]),
        (b"'x,y',1,\n", {"quote_character": "'"}, [("x,y", 1, None)]),
        (b"-,-,-\n", {"null_marker": "-"}, [(None, None, None)]),
        (b"x\n", {"allow_jagged_rows": True}, [("x", None, None)]),
        (b"x,1,t,more\n", {"ignore_unknown_values": True}, [("x", 1, True)]),
        (b"x,one,t\ny,2,t\nz\n", {"max_bad_records": 2}, [("y", 2, True)]),
        ("é,1,t\n".encode("latin-1"), {"encoding": "ISO-8859-1"}, [("é", 1, True)]),
        (gzip.compress(b"x,1,t\n", mtime=0), {}, None),
        (b'{"a": "x", "z": 1}\n{"b": 2}\n', {"source_format": "NEWLINE_DELIMITED_JSON"}, "No such field: z"),
        (
            b'{"a": "x", "z": 1}\n{"b": 2}\n',
            {"source_format": "NEWLINE_DELIMITED_JSON", "ignore_unknown_values": True},
            [("x", None, None), (None, 2, None)],
        ),
        (b"x,one,t\n", {}, "Could not parse 'one' as INTEGER for field b \\(position 1\\)"),
        (b"x,one,t\ny,two,t\n", {"max_bad_records": 1}, "2 bad records, 1 allowed"),
        (b"x,1,maybe\n", {}, "Could not parse 'maybe' as BOOLEAN"),
        (b"x,1\n", {}, "Expected Number of Columns: 3 Found: 2"),
    ],
)
def test_a_file_is_loaded_by_its_settings(
    client: bigquery.Client, table: str, data: bytes, settings: dict[str, Any], loaded: Any
) -> None:
    if isinstance(loaded, list):
        assert load(client, table, data, **settings) == len(loaded)
        assert rows(client, table) == sorted(loaded, key=repr)
        return
    with pytest.raises(exceptions.BadRequest, match=loaded or "Error while reading data") as refused:
        load(client, table, data, **settings)
    assert "file:///" not in str(refused.value)
    assert rows(client, table) == []


def test_a_load_that_fails_leaves_the_table_as_it_was(client: bigquery.Client, table: str, scratch: str) -> None:
    load(client, table, b"x,1,t\n")
    with pytest.raises(exceptions.BadRequest):
        load(client, table, b"y,2,t\nz,three,t\n", write_disposition="WRITE_TRUNCATE")
    assert rows(client, table) == [("x", 1, True)]
    assert load(client, table, b"y,2,t\n", write_disposition="WRITE_TRUNCATE") == 1
    assert load(client, table, b"z,3,t\n") == 1  # of this load, not of the table
    assert rows(client, table) == [("y", 2, True), ("z", 3, True)]
    with pytest.raises(exceptions.BadRequest):
        load(client, f"{scratch}.none", b"x\n", schema=[bigquery.SchemaField("a", "INTEGER")])
    assert "none" not in [each.table_id for each in client.list_tables(scratch)]


@pytest.mark.filterwarnings("ignore:.*pandas:Warning")
def test_columns_are_detected_and_frames_go_by_their_names(client: bigquery.Client, table: str, scratch: str) -> None:
    load(client, f"{scratch}.headed", b"symbol,price\nINFY,1.5\n", autodetect=True)
    load(client, f"{scratch}.headless", b"INFY,7\nTCS,8\n", autodetect=True)
    assert [field.name for field in client.get_table(f"{scratch}.headed").schema] == ["symbol", "price"]
    assert [field.name for field in client.get_table(f"{scratch}.headless").schema] == [
        "string_field_0",
        "int64_field_1",
    ]
    assert rows(client, f"{scratch}.headless") == [("INFY", 7), ("TCS", 8)]
    client.load_table_from_dataframe(pandas.DataFrame({"b": [1], "a": ["x"]}), table).result()
    assert rows(client, table) == [("x", 1, None)]


def test_a_time_with_a_zone_is_detected_as_a_timestamp(client: bigquery.Client, scratch: str) -> None:
    nested = {"b": [{"t": "2026-01-01T00:00:00Z"}]}
    row = {"at": "2026-01-01T09:15:00+05:30", "local": "2026-01-01T09:15:00", "a": nested}
    lines = [row, {**row, "at": None, "a": {"b": []}}]
    data = "\n".join(map(json.dumps, lines)).encode()
    load(client, f"{scratch}.zoned", data, source_format="NEWLINE_DELIMITED_JSON", autodetect=True)
    load(client, f"{scratch}.zoned_csv", b"at,local\n2026-01-01T09:15:00Z,2026-01-01T09:15:00\n", autodetect=True)
    at, local, record = client.get_table(f"{scratch}.zoned").schema
    inner = record.fields[0].fields[0]
    assert [field.field_type for field in (at, local, inner)] == ["TIMESTAMP", "DATETIME", "TIMESTAMP"]
    assert [field.field_type for field in client.get_table(f"{scratch}.zoned_csv").schema] == ["TIMESTAMP", "DATETIME"]
    first, second = client.list_rows(f"{scratch}.zoned")
    assert (first["at"].isoformat(), first["a"]["b"][0]["t"].isoformat(), second["at"]) == (
        "2026-01-01T03:45:00+00:00",
        "2026-01-01T00:00:00+00:00",
        None,
    )


def test_objects_are_loaded_and_tables_extracted(client: bigquery.Client, table: str, bucket: Any) -> None:
    bucket.blob("day/1.csv").upload_from_string("x,1,t\n")
    bucket.blob("day/2.csv.gz").upload_from_string(gzip.compress(b"y,2,f\n", mtime=0))
    bucket.blob("other.csv").upload_from_string("z,3,f\n")
    config = bigquery.LoadJobConfig(source_format="CSV")
    job = client.load_table_from_uri(f"gs://{bucket.name}/day/*", table, job_config=config)
    assert (job.result().output_rows, job.input_files) == (2, 2)
    assert client.get_job(job.job_id).source_uris == [f"gs://{bucket.name}/day/*"]
    assert rows(client, table) == [("x", 1, True), ("y", 2, False)]
    for uri, status in (("none.csv", 404), ("*/*", 400)):
        with pytest.raises(exceptions.GoogleAPICallError) as refused:
            client.load_table_from_uri(f"gs://{bucket.name}/{uri}", table, job_config=config).result()
        assert refused.value.code == status
    with pytest.raises(exceptions.BadRequest, match="must be a Google Cloud Storage location"):
        client.load_table_from_uri("file:///etc/passwd", table, job_config=config).result()

    settings = bigquery.ExtractJobConfig(print_header=False, field_delimiter="|", compression="GZIP")
    client.extract_table(table, f"gs://{bucket.name}/out/part-*.csv.gz", job_config=settings).result()
    written = gzip.decompress(bucket.blob("out/part-000000000000.csv.gz").download_as_bytes(raw_download=True))
    assert sorted(written.decode().split()) == ["x|1|true", "y|2|false"]
    options = f"uri='gs://{bucket.name}/said/*.csv', format='CSV', overwrite=true"
    client.query(f"EXPORT DATA OPTIONS({options}) AS SELECT TIMESTAMP '2026-01-31 09:15:00' AS at").result()
    assert bucket.blob("said/000000000000.csv").download_as_bytes().startswith(b"at\n2026-01-31 09:15:00")
    with pytest.raises(exceptions.NotFound, match="Not found: Bucket"):
        client.extract_table(table, "gs://no-such-bucket-here/x.csv").result()


def test_a_load_replaces_one_partition(client: bigquery.Client, scratch: str) -> None:
    """As a daily pipeline does that may run twice."""
    name = f"{scratch}.t_{os.urandom(4).hex()}"
    made = bigquery.Table(name, schema=[bigquery.SchemaField("d", "DATE"), bigquery.SchemaField("n", "INTEGER")])
    made.time_partitioning = bigquery.TimePartitioning(field="d")
    client.create_table(made)
    truncate = {"write_disposition": "WRITE_TRUNCATE"}
    assert load(client, f"{name}$20260101", b"2026-01-01,1\n2026-01-01,2\n", **truncate) == 2
    assert load(client, f"{name}$20260102", b"2026-01-02,3\n", **truncate) == 1
    assert load(client, f"{name}$20260101", b"2026-01-01,4\n", **truncate) == 1
    assert [row[1] for row in rows(client, name)] == [4, 3]
    with pytest.raises(exceptions.BadRequest, match="different partitions"):
        load(client, f"{name}$20260101", b"2026-01-01,5\n2026-01-02,6\n", **truncate)
    with pytest.raises(exceptions.BadRequest, match="not empty"):
        load(client, f"{name}$20260102", b"2026-01-02,7\n", write_disposition="WRITE_EMPTY")
    with pytest.raises(exceptions.BadRequest, match="must have 8 digits"):
        load(client, f"{name}$2026", b"2026-01-02,7\n")
    assert [row[1] for row in rows(client, name)] == [4, 3]


def test_a_partition_of_a_table_without_any_is_refused(client: bigquery.Client, table: str) -> None:
    with pytest.raises(exceptions.BadRequest, match="not partitioned"):
        load(client, f"{table}$20260101", b"x,1,true\n")


def test_paths_of_objects_say_columns(client: bigquery.Client, scratch: str, bucket: Any) -> None:
    """As Hive lays files out."""
    for path, line in (("day=2026-01-31/venue=NSE", "INFY,1\n"), ("day=2026-02-01/venue=BSE", "TCS,2\n")):
        bucket.blob(f"ticks/{path}/0.csv").upload_from_string(line)
    layout = bigquery.HivePartitioningOptions()
    layout.mode, layout.source_uri_prefix = "AUTO", f"gs://{bucket.name}/ticks/"
    columns = [bigquery.SchemaField("symbol", "STRING"), bigquery.SchemaField("lots", "INTEGER")]
    config = bigquery.LoadJobConfig(source_format="CSV", schema=columns, hive_partitioning=layout)
    name = f"{scratch}.t_{os.urandom(4).hex()}"
    client.load_table_from_uri(f"gs://{bucket.name}/ticks/*", name, job_config=config).result()
    assert [(field.name, field.field_type) for field in client.get_table(name).schema][2:] == [
        ("day", "DATE"),
        ("venue", "STRING"),
    ]
    assert rows(client, name) == [("INFY", 1, date(2026, 1, 31), "NSE"), ("TCS", 2, date(2026, 2, 1), "BSE")]
    bucket.blob("ticks/venue=NSE/day=2026-01-31/0.csv").upload_from_string("INFY,1\n")
    with pytest.raises(exceptions.BadRequest, match=r"Incompatible partition schemas.*venue=NSE/day=2026-01-31/0\.csv"):
        client.load_table_from_uri(f"gs://{bucket.name}/ticks/*", name, job_config=config).result()

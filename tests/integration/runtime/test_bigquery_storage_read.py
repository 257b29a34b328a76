"""The Storage Read API through Google's own clients."""

# ruff: noqa: S608 - the statements are the tests' own

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pyarrow
import pytest
from google.api_core.exceptions import InvalidArgument, MethodNotImplemented, NotFound, OutOfRange, PermissionDenied
from google.cloud import bigquery
from google.cloud.bigquery_storage_v1 import BigQueryReadClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.runtime.running import call
from tests.integration.runtime.storage_rows import Rows, append, read, rows_of, session_of
from tests.integration.sandbox_process import Sandbox

FIELDS = [
    bigquery.SchemaField("n", "INT64", mode="REQUIRED"),
    bigquery.SchemaField("kind", "STRING"),
    bigquery.SchemaField(
        "book", "RECORD", fields=[bigquery.SchemaField("bid", "FLOAT64"), bigquery.SchemaField("ask", "FLOAT64")]
    ),
]


@pytest.fixture(scope="module")
def reader(sandbox: Sandbox) -> Any:
    """Google's client of the Storage Read API, unchanged."""
    return sandbox.over_grpc(BigQueryReadClient)


@pytest.fixture(scope="module")
def table(client: bigquery.Client, scratch: str) -> str:
    """A thousand rows."""
    name = f"{scratch}.thousand"
    client.create_table(bigquery.Table(name, FIELDS))
    client.query_and_wait(
        f"INSERT INTO `{name}` SELECT n, IF(MOD(n, 2) = 0, 'even', 'odd'), STRUCT(n * 1.0, n + 0.5) "
        "FROM UNNEST(GENERATE_ARRAY(0, 999)) n"
    )
    return name


@pytest.mark.parametrize("form", ["ARROW", "AVRO"])
def test_all_rows_are_read_and_again_from_any_of_them(reader: Any, table: str, form: str) -> None:
    session = session_of(reader, table, form)
    assert (len(session.streams), session.estimated_row_count) == (1, 1000)
    left = session.expire_time - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(hours=5, minutes=59) < left < datetime.timedelta(hours=6, minutes=1)
    found = list(rows_of(reader, session.streams[0].name))
    assert [row["n"] for row in found] == list(range(1000))
    assert found[3] == {"n": 3, "kind": "odd", "book": {"bid": 3.0, "ask": 3.5}}
    assert [row["n"] for row in rows_of(reader, session.streams[0].name, 990)] == list(range(990, 1000))
    answer = next(iter(reader.read_rows(session.streams[0].name, 500)))
    assert (answer.stats.progress.at_response_start, answer.stats.progress.at_response_end) == (0.5, 1.0)
    assert answer.row_count == 500


def test_streams_share_the_rows_and_are_split(reader: Any, table: str) -> None:
    session = session_of(reader, table, streams=3)
    assert len(session.streams) == 3
    each = [[row["n"] for row in rows_of(reader, stream.name)] for stream in session.streams]
    assert sorted(each) == [list(range(333)), list(range(333, 666)), list(range(666, 1000))]
    whole = session.streams[0].name
    halves = reader.split_read_stream(request={"name": whole, "fraction": 0.25})
    parts = [list(rows_of(reader, part.name)) for part in (halves.primary_stream, halves.remainder_stream)]
    assert [len(part) for part in parts] == [83, 250]
    assert [*parts[0], *parts[1]] == list(rows_of(reader, whole))
    one = session_of(reader, table, streams=1, row_restriction="n = 1").streams[0].name
    assert not reader.split_read_stream(request={"name": one, "fraction": 0.5}).primary_stream.name
    with pytest.raises(InvalidArgument, match="fraction"):
        reader.split_read_stream(request={"name": whole, "fraction": 1})


def test_columns_and_rows_are_chosen(client: bigquery.Client, reader: Any, table: str) -> None:
    chosen = read(reader, table, selected_fields=["book.ask", "N"], row_restriction="kind = 'odd' AND n < 4")
    assert chosen == [{"n": 1, "book": {"ask": 1.5}}, {"n": 3, "book": {"ask": 3.5}}]
    schema = pyarrow.ipc.read_schema(
        pyarrow.py_buffer(session_of(reader, table, selected_fields=["kind"]).arrow_schema.serialized_schema)
    )
    assert schema.names == ["kind"]
    assert read(reader, table, sample_percentage=100.0) == read(reader, table)
    with pytest.raises(InvalidArgument, match=r"do not exist in the table schema: none, book\.mid"):
        session_of(reader, table, selected_fields=["none", "book.mid"])
    for wrong in ("n >", "n IN (SELECT 1)", "COUNT(*) > 1", "n = 1; DROP TABLE x", "1 = 1) OR (1 = 1"):
        with pytest.raises(InvalidArgument, match="Row filter for"):
            session_of(reader, table, row_restriction=wrong)
    with pytest.raises(InvalidArgument, match="nothing"):
        session_of(reader, table, row_restriction="nothing = 1")


@pytest.mark.parametrize("compression", ["LZ4_FRAME", "ZSTD"])
def test_batches_of_arrow_are_compressed(reader: Any, table: str, compression: str) -> None:
    options = {"arrow_serialization_options": {"buffer_compression": compression}}
    plain = next(iter(reader.read_rows(session_of(reader, table).streams[0].name)))
    small = next(iter(reader.read_rows(session_of(reader, table, **options).streams[0].name)))
    one, other = (each.arrow_record_batch.serialized_record_batch for each in (plain, small))
    assert len(other) < len(one)
    assert read(reader, table, **options) == read(reader, table)


def test_answers_are_compressed_as_a_whole(reader: Any, table: str) -> None:
    codec = {"response_compression_codec": "RESPONSE_COMPRESSION_CODEC_LZ4"}
    for form in ("ARROW", "AVRO"):
        plain = next(iter(reader.read_rows(session_of(reader, table, form).streams[0].name)))
        small = next(iter(reader.read_rows(session_of(reader, table, form, **codec).streams[0].name)))
        if form == "ARROW":
            wanted, given_ = (each.arrow_record_batch.serialized_record_batch for each in (plain, small))
        else:
            wanted, given_ = (each.avro_rows.serialized_binary_rows for each in (plain, small))
        assert small.uncompressed_byte_size == len(wanted)
        assert pyarrow.decompress(given_, len(wanted), codec="lz4_raw", asbytes=True) == wanted
    both = {**codec, "arrow_serialization_options": {"buffer_compression": "ZSTD"}}
    with pytest.raises(InvalidArgument, match="only one of"):
        session_of(reader, table, **both)


def test_a_session_is_what_the_table_was(client: bigquery.Client, reader: Any, scratch: str) -> None:
    name = f"{scratch}.moving"
    client.query_and_wait(f"CREATE TABLE `{name}` (n INT64)")
    client.query_and_wait(f"INSERT INTO `{name}` VALUES (1)")
    before = datetime.datetime.now(datetime.UTC)
    session = session_of(reader, name)
    client.query_and_wait(f"INSERT INTO `{name}` VALUES (2)")
    assert list(rows_of(reader, session.streams[0].name)) == [{"n": 1}]
    assert read(reader, name) == [{"n": 1}, {"n": 2}]
    project, dataset, table = name.split(".")
    past = {
        "table": f"projects/{project}/datasets/{dataset}/tables/{table}",
        "data_format": "ARROW",
        "table_modifiers": {"snapshot_time": before},
    }
    then = reader.create_read_session(request={"parent": f"projects/{project}", "read_session": past})
    assert list(rows_of(reader, then.streams[0].name)) == [{"n": 1}]


def test_only_tables_are_read(client: bigquery.Client, reader: Any, scratch: str, table: str) -> None:
    client.query_and_wait(f"CREATE VIEW `{scratch}.seen` AS SELECT 1 AS one")
    with pytest.raises(InvalidArgument, match="non-table entities cannot be read with the storage API"):
        session_of(reader, f"{scratch}.seen")
    with pytest.raises(NotFound, match="Not found: Table"):
        session_of(reader, f"{scratch}.none")
    with pytest.raises(InvalidArgument, match="data format must be specified"):
        session_of(reader, table, "DATA_FORMAT_UNSPECIFIED")
    stream = session_of(reader, table).streams[0].name
    with pytest.raises(NotFound, match="read stream not found"):
        list(reader.read_rows(stream + "x"))
    with pytest.raises(OutOfRange, match="outside of the 1000 rows"):
        list(reader.read_rows(stream, 1001))


def test_an_empty_table_has_a_stream_without_rows(client: bigquery.Client, reader: Any, scratch: str) -> None:
    client.create_table(bigquery.Table(f"{scratch}.empty", FIELDS))
    session = session_of(reader, f"{scratch}.empty")
    assert [list(rows_of(reader, stream.name)) for stream in session.streams] == [[]]


def test_results_of_queries_are_read(client: bigquery.Client, reader: Any) -> None:
    job = client.query("SELECT n, [n, n * 2] AS pair FROM UNNEST([1, 2, 3]) n ORDER BY n")
    assert job.to_arrow(bqstorage_client=reader, create_bqstorage_client=False).to_pydict() == {
        "n": [1, 2, 3],
        "pair": [[1, 2], [2, 4], [3, 6]],
    }
    assert client.get_table(job.destination).num_rows == 3
    listed = list(client.list_rows(job.destination, page_size=2))
    assert [row.n for row in listed] == [1, 2, 3]
    place = f"{job.destination.project}.{job.destination.dataset_id}.{job.destination.table_id}"
    assert [row["n"] for row in read(reader, place, "AVRO")] == [1, 2, 3]
    with pytest.raises(MethodNotImplemented, match="row_restriction"):
        session_of(reader, place, row_restriction="n = 1")
    with pytest.raises(NotFound, match="Not found: Table"):
        client.get_table(f"{job.destination.project}.{job.destination.dataset_id}.anonnone")


def test_faults_meet_streams(sandbox: Sandbox, reader: Any, table: str) -> None:
    stream = session_of(reader, table).streams[0].name
    rule = {"service": "bigquerystorage", "path": f"v1/{stream}", "status": 403}
    added = call(sandbox, "POST", "/sandbox/faults", rule)
    with pytest.raises(PermissionDenied):
        list(reader.read_rows(stream))
    sandbox.request("DELETE", f"/sandbox/faults/{added['id']}")
    assert len(list(rows_of(reader, stream))) == 1000


EVERYTHING = [
    bigquery.SchemaField("a_integer", "INT64"),
    bigquery.SchemaField("a_float", "FLOAT64"),
    bigquery.SchemaField("a_numeric", "NUMERIC"),
    bigquery.SchemaField("a_boolean", "BOOL"),
    bigquery.SchemaField("a_string", "STRING"),
    bigquery.SchemaField("some_bytes", "BYTES"),
    bigquery.SchemaField("a_date", "DATE"),
    bigquery.SchemaField("a_time", "TIME"),
    bigquery.SchemaField("a_datetime", "DATETIME"),
    bigquery.SchemaField("a_timestamp", "TIMESTAMP"),
    bigquery.SchemaField("a_place", "GEOGRAPHY"),
    bigquery.SchemaField("a_json", "JSON"),
    bigquery.SchemaField("days", "RANGE", range_element_type="DATE"),
    bigquery.SchemaField("integers", "INT64", mode="REPEATED"),
    bigquery.SchemaField(
        "records",
        "RECORD",
        mode="REPEATED",
        fields=[bigquery.SchemaField("x", "INT64"), bigquery.SchemaField("y", "STRING")],
    ),
]
MESSAGE = Rows(
    a_integer="int64",
    a_float="double",
    a_numeric="string",
    a_boolean="bool",
    a_string="string",
    some_bytes="bytes",
    a_date="string",
    a_time="string",
    a_datetime="string",
    a_timestamp="int64",
    a_place="string",
    a_json="string",
    days={"start": "string", "end": "string"},
    integers="repeated int64",
)
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_INT64 = st.integers(-(2**63), 2**63 - 1)
_NAIVE = st.datetimes(datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31))
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "a_integer": _INT64,
        "a_float": st.floats(allow_nan=False),
        "a_numeric": st.decimals(Decimal(-(10**28)), Decimal(10**28), places=9),
        "a_boolean": st.booleans(),
        "a_string": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        "some_bytes": st.binary(),
        "a_date": st.dates(datetime.date(1, 1, 1)),
        "a_time": st.times(),
        "a_datetime": _NAIVE,
        "a_timestamp": _NAIVE.map(lambda moment: moment.replace(tzinfo=datetime.UTC)),
        "a_place": st.tuples(st.integers(-180, 180), st.integers(-90, 90)).map(lambda p: f"POINT({p[0]} {p[1]})"),
        "a_json": st.sampled_from(['{"a":1}', "[1,null]", '"text"', "12.5"]),
        "days": st.tuples(
            st.none() | st.just(datetime.date(2026, 1, 1)), st.none() | st.just(datetime.date(2027, 1, 1))
        ),
        "integers": st.lists(_INT64, max_size=3),
    },
)


@pytest.fixture(scope="module")
def everything(client: bigquery.Client, scratch: str) -> bigquery.Table:
    return client.create_table(bigquery.Table(f"{scratch}.everything", EVERYTHING))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(VALUES, min_size=1, max_size=8))
def test_what_is_written_is_read_alike_in_each_way(
    values: list[dict[str, Any]], sandbox: Sandbox, client: bigquery.Client, reader: Any, everything: bigquery.Table
) -> None:
    from google.cloud.bigquery_storage_v1 import BigQueryWriteClient

    name = f"{everything.project}.{everything.dataset_id}.{everything.table_id}"
    client.query_and_wait(f"TRUNCATE TABLE `{name}`")
    stream = f"{everything.path.removeprefix('/')}/streams/_default"
    answer = append(sandbox.over_grpc(BigQueryWriteClient), MESSAGE.request(stream, [_sent(row) for row in values]))[0]
    assert not answer.error.code, (answer.error, answer.row_errors)
    wanted = [_whole(row) for row in values]
    assert read(reader, name) == wanted
    assert [_plain(row) for row in read(reader, name, "AVRO")] == wanted
    assert [_listed(dict(row)) for row in client.list_rows(everything)] == wanted


def _sent(row: dict[str, Any]) -> dict[str, Any]:
    """A row as its message has it."""
    sent = dict(row)
    for name in ("a_numeric", "a_date", "a_time", "a_datetime"):
        if name in sent:
            sent[name] = sent[name].isoformat() if hasattr(sent[name], "isoformat") else str(sent[name])
    if "a_timestamp" in sent:
        sent["a_timestamp"] = (sent["a_timestamp"] - _EPOCH) // datetime.timedelta(microseconds=1)
    if "days" in sent:
        bounds = zip(("start", "end"), sent["days"], strict=True)
        sent["days"] = {name: bound.isoformat() for name, bound in bounds if bound is not None}
    return sent


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    """A row as it is read: what wasn't written is null, or empty."""
    found = {field.name: [] if field.mode == "REPEATED" else row.get(field.name) for field in EVERYTHING}
    found["integers"] = row.get("integers", [])
    if "days" in row:
        found["days"] = dict(zip(("start", "end"), row["days"], strict=True))
    return found


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row of Avro, whose DATETIMEs are texts."""
    text = row["a_datetime"]
    return {**row, "a_datetime": None if text is None else datetime.datetime.fromisoformat(text)}


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    """A row of REST, whose client reads JSON."""
    import json

    value = row["a_json"]
    return {**row, "a_json": None if value is None else json.dumps(value, separators=(",", ":"))}

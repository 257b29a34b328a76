"""The Storage Write API through Google's own client."""

# ruff: noqa: S608 - the statement is the test's own

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow
import pytest
from google.api_core.exceptions import GoogleAPICallError, InvalidArgument, NotFound, OutOfRange, PermissionDenied
from google.cloud import bigquery
from google.cloud.bigquery.table import PrimaryKey, TableConstraints
from google.cloud.bigquery_storage_v1 import BigQueryReadClient, BigQueryWriteClient, types, writer

from tests.integration.runtime.running import PROJECT, call, make_client
from tests.integration.runtime.storage_rows import Rows, append, rows_of, session_of
from tests.integration.sandbox_process import Sandbox

TICK = Rows(symbol="string", volume="int64")


@pytest.fixture(scope="module")
def write(sandbox: Sandbox) -> Any:
    """Google's client of the Storage Write API, unchanged."""
    return sandbox.over_grpc(BigQueryWriteClient)


@pytest.fixture
def table(client: bigquery.Client, scratch: str) -> Iterator[bigquery.Table]:
    name = f"{scratch}.t{os.urandom(4).hex()}"
    fields = [bigquery.SchemaField("symbol", "STRING", mode="REQUIRED"), bigquery.SchemaField("volume", "INT64")]
    yield client.create_table(bigquery.Table(name, fields))


def parent(table: bigquery.Table) -> str:
    return f"projects/{table.project}/datasets/{table.dataset_id}/tables/{table.table_id}"


def default(table: bigquery.Table) -> str:
    return f"{parent(table)}/streams/_default"


def made(write: Any, table: bigquery.Table, kind: str) -> Any:
    return write.create_write_stream(parent=parent(table), write_stream=types.WriteStream(type_=kind))


def volumes(client: bigquery.Client, table: bigquery.Table) -> list[int]:
    return [row.volume for row in client.list_rows(table)]


def rows(*numbers: int) -> list[dict[str, Any]]:
    return [{"symbol": "TCS", "volume": number} for number in numbers]


def test_rows_of_the_default_stream_are_there_at_once(
    client: bigquery.Client, table: bigquery.Table, write: Any
) -> None:
    first, second = append(write, TICK.request(default(table), rows(1, 2)), TICK.request("", rows(3)))
    assert (first.append_result.offset, first.write_stream) == (None, default(table))
    assert not second.error.code
    assert volumes(client, table) == [1, 2, 3]
    assert client.get_table(table).num_rows == 3
    stream = write.get_write_stream(request={"name": default(table), "view": "FULL"})
    assert [(f.name, f.type_.name, f.mode.name) for f in stream.table_schema.fields] == [
        ("symbol", "STRING", "REQUIRED"),
        ("volume", "INT64", "NULLABLE"),
    ]
    assert not write.get_write_stream(name=f"{parent(table)}/_default").table_schema.fields, "as Java's writer calls it"


def test_an_offset_is_taken_once(client: bigquery.Client, table: bigquery.Table, write: Any) -> None:
    stream = made(write, table, "COMMITTED")
    answers = append(
        write,
        TICK.request(stream.name, rows(1, 2), 0),
        TICK.request(stream.name, rows(1, 2), 0),
        TICK.request(stream.name, rows(9), 5),
        TICK.request(stream.name, rows(3)),
    )
    assert [answer.error.code for answer in answers] == [0, 6, 11, 0]
    assert answers[1].error.message.startswith("The offset is within stream, expected offset 2, received 0")
    assert answers[2].error.message.startswith("The offset is beyond stream, expected offset 2, received 5")
    assert answers[3].append_result.offset == 2
    detail = types.StorageError.pb()()
    assert answers[1].error.details[0].Unpack(detail)
    assert (types.StorageError.StorageErrorCode(detail.code).name, detail.entity) == (
        "OFFSET_ALREADY_EXISTS",
        stream.name,
    )
    assert volumes(client, table) == [1, 2, 3]
    assert write.finalize_write_stream(name=stream.name).row_count == 3
    refused = append(write, TICK.request(stream.name, rows(4)))[0]
    assert refused.error.code == 3
    assert "finalized" in refused.error.message


def test_pending_streams_are_committed_together_or_not_at_all(
    client: bigquery.Client, table: bigquery.Table, write: Any
) -> None:
    one, other = made(write, table, "PENDING"), made(write, table, "PENDING")
    append(write, TICK.request(one.name, rows(1, 2), 0))
    append(write, TICK.request(other.name, rows(3), 0))
    write.finalize_write_stream(name=one.name)
    both = {"parent": parent(table), "write_streams": [one.name, other.name]}
    refused = write.batch_commit_write_streams(request=both)
    assert [(error.entity, error.code.name) for error in refused.stream_errors] == [
        (other.name, "INVALID_STREAM_STATE")
    ]
    assert not refused.commit_time
    assert volumes(client, table) == []
    write.finalize_write_stream(name=other.name)
    done = write.batch_commit_write_streams(request=both)
    assert done.commit_time
    assert volumes(client, table) == [1, 2, 3]
    again = write.batch_commit_write_streams(request=both)
    assert {error.code.name for error in again.stream_errors} == {"STREAM_ALREADY_COMMITTED"}
    assert write.get_write_stream(name=one.name).commit_time == done.commit_time


def test_rows_of_a_buffered_stream_are_seen_as_far_as_it_is_flushed(
    client: bigquery.Client, table: bigquery.Table, write: Any
) -> None:
    stream = made(write, table, "BUFFERED")
    append(write, TICK.request(stream.name, rows(1, 2, 3), 0))
    assert volumes(client, table) == []
    assert write.flush_rows(request={"write_stream": stream.name, "offset": 1}).offset == 1
    assert volumes(client, table) == [1, 2]
    write.flush_rows(request={"write_stream": stream.name, "offset": 1})
    assert volumes(client, table) == [1, 2]
    write.flush_rows(request={"write_stream": stream.name, "offset": 2})
    assert volumes(client, table) == [1, 2, 3]
    with pytest.raises(OutOfRange, match="beyond the end of the stream"):
        write.flush_rows(request={"write_stream": stream.name, "offset": 3})
    with pytest.raises(InvalidArgument, match="_default"):
        write.flush_rows(request={"write_stream": default(table), "offset": 0})


def test_bad_rows_are_told_apart_and_none_of_their_request_is_taken(
    client: bigquery.Client, scratch: str, write: Any
) -> None:
    fields = [
        bigquery.SchemaField("symbol", "STRING", mode="REQUIRED", max_length=4),
        bigquery.SchemaField("day", "DATE"),
        bigquery.SchemaField("note", "JSON"),
    ]
    table = client.create_table(bigquery.Table(f"{scratch}.bad", fields))
    kind = Rows(symbol="string", day="string", note="string")
    good = {"symbol": "TCS", "day": "2026-11-27", "note": "{}"}
    bad = [{"day": "2026-11-27"}, {**good, "day": "today"}, {**good, "note": "{"}, {**good, "symbol": "RELIANCE"}]
    refused, taken = append(write, kind.request(default(table), [good, *bad]), kind.request(default(table), [good]))
    assert [error.index for error in refused.row_errors] == [1, 2, 3, 4]
    assert {error.code.name for error in refused.row_errors} == {"FIELDS_ERROR"}
    assert "Invalid date: 'today'" in refused.row_errors[1].message
    assert "maximum length 4" in refused.row_errors[3].message
    assert refused.error.code == 3
    assert "Please refer to the row_errors field" in refused.error.message
    assert not taken.error.code
    assert client.get_table(table).num_rows == 1


def test_a_schema_that_does_not_fit_is_refused(table: bigquery.Table, write: Any) -> None:
    extra = append(write, Rows(symbol="string", price="double").request(default(table), []))[0]
    assert "more fields than BigQuery schema, extra fields: 'price'" in extra.error.message
    detail = types.StorageError.pb()()
    assert extra.error.details[0].Unpack(detail)
    assert types.StorageError.StorageErrorCode(detail.code).name == "SCHEMA_MISMATCH_EXTRA_FIELDS"
    other = append(write, Rows(symbol="string", volume="string").request(default(table), []))[0]
    assert (other.error.code, "mismatched with BigQuery field at volume" in other.error.message) == (3, True)
    lacking = append(write, Rows(volume="int64").request(default(table), []))[0]
    assert "required field symbol" in lacking.error.message
    offset = append(write, TICK.request(default(table), [], 0))[0]
    assert (offset.error.code, "_default" in offset.error.message) == (3, True)
    with pytest.raises(NotFound, match="Requested entity was not found"):
        append(write, TICK.request(f"{parent(table)}_none/streams/_default", []))
    with pytest.raises(NotFound, match="Requested entity was not found"):
        append(write, TICK.request(f"{parent(table)}/streams/none", []))
    with pytest.raises(InvalidArgument, match="write_stream"):
        append(write, TICK.request("", []))


def test_missing_values_become_defaults_where_that_is_asked_for(
    client: bigquery.Client, scratch: str, write: Any
) -> None:
    fields = [
        bigquery.SchemaField("symbol", "STRING"),
        bigquery.SchemaField("volume", "INT64", default_value_expression="100"),
        bigquery.SchemaField("id", "STRING", default_value_expression="GENERATE_UUID()"),
    ]
    table = client.create_table(bigquery.Table(f"{scratch}.defaults", fields))
    given = [{"symbol": "A"}, {"symbol": "B", "volume": 5}]
    null, of_one, of_all = append(
        write,
        TICK.request(default(table), given),
        TICK.request(default(table), given, missing_value_interpretations={"volume": "DEFAULT_VALUE"}),
        TICK.request(default(table), given, default_missing_value_interpretation="DEFAULT_VALUE"),
    )
    assert not (null.error.code or of_one.error.code or of_all.error.code)
    found = list(client.list_rows(table))
    assert [row.volume for row in found] == [None, 5, 100, 5, 100, 5]
    ids = [row.id for row in found]
    assert ids[:4] == [None] * 4
    assert len(set(ids[4:])) == 2


def test_a_writer_hears_of_columns_that_are_added(client: bigquery.Client, table: bigquery.Table, write: Any) -> None:
    wider = Rows(symbol="string", volume="int64", price="double")
    first_is_answered = threading.Event()  # gRPC asks for the next request as soon as one is sent

    def requests() -> Iterator[Any]:
        yield TICK.request(default(table), rows(1))
        first_is_answered.wait(60)
        table.schema = [*table.schema, bigquery.SchemaField("price", "FLOAT64")]
        client.update_table(table, ["schema"])
        yield TICK.request(default(table), rows(2))
        yield wider.request(default(table), [{"symbol": "TCS", "volume": 3, "price": 1.5}])

    answers = []
    for answer in write.append_rows(requests()):
        answers.append(answer)
        first_is_answered.set()
    assert [answer.error.code for answer in answers] == [0, 0, 0]
    assert [[field.name for field in answer.updated_schema.fields] for answer in answers] == [
        [],
        ["symbol", "volume", "price"],
        [],
    ]
    assert [row.price for row in client.list_rows(client.get_table(table))] == [None, None, 1.5]


def test_rows_of_arrow_are_taken(client: bigquery.Client, scratch: str, write: Any) -> None:
    fields = [
        bigquery.SchemaField("symbol", "STRING"),
        bigquery.SchemaField("price", "NUMERIC"),
        bigquery.SchemaField("place", "GEOGRAPHY"),
        bigquery.SchemaField("tags", "STRING", mode="REPEATED"),
        bigquery.SchemaField("book", "RECORD", fields=[bigquery.SchemaField("bid", "FLOAT64")]),
    ]
    table = client.create_table(bigquery.Table(f"{scratch}.arrow", fields))
    batch = pyarrow.record_batch(
        {
            "symbol": ["TCS", None],
            "price": pyarrow.array([1, None], pyarrow.decimal128(10, 2)),
            "place": ["POINT(1 2)", '{"type": "Point", "coordinates": [3, 4]}'],
            "tags": [["a", "b"], None],
            "book": [{"bid": 1.5}, None],
        }
    )
    data = types.AppendRowsRequest.ArrowData(
        writer_schema=types.ArrowSchema(serialized_schema=batch.schema.serialize().to_pybytes()),
        rows=types.ArrowRecordBatch(serialized_record_batch=batch.serialize().to_pybytes()),
    )
    assert not append(write, types.AppendRowsRequest(write_stream=default(table), arrow_rows=data))[0].error.code
    one, other = (tuple(row.values()) for row in client.list_rows(table))
    assert one == ("TCS", 1, "POINT(1 2)", ["a", "b"], {"bid": 1.5})
    assert other == (None, None, "POINT(3 4)", [], None)
    data.rows.serialized_record_batch = b"none"
    refused = append(write, types.AppendRowsRequest(write_stream=default(table), arrow_rows=data))[0]
    assert "Invalid Arrow record batch" in refused.error.message


def test_columns_are_named_as_no_field_can_be(client: bigquery.Client, scratch: str, write: Any) -> None:
    table = client.create_table(bigquery.Table(f"{scratch}.named", [bigquery.SchemaField("Stra\xdfe", "STRING")]))
    kind = Rows(col_1="string")
    name = "Stra\xdfe".encode()
    column_name = bytes([0xAA, 0x9B, 0xBC, 0xC7, 0x0D, len(name)]) + name  # the option 454943157 of a field
    kind.descriptor.field[0].options.MergeFromString(column_name)
    assert not append(write, kind.request(default(table), [{"col_1": "x"}]))[0].error.code
    assert [tuple(row.values()) for row in client.list_rows(table)] == [("x",)]


def test_rows_change_others_by_the_primary_key(client: bigquery.Client, scratch: str, write: Any) -> None:
    table = bigquery.Table(
        f"{scratch}.keyed", [bigquery.SchemaField("symbol", "STRING"), bigquery.SchemaField("volume", "INT64")]
    )
    table.table_constraints = TableConstraints(PrimaryKey(["symbol"]), None)
    table = client.create_table(table)
    kind = Rows(symbol="string", volume="int64", _CHANGE_TYPE="string")
    changes = [("A", 1, "UPSERT"), ("B", 2, "UPSERT"), ("A", 3, "UPSERT")]
    first = [dict(zip(("symbol", "volume", "_CHANGE_TYPE"), change, strict=True)) for change in changes]
    answers = append(
        write,
        kind.request(default(table), first),
        kind.request(default(table), [{"symbol": "B", "_CHANGE_TYPE": "DELETE"}]),
        kind.request(default(table), [{"symbol": "A", "_CHANGE_TYPE": "REPLACE"}]),
        Rows(symbol="string", _CHANGE_TYPE="string", _CHANGE_SEQUENCE_NUMBER="string").request(default(table), []),
    )
    assert [answer.error.code for answer in answers] == [0, 0, 3, 12]
    assert "_CHANGE_SEQUENCE_NUMBER" in answers[3].error.message
    assert [tuple(row.values()) for row in client.list_rows(table)] == [("A", 3)]


def test_googles_writer_sends_to_one_stream_and_several_at_a_time(
    client: bigquery.Client, table: bigquery.Table, write: Any
) -> None:
    stream = made(write, table, "COMMITTED")
    sending = writer.AppendRowsStream(write, TICK.request(stream.name, []))
    futures = [sending.send(TICK.request("", rows(n), n)) for n in range(5)]
    assert [future.result(30).append_result.offset for future in futures] == list(range(5))
    sending.close()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: append(write, TICK.request(default(table), rows(n))), range(100, 108)))
    assert volumes(client, table)[:5] == list(range(5))
    assert sorted(volumes(client, table)[5:]) == list(range(100, 108))


def test_faults_meet_streams(sandbox: Sandbox, table: bigquery.Table, write: Any) -> None:
    rule = {"service": "bigquerystorage", "path": f"v1/{default(table)}", "status": 403, "times": 1}
    added = call(sandbox, "POST", "/sandbox/faults", rule)
    with pytest.raises(PermissionDenied):
        append(write, TICK.request(default(table), rows(1)))
    sandbox.request("DELETE", f"/sandbox/faults/{added['id']}")
    assert not append(write, TICK.request(default(table), rows(1)))[0].error.code


def test_what_was_acknowledged_is_there_after_a_kill(own_sandbox: Sandbox) -> None:
    sandbox = own_sandbox.start()
    client = make_client(sandbox)
    dataset = client.create_dataset("lasting")
    place = bigquery.SchemaField("place", "GEOGRAPHY")
    fields = [bigquery.SchemaField("symbol", "STRING"), bigquery.SchemaField("volume", "INT64"), place]
    wanted = bigquery.Table(dataset.table("t"), fields)
    wanted.labels = {"k": "v"}
    table = client.create_table(wanted)
    assert client.insert_rows_json(table, [{"symbol": "A", "volume": 0, "place": "POINT(1 2)"}]) == []
    write, reader = sandbox.over_grpc(BigQueryWriteClient), sandbox.over_grpc(BigQueryReadClient)
    names = {kind: made(write, table, kind).name for kind in ("COMMITTED", "PENDING", "BUFFERED")}
    for count, name in enumerate(names.values(), 1):
        assert not append(write, TICK.request(name, rows(*[count] * count), 0))[0].error.code
    write.flush_rows(request={"write_stream": names["BUFFERED"], "offset": 0})
    session = session_of(reader, f"{PROJECT}.lasting.t")
    under_way = made(write, table, "COMMITTED").name
    acknowledged, several = [], threading.Event()

    def send() -> None:
        requests = (TICK.request(under_way if n == 0 else "", rows(1000 + n), n) for n in range(100_000))
        with contextlib.suppress(GoogleAPICallError):
            for answer in write.append_rows(requests, retry=None):
                acknowledged.append(answer.append_result.offset)
                if len(acknowledged) == 10:
                    several.set()

    sending = threading.Thread(target=send)
    sending.start()
    assert several.wait(60)
    sandbox.kill()
    sending.join(60)
    sandbox.start()
    client = make_client(sandbox)
    write, reader = sandbox.over_grpc(BigQueryWriteClient), sandbox.over_grpc(BigQueryReadClient)
    assert client.get_table(table).labels == {"k": "v"}
    kept = volumes(client, table)
    assert kept[:3] == [0, 1, 3]
    assert kept[3:] == [1000 + n for n in range(len(kept) - 3)], "each once, and in order"
    assert acknowledged == list(range(len(acknowledged)))
    assert len(acknowledged) <= len(kept) - 3, "nothing that was acknowledged is lost"
    missed = [TICK.request(under_way, rows(1000 + n), n) for n in range(len(acknowledged), len(kept) - 2)]
    assert [answer.error.code for answer in append(write, *missed)] == [6] * (len(missed) - 1) + [0]
    client.query_and_wait(f"DELETE FROM `{table}` WHERE volume >= 1000")
    assert [row["volume"] for row in rows_of(reader, session.streams[0].name)] == [0, 1, 3]
    again = [append(write, TICK.request(name, rows(9), 0))[0].error.code for name in names.values()]
    assert again == [6, 6, 6]
    assert write.finalize_write_stream(name=names["PENDING"]).row_count == 2
    write.batch_commit_write_streams(request={"parent": parent(table), "write_streams": [names["PENDING"]]})
    write.flush_rows(request={"write_stream": names["BUFFERED"], "offset": 2})
    assert sorted(volumes(client, table)) == [0, 1, 2, 2, 3, 3, 3]
    assert client.insert_rows_json(table, [{"symbol": "B"}]) == []

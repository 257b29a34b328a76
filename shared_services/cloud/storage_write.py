"""Rows by the Storage Write API: a stream of its own, committed in one step, so that all rows are there or none."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from shared_services.errors import PermanentError

from .clients import quiet_imports
from .errors import translated

if TYPE_CHECKING:
    import pyarrow

EMULATOR = "BIGQUERY_STORAGE_EMULATOR_HOST"
_MOST_BYTES = 9_000_000  # of one request; the API takes 10 MB
_clients: dict[str, Any] = {}
_lock = threading.Lock()


def is_served(environ: Mapping[str, str]) -> bool:
    """Whether there is a Storage Write API: an emulator of BigQuery may have none.

    >>> is_served({"BIGQUERY_EMULATOR_HOST": "http://127.0.0.1:8085"}), is_served({})
    (False, True)
    """
    return bool(environ.get(EMULATOR)) or not environ.get("BIGQUERY_EMULATOR_HOST")


def append(table: str, rows: pyarrow.Table, environ: Mapping[str, str]) -> int:
    """Append an Arrow table to `project.dataset.table`; the number of rows.

    The stream is pending until all batches arrived, each at its offset, and is then committed at once.
    """
    try:
        with quiet_imports():
            from google.cloud.bigquery_storage_v1 import types
    except ImportError:
        raise PermanentError("google-cloud-bigquery-storage is not installed", todo="install the extra arrow") from None
    project, dataset, name = table.split(".")
    parent = f"projects/{project}/datasets/{dataset}/tables/{name}"
    try:
        client = _client(environ)
        wanted = types.WriteStream(type_=types.WriteStream.Type.PENDING)
        stream = client.create_write_stream(parent=parent, write_stream=wanted).name
        for answer in client.append_rows(_requests(types, stream, rows)):
            if answer.error.code:
                raise _refusal(answer)
        client.finalize_write_stream(name=stream)
        done = client.batch_commit_write_streams(request={"parent": parent, "write_streams": [stream]})
        if done.stream_errors:
            raise PermanentError("the rows can't be committed", where=table, why=done.stream_errors[0].error_message)
    except Exception as error:
        raise translated(
            error, "the rows can't be appended", permission="bigquery.tables.updateData", where=table
        ) from error
    return int(rows.num_rows)


def _requests(types: Any, stream: str, rows: pyarrow.Table) -> Iterator[Any]:
    schema = types.ArrowSchema(serialized_schema=rows.schema.serialize().to_pybytes())
    offset = 0
    for batch in _batches(rows):
        data = types.AppendRowsRequest.ArrowData(
            rows=types.ArrowRecordBatch(serialized_record_batch=batch.serialize().to_pybytes())
        )
        if not offset:
            data.writer_schema = schema
        yield types.AppendRowsRequest(write_stream=stream, offset=offset, arrow_rows=data)
        offset += batch.num_rows


def _batches(rows: pyarrow.Table) -> Iterator[Any]:
    """Batches that each fit a request."""
    each = max(1, int(rows.num_rows * _MOST_BYTES / max(rows.nbytes * 1.2, 1)))
    for batch in rows.combine_chunks().to_batches(max_chunksize=each):
        if batch.num_rows:
            yield batch


def _refusal(answer: Any) -> Exception:
    from google.api_core.exceptions import from_grpc_status

    rows = "; ".join(f"row {error.index}: {error.message}" for error in answer.row_errors[:3])
    message = f"{answer.error.message} {rows}".strip()
    refusal: Exception = from_grpc_status(_code(int(answer.error.code)), message)  # type: ignore[no-untyped-call]
    return refusal


def _code(number: int) -> Any:
    from grpc import StatusCode

    return next(code for code in StatusCode if code.value[0] == number)


def _client(environ: Mapping[str, str]) -> Any:
    address = environ.get(EMULATOR, "")
    with _lock:
        if address not in _clients:
            from google.cloud.bigquery_storage_v1 import BigQueryWriteClient

            if address:
                import grpc
                from google.cloud.bigquery_storage_v1.services.big_query_write.transports import (
                    BigQueryWriteGrpcTransport,
                )

                channel = grpc.insecure_channel(address)
                _clients[address] = BigQueryWriteClient(  # type: ignore[no-untyped-call]
                    transport=BigQueryWriteGrpcTransport(channel=channel)
                )
            else:
                _clients[address] = BigQueryWriteClient()  # type: ignore[no-untyped-call]
        return _clients[address]

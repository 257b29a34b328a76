"""`google.cloud.bigquery.storage.v1.BigQueryRead/ReadRows`, the call behind `to_dataframe(bqstorage_client=…)`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from sandbox.apis.bigquerystorage import avro, avro_rows, sessions
from sandbox.control.context import Control
from sandbox.control.errors import ApiError
from sandbox.rpc.methods import IMPORTING

if TYPE_CHECKING:
    import pyarrow as pa

_COMPRESSIONS = {"LZ4_FRAME": "lz4", "ZSTD": "zstd"}


def load() -> tuple[type[Any], type[Any]]:
    """The messages of the call. It imports: call it in a thread."""
    with IMPORTING:
        from google.cloud.bigquery_storage_v1.types import ReadRowsRequest, ReadRowsResponse

    return ReadRowsRequest.pb(), ReadRowsResponse.pb()


async def answers(control: Control, request: Any, response: type[Any]) -> AsyncIterator[Any]:
    """The rows of a stream from the offset that is asked for, batch by batch. Raises ApiError."""
    stream = sessions.find(control, request.read_stream)
    if not 0 <= request.offset <= stream.end - stream.begin:
        message = f"request failed: offset {request.offset} is outside of the {stream.end - stream.begin} rows"
        raise ApiError("OUT_OF_RANGE", f"{message} of {request.read_stream}")
    form = _Form(stream.document)
    batches = stream.batches(request.offset)
    total, first = stream.end - stream.begin, True
    while (found := await asyncio.to_thread(next, batches, None)) is not None:
        batch, at = found
        made = response(row_count=batch.num_rows)
        await asyncio.to_thread(form.write, made, batch, first)
        made.stats.progress.at_response_start = at / total
        made.stats.progress.at_response_end = (at + batch.num_rows) / total
        made.throttle_state.throttle_percent = 0
        yield made
        first = False


class _Form:
    """How rows are written: what their session asked for."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._arrow = document["format"] == "ARROW"
        self._compression = _COMPRESSIONS.get(document["compression"])
        self._raw = document["codec"] == "RESPONSE_COMPRESSION_CODEC_LZ4"
        self._fields, self._display = document["fields"], document["display"]

    def write(self, made: Any, batch: pa.RecordBatch, first: bool) -> None:
        """Put a batch into an answer; the first has the schema too."""
        if self._arrow:
            rows = _message(batch, self._compression)
            made.arrow_record_batch.serialized_record_batch = self._compressed(made, rows)
            made.arrow_record_batch.row_count = batch.num_rows
            if first:
                made.arrow_schema.serialized_schema = batch.schema.serialize().to_pybytes()
            return
        made.avro_rows.serialized_binary_rows = self._compressed(made, avro_rows.rows(self._fields, batch))
        made.avro_rows.row_count = batch.num_rows
        if first:
            made.avro_schema.schema = avro.schema(self._fields, display=self._display)

    def _compressed(self, made: Any, rows: bytes) -> bytes:
        if not self._raw:
            return rows
        import pyarrow as pa

        smaller: bytes = pa.compress(rows, "lz4_raw", asbytes=True)
        worth = len(smaller) < len(rows)
        made.uncompressed_byte_size = len(rows) if worth else -1
        return smaller if worth else rows


def _message(batch: pa.RecordBatch, compression: str | None) -> bytes:
    """A batch as a message of Arrow's format; a compressed one is taken out of a stream, which alone can do that."""
    import pyarrow as pa

    if compression is None:
        return bytes(batch.serialize().to_pybytes())
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_batch(batch)
    messages = pa.ipc.MessageReader.open_stream(sink.getvalue())
    messages.read_next_message()  # the schema
    return bytes(messages.read_next_message().serialize().to_pybytes())

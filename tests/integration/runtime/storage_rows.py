"""Rows in protocol buffers, as Google's stream writers send them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from google.cloud.bigquery_storage_v1 import types
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_TYPES = descriptor_pb2.FieldDescriptorProto.Type


class Rows:
    """A message with fields, each `name: "int64"`, `"repeated string"` or a dict of the fields of a message in it."""

    def __init__(self, **fields: str | dict[str, str]) -> None:
        self.descriptor = _message("Row", fields)
        pool = descriptor_pool.DescriptorPool()
        pool.Add(descriptor_pb2.FileDescriptorProto(name="row.proto", message_type=[self.descriptor]))
        self.kind = message_factory.GetMessageClass(pool.FindMessageTypeByName("Row"))

    def request(self, stream: str, rows: Sequence[dict[str, Any]], offset: int | None = None, **more: Any) -> Any:
        """A request with these rows, and the schema where it names a stream."""
        data = types.AppendRowsRequest.ProtoData(
            rows=types.ProtoRows(serialized_rows=[self.kind(**row).SerializeToString() for row in rows])
        )
        if stream:
            data.writer_schema = types.ProtoSchema(proto_descriptor=self.descriptor)
        if offset is not None:
            more["offset"] = offset
        return types.AppendRowsRequest(write_stream=stream, proto_rows=data, **more)


def append(client: Any, *requests: Any) -> list[Any]:
    """The answers to requests on one connection."""
    return list(client.append_rows(iter(requests)))


def read(client: Any, table: str, form: str = "ARROW", **options: Any) -> list[dict[str, Any]]:
    """All rows of a table, by all streams of a session."""
    session = session_of(client, table, form, **options)
    return [row for stream in session.streams for row in rows_of(client, stream.name)]


def session_of(client: Any, table: str, form: str = "ARROW", *, streams: int = 0, **options: Any) -> Any:
    """A session to read `project.dataset.table`."""
    project, dataset, name = table.split(".")
    wanted = types.ReadSession(
        table=f"projects/{project}/datasets/{dataset}/tables/{name}", data_format=form, read_options=options
    )
    return client.create_read_session(
        request={"parent": f"projects/{project}", "read_session": wanted, "preferred_min_stream_count": streams}
    )


def rows_of(client: Any, stream: str, offset: int = 0) -> Iterator[dict[str, Any]]:
    """The rows of a stream, as Python's values."""
    for row in client.read_rows(stream, offset).rows():
        yield {name: value.as_py() if hasattr(value, "as_py") else value for name, value in row.items()}


def _message(name: str, fields: dict[str, Any]) -> Any:
    made = descriptor_pb2.DescriptorProto(name=name)
    for number, (field, kind) in enumerate(fields.items(), 1):
        proto = made.field.add(name=field, number=number, label="LABEL_OPTIONAL")
        if isinstance(kind, dict):
            inner = _message(f"{field.capitalize()}Message", kind)
            made.nested_type.append(inner)
            proto.type, proto.type_name = _TYPES.Value("TYPE_MESSAGE"), inner.name
            continue
        repeated, _, plain = kind.rpartition(" ")
        if repeated:
            proto.label = descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED
        proto.type = _TYPES.Value(f"TYPE_{plain.upper()}")
    return made

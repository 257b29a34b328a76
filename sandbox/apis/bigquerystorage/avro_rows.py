"""Rows of Arrow as Avro's bytes, whole columns at a time: row by row it takes a hundred times as long as Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.runtime.bigquery.cells import interval
from sandbox.runtime.bigquery.fields import Field, is_repeated, members, single

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Bytes = npt.NDArray[np.uint8]
    Numbers = npt.NDArray[np.int64]

_MOST_DIGITS = 10  # of a long, seven bits each


@dataclass(frozen=True, slots=True)
class Cells:
    """What each row of a column is written as: all bytes one behind the other, and how many are of each row."""

    data: Bytes
    lengths: Numbers


def rows(fields: Sequence[Field], batch: pa.RecordBatch) -> bytes:
    """The rows of a batch, one behind the other.

    >>> import pyarrow as pa
    >>> batch = pa.record_batch({"n": [1, None, -2]})
    >>> rows([{"name": "n", "type": "INTEGER"}], batch).hex(" ")
    '02 02 00 02 03'
    """
    if not batch.num_rows:
        return b""
    columns = [_column(field, column) for field, column in zip(fields, batch.columns, strict=True)]
    return _beside(columns).data.tobytes()


def _column(field: Field, column: pa.Array) -> Cells:
    """A column by its mode: a list, a value that may be none, or one that must be there."""
    import numpy as np

    if is_repeated(field):
        return _lists(field, column)
    if field.get("mode") == "REQUIRED":
        return _values(field, column)
    there = np.asarray(column.is_valid(), dtype=bool)
    marks = Cells(np.where(there, np.uint8(2), np.uint8(0)), np.ones(len(there), dtype=np.int64))
    found = _values(field, column.drop_null())
    lengths = np.zeros(len(there), dtype=np.int64)
    lengths[there] = found.lengths
    return _beside([marks, Cells(found.data, lengths)])


def _lists(field: Field, column: pa.Array) -> Cells:
    """A list is one block: the number of its values, the values, a zero; an empty one is the zero alone."""
    import numpy as np

    counts = np.asarray(column.value_lengths().fill_null(0), dtype=np.int64)
    found = _values(single(field), column.flatten())
    ends = np.concatenate(([0], np.cumsum(found.lengths)))
    upto = np.concatenate(([0], np.cumsum(counts)))
    lengths = ends[upto[1:]] - ends[upto[:-1]]
    heads = _longs(counts)
    return _beside(
        [
            Cells(heads.data[np.repeat(counts > 0, heads.lengths)], np.where(counts > 0, heads.lengths, 0)),
            Cells(found.data, lengths),
            Cells(np.zeros(len(counts), dtype=np.uint8), np.ones(len(counts), dtype=np.int64)),
        ]
    )


def _values(field: Field, column: pa.Array) -> Cells:
    """Values of a type, none of which is missing."""
    import numpy as np
    import pyarrow as pa

    kind = str(field["type"])
    if kind in ("RECORD", "RANGE"):
        inner = members(field)
        return _beside([_column(each, one) for each, one in zip(inner, column.flatten(), strict=True)])
    if kind == "FLOAT":
        return _fixed(_numbers(column, "<f8").view(np.uint8), 8)
    if kind == "BOOLEAN":
        return _fixed(_numbers(column, "u1"), 1)
    if kind in ("NUMERIC", "BIGNUMERIC"):
        return _decimals(column)
    if kind == "DATETIME":
        return _datetimes(column)
    if kind == "INTERVAL":
        return _texts(pa.array([interval(*value) for value in column.to_pylist()], pa.string()))
    if pa.types.is_string(column.type) or pa.types.is_binary(column.type):
        return _texts(column)
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    return _longs(_numbers(column.cast(pa.int64()), "<i8"))


def _numbers(column: pa.Array, kind: str) -> Any:
    import numpy as np

    return np.ascontiguousarray(column.to_numpy(zero_copy_only=False).astype(kind, copy=False))


def _fixed(data: Bytes, size: int) -> Cells:
    import numpy as np

    return Cells(data, np.full(len(data) // size, size, dtype=np.int64))


def _longs(values: Numbers) -> Cells:
    """Whole numbers: seven bits a byte, the least first, the sign in the lowest bit."""
    import numpy as np

    folded = ((values << 1) ^ (values >> 63)).view(np.uint64)
    most = max(1, (int(folded.max()).bit_length() + 6) // 7) if len(folded) else 1
    lengths = np.ones(len(values), dtype=np.int64)
    for digits in range(1, min(most, _MOST_DIGITS)):
        lengths += folded >= np.uint64(1 << (7 * digits))
    if most == 1:
        return Cells(folded.astype(np.uint8), lengths)
    table = np.empty((len(values), most), dtype=np.uint8)
    for digit in range(most):
        table[:, digit] = (folded >> np.uint64(7 * digit)) & np.uint64(0x7F)
        table[:, digit] |= np.where(lengths > digit + 1, np.uint8(0x80), np.uint8(0))
    return _left(table, lengths)


def _left(table: Bytes, lengths: Numbers) -> Cells:
    """The first bytes of each row of a table."""
    import numpy as np

    return Cells(table[np.arange(table.shape[1]) < lengths[:, None]], lengths)


def _texts(column: pa.Array) -> Cells:
    """Texts and bytes: their length, and what they are."""
    import numpy as np

    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, dtype="<i4")[column.offset : column.offset + len(column) + 1].astype(np.int64)
    lengths = np.diff(ends)
    text = np.frombuffer(data, dtype=np.uint8)[ends[0] : ends[-1]] if data is not None else np.empty(0, np.uint8)
    return _beside([_longs(lengths), Cells(text, lengths)])


def _decimals(column: pa.Array) -> Cells:
    """Numbers of fixed scale: the digits as a whole number, the highest byte first, in no more bytes than it needs."""
    import numpy as np

    size = column.type.byte_width
    raw = np.frombuffer(column.buffers()[1], dtype=np.uint8) if len(column) else np.empty(0, np.uint8)
    table = raw[column.offset * size : (column.offset + len(column)) * size].reshape(-1, size)[:, ::-1]
    sign = np.where(table[:, :1] & 0x80, np.uint8(0xFF), np.uint8(0))
    # A byte says nothing where it repeats the sign, as the highest bit of the next one does, and all before it do.
    idle = (table[:, :-1] == sign) & ((table[:, 1:] & 0x80) == (sign & 0x80))
    lengths = size - np.logical_and.accumulate(idle, axis=1).sum(axis=1, dtype=np.int64)
    data = table[np.arange(size) >= (size - lengths)[:, None]]
    return _beside([_longs(lengths), Cells(data, lengths)])


def _datetimes(column: pa.Array) -> Cells:
    """Moments without a zone as texts, with microseconds where there are any."""
    import numpy as np

    moments = column.to_numpy(zero_copy_only=False).astype("datetime64[us]")
    shown = np.datetime_as_string(moments, unit="us").astype("S26")
    lengths = np.where(moments.astype(np.int64) % 1_000_000 == 0, 19, 26)
    found = _left(shown.view(np.uint8).reshape(-1, 26), lengths)
    return _beside([_longs(lengths), found])


def _beside(columns: Sequence[Cells]) -> Cells:
    """Columns as one: of each row what the first says, then what the second says, and so on."""
    import numpy as np

    if len(columns) == 1:
        return columns[0]
    lengths = sum((column.lengths for column in columns[1:]), columns[0].lengths)
    at = np.cumsum(lengths) - lengths
    data = np.empty(int(lengths.sum()), dtype=np.uint8)
    for column in columns:
        if len(column.data) == len(at) and (column.lengths == 1).all():
            data[at] = column.data
        else:
            begins = np.cumsum(column.lengths) - column.lengths
            data[np.repeat(at - begins, column.lengths) + np.arange(len(column.data))] = column.data
        at = at + column.lengths
    return Cells(data, lengths)

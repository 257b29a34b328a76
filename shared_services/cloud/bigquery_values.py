"""Values on their way to BigQuery: as parameters of a query, as JSON, and as the bytes of a load."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from shared_services.errors import InputError


def parameter(name: str, value: Any) -> Any:
    """A query's parameter, an array where the value is a list, tuple or set.

    Raises:
        InputError: BigQuery has no type for the value, or its items are of several types.

    >>> parameter("symbols", ["TCS", "INFY"]).to_api_repr()["parameterType"]["arrayType"]
    {'type': 'STRING'}
    """
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

    if isinstance(value, list | tuple | set | frozenset):
        items = list(value)
        kinds = {type_of(name, item) for item in items}
        if len(kinds) > 1:
            raise InputError(f"the parameter {name} holds values of several types", why=", ".join(sorted(kinds)))
        return ArrayQueryParameter(name, kinds.pop() if kinds else "STRING", items)
    return ScalarQueryParameter(name, type_of(name, value), value)


def type_of(name: str, value: Any) -> str:
    """BigQuery's type of a value.

    Raises:
        InputError: there is none, or the number is not finite.

    >>> type_of("side", 1), type_of("price", Decimal("1.5")), type_of("day", date(2026, 1, 2))
    ('INT64', 'NUMERIC', 'DATE')
    """
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise InputError(f"the parameter {name} is not finite")
        _sign, digits, exponent = value.as_tuple()
        small = int(exponent) >= -9 and len(digits) + int(exponent) <= 29
        return "NUMERIC" if small else "BIGNUMERIC"
    if isinstance(value, datetime):
        return "TIMESTAMP" if value.tzinfo is not None else "DATETIME"
    for kind, type_name in (
        (bool, "BOOL"),
        (int, "INT64"),
        (float, "FLOAT64"),
        (str, "STRING"),
        (bytes, "BYTES"),
        (date, "DATE"),
        (time, "TIME"),
        (type(None), "STRING"),
    ):
        if isinstance(value, kind):
            return type_name
    raise InputError(f"the parameter {name} is a {type(value).__name__}, which BigQuery has no type for")


def source(rows: Any) -> tuple[Any, str]:
    """The bytes of a load, and their format: of a file, an Arrow table, or rows as mappings.

    Raises:
        InputError: the file is of no known format, or can't be read.

    >>> data, format = source([{"symbol": "TCS", "close": Decimal("3500.50")}])
    >>> data.read(), format
    (b'{"symbol":"TCS","close":"3500.50"}\\n', 'NEWLINE_DELIMITED_JSON')
    """
    if isinstance(rows, str | Path):
        formats = {".parquet": "PARQUET", ".avro": "AVRO", ".csv": "CSV"}
        formats |= dict.fromkeys((".json", ".jsonl", ".ndjson"), "NEWLINE_DELIMITED_JSON")
        path = Path(rows)
        if path.suffix not in formats:
            raise InputError(f"{path.name} is of no known format", todo=f"one of {', '.join(sorted(formats))}")
        try:
            return io.BytesIO(path.read_bytes()), formats[path.suffix]
        except OSError as error:
            raise InputError(f"{path} can't be read", why=error.strerror or str(error)) from None
    if hasattr(rows, "schema") and hasattr(rows, "to_batches"):
        import pyarrow.parquet

        data = io.BytesIO()
        pyarrow.parquet.write_table(rows, data)
        data.seek(0)
        return data, "PARQUET"
    import json

    text = "".join(json.dumps(jsonable(row), separators=(",", ":")) + "\n" for row in rows)
    return io.BytesIO(text.encode()), "NEWLINE_DELIMITED_JSON"


def jsonable(value: Any) -> Any:
    """A value as BigQuery's JSON has it.

    >>> jsonable({"price": Decimal("3500.00"), "day": date(2026, 1, 2), "tags": ("a",)})
    {'price': '3500.00', 'day': '2026-01-02', 'tags': ['a']}
    """
    if isinstance(value, Mapping):
        return {str(name): jsonable(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        import base64

        return base64.b64encode(value).decode()
    if isinstance(value, date | time):
        return value.isoformat()
    return value

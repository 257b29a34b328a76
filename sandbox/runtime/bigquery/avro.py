"""Avro files as tables of Arrow, of the types that BigQuery gives their columns.

DuckDB's own reader is an extension that is in no Python package. The types: https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-avro#avro_conversions
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

_PLAIN = {
    "boolean": "bool_",
    "int": "int64",
    "long": "int64",
    "float": "float64",
    "double": "float64",
    "bytes": "binary",
    "fixed": "binary",
    "string": "string",
    "enum": "string",
}
_EPOCH = datetime(1970, 1, 1)


def read(path: str, logical: Callable[[str], bool]) -> Any:
    """The rows of a file. `logical` tells of a column whether its logical type counts, or what that is stored as.

    Raises:
        ValueError: it is no such file, or has a union of several types, which the sandbox has no place for.
    """
    import fastavro
    import pyarrow

    with Path(path).open("rb") as file:
        try:
            reader = fastavro.reader(file)
            records: list[Any] = list(reader)
        except (ValueError, EOFError, KeyError, IndexError, fastavro.schema.SchemaParseException) as error:
            raise ValueError(f"The Apache Avro library failed to parse the header or a block: {error}") from error
    columns = []
    schema: Any = reader.writer_schema
    for field in schema["fields"]:
        column = _Column(field["name"], logical(field["name"]))
        kind, nullable = column.kind(field["type"])
        if kind is None:  # "null" alone has no column
            continue
        convert = column.value(field["type"])
        values = pyarrow.array([convert(record[field["name"]]) for record in records], kind)
        columns.append((pyarrow.field(field["name"], kind, nullable), values))
    return pyarrow.table([values for _, values in columns], pyarrow.schema([field for field, _ in columns]))


class _Column:
    """A column's type in Arrow, and its values as fastavro reads them in that type."""

    def __init__(self, name: str, logical: bool) -> None:
        self.name, self._logical = name, logical

    def kind(self, schema: Any) -> tuple[Any, bool]:
        """Arrow's type, and whether it may be NULL."""
        import pyarrow

        if isinstance(schema, list):
            one = self._one(schema)
            return (None if one is None else self.kind(one)[0]), True
        said: dict[str, Any] = schema if isinstance(schema, dict) else {"type": schema}
        form = said["type"]
        if isinstance(form, (dict, list)):
            return self.kind(form)
        if form == "null":
            return None, True
        if self._logical and (special := self._special(said)) is not None:
            return special, False
        if form == "record":
            return pyarrow.struct([pyarrow.field(f["name"], self.kind(f["type"])[0]) for f in said["fields"]]), False
        if form == "array":
            return pyarrow.list_(self.kind(said["items"])[0]), False
        if form == "map":
            entry = [("key", pyarrow.string()), ("value", self.kind(said["values"])[0])]
            return pyarrow.list_(pyarrow.struct(entry)), False
        if form not in _PLAIN:
            raise ValueError(f"The sandbox does not read the Avro type {form} of {self.name}.")
        return getattr(pyarrow, _PLAIN[form])(), False

    def _one(self, union: list[Any]) -> Any:
        others = [each for each in union if each != "null"]
        if len(others) > 1:
            raise ValueError(f"The sandbox does not read unions of several types, as {self.name} has one.")
        return others[0] if others else None

    def _special(self, schema: dict[str, Any]) -> Any:
        import pyarrow

        match schema.get("logicalType"):
            case "date":
                return pyarrow.date32()
            case "time-millis" | "time-micros":
                return pyarrow.time64("us")
            case "timestamp-millis" | "timestamp-micros":
                return pyarrow.timestamp("us", "UTC")
            case "local-timestamp-millis" | "local-timestamp-micros":
                return pyarrow.timestamp("us")
            case "decimal":
                precision, scale = int(schema["precision"]), int(schema.get("scale", 0))
                return pyarrow.decimal128(precision, scale) if precision <= 38 else pyarrow.decimal256(precision, scale)
        return None

    def value(self, schema: Any) -> Callable[[Any], Any]:
        """What makes of fastavro's values those of Arrow."""
        if isinstance(schema, list):
            inner = self.value(self._one(schema) or "null")
            return lambda value: None if value is None else inner(value)
        said: dict[str, Any] = schema if isinstance(schema, dict) else {"type": schema}
        form = said["type"]
        if isinstance(form, (dict, list)):
            return self.value(form)
        if form == "record":
            fields = {field["name"]: self.value(field["type"]) for field in said["fields"]}
            return lambda value: {name: convert(value[name]) for name, convert in fields.items()}
        if form == "array":
            item = self.value(said["items"])
            return lambda value: [item(each) for each in value]
        if form == "map":
            entry = self.value(said["values"])
            return lambda value: [{"key": key, "value": entry(each)} for key, each in value.items()]
        if said.get("logicalType") and not self._logical:
            return lambda value: _below(value, said)
        return lambda value: value


def _below(value: Any, schema: dict[str, Any]) -> Any:
    r"""A value of a logical type as what it is stored as.

    >>> _below(date(2026, 1, 31), {"type": "int", "logicalType": "date"})
    20484
    >>> _below(Decimal("10.50"), {"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2})
    b'\x04\x1a'
    """
    unit = timedelta(milliseconds=1) if str(schema["logicalType"]).endswith("millis") else timedelta(microseconds=1)
    if isinstance(value, datetime):
        return ((value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value) - _EPOCH) // unit
    if isinstance(value, date):
        return (value - _EPOCH.date()).days
    if isinstance(value, time):
        return (datetime.combine(_EPOCH.date(), value) - _EPOCH) // unit
    if isinstance(value, Decimal):
        number = int(value.scaleb(int(schema.get("scale", 0))))
        if schema["type"] == "fixed":
            return number.to_bytes(int(schema["size"]), "big", signed=True)
        return number.to_bytes((number + (number < 0)).bit_length() // 8 + 1, "big", signed=True)
    return value

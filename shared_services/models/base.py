"""What every model is: checked when made, never changed, and the same thing in JSON, in BigQuery and on Pub/Sub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict

from . import avro, rows
from .errors import UnreadableMessage

Encoding = Literal["JSON", "BINARY"]


@dataclass(frozen=True, slots=True)
class Schema:
    """Where a model is stored and sent.

    A version changes when a reader of the former one could misread what is written; a column more is no new version.
    """

    name: str
    doc: str
    version: int = 1
    table: str | None = None
    """`envs/schemas/<table>.json` is made from the model."""
    record: str | None = None
    """`envs/schemas/<record>.avsc` is made from the model."""
    namespace: str = "trading"
    ordering_key: str = ""
    """The field whose messages stay in order."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to Pub/Sub's `publish`: data, attributes, and the key that keeps messages in order."""

    data: bytes
    attributes: dict[str, str]
    ordering_key: str = ""


class Model(BaseModel):
    """A checked, immutable value with one versioned schema. Raises pydantic's `ValidationError`, a ValueError, when
    made of what it does not allow."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, ser_json_inf_nan="constants")
    SCHEMA: ClassVar[Schema]

    def to_json(self) -> str:
        """As JSON: money as text, times in UTC, and `schema_version`.

        >>> from shared_services.models import Instrument
        >>> tcs = Instrument(symbol="TCS")
        >>> Instrument.from_json(tcs.to_json()) == tcs
        True
        """
        text = self.model_dump_json()
        return f'{{"schema_version":{self.SCHEMA.version},{text[1:]}'

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Reads `to_json`, or any JSON object of the model's fields.

        Raises:
            UnreadableMessage: not a JSON object, or of a newer version than this code knows.
            ValueError: values that the model does not allow.
        """
        return cls.model_validate(cls._known(avro.json_object(text)))

    def to_row(self) -> dict[str, Any]:
        """A row for BigQuery, as `insert_rows_json` and `load_table_from_json` take it.

        Raises:
            Incomplete: the table needs a value that this one lacks.
        """
        return rows.to_row(self)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Reads a row of BigQuery: a client's `Row`, a dict of it, or JSON of one.

        Raises:
            UnreadableMessage: of a newer version than this code knows.
            ValueError: values that the model does not allow.
        """
        return cls.model_validate(rows.from_row(cls, cls._known(dict(row))))

    def to_message(self, encoding: Encoding = "JSON") -> Message:
        """A message for the model's topic, in either of Avro's encodings.

        Raises:
            Incomplete: the record needs a value that this one lacks.
        """
        schema = self.SCHEMA
        data = avro.encode_json(self) if encoding == "JSON" else avro.encode_binary(self)
        key = str(getattr(self, schema.ordering_key)) if schema.ordering_key else ""
        attributes = {"schema": schema.name, "schema_version": str(schema.version), "encoding": encoding}
        return Message(data, attributes, key)

    @classmethod
    def from_message(
        cls, data: bytes, attributes: Mapping[str, str] | None = None, encoding: Encoding | None = None
    ) -> Self:
        """Reads `to_message`, and what Pub/Sub delivers of it. The encoding is the argument's, or else the
        attributes', or else JSON; Pub/Sub's own attribute `googclient_schemaencoding` counts too.

        Raises:
            UnreadableMessage: another model's, of a newer version than this code knows, or not of the schema.
            ValueError: values that the model does not allow.
        """
        given = attributes or {}
        name = given.get("schema", cls.SCHEMA.name)
        if name != cls.SCHEMA.name:
            raise UnreadableMessage(f"a message of {name!r}, not of {cls.SCHEMA.name!r}")
        cls._known({"schema_version": given.get("schema_version")})
        chosen = encoding or given.get("encoding") or given.get("googclient_schemaencoding") or "JSON"
        values = avro.decode_binary(cls, data) if chosen == "BINARY" else avro.decode_json(cls, data)
        return cls.model_validate(values)

    @classmethod
    def _known(cls, values: dict[str, Any]) -> dict[str, Any]:
        version = values.pop("schema_version", None)
        try:
            number = cls.SCHEMA.version if version is None else int(version)
        except (TypeError, ValueError):
            raise UnreadableMessage(f"{cls.SCHEMA.name}: the version is {version!r}") from None
        if not 1 <= number <= cls.SCHEMA.version:
            raise UnreadableMessage(
                f"{cls.SCHEMA.name}: version {number}; this code reads up to {cls.SCHEMA.version}. Update the reader."
            )
        return values

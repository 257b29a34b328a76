"""Rows of one request as the engine takes them, and what is wrong with some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.apis.bigquerystorage.engine import StorageError
from sandbox.control.errors import ApiError
from sandbox.runtime.bigquery.appends import CHANGE
from sandbox.runtime.bigquery.arrow import arrow_schema
from sandbox.runtime.bigquery.fields import Field

if TYPE_CHECKING:
    import pyarrow as pa

SEQUENCE = "_CHANGE_SEQUENCE_NUMBER"
_CHANGES = ("UPSERT", "DELETE")


@dataclass(slots=True)
class Batch:
    """Columns by name, each a list of values or an array of Arrow's; the rows that lack a value of a column; errors by
    row; and, of rows that change others, what each does."""

    fields: list[Field]
    columns: dict[str, Any]
    count: int
    errors: dict[int, str] = field(default_factory=dict)
    changes: list[Any] | None = None

    def finish(self, defaults: set[str]) -> tuple[pa.Table, dict[str, str]]:
        """The rows, with a column more for each of `defaults` that says where its value is missing; the names of these
        columns by those of the defaults, empty for a column that the rows don't have at all."""
        import pyarrow as pa

        arrays, missing, schema = [], {}, arrow_schema(self.fields)
        for each, kind in zip(self.fields, schema, strict=True):
            values = self.columns[each["name"]]
            if not isinstance(values, pa.Array):
                values = pa.array(values, kind.type)
            if each["name"] in defaults:
                missing[each["name"]] = f"{each['name']}.missing"
            elif each.get("mode") == "REQUIRED":
                self._require(each["name"], values)
            arrays.append(values)
        nullable = pa.schema([each.with_nullable(True) for each in schema])
        table = pa.Table.from_arrays(arrays, schema=nullable)
        for name, mask in missing.items():
            table = table.append_column(mask, table.column(name).is_null())
        if self.changes is not None:
            table = table.append_column(CHANGE, pa.array(self._checked_changes(), pa.string()))
        for name in defaults - {each["name"] for each in self.fields}:
            missing[name] = ""
        return table, missing

    def _require(self, name: str, values: pa.Array) -> None:
        if not values.null_count:
            return
        for index, value in enumerate(values):
            deleted = self.changes is not None and self.changes[index] == "DELETE"
            if not value.is_valid and not deleted:
                self.errors.setdefault(index, f"Field {name}: Missing required field")

    def _checked_changes(self) -> list[Any]:
        for index, change in enumerate(self.changes or ()):
            if change not in _CHANGES:
                self.errors.setdefault(index, f"Field {CHANGE}: must be UPSERT or DELETE, not {change}")
        return self.changes or []


def matched(names: Sequence[str], fields: Sequence[Field], entity: str) -> dict[str, Field]:
    """The columns of a writer's names; those of changes are left. Raises ApiError for names that no column has."""
    known = {each["name"].lower(): each for each in fields}
    if SEQUENCE.lower() in [name.lower() for name in names]:
        raise ApiError("UNIMPLEMENTED", f"The sandbox does not implement {SEQUENCE}. Entity: {entity}")
    extra = [name for name in names if name.lower() not in known and name.upper() != CHANGE]
    if extra:
        raise too_many(extra, entity)
    return {name: known[name.lower()] for name in names if name.lower() in known}


def too_many(names: Sequence[str], entity: str) -> StorageError:
    """The error of a writer's schema that has fields which the table doesn't."""
    shown = ",".join(names)
    message = f"Input schema has more fields than BigQuery schema, extra fields: '{shown}'"
    return StorageError("INVALID_ARGUMENT", "SCHEMA_MISMATCH_EXTRA_FIELDS", message, entity)


def mismatch(path: str, given: str, wanted: str, kind: str, entity: str) -> ApiError:
    """The error of a field whose type isn't one that its column takes; `kind` is proto or arrow."""
    return ApiError(
        "INVALID_ARGUMENT",
        f"The {kind} field mismatched with BigQuery field at {path}, the {kind} field type {given}, "
        f"BigQuery field type {wanted} Entity: {entity}",
    )

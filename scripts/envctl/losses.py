"""What data of BigQuery a plan would lose, and whether the YAML allows it (ADR 12)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from shared_services.yaml.problems import Location

from .environments import LoadedEnvironment
from .environments.models.bigquery import Dataset
from .errors import UserError
from .readdressed import FILE, Readdressed, blocks, readdressed
from .terraform.events import Diagnostic

_SAME_TYPE = {
    "INT64": "INTEGER",
    "FLOAT64": "FLOAT",
    "BOOL": "BOOLEAN",
    "STRUCT": "RECORD",
    "DECIMAL": "NUMERIC",
    "BIGDECIMAL": "BIGNUMERIC",
}
# What is no store of rows of its own: it is made again from what it reads.
_DERIVED = ("view", "materialized_view", "external_data_configuration")
_SUBPROJECT = re.compile(r'^module\.[a-z_]+\["([^"]+)"\]')
_DAY_MS = 86_400_000
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Loss:
    """Data that a plan would lose.

    Attributes:
        address: of the resource in Terraform.
        dataset: its id.
        table: its id, or "*" for everything in the dataset.
        what: what happens to it, such as "column price is dropped".
        field: the field of the YAML that says so, such as "schema"; empty for the whole thing.
        rows: how many there were when Terraform looked, where it is known.
        moved: it is only made again at another address, and this would keep it.
    """

    address: str
    dataset: str
    table: str
    what: str
    field: str = ""
    rows: int | None = None
    moved: Readdressed | None = None


class DataLoss(UserError):
    """A plan would lose data that the YAML doesn't give up."""

    def __init__(self, environment: str, losses: list[tuple[Location, Loss]]) -> None:
        self.losses = losses
        tables = len({(loss.dataset, loss.table) for _, loss in losses})
        super().__init__(
            f"environment {environment}: the plan would lose data of {tables} table{'' if tables == 1 else 's'}",
            todo=_todo([loss for _, loss in losses]),
        )

    def __str__(self) -> str:
        lines = [f"{where}: {_told(loss)}" for where, loss in self.losses]
        return "\n".join([self.what, *lines, f"what to do: {self.todo}"])


def losses(plan: dict[str, Any]) -> list[Loss]:
    """The data that a plan (`terraform show -json`) would lose, by address.

    A plan that leaves nothing at all is the removal of the environment, which was asked for by that word.
    """
    if not plan.get("planned_values", {}).get("root_module"):
        return []
    found: list[Loss] = []
    for resource in sorted(plan.get("resource_changes", []), key=lambda one: str(one["address"])):
        if resource["type"] == "google_bigquery_table":
            found += _of_table(resource["address"], resource["change"])
        elif resource["type"] == "google_bigquery_dataset":
            found += _of_dataset(resource["address"], resource["change"])
    moves = {each.old: each for each in readdressed(plan)} if found else {}
    return [_elsewhere(loss, moves.get(loss.address)) for loss in found]


def refuse_losses(plan: dict[str, Any], loaded: LoadedEnvironment) -> None:
    """Refuse a plan that would lose data of tables which the YAML doesn't list in `allow_data_loss`.

    A sandbox's own environment that lets go of contents (`delete_contents`) is asked nothing.

    Raises:
        DataLoss: it would; each loss has its place in the YAML.
    """
    declared = loaded.declared
    if declared.cloud == "sandbox" and declared.delete_contents:
        return
    refused = [(_where(loss, loaded), loss) for loss in losses(plan) if not _allowed(loss, loaded)]
    if refused:
        raise DataLoss(loaded.name, refused)


def left_over(plan: dict[str, Any], loaded: LoadedEnvironment) -> list[Diagnostic]:
    """Permissions to lose data that a plan makes no use of: they were for one apply; left in, a mistake passes."""
    lost = {(loss.dataset, name) for loss in losses(plan) for name in (loss.table, EVERYTHING)}
    found = []
    for subproject, declared in loaded.declared.subprojects.items():
        for key, dataset in declared.datasets.items():
            for index, name in enumerate(dataset.allow_data_loss):
                if (key, name) not in lost:
                    where = loaded.where(("subprojects", subproject, "datasets", key, "allow_data_loss", index))
                    summary = (
                        f"{where}: {key}.allow_data_loss names {name}, and this plan loses nothing of it: take it out"
                    )
                    found.append(Diagnostic("warning", summary, where=str(where)))
    return found


def _elsewhere(loss: Loss, moved: Readdressed | None) -> Loss:
    if moved is None:
        return loss
    return replace(loss, what=f"{loss.what}, and made again, empty, as {moved.new}", moved=moved)


def _of_table(address: str, change: dict[str, Any]) -> Iterator[Loss]:
    before, after = change["before"], change["after"]
    if not before or any(before.get(kind) for kind in _DERIVED):
        return
    dataset, table, rows = before["dataset_id"], before["table_id"], before.get("num_rows")

    def loss(what: str, field: str = "") -> Loss:
        return Loss(address, dataset, table, what, field, rows)

    if "delete" in change["actions"] and not after:
        yield loss("the table is destroyed")
        return
    if not after:
        return
    replaced = "delete" in change["actions"]
    said = [
        *(loss(what, "schema") for what in _columns(_schema(before), _schema(after), replaced)),
        *(loss(what, field) for field, what in _partitions(before, after)),
    ]
    yield from said
    if replaced and not said:
        by = sorted({str(path[0]) for path in change.get("replace_paths", [])})
        yield loss(f"the table is replaced{' by ' + ', '.join(by) if by else ''}")


def _of_dataset(address: str, change: dict[str, Any]) -> Iterator[Loss]:
    before = change["before"]
    # Without that switch the API removes an empty dataset only.
    if before and "delete" in change["actions"] and before.get("delete_contents_on_destroy"):
        done = "replaced" if change["after"] else "destroyed"
        yield Loss(address, before["dataset_id"], EVERYTHING, f"the dataset is {done} with all that is in it")


def _schema(values: dict[str, Any]) -> list[dict[str, Any]]:
    columns = json.loads(values.get("schema") or "[]")
    return columns if isinstance(columns, list) else []


def _columns(old: list[dict[str, Any]], new: list[dict[str, Any]], replaced: bool, above: str = "") -> Iterator[str]:
    """What happens to the columns that held data; names are the same in any case."""
    after = {str(column["name"]).lower(): column for column in new}
    for column in old:
        name = f"{above}{column['name']}"
        kept = after.get(str(column["name"]).lower())
        if kept is None:
            yield f"column {name} is dropped"
            continue
        was, becomes = _type(column), _type(kept)
        if was != becomes and replaced:
            yield f"column {name} changes from {was} to {becomes}, which replaces the table"
        modes = (_mode(column), _mode(kept))
        if modes[0] != modes[1] and replaced and modes != ("REQUIRED", "NULLABLE"):
            yield f"column {name} changes from {modes[0]} to {modes[1]}, which replaces the table"
        yield from _columns(column.get("fields") or [], kept.get("fields") or [], replaced, f"{name}.")


def _type(column: dict[str, Any]) -> str:
    kind = str(column.get("type", "")).upper()
    return _SAME_TYPE.get(kind, kind)


def _mode(column: dict[str, Any]) -> str:
    return str(column.get("mode") or "NULLABLE").upper()


def _partitions(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for kind in ("time_partitioning", "range_partitioning"):
        old, new = _first(before.get(kind)), _first(after.get(kind))
        if _partitioned(old) != _partitioned(new):
            how = "is removed" if not new else "is added" if not old else "changes"
            yield kind, f"its {kind} {how}, which no table survives"
        elif kind == "time_partitioning" and old and new:
            was, becomes = _expiry(old), _expiry(new)
            if becomes and (not was or becomes < was):
                yield kind, f"partitions older than {becomes / _DAY_MS:g} days are deleted"


def _first(block: Any) -> dict[str, Any]:
    return block[0] if block else {}


def _partitioned(block: dict[str, Any]) -> tuple[Any, ...]:
    bounds = _first(block.get("range"))
    return (block.get("type"), block.get("field"), *(bounds.get(key) for key in ("start", "end", "interval")))


def _expiry(block: dict[str, Any]) -> int:
    return int(block.get("expiration_ms") or 0)


def _allowed(loss: Loss, loaded: LoadedEnvironment) -> bool:
    dataset = _dataset(loss, loaded)
    return dataset is not None and bool({loss.table, EVERYTHING} & set(dataset.allow_data_loss))


def _dataset(loss: Loss, loaded: LoadedEnvironment) -> Dataset | None:
    for subproject in loaded.declared.subprojects.values():
        if loss.dataset in subproject.datasets:
            return subproject.datasets[loss.dataset]
    return None


def _where(loss: Loss, loaded: LoadedEnvironment) -> Location:
    """The line of the field, or of the nearest thing above it that stands in the YAML."""
    owner = next((key for key, one in loaded.declared.subprojects.items() if loss.dataset in one.datasets), None)
    if owner is None:
        named = _SUBPROJECT.match(loss.address)
        owner = named[1] if named else ""
    thing = () if loss.table == EVERYTHING else ("tables", loss.table)
    return loaded.where(("subprojects", owner, "datasets", loss.dataset, *thing, *([loss.field] if loss.field else [])))


def _told(loss: Loss) -> str:
    name = loss.dataset if loss.table == EVERYTHING else f"{loss.dataset}.{loss.table}"
    rows = f" ({loss.rows} rows when Terraform looked)" if loss.rows else ""
    return f"{name}: {loss.what}{rows}"


def _todo(found: list[Loss]) -> str:
    """By dataset, what to write."""
    moves = [loss.moved for loss in found if loss.moved is not None]
    if moves:
        return f"say in {FILE} that it is the same at another address, and plan again:\n\n{blocks(moves)}\n"
    tables: dict[str, set[str]] = {}
    for loss in found:
        tables.setdefault(loss.dataset, set()).add('"*"' if loss.table == EVERYTHING else loss.table)
    written = "; ".join(
        f"`allow_data_loss: [{', '.join(sorted(names))}]` in dataset {dataset}"
        for dataset, names in sorted(tables.items())
    )
    return (
        f"take the change back; or copy the data, write {written}, apply, and take it out again. "
        "A dataset that goes is emptied of its tables that way first"
    )

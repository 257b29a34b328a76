"""What a plan destroys at one address and makes at another, and the `moved` blocks that keep it.

Terraform takes a resource whose address changed (its key, its module, another block) for two; `moved` says that it is
one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .terraform.events import Diagnostic

FILE = "infra/moved.tf"
"""Where the root says what has another address than before."""

# What holds data is known by its name alone; of anything else all that is written must be the same.
_NAMES = {
    "google_bigquery_dataset": ("project", "dataset_id"),
    "google_bigquery_table": ("project", "dataset_id", "table_id"),
    "google_storage_bucket": ("name",),
    "google_sql_database_instance": ("project", "name"),
}
_FEWEST = 2  # a single value that is the same says little
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Readdressed:
    """A resource that a plan destroys at an old address and makes at a new one."""

    old: str
    new: str

    @property
    def moved(self) -> str:
        """The block that keeps it.

        >>> print(Readdressed('google_pubsub_topic.a["x"]', "google_pubsub_topic.b").moved)
        moved {
          from = google_pubsub_topic.a["x"]
          to   = google_pubsub_topic.b
        }
        """
        return f"moved {{\n  from = {self.old}\n  to   = {self.new}\n}}"


def readdressed(plan: Mapping[str, Any]) -> list[Readdressed]:
    """Such resources of a plan (`terraform show -json`), by their old addresses.

    Two resources are the same where they are of one type and all that is known of the new one, of texts, numbers and
    switches, is so of the old one. One that could be either of two is none.
    """
    gone, made = _changes(plan, "delete", "before"), _changes(plan, "create", "after")
    found = []
    for kind in gone.keys() & made.keys():
        for old in gone[kind]:
            same = [new for new in made[kind] if _same(kind, old, new)]
            if len(same) == 1 and sum(_same(kind, other, same[0]) for other in gone[kind]) == 1:
                found.append(Readdressed(old.address, same[0].address))
    return sorted(found, key=lambda each: each.old)


def blocks(found: list[Readdressed]) -> str:
    """The `moved` blocks for them, as they are written into the root."""
    return "\n\n".join(each.moved for each in found)


def advised(plan: Mapping[str, Any]) -> list[Diagnostic]:
    """A warning of what a plan makes anew for its address alone."""
    found = readdressed(plan)
    if not found:
        return []
    many = f"{len(found)} resources are" if len(found) > 1 else "1 resource is"
    left = f"\n\n… and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    summary = (
        f"{many} destroyed and made again for another address alone. "
        f"Say so in {FILE}, and Terraform keeps what is there:\n\n{blocks(found[:_SHOWN])}{left}\n"
    )
    return [Diagnostic("warning", summary)]


@dataclass(frozen=True, slots=True)
class _Resource:
    address: str
    values: Mapping[str, Any]


def _changes(plan: Mapping[str, Any], action: str, side: str) -> dict[str, list[_Resource]]:
    """By type, what a plan only destroys, or only makes."""
    found: dict[str, list[_Resource]] = {}
    for each in plan.get("resource_changes", []):
        if each["change"]["actions"] == [action]:
            found.setdefault(each["type"], []).append(_Resource(each["address"], each["change"].get(side) or {}))
    return found


def _same(kind: str, old: _Resource, new: _Resource) -> bool:
    known = {key: value for key, value in new.values.items() if isinstance(value, str | int | float)}
    if names := _NAMES.get(kind):
        return all(known.get(name) is not None and known[name] == old.values.get(name) for name in names)
    return len(known) >= _FEWEST and all(old.values.get(key) == value for key, value in known.items())

"""The objects of the bucket that changes are kept in: a record for each version, and what services read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared_services.cloud.errors import CloudNotFound

from .objects import Objects
from .records import Change

_HEADER = re.compile(r"# version (?P<version>[1-9][0-9]{0,7}), (?P<at>[0-9TZ:-]{20}), (?P<by>[^\n]*)")


@dataclass(frozen=True, slots=True)
class Glance:
    """What the object of a configuration says of itself.

    Args:
        name: the configuration.
        version: 0 where it was never changed at run time, or was written by hand.
        at: when, in UTC.
        by: who applied it.
    """

    name: str
    version: int
    at: str = ""
    by: str = ""


class Journal:
    """Reads and writes by generation, so that of two writers one is refused.

    Args:
        objects: the bucket.
        prefix: what stands before the names of the objects.
    """

    def __init__(self, objects: Objects, prefix: str = "") -> None:
        self._objects = objects
        self._prefix = prefix

    def names(self, folder: str) -> Iterator[str]:
        """The objects below a folder, by name."""
        return (info.name.removeprefix(self._prefix) for info in self._objects.list(self._prefix + folder))

    def read(self, name: str) -> tuple[bytes, int] | None:
        """An object and its generation."""
        try:
            return self._objects.read_with_generation(self._prefix + name)
        except CloudNotFound:
            return None

    def write(self, name: str, data: bytes, generation: int) -> int:
        """Write an object whose generation is the one given, 0 where there is none.

        Raises:
            PreconditionFailed: it has another.
        """
        kind = "application/json" if name.endswith(".json") else "application/yaml"
        return self._objects.write(self._prefix + name, data, content_type=kind, if_generation=generation)

    def text(self, file: str) -> tuple[str, int]:
        """What services read, and its generation."""
        found = self.read(file)
        return (_decoded(found[0]), found[1]) if found else ("", 0)

    def record(self, name: str, number: int) -> Change | None:
        """The record of a version."""
        found = self.read(_record(name, number)) if 0 < number < 10**8 else None
        return None if found is None else Change.read(found[0])

    def put_record(self, change: Change) -> None:
        """Write the record of a new version: with it the version is committed.

        Raises:
            PreconditionFailed: another writer did.
        """
        self.write(_record(change.name, change.version), change.data(), 0)

    def newest(self, name: str, at_least: int | None) -> tuple[Change | None, int]:
        """The newest record. The object's text says a number that is nearly always it."""
        if at_least is None or (record := self.record(name, at_least)) is None:
            listed = list(self.names(f"history/{name}/"))
            at_least = int(listed[-1].rpartition("/")[2].removesuffix(".json")) if listed else 0
            record = self.record(name, at_least) if at_least else None
        number = at_least
        while (later := self.record(name, number + 1)) is not None:
            record, number = later, number + 1
        return record, number


def said(text: str, name: str) -> Glance:
    """The version that an object's first line says."""
    found = _HEADER.match(text)
    return Glance(name, int(found["version"]), found["at"], found["by"]) if found else Glance(name, 0)


def _record(name: str, number: int) -> str:
    return f"history/{name}/{number:08d}.json"


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")

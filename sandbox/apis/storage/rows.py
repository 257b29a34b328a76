"""Generations of objects as rows of a table, and the folders that they lie in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.control.context import timestamp
from sandbox.control.store import Resource, Store

COLUMNS = "bucket, name, generation, live, metageneration, digest, size, document"
FOLDERS = "storage.folders"
_PAGE = 500


@dataclass(slots=True)
class Object:
    """One generation of an object. `document` holds what its writer set and its times."""

    bucket: str
    name: str
    generation: int
    live: bool
    metageneration: int
    digest: str
    size: int
    document: dict[str, Any]


def from_row(row: tuple[Any, ...]) -> Object:
    """The object of a row of `COLUMNS`."""
    return Object(row[0], row[1], row[2], bool(row[3]), row[4], row[5], row[6], json.loads(row[7]))


def to_row(item: Object) -> tuple[Any, ...]:
    """The values of `COLUMNS`."""
    return (
        item.bucket,
        item.name,
        item.generation,
        int(item.live),
        item.metageneration,
        item.digest,
        item.size,
        json.dumps(item.document),
    )


def walk(
    store: Store, where: str, values: tuple[Any, ...], start: str, generation: int, prefix: str
) -> Iterator[Object]:
    """Objects after (start, generation), by name and generation. `where` is a table and its condition."""
    sql = f"""SELECT {COLUMNS} FROM {where}
      AND name >= ? AND (name > ? OR generation > ?) ORDER BY name, generation LIMIT {_PAGE}"""  # noqa: S608
    at, after = max(start, prefix), generation if start >= prefix else -1
    while True:
        rows = store.rows(sql, (*values, at, at, after))
        for row in rows:
            if not row[1].startswith(prefix):
                return
            yield from_row(row)
        if len(rows) < _PAGE:
            return
        at, after = rows[-1][1], rows[-1][2]


def after_all(prefix: str) -> str:
    """What comes after every name that begins with a prefix ending in a slash."""
    return prefix[:-1] + "0"


def folder_key(bucket: str, name: str) -> str:
    """Under which name a folder is kept."""
    return f"{bucket}/folders/{name}"


def folders_below(store: Store, bucket: str, prefix: str = "") -> list[Resource]:
    """The folders of a bucket whose names begin so, by name."""
    begin = folder_key(bucket, prefix)
    sql = "SELECT name FROM resources WHERE collection = ? AND name >= ? AND name < ? ORDER BY name"
    rows = store.rows(sql, (FOLDERS, begin, after_all(folder_key(bucket, ""))))
    names = [name for (name,) in rows if name.startswith(begin)]
    return [found for name in names if (found := store.get(FOLDERS, name)) is not None]


def make_folder(store: Store, bucket: str, name: str, clock: float) -> Resource:
    """The folder of that name, made where it isn't there, and those above it."""
    found = store.get(FOLDERS, folder_key(bucket, name))
    if found is not None:
        return found
    if above := name[:-1].rpartition("/")[0]:
        make_folder(store, bucket, f"{above}/", clock)
    now = timestamp(clock, 3)
    document = {"bucket": bucket, "name": name, "metageneration": "1", "createTime": now, "updateTime": now}
    made = Resource(FOLDERS, folder_key(bucket, name), document, clock, clock)
    store.insert(made)
    return made

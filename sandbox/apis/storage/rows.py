"""Generations of objects as rows of a table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.control.store import Store

COLUMNS = "bucket, name, generation, live, metageneration, digest, size, document"
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

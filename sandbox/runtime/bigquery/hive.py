"""Columns that the paths of files say, as Hive lays them out: `gs://bucket/ticks/day=2026-01-31/venue=NSE/part-0.parquet`.

By https://cloud.google.com/bigquery/docs/hive-partitioned-queries
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sandbox.runtime.bigquery import jobs as sql

_NULL = "__HIVE_DEFAULT_PARTITION__"
_DUCKDB = {"STRING": "VARCHAR", "INTEGER": "BIGINT", "DATE": "DATE", "TIMESTAMP": "TIMESTAMPTZ"}
_NAMES = {"INT64": "INTEGER"}
_FORMS = {
    "INTEGER": r"-?\d{1,18}",
    "DATE": r"\d{4}-\d\d-\d\d",
    "TIMESTAMP": r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
}


@dataclass(frozen=True)
class Value:
    """A column's value for all rows of a file; `kind` is BigQuery's type."""

    name: str
    kind: str
    value: str | None

    @property
    def sql(self) -> str:
        """In a statement."""
        return f"CAST({'NULL' if self.value is None else sql.text(self.value)} AS {_DUCKDB[self.kind]})"


def keys(prefix: str, uri: str) -> list[tuple[str, str]]:
    """The names and values in a URI, from where the prefix ends.

    >>> keys("gs://b/ticks/", "gs://b/ticks/day=2026-01-31/venue=NSE/0.csv")
    [('day', '2026-01-31'), ('venue', 'NSE')]
    """
    folders = uri.removeprefix(plain(prefix)).strip("/").split("/")[:-1]
    return [(name, unquote(value)) for name, equals, value in (folder.partition("=") for folder in folders) if equals]


def plain(prefix: str) -> str:
    """A prefix without the keys that it names: `gs://b/ticks/{day:DATE}` is `gs://b/ticks/`."""
    return prefix.partition("{")[0]


def declared(options: dict[str, Any]) -> dict[str, str]:
    """The keys that the prefix of mode CUSTOM names, with their types.

    >>> declared({"mode": "CUSTOM", "sourceUriPrefix": "gs://b/ticks/{day:DATE}/{lots:INT64}"})
    {'day': 'DATE', 'lots': 'INTEGER'}
    """
    if str(options.get("mode")).upper() != "CUSTOM":
        return {}
    pairs = re.findall(r"\{(\w+):(\w+)\}", str(options.get("sourceUriPrefix")))
    return {name: _NAMES.get(kind.upper(), kind.upper()) for name, kind in pairs}


def partitions(uris: Iterable[str], options: dict[str, Any]) -> list[list[Value]]:
    """Of each URI, its columns, by `mode` AUTO, STRINGS or CUSTOM and `sourceUriPrefix`.

    >>> partitions(["gs://b/t/day=2026-01-31/lots=3/0.csv"], {"mode": "AUTO", "sourceUriPrefix": "gs://b/t"})
    [[Value(name='day', kind='DATE', value='2026-01-31'), Value(name='lots', kind='INTEGER', value='3')]]

    Raises ValueError where files differ in their keys, or have not those that the prefix names.
    """
    mode, prefix = str(options.get("mode") or "AUTO").upper(), str(options.get("sourceUriPrefix") or "")
    found = [(uri, keys(prefix, uri)) for uri in uris]
    if not found:
        return []
    names = [name for name, _ in found[0][1]]
    said = declared(options)
    for uri, pairs in found:
        if [name for name, _ in pairs] != names or (said and list(said) != names):
            expected = ", ".join(said or names) or "none"
            raise ValueError(f"Incompatible partition schemas. Expected schema: {expected}. File: {uri}")
    kinds = {}
    for place, name in enumerate(names):
        values = [pairs[place][1] for _, pairs in found if pairs[place][1] != _NULL]
        kind = said.get(name, "STRING").upper()
        kinds[name] = _kind(values) if mode == "AUTO" else _NAMES.get(kind, kind)
        if kinds[name] not in _DUCKDB:
            raise ValueError(
                f"Unsupported type of the partition key {name}: {kind}. It is one of {', '.join(_DUCKDB)}."
            )
    return [
        [Value(name, kinds[name], None if value == _NULL else value) for name, value in pairs] for _, pairs in found
    ]


def _kind(values: list[str]) -> str:
    return next(
        (kind for kind, form in _FORMS.items() if values and all(re.fullmatch(form, v) for v in values)), "STRING"
    )


def of_files(folder: Path, options: dict[str, Any]) -> dict[str, list[Value]]:
    """Of each file of a job, by its name in the job's folder; what they were called is written beside the folder."""
    if not options:
        return {}
    names: dict[str, str] = json.loads(folder.with_suffix(".json").read_text(encoding="utf-8"))
    return dict(zip(names, partitions(names.values(), options), strict=True))


def fields(values: dict[str, list[Value]]) -> list[dict[str, Any]]:
    """The fields of a table for them."""
    first = next(iter(values.values()), [])
    return [{"name": value.name, "type": value.kind, "mode": "NULLABLE"} for value in first]

"""Where the points of time series are: of each series the newest 1,000, of each project 10,000 series."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from sandbox.apis.monitoring import values as monitoring_values
from sandbox.apis.monitoring.values import Distribution
from sandbox.control.context import Control, timestamp
from sandbox.control.store import Store

POINTS_MOST = 1_000
SERIES_MOST = 10_000
SCHEMA = """CREATE TABLE IF NOT EXISTS monitoring_series (
  id INTEGER PRIMARY KEY, project TEXT NOT NULL, type TEXT NOT NULL, key TEXT NOT NULL UNIQUE, document TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS monitoring_series_by_type ON monitoring_series (project, type);
CREATE TABLE IF NOT EXISTS monitoring_points (
  series INTEGER NOT NULL, ends REAL NOT NULL, document TEXT NOT NULL, PRIMARY KEY (series, ends)) WITHOUT ROWID"""

Named = dict[str, Any]
"""The metric and the resource of a series, with their labels."""


def key(project: str, named: Named) -> str:
    """What a series is found by."""
    return json.dumps([project, named], sort_keys=True)


def find(store: Store, project: str, named: Named) -> int | None:
    """The number of a series, or None."""
    found = store.rows("SELECT id FROM monitoring_series WHERE key = ?", (key(project, named),))
    return int(found[0][0]) if found else None


def make(store: Store, project: str, named: Named) -> int | None:
    """A new series; None where the project has as many as there may be."""
    ((count,),) = store.rows("SELECT count(*) FROM monitoring_series WHERE project = ?", (project,))
    if count >= SERIES_MOST:
        return None
    sql = "INSERT INTO monitoring_series (project, type, key, document) VALUES (?, ?, ?, ?)"
    values = (project, named["metric"]["type"], key(project, named), json.dumps(named))
    return store.execute(sql, values).lastrowid


def put(store: Store, series: int, ends: float, point: dict[str, Any]) -> None:
    """Write a point, in place of one that ends at the same time. The oldest ones go."""
    store.execute("INSERT OR REPLACE INTO monitoring_points VALUES (?, ?, ?)", (series, ends, json.dumps(point)))
    newest = "SELECT ends FROM monitoring_points WHERE series = ? ORDER BY ends DESC LIMIT 1 OFFSET ?"
    oldest = store.rows(newest, (series, POINTS_MOST))
    if oldest:
        store.execute("DELETE FROM monitoring_points WHERE series = ? AND ends <= ?", (series, oldest[0][0]))


@dataclass(frozen=True, slots=True)
class Addition:
    """What a period of a series of kind DELTA grows by.

    begins, length  the period, in seconds
    value           a whole number or a distribution
    """

    project: str
    named: Named
    begins: float
    length: float
    value: int | Distribution

    @property
    def key(self) -> tuple[str, float]:
        """What it has in common with others of the same period and series."""
        return key(self.project, self.named), self.begins

    def plus(self, value: int | Distribution) -> Addition:
        """With more in the same period. Where the metric was changed meanwhile, what was before doesn't count."""
        known = self.value
        if isinstance(known, Distribution) and isinstance(value, Distribution):
            return replace(self, value=known.plus(value) if known.options == value.options else value)
        if isinstance(known, int) and isinstance(value, int):
            return replace(self, value=known + value)
        return replace(self, value=value)


def add(control: Control, addition: Addition) -> bool:
    """Add to a series, which is made where there is none; whether there was room."""
    store, ends = control.store, addition.begins + addition.length
    series = find(store, addition.project, addition.named) or make(store, addition.project, addition.named)
    if series is None:
        return False
    whole, kind = addition, "DISTRIBUTION" if isinstance(addition.value, Distribution) else "INT64"
    for (text,) in store.rows("SELECT document FROM monitoring_points WHERE series = ? AND ends = ?", (series, ends)):
        point = json.loads(text)
        if monitoring_values.FIELDS[kind] in point["value"]:
            whole = replace(addition, value=monitoring_values.read(point, kind)).plus(addition.value)
    interval = {"startTime": timestamp(addition.begins), "endTime": timestamp(ends)}
    put(store, series, ends, {"interval": interval, "value": monitoring_values.written(whole.value, kind)})
    return True

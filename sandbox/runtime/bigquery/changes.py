"""What follows a change of a table's rows: its count, who is told of it, and its state as time travel shows it.

The engine copies a table at each change, so that queries can ask for it as it was. Appends come by the hundreds, so the
copy is made some time after the first of several; a table that waits for it is noted in the transaction of the change.
"""

from __future__ import annotations

import asyncio
import time
from importlib import import_module
from typing import Any

_SOONEST, _SHARE = 2.0, 20.0
"""Seconds until the copy is made, or as many times as long as the last took."""

Place = tuple[str, str, str]


class Changes:
    """The tables that wait to be copied. The engine's write lock is held by who calls."""

    def __init__(self, ctx: Any, schema: str) -> None:
        self._ctx = ctx
        self._notes = f'"{schema}"."not.copied"'
        self._pending: set[Place] = set()
        self._took: dict[Place, float] = {}
        ctx.engine.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        ctx.engine.execute(f"CREATE TABLE IF NOT EXISTS {self._notes} (project VARCHAR, dataset VARCHAR, tab VARCHAR)")
        for place in ctx.engine.execute(f"SELECT DISTINCT * FROM {self._notes}").fetchall():
            self._copy(place)

    def mark(self, place: Place) -> None:
        """Note in a transaction that a table changes."""
        if place not in self._pending:
            self._ctx.engine.execute(f"INSERT INTO {self._notes} VALUES (?, ?, ?)", list(place))

    def made(self, place: Place) -> None:
        """A change is committed."""
        event = import_module("bqemulator.domain.events").TableDataChanged
        self._ctx.events.publish(event(*place))
        if place not in self._pending:
            self._pending.add(place)
            wait = max(_SOONEST, _SHARE * self._took.get(place, 0.0))
            loop = asyncio.get_running_loop()
            loop.call_later(wait, lambda: loop.create_task(self._later(place)))

    async def _later(self, place: Place) -> None:
        async with self._ctx.engine.write_lock():
            self._pending.discard(place)
            self._copy(place)

    def _copy(self, place: Place) -> None:
        from bqemulator.storage.sql_identifiers import quoted_table_ref

        began = time.monotonic()
        table = self._ctx.catalog.get_table(*place)
        if table is not None:
            count = f"SELECT count(*) FROM {quoted_table_ref(*place)}"
            rows = self._ctx.engine.execute(count).fetchone()[0]
            self._ctx.catalog.update_table(table.model_copy(update={"num_rows": rows}))
        self._ctx.snapshots.capture(*place)
        self._ctx.engine.execute(
            f"DELETE FROM {self._notes} WHERE project = ? AND dataset = ? AND tab = ?", list(place)
        )
        self._took[place] = time.monotonic() - began

"""Temporary tables end with their script, or are those of a session.

The engine keeps them in its one connection for good: the same script failed when it ran again, and every job saw them.
"""

from __future__ import annotations

import asyncio
import re
from contextvars import ContextVar
from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.jobs import TEXTS, identifier

_session: ContextVar[str] = ContextVar("session", default="")
_MAKES = re.compile(rf"(?:\s|{TEXTS})*CREATE\s+(?:OR\s+REPLACE\s+)?TEMP(?:ORARY)?\s+TABLE\b", re.I | re.S)
_QUALIFIED = re.compile(rf"{TEXTS}|(?<![\w.])(?P<session>`?_SESSION`?\s*\.\s*)", re.I | re.S)
_PUT_AWAY = "__session_"


def keep_apart() -> None:
    """Let the engine do so."""
    jobs: Any = import_module("bqemulator.api.routes.jobs")
    executor: Any = import_module("bqemulator.jobs.executor")
    refusal: Any = import_module("bqemulator.domain.errors").InvalidQueryError
    validate, mint, run = jobs._validate_session_id, jobs._maybe_mint_session, executor._run_query_body
    one_at_a_time = asyncio.Lock()

    def validated(config: dict[str, Any]) -> None:
        validate(config)
        properties = config.get("connectionProperties") or []
        named = [str(each.get("value") or "") for each in properties if each.get("key") == "session_id"]
        _session.set(named[-1] if named else "")

    def minted(config: dict[str, Any]) -> str | None:
        made: str | None = mint(config)
        if made is not None:
            _session.set(made)
        return made

    async def run_body(*, bq_sql: str, ctx: Any, is_scripted: bool, **more: Any) -> Any:
        session = _session.get()
        if not session and not is_scripted:
            if _MAKES.match(bq_sql):
                raise refusal("Use of CREATE TEMPORARY TABLE requires a script or session.")
            return await run(bq_sql=bq_sql, ctx=ctx, is_scripted=is_scripted, **more)
        async with one_at_a_time:
            _bring_back(session, ctx)
            try:
                return await run(bq_sql=unqualified(bq_sql), ctx=ctx, is_scripted=is_scripted, **more)
            finally:
                _put_away(session, ctx)

    jobs._validate_session_id, jobs._maybe_mint_session, executor._run_query_body = validated, minted, run_body


def unqualified(sql: str) -> str:
    """Names of temporary tables without their dataset.

    >>> unqualified("SELECT '_SESSION.a' FROM _SESSION.a")
    "SELECT '_SESSION.a' FROM a"
    """
    return _QUALIFIED.sub(lambda found: "" if found["session"] else found[0], sql)


def names(ctx: Any) -> list[str]:
    """The temporary tables that a statement sees which runs now, or is to run, in its script or session."""
    session = _session.get()
    kept = f"{_PUT_AWAY}{session}__"
    found = _tables(ctx)
    put_away = [name.removeprefix(kept) for name in found if session and name.startswith(kept)]
    return [*put_away, *(name for name in found if not name.startswith(_PUT_AWAY))]


def _bring_back(session: str, ctx: Any) -> None:
    kept = f"{_PUT_AWAY}{session}__"
    for name in _tables(ctx) if session else ():
        if name.startswith(kept):
            _rename(name, name.removeprefix(kept), ctx)


def _put_away(session: str, ctx: Any) -> None:
    for name in _tables(ctx):
        if name.startswith(_PUT_AWAY):
            continue
        if session:
            _rename(name, f"{_PUT_AWAY}{session}__{name}", ctx)
        else:
            ctx.engine.execute(f"DROP TABLE temp.main.{identifier(name)}")


def _tables(ctx: Any) -> list[str]:
    found = ctx.engine.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'temp'")
    return [str(row[0]) for row in found.fetchall()]


def _rename(name: str, to: str, ctx: Any) -> None:
    ctx.engine.execute(f"ALTER TABLE temp.main.{identifier(name)} RENAME TO {identifier(to)}")

"""What the replaced parts of BigQuery's engine have in common: names in SQL, transactions, a job that ended well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any


def identifier(name: str) -> str:
    """A column's name in SQL.

    >>> identifier('at "close" of day')
    '"at ""close"" of day"'
    """
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text in SQL.

    >>> text("Bank Nifty's")
    "'Bank Nifty''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def constant(value: str) -> str:
    """A text in BigQuery's SQL, which has no doubled quotes.

    >>> constant("Bank Nifty's")
    "'Bank Nifty\\\\'s'"
    """
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + escaped.replace("\n", "\\n").replace("\r", "\\r") + "'"


def columns(table: str, ctx: Any) -> list[tuple[str, str]]:
    """The names and types of the columns of a table, or of a query."""
    return [(row[0], row[1]) for row in ctx.engine.execute(f"DESCRIBE {table}").fetchall()]


@contextmanager
def transaction(ctx: Any) -> Iterator[None]:
    """All or nothing of what is executed inside; the write lock is held."""
    ctx.engine.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        ctx.engine.execute("ROLLBACK")
        raise
    ctx.engine.execute("COMMIT")


def ended(
    executor: Any,
    project: str,
    job_id: str,
    kind: str,
    config: dict[str, Any],
    statistics: dict[str, Any],
    started: datetime,
    ctx: Any,
) -> Any:
    """The engine's record of a job that is done; `kind` is such as "LOAD"."""
    return executor.JobMeta(
        project_id=project,
        job_id=job_id,
        job_type=kind,
        state="DONE",
        configuration=config,
        statistics={kind.lower(): statistics},
        creation_time=started,
        start_time=started,
        end_time=ctx.clock.now(),
        etag=executor.generate_etag(project, job_id, str(started)),
    )

"""What the replaced parts of BigQuery's engine have in common: names in SQL, transactions, a job that ended well."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

TEXTS = (
    r"[rRbB]{0,2}(?:'''(?:\\.|.)*?'''|\"\"\"(?:\\.|.)*?\"\"\"|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
    r"|--[^\n]*|\#[^\n]*|/\*.*?\*/"
)
"""Texts and comments in BigQuery's SQL, as a regular expression with DOTALL: what is in them names nothing."""


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


def listed(asked: dict[str, Any], ctx: Any) -> dict[str, Any]:
    """The engine's records of a `project`'s `most` newest jobs, the newest first; times are in milliseconds.

    Of a `parent` those of its script; where that is empty, those of no script; without it, all.
    """
    jobs = []
    found = ctx.catalog.list_jobs(asked["project"], max_results=sys.maxsize)
    wanted = [each for each in found if asked.get("parent") in (None, each.statistics.get("parentJobId", ""))]
    for job in wanted[: asked["most"]]:
        document = job.model_dump(mode="json")
        for time in ("creation_time", "start_time", "end_time"):
            moment = getattr(job, time)
            document[time] = None if moment is None else int(moment.timestamp() * 1000)
        jobs.append(document)
    return {"jobs": jobs}


def write_text(asked: dict[str, Any], ctx: Any) -> dict[str, Any]:
    """A `job` of a `project` has this `query` from now on, whatever the engine was given in its place."""
    job = ctx.catalog.get_job(asked["project"], asked["job"])
    if job is not None:
        query = {**job.configuration.get("query", {}), "query": asked["query"]}
        ctx.catalog.upsert_job(job.model_copy(update={"configuration": {**job.configuration, "query": query}}))
    return {}


def rename(asked: dict[str, Any], ctx: Any) -> dict[str, Any]:
    """A `job` of a `project` that loaded a request's data has this `name` from now on, and doesn't tell where the
    sandbox had laid the data aside.
    """
    job = ctx.catalog.get_job(asked["project"], asked["job"])
    if job is not None:
        load = {key: value for key, value in job.configuration["load"].items() if key != "sourceUris"}
        error = {key: value for key, value in (job.error_result or {}).items() if key != "location"}
        told = {"job_id": asked["name"], "error_result": error or None}
        told["configuration"] = {**job.configuration, "load": load, "jobType": "LOAD"}
        ctx.catalog.upsert_job(job.model_copy(update=told))
        if asked["name"] != asked["job"]:
            ctx.catalog.delete_job(asked["project"], asked["job"])
    return {}

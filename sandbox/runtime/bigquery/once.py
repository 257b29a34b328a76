"""A job that changes rows has ended in the transaction that changes them.

The engine notes it some time after, so a job whose end was lost in a crash could not be told from one that did nothing.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from datetime import datetime
from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.jobs import ended, transaction

_DML = ("INSERT", "UPDATE", "DELETE", "MERGE")
_CHANGES = re.compile(rf"(?:\s|/\*.*?\*/)*(?:{'|'.join(_DML)})\b", re.I | re.S)
_Job = tuple[str, str, str, dict[str, Any], datetime, Any]
_job: ContextVar[_Job | None] = ContextVar("job", default=None)


def note_ends() -> None:
    """Let the engine do so for single statements of jobs that have an id of their client's."""
    jobs: Any = import_module("bqemulator.api.routes.jobs")
    executor: Any = import_module("bqemulator.jobs.executor")
    engine: Any = import_module("bqemulator.storage.engine").DuckDBEngine
    execute, fetch = jobs._execute_query_or_failed_meta, engine.fetch_arrow

    async def executed(
        *, project_id: str, job_id: str, bq_sql: str, config: dict[str, Any], ctx: Any, **more: Any
    ) -> Any:
        kind = executor.classify_statement_type(bq_sql)
        token = _job.set((project_id, job_id, kind, config, ctx.clock.now(), ctx) if kind in _DML else None)
        try:
            return await execute(project_id=project_id, job_id=job_id, bq_sql=bq_sql, config=config, ctx=ctx, **more)
        finally:
            _job.reset(token)

    def fetched(self: Any, sql: str, parameters: Any = None) -> Any:
        job = _job.get()
        if job is None or not _CHANGES.match(sql):  # what the engine looks up to rewrite the statement changes nothing
            return fetch(self, sql, parameters)
        project, job_id, kind, config, started, ctx = job
        with transaction(ctx):
            table = fetch(self, sql, parameters)
            told = {"statementType": kind, "numDmlAffectedRows": str(executor._extract_dml_affected_rows(table))}
            ctx.catalog.upsert_job(ended(executor, project, job_id, "QUERY", config, told, started, ctx))
        return table

    jobs._execute_query_or_failed_meta = executed
    engine.fetch_arrow = fetched

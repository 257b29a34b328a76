"""What a query job tells of itself: its configuration as it was asked for, the tables that it read, what DML changed.

The engine keeps its query alone, so a job that is read again had lost its destination, labels and dispositions.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery import reading

_COUNTS = {"INSERT": "insertedRowCount", "UPDATE": "updatedRowCount", "DELETE": "deletedRowCount"}


def tell() -> None:
    """Let the engine do so."""
    jobs: Any = import_module("bqemulator.api.routes.jobs")
    execute, execute_or_fail, dry_run = (
        jobs.execute_query_job,
        jobs._execute_query_or_failed_meta,
        jobs._build_dry_run_query_response,
    )

    async def executed(project: str, job_id: str, sql: str, *rest: Any, **more: Any) -> Any:
        job = await execute(project, job_id, sql, *rest, **more)
        told = job.statistics.get("query", {})
        told.update(read(sql, project, told.get("statementType")))
        counted = _COUNTS.get(told.get("statementType", ""))
        if counted and told.get("numDmlAffectedRows") is not None:
            told["dmlStats"] = {**dict.fromkeys(_COUNTS.values(), "0"), counted: told["numDmlAffectedRows"]}
        return job

    async def executed_as_asked(*, config: dict[str, Any], **more: Any) -> Any:
        job = await execute_or_fail(config=config, **more)
        made = (job.configuration or {}).get("query", {}).get("destinationTable")
        query = {**({"destinationTable": made} if made else {}), **config["query"]}
        return job.model_copy(update={"configuration": {**config, "jobType": "QUERY", "query": query}})

    async def previewed(*, project_id: str, bq_sql: str, **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await dry_run(project_id=project_id, bq_sql=bq_sql, **more)
        told = answer["statistics"]["query"]
        told.update(read(bq_sql, project_id, told.get("statementType")))
        return answer

    jobs.execute_query_job, jobs._execute_query_or_failed_meta = executed, executed_as_asked
    jobs._build_dry_run_query_response = previewed


def read(sql: str, project: str, kind: str | None) -> dict[str, Any]:
    """What the statistics of a statement of that kind tell of the tables that it reads."""
    if kind in ("SCRIPT", "", None):
        return {}
    found = referenced(sql, project)
    return {"referencedTables": found} if found else {}


def referenced(sql: str, project: str) -> list[dict[str, str]]:
    """The tables and views that a statement reads, without the one that it fills or makes.

    >>> [each["tableId"] for each in referenced("WITH a AS (SELECT * FROM d.t) SELECT * FROM a, `p.d.u`", "p")]
    ['t', 'u']
    >>> referenced("INSERT INTO d.made SELECT x.id FROM d.t AS x, x.items", "p")
    [{'projectId': 'p', 'datasetId': 'd', 'tableId': 't'}]
    """
    names = ("projectId", "datasetId", "tableId")
    return [dict(zip(names, place, strict=True)) for place in sorted(reading.tables(sql, project))]

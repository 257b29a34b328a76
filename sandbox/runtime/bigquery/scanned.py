"""The bytes that a query reads, and those that are paid for: `totalBytesProcessed` and `totalBytesBilled`.

The engine has no costs. Here the columns that a statement names are counted by BigQuery's rule of sizes, in the
partitions that its conditions leave; a script's statements as they run. There is no cache: nothing is free when it is
asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery import partition, reading, sizes

_MEBIBYTE = 1024 * 1024
_LEAST = 10 * _MEBIBYTE  # of each table that is read: https://cloud.google.com/bigquery/pricing#on_demand_pricing
_DEPTH = 16  # views may stand on views

_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)
_most: ContextVar[int] = ContextVar("most", default=0)


class Tally:
    """What the statements of a job have read so far.

    >>> tally = Tally()
    >>> tally.add([5_000_000, 11_000_000])
    >>> tally.processed, tally.billed // 1024 // 1024
    (16000000, 21)
    """

    def __init__(self) -> None:
        self.processed = self.billed = self.statements = 0

    def add(self, tables: list[int]) -> None:
        """A statement that reads so many bytes of each table. What reads nothing costs nothing."""
        self.statements += 1
        self.processed += sum(tables)
        self.billed += sum(max(_LEAST, -(-each // _MEBIBYTE) * _MEBIBYTE) for each in tables if each)

    def tell(self, statistics: dict[str, Any], *, dry_run: bool = False) -> None:
        """Put it into the statistics of a job."""
        statistics["totalBytesProcessed"] = str(self.processed)
        told = statistics.setdefault("query", {})
        told.update(totalBytesProcessed=str(self.processed), totalBytesBilled="0" if dry_run else str(self.billed))


def counted() -> tuple[int, int]:
    """The bytes that the job at hand has read so far, and those that are paid for."""
    tally = _tally.get()
    return (tally.processed, tally.billed) if tally is not None else (0, 0)


def count_bytes() -> None:
    """Let the engine tell so of its jobs and of what it would run, and heed `maximumBytesBilled`; after what a job
    tells of itself else.
    """
    jobs: Any = import_module("bqemulator.api.routes.jobs")
    invalid: Any = import_module("bqemulator.domain.errors").InvalidQueryError
    duckdb_error: type[Exception] = import_module("duckdb").Error
    exceeded: Any = type("BytesBilledError", (invalid,), {"bq_reason": "bytesBilledLimitExceeded"})
    executor: Any = import_module("bqemulator.jobs.executor")
    interpreter: Any = import_module("bqemulator.scripting.interpreter")
    validate, execute, attach = jobs._validate_session_id, jobs.execute_query_job, jobs._attach_query_metadata
    translate = executor.rewrite_and_translate_statement

    async def add(tally: Tally, sql: str, project_id: str, ctx: Any, more: dict[str, Any]) -> None:
        async def said(query: str) -> str:
            rewritten = await translate(query, project_id=project_id, ctx=ctx, **more)
            return str(executor.rewrite_table_refs(rewritten, project_id))

        with suppress(duckdb_error):  # what can't be counted runs nevertheless
            tally.add(await _read(sql, project_id, ctx, said))

    async def translated(sql: str, *, project_id: str, ctx: Any, **more: Any) -> str:
        text: str = await translate(sql, project_id=project_id, ctx=ctx, **more)
        if (tally := _tally.get()) is not None:
            await add(tally, sql, project_id, ctx, more)
            if 0 < _most.get() < tally.billed:
                needed = f"{tally.billed} or higher required."
                raise exceeded(f"Query exceeded limit for bytes billed: {_most.get()}. {needed}")
        return text

    def validated(config: dict[str, Any]) -> None:
        validate(config)
        _most.set(int(config.get("maximumBytesBilled") or 0))

    async def executed(*asked: Any, **more: Any) -> Any:
        with _counting() as tally:
            job = await execute(*asked, **more)
        tally.tell(job.statistics)
        return job

    def counted(preview: Callable[..., Any]) -> Callable[..., Any]:
        async def previewed(*, project_id: str, bq_sql: str, ctx: Any, caller: Any, **more: Any) -> dict[str, Any]:
            _most.set(0)
            with _counting() as tally:
                told = {"project_id": project_id, "bq_sql": bq_sql, "ctx": ctx, "caller": caller}
                answer: dict[str, Any] = await preview(**told, **more)
                if not tally.statements:  # what changes something isn't run
                    using = {"caller": caller, "translator": executor._translator}
                    await add(tally, bq_sql, project_id, ctx, using)
            if "statistics" in answer:
                tally.tell(answer["statistics"], dry_run=True)
            else:
                answer["totalBytesProcessed"] = str(tally.processed)
            return answer

        return previewed

    def attached(response: dict[str, Any], job: Any) -> None:
        attach(response, job)
        response["totalBytesProcessed"] = job.statistics["query"]["totalBytesProcessed"]

    executor.rewrite_and_translate_statement = interpreter.rewrite_and_translate_statement = translated
    jobs._validate_session_id, jobs.execute_query_job, jobs._attach_query_metadata = validated, executed, attached
    for name in ("_dry_run_response", "_build_dry_run_query_response"):
        setattr(jobs, name, counted(getattr(jobs, name)))


@contextmanager
def _counting() -> Iterator[Tally]:
    """Count what is run inside, for who counts already, or anew."""
    tally = _tally.get() or Tally()
    token = _tally.set(tally)
    try:
        yield tally
    finally:
        _tally.reset(token)


async def _read(sql: str, project: str, ctx: Any, said: Callable[[str], Any], depth: int = 0) -> list[int]:
    """The bytes that a statement reads of each table; `said` gives a query in DuckDB's SQL."""
    found: list[int] = []
    for place, read in reading.reads(sql, project).items():
        for table in _tables(place, ctx):
            if table.table_type == "VIEW" and depth < _DEPTH:
                found += await _read(table.view_query, table.project_id, ctx, said, depth + 1)
            elif table.table_type != "VIEW":
                columns = [each.name.lower() for each in table.schema_.fields if read.reads(each.name)]
                where = await _partitions(table, read.conditions, said) if columns else ""
                at = (table.project_id, table.dataset_id, table.table_id)
                found.append(sizes.table_bytes(at, ctx, columns, where))
    return found


def _tables(place: reading.Place, ctx: Any) -> list[Any]:
    """The engine's documents of a table, or of those that a wildcard names."""
    project, dataset, name = place
    if not name.endswith("*"):
        table = ctx.catalog.get_table(*place)
        return [table] if table is not None else []
    return [each for each in ctx.catalog.list_tables(project, dataset) if each.table_id.startswith(name[:-1])]


async def _partitions(table: Any, conditions: list[Any], said: Callable[[str], Any]) -> str:
    """What tells the rows of partitions that some condition leaves, in DuckDB's SQL; empty where all are read."""
    exp = import_module("sqlglot").exp
    column, key = partition.key(table)
    own = [each for each in conditions if {name.name.lower() for name in each.find_all(exp.Column)} == {column.lower()}]
    if not own:
        return ""
    met = " AND ".join(f"({each.sql(dialect='bigquery')})" for each in own)
    name = f"`{table.project_id}`.`{table.dataset_id}`.`{table.table_id}`"
    left = await said(f"SELECT `{column}` FROM {name} WHERE {met}")  # noqa: S608
    return f"{key} IN (SELECT DISTINCT {key} FROM ({left}) AS met)"  # noqa: S608

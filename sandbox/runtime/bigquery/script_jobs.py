"""Child jobs of scripts: each statement that a script runs is a job of its own, and so is each query in an expression.

The engine runs a script's statements within its job and keeps nothing of them. Here each has a record with its text,
its place in the script, its result and its error, written when the script has ended; the script's says how many.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery import scanned, told
from sandbox.runtime.bigquery.jobs import TEXTS

_QUERY = re.compile(rf"{TEXTS}|\b(?P<query>SELECT|FROM)\b", re.IGNORECASE | re.DOTALL)

_script: ContextVar[_Script | None] = ContextVar("script", default=None)
_preview: ContextVar[bool] = ContextVar("preview", default=False)
_failed: dict[str, int] = {}  # how many children scripts have that failed, until their records are made


@dataclass(slots=True)
class _Place:
    """Where a statement stands: in which text, from which character and to which, that not included."""

    statement: Any
    source: str
    start: int
    end: int


@dataclass(slots=True)
class _Script:
    """A script that runs. `calls` are the frames of procedures' calls under way, the outermost first."""

    project: str
    ctx: Any
    prefix: str = field(default_factory=lambda: f"script_job_{uuid.uuid4().hex}")
    children: list[Any] = field(default_factory=list)
    places: dict[int, _Place] = field(default_factory=dict)
    at: _Place | None = None
    procedure: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)
    inside: bool = False  # a child runs, whose queries are its own
    last: Any = None  # what the latest query gave

    def frame(self, text: str) -> dict[str, Any]:
        """Where a text of the statement at hand stands, and what it is; of what a script puts together, the statement.

        Lines and columns begin with 1, and the end is the column after the last.
        """
        if self.at is None:
            return {"text": text}
        start, end, source = self.at.start, self.at.end, self.at.source
        if text and (found := source.find(text, start, end)) >= 0:
            start, end = found, found + len(text)
        shown = dict(zip(("startLine", "startColumn"), _line_and_column(source, start), strict=True))
        shown |= dict(zip(("endLine", "endColumn"), _line_and_column(source, end), strict=True))
        procedure = {"procedureId": self.procedure} if self.procedure else {}
        return {**shown, **procedure, "text": source[start:end]}


def _line_and_column(source: str, at: int) -> tuple[int, int]:
    """
    >>> _line_and_column("SELECT 1;\\n SELECT 2", 11)
    (2, 2)
    """
    return source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at)


def _has_query(expression: str) -> bool:
    """
    >>> _has_query("(SELECT 1)"), _has_query("'SELECT 1' || x")
    (True, False)
    """
    return any(found["query"] for found in _QUERY.finditer(expression))


def keep_children() -> None:
    """Let the engine do so; after what a job tells of itself, and before jobs that are stopped."""
    jobs: Any = import_module("bqemulator.api.routes.jobs")
    _note_places()
    _note_statements()
    _note_calls()
    execute, failed = jobs.execute_query_job, jobs._failed_job_meta

    async def executed(project: str, job_id: str, sql: str, params: Any, ctx: Any, **more: Any) -> Any:
        if _preview.get():
            return await execute(project, job_id, sql, params, ctx, **more)
        script = _Script(project, ctx)
        token = _script.set(script)
        try:
            job = await execute(project, job_id, sql, params, ctx, **more)
        except Exception:
            _failed[job_id] = len(script.children)
            raise
        finally:
            _script.reset(token)
            for child in script.children:
                child.statistics["parentJobId"] = job_id
                ctx.catalog.upsert_job(child)
        job.statistics.pop("scriptStatistics", None)  # which are of children alone
        if script.children:
            job.statistics["numChildJobs"] = str(len(script.children))
        return job

    def failed_job(*, job_id: str, **more: Any) -> Any:
        job = failed(job_id=job_id, **more)
        if count := _failed.pop(job_id, 0):
            job.statistics["numChildJobs"] = str(count)
        return job

    jobs.execute_query_job, jobs._failed_job_meta = executed, failed_job
    for name in ("_dry_run_response", "_build_dry_run_query_response"):
        setattr(jobs, name, _previewed(getattr(jobs, name)))


def _previewed(preview: Any) -> Any:
    async def previewed(**more: Any) -> Any:
        token = _preview.set(True)
        try:
            return await preview(**more)
        finally:
            _preview.reset(token)

    return previewed


def _note_places() -> None:
    """Know where each statement stands in the text that it is read from."""
    parser: Any = import_module("bqemulator.scripting.parser").Parser
    parse = parser._parse_statement

    def parsed(self: Any) -> Any:
        first = self._cursor.pos
        statement = parse(self)
        script = _script.get()
        if statement is not None and script is not None:
            tokens = self._cursor._tokens
            start, end = tokens[first].start, tokens[max(first, self._cursor.pos - 1)].end
            text = self._source[start:end].rstrip().removesuffix(";").rstrip()
            script.places[id(statement)] = _Place(statement, self._source, start, start + len(text))
        return statement

    parser._parse_statement = parsed


def _note_statements() -> None:
    interpreter: Any = import_module("bqemulator.scripting.interpreter").ScriptInterpreter
    step, query = interpreter._exec_statement, interpreter._run_query
    statement, dynamic = interpreter._exec_sql, interpreter._run_statement_with_params
    asked = interpreter._run_query_with_params

    async def stepped(self: Any, given: Any) -> None:
        script = _script.get()
        if script is None:
            await step(self, given)
            return
        before, script.at = script.at, script.places.get(id(given))
        try:
            await step(self, given)
        finally:
            script.at = before

    async def ran(self: Any, sql: str, *rest: Any, **more: Any) -> Any:
        script = _script.get()
        if script is None or script.inside or not _has_query(sql.removeprefix("SELECT ")):
            found = await query(self, sql, *rest, **more)
            if script is not None:
                script.last = found
            return found
        with _child(script, sql, sql.removeprefix("SELECT "), "EXPRESSION"):
            script.last = await query(self, sql, *rest, **more)
        return script.last

    async def stated(self: Any, sql: str) -> None:
        script = _script.get()
        if script is None or not sql.strip():
            await statement(self, sql)
            return
        with _child(script, sql.strip(), sql.strip(), "STATEMENT"):
            await statement(self, sql)

    async def stated_dynamically(self: Any, sql: str, *rest: Any, **more: Any) -> None:
        script = _script.get()
        if script is None:
            await dynamic(self, sql, *rest, **more)
            return
        with _child(script, sql, sql, "STATEMENT"):
            await dynamic(self, sql, *rest, **more)
            script.last = self._final_table

    async def asked_dynamically(self: Any, sql: str, *rest: Any, **more: Any) -> Any:
        script = _script.get()
        if script is None or script.inside:
            return await asked(self, sql, *rest, **more)
        with _child(script, sql, sql, "STATEMENT"):
            script.last = await asked(self, sql, *rest, **more)
        return script.last

    interpreter._exec_statement, interpreter._run_query = stepped, ran
    interpreter._exec_sql, interpreter._run_statement_with_params = stated, stated_dynamically
    interpreter._run_query_with_params = asked_dynamically


def _note_calls() -> None:
    """A procedure's statements stand in its body, below the frame of its call."""
    interpreter: Any = import_module("bqemulator.scripting.interpreter").ScriptInterpreter
    invoke = interpreter._invoke_procedure

    async def invoked(self: Any, routine: Any, args: Any) -> Any:
        script = _script.get()
        if script is None:
            return await invoke(self, routine, args)
        before = script.procedure
        script.calls.append(script.frame(""))
        script.procedure = f"{routine.project_id}.{routine.dataset_id}.{routine.routine_id}"
        try:
            return await invoke(self, routine, args)
        finally:
            script.procedure = before
            script.calls.pop()

    interpreter._invoke_procedure = invoked


@contextmanager
def _child(script: _Script, sql: str, text: str, kind: str) -> Iterator[None]:
    """What runs inside is a child job."""
    started, tally = script.ctx.clock.now(), scanned.counted()
    frames = [script.frame(text), *reversed(script.calls)]
    script.inside, script.last = True, None
    error: Exception | None = None
    try:
        yield
    except Exception as raised:
        error = raised
        raise
    finally:
        script.inside = False
        read = tuple(now - then for now, then in zip(scanned.counted(), tally, strict=True))
        context = {"evaluationKind": kind, "stackFrames": frames}
        script.children.append(_record(script, sql, started, read, context, error))


def _record(
    script: _Script, sql: str, started: Any, read: tuple[int, ...], context: dict[str, Any], error: Exception | None
) -> Any:
    """The engine's record of a child that has ended; its result is kept as that of any job."""
    executor: Any = import_module("bqemulator.jobs.executor")
    jobs: Any = import_module("bqemulator.api.routes.jobs")
    project, ctx = script.project, script.ctx
    job_id = f"{script.prefix}_{len(script.children)}"
    kind = executor.classify_statement_type(sql)
    rows = executor._EMPTY_ARROW if error is not None or script.last is None else script.last
    rows, changed, fields = executor._finalize_statement_result(rows, kind, bq_sql=sql, project_id=project, ctx=ctx)
    statistics = executor._build_query_statistics(
        total_rows=rows.num_rows, statement_type=kind, num_dml_affected_rows=changed, ddl_operation=None
    )
    processed, billed = (str(each) for each in read)
    statistics["query"].update(totalBytesProcessed=processed, totalBytesBilled=billed, **told.read(sql, project, kind))
    failure: dict[str, Any] = {}
    if isinstance(error, jobs._SQL_EXECUTION_DOMAIN_ERRORS):
        failure["error_result"] = jobs._domain_error_to_error_result(error)
    elif error is not None:
        failure["error_result"] = {"reason": "invalidQuery", "message": str(error)}
    else:
        executor.JOB_RESULTS[job_id] = rows
        executor.JOB_SCHEMAS[job_id] = executor.build_response_schema(rows.schema) if fields is None else fields
    return executor.JobMeta(
        project_id=project,
        job_id=job_id,
        job_type="QUERY",
        state="DONE",
        configuration={"jobType": "QUERY", **executor._build_query_configuration(sql, project, job_id)},
        statistics={**statistics, "totalBytesProcessed": processed, "scriptStatistics": context},
        creation_time=started,
        start_time=started,
        end_time=ctx.clock.now(),
        etag=executor.generate_etag(project, job_id, str(started)),
        **failure,
    )

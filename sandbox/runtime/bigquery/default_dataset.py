"""Tables and routines that a statement names alone are those of the default dataset, or of none.

The engine looks at the default dataset of a job that is inserted and not of a query, takes temporary tables for tables
of it, and where there is none it makes and finds the table in a place that all datasets share.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextvars import ContextVar
from functools import lru_cache
from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery import temporary
from sandbox.runtime.bigquery.casts import translatable
from sandbox.runtime.bigquery.jobs import TEXTS
from sandbox.runtime.bigquery.reading import parsed

_default: ContextVar[tuple[str, str]] = ContextVar("default", default=("", ""))
_ROUTINE = re.compile(
    rf"{TEXTS}|\b(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:TABLE\s+|AGGREGATE\s+)?(?:FUNCTION|PROCEDURE)"
    r"(?:\s+IF\s+NOT\s+EXISTS)?|DROP\s+(?:TABLE\s+)?(?:FUNCTION|PROCEDURE)(?:\s+IF\s+EXISTS)?|CALL)\s+"
    r"(?P<name>(?:`[^`.\n]+`|[A-Za-z_]\w*)(?![\w`]|\s*\.))",
    re.I | re.S,
)
_DELETE = re.compile(rf"(?:\s|{TEXTS})*DELETE\b(?>(?:\s|{TEXTS})+)(?!FROM\b)", re.I | re.S)
_LEAVES = ("_exec_sql", "_run_query", "_run_query_with_params", "_run_statement_with_params")


def apply() -> None:
    """Let the engine do so; after all else that replaces how it executes a query."""
    jobs: Any = import_module("bqemulator.api.routes.jobs")
    executor: Any = import_module("bqemulator.jobs.executor")
    interpreter: Any = import_module("bqemulator.scripting.interpreter").ScriptInterpreter
    validate, execute = jobs._validate_session_id, jobs.execute_query_job
    statement: Any = import_module("bqemulator.scripting.ast").SqlStmt

    def validated(config: dict[str, Any]) -> None:
        validate(config)
        found = config.get("defaultDataset") or {}
        _default.set((str(found.get("projectId") or ""), str(found.get("datasetId") or "")))

    def meant(sql: str, project: str, ctx: Any) -> str:
        """The statement with its names; a script with those of its routines, as each statement comes in its turn."""
        sql = with_routines(sql, project, _default.get())
        found = executor._parse_script_or_raise(sql).statements
        return _whole(sql, project, ctx) if len(found) == 1 and isinstance(found[0], statement) else sql

    async def executed(project: str, job: str, sql: str, query_params: Any, ctx: Any, **more: Any) -> Any:
        done = await execute(project, job, meant(sql, project, ctx), query_params, ctx, **more)
        done.configuration["query"]["query"] = sql
        return done

    def previewing(preview: Callable[..., Any]) -> Callable[..., Any]:
        async def previewed(*, project_id: str, bq_sql: str, ctx: Any, **more: Any) -> Any:
            return await preview(project_id=project_id, bq_sql=meant(bq_sql, project_id, ctx), ctx=ctx, **more)

        return previewed

    jobs._validate_session_id, jobs.execute_query_job = validated, executed
    for name in ("_dry_run_response", "_build_dry_run_query_response"):
        setattr(jobs, name, previewing(getattr(jobs, name)))
    jobs._apply_default_dataset = lambda sql, *_, **__: sql
    for name in _LEAVES:
        setattr(interpreter, name, _leaf(getattr(interpreter, name)))


def _leaf(run: Callable[..., Any]) -> Callable[..., Any]:
    async def of_script(self: Any, sql: str, *rest: Any) -> Any:
        return await run(self, _whole(sql, self._project_id, self._ctx), *rest)

    return of_script


def _whole(sql: str, project: str, ctx: Any) -> str:
    """A statement with the names of its tables, and of the default dataset's functions that it calls."""
    sql = translatable(sql)
    if found := _DELETE.match(sql):
        sql = f"{found[0]}FROM {sql[found.end() :]}"  # the engine knows it with FROM only
    owner, dataset = _default.get()
    if _any_alone(sql):  # else DuckDB need not be asked for its temporary tables
        known = frozenset(name.lower() for name in temporary.names(ctx))
        sql = qualified(sql, owner or project, dataset, known)
    if not dataset:
        return sql
    routines = [each.routine_id for each in ctx.catalog.list_routines(owner or project, dataset)]
    return with_functions(sql, owner or project, dataset, frozenset(routines)) if routines else sql


@lru_cache(maxsize=512)
def _any_alone(sql: str) -> bool:
    tree = parsed(sql)
    return tree is not None and any(_alone(tree))


@lru_cache(maxsize=512)
def qualified(sql: str, project: str, dataset: str, temporary_tables: Collection[str] = frozenset()) -> str:
    """A statement whose tables have a dataset. What isn't parsed stays, for the engine to refuse.

    Raises the engine's error where there is no default dataset, as BigQuery words it.

    >>> qualified("WITH a AS (SELECT 1) SELECT * FROM a, t, t.items", "p", "d")
    'WITH a AS (SELECT 1) SELECT * FROM a, `p`.`d`.t, t.items'
    >>> qualified("CREATE TEMP TABLE x AS SELECT * FROM `y`", "p", "d", frozenset({"y"}))
    'CREATE TEMP TABLE x AS SELECT * FROM `y`'
    """
    tree = parsed(sql)
    if tree is None:
        return sql
    names = [table for table in _alone(tree) if table.name.lower() not in temporary_tables]
    if names and not dataset:
        error: Any = import_module("bqemulator.domain.errors").InvalidQueryError
        raise error(f'Table "{names[0].name}" must be qualified with a dataset (e.g. dataset.table).')
    return _before(sql, [table.this for table in names], f"`{project}`.`{dataset}`.")


@lru_cache(maxsize=512)
def with_functions(sql: str, project: str, dataset: str, routines: Collection[str]) -> str:
    """A statement whose calls of a dataset's functions name the dataset.

    >>> with_functions("SELECT f(1), g(f(2))", "p", "d", frozenset({"f"}))
    'SELECT `p.d.f`(1), g(`p.d.f`(2))'
    """
    tree = parsed(sql)
    if tree is None:
        return sql
    exp = import_module("sqlglot").exp
    calls = [each for each in tree.find_all(exp.Anonymous) if each.name in routines and not _of_something(each)]
    return _before(sql, calls, f"`{project}`.`{dataset}`.", as_one=True)


def with_routines(sql: str, project: str, default: tuple[str, str]) -> str:
    """A text whose statements of routines name the dataset. Raises the engine's error where there is none.

    >>> with_routines("CREATE FUNCTION f() AS (1); CREATE TEMP FUNCTION g() AS ('CALL h()')", "p", ("", "d"))
    "CREATE FUNCTION `p`.`d`.f() AS (1); CREATE TEMP FUNCTION g() AS ('CALL h()')"
    """

    def named(found: re.Match[str]) -> str:
        if not found["name"]:
            return found[0]
        if not default[1]:
            error: Any = import_module("bqemulator.domain.errors").InvalidQueryError
            name = found["name"].strip("`")
            raise error(f'Routine name "{name}" missing dataset while no default dataset is set in the request.')
        place = found.start("name") - found.start()
        return f"{found[0][:place]}`{default[0] or project}`.`{default[1]}`.{found['name']}"

    return _ROUTINE.sub(named, sql)


def _alone(tree: Any) -> Iterator[Any]:
    """The tables that are named without a dataset and are neither temporary nor of a WITH."""
    exp = import_module("sqlglot").exp
    if isinstance(tree, exp.Create | exp.Drop) and (tree.kind or "").upper() in ("SCHEMA", "FUNCTION", "PROCEDURE"):
        return
    made = None
    if isinstance(tree, exp.Create) and _is_temporary(tree):
        made = tree.this.find(exp.Table)
    for table in tree.find_all(exp.Table):
        if table is made or table.db or table.catalog or not isinstance(table.this, exp.Identifier):
            continue
        if type(table.parent).__name__ in ("AlterRename", "UserDefinedFunction") or _is_of_with(table):
            continue
        yield table


def _is_temporary(tree: Any) -> bool:
    properties = tree.args.get("properties")
    return any(type(each).__name__ == "TemporaryProperty" for each in (properties.expressions if properties else ()))


def _is_of_with(table: Any) -> bool:
    """Whether a name is that of a common table expression: those before its own, or all where WITH is RECURSIVE."""
    within, above = table, table.parent
    wanted = table.name.lower()
    while above is not None:
        clause = above.args.get("with_")
        if clause is not None:
            expressions = clause.expressions
            visible = expressions
            if within is clause and not clause.args.get("recursive"):
                mine = _child_of(table, clause)
                visible = expressions[: next(i for i, each in enumerate(expressions) if each is mine)]
            if any(each.alias.lower() == wanted for each in visible):
                return True
        within, above = above, above.parent
    return False


def _child_of(node: Any, ancestor: Any) -> Any:
    while node.parent is not ancestor:
        node = node.parent
    return node


def _of_something(call: Any) -> bool:
    return type(call.parent).__name__ == "Dot"


def _before(sql: str, nodes: list[Any], prefix: str, *, as_one: bool = False) -> str:
    """The text with a prefix before each node; in one pair of backticks what stands for many tables (`t_*`), or all."""
    for node in sorted(nodes, key=lambda each: int(each.meta["start"]), reverse=True):
        start, end = int(node.meta["start"]), int(node.meta["end"]) + 1
        whole = (
            f"`{prefix.replace('`', '')}{node.name}`" if as_one or node.name.endswith("*") else prefix + sql[start:end]
        )
        sql = sql[:start] + whole + sql[end:]
    return sql

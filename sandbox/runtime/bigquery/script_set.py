"""`SET (a, b) = …` of scripts: a struct's fields go into the variables, one by one.

The engine takes the columns of a query for them, so that a `SELECT AS STRUCT` is one value too few, and the only
variable in brackets gets the struct; constants in brackets are an error to it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from typing import Any

_STRUCT = re.compile(r"\bSELECT\s+AS\s+(?:STRUCT|VALUE)\b", re.I)


class _InBrackets(tuple[str, ...]):
    """The variables of a SET that has brackets around them."""

    __slots__ = ()


def replace_set() -> None:
    """Let the engine do so."""
    parser: Any = import_module("bqemulator.scripting.parser").Parser
    interpreter: Any = import_module("bqemulator.scripting.interpreter")
    parse, execute = parser._parse_set, interpreter.ScriptInterpreter._exec_set

    def parsed(self: Any) -> Any:
        following = self._cursor.peek()
        statement = parse(self)
        if (following.kind, following.value) != ("PUNCT", "("):
            return statement
        return replace(statement, targets=_InBrackets(statement.targets))

    async def executed(self: Any, statement: Any) -> None:
        if not isinstance(statement.targets, _InBrackets):
            await execute(self, statement)
            return
        values = await _values(self, statement.source_expr.strip())
        if len(values) != len(statement.targets):
            message = f"SET has {len(statement.targets)} variables and {len(values)} values."
            raise interpreter.InvalidQueryError(message)
        for name, value in zip(statement.targets, values, strict=True):
            self._frames.set(name, value)

    parser._parse_set, interpreter.ScriptInterpreter._exec_set = parsed, executed


async def _values(interpreter: Any, source: str) -> list[Any]:
    """The values of what is right of the sign: a query's row, a struct's fields, or constants in brackets."""
    import pyarrow

    inner = source[1:-1].strip() if source.startswith("(") and source.endswith(")") else ""
    if inner.split(None, 1)[:1] and inner.split(None, 1)[0].upper() in ("SELECT", "WITH"):
        if not _STRUCT.search(inner):
            return list(await interpreter._eval_expr_row(source))
    elif inner:
        source = f"STRUCT{source}"
    column = (await interpreter._run_query(f"SELECT {source}")).column(0)
    if not pyarrow.types.is_struct(column.type):
        return [column[0].as_py()]
    return [column[0][place].as_py() if column[0].is_valid else None for place in range(len(column.type))]

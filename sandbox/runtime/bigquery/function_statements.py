"""CREATE FUNCTION as BigQuery writes it: arguments of ANY TYPE, raw texts as code, what may stand around the language.

The engine's own parser knows none of these, and took what it didn't know for an error of syntax, or for code.
https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#create_function_statement
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.tokens import tokens_of


def parse_functions() -> None:
    """Let the engine read them."""
    scripts: Any = import_module("bqemulator.scripting.parser")
    interpreter: Any = import_module("bqemulator.scripting.interpreter")
    registry: Any = import_module("bqemulator.udf.temp_registry").TempRoutineRegistry
    parser: Any = next(each for each in vars(scripts).values() if hasattr(each, "_parse_function_rest"))
    read_text = parser._read_string_literal
    read_type, of_text, rest = parser._read_type_name, scripts.parse_bq_type_string, parser._parse_function_rest
    upsert, register = interpreter._upsert_routine, registry.register

    def type_name(self: Any) -> str:
        name: str = read_type(self)
        if name.upper() != "ANY" or self._cursor.current.value.upper() != "TYPE":
            return name
        self._cursor.advance()
        return _ANY

    def parsed(self: Any, *, or_replace: bool, table_fn: bool) -> Any:
        _leave_out(self._cursor)
        return rest(self, or_replace=or_replace, table_fn=table_fn)

    def text(self: Any) -> str:
        token = self._cursor.current
        if token.kind != "STRING":
            return str(read_text(self))
        self._cursor.advance()
        return str(tokens_of(token.value)[0].text)

    async def upserted(ctx: Any, routine: Any, **more: Any) -> Any:
        return await upsert(ctx, _of_any_type(routine), **more)

    parser._read_type_name, parser._parse_function_rest, parser._read_string_literal = type_name, parsed, text
    scripts.parse_bq_type_string = lambda text: None if text == _ANY else of_text(text)
    interpreter._upsert_routine = upserted
    registry.register = lambda self, name, routine: register(self, name, _of_any_type(routine))


_ANY = "ANY TYPE"


def _of_any_type(routine: Any) -> Any:
    arguments = tuple(
        each.model_copy(update={"argument_kind": "ANY_TYPE"}) if each.data_type is None else each
        for each in routine.arguments
    )
    return routine.model_copy(update={"arguments": arguments})


def _leave_out(cursor: Any) -> None:
    """Take `[NOT] DETERMINISTIC` and the options between the language and its code out of the tokens ahead."""
    tokens = cursor._tokens
    place, depth = cursor.pos, 0
    while place < len(tokens) and tokens[place].kind != "EOF":
        token = tokens[place]
        depth += (token.value in ("(", "[")) - (token.value in (")", "]")) if token.kind in ("PUNCT", "OP") else 0
        word = token.value.upper() if token.kind in ("IDENT", "KEYWORD") and not depth else ""
        if word == "AS" or (token.value == ";" and not depth):
            return
        if word == "DETERMINISTIC":
            first = place - 1 if tokens[place - 1].value.upper() == "NOT" else place
            del tokens[first : place + 1]
            place = first
        elif word == "OPTIONS":
            del tokens[place : _end(tokens, place + 1)]
        else:
            place += 1


def _end(tokens: list[Any], place: int) -> int:
    """After the brackets that begin at a place. Raises the engine's error for libraries."""
    depth = 0
    for number in range(place, len(tokens)):
        value = tokens[number].value
        if depth == 1 and value.lower() == "library":
            error: Any = import_module("bqemulator.domain.errors").InvalidQueryError
            raise error("The sandbox does not implement libraries of functions: write their code into the function.")
        depth += (value == "(") - (value == ")")
        if not depth:
            return number + 1
    return len(tokens)

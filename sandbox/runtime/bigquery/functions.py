"""Functions that DuckDB hasn't as BigQuery has them: macros, and functions in Python that these use.

An expression is said by one of them as `bq_NAME`. They are temporary, each connection's, so that a
database that is kept has none of an earlier version; a view finds them by their names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery import (
    bytes_and_texts,
    clock,
    format_elements,
    formatting,
    json_functions,
    networks,
    typed,
)
from sandbox.runtime.bigquery.macros import MACROS
from sandbox.runtime.bigquery.macros_by_type import BY_TYPE
from sandbox.runtime.bigquery.overloads import overloads
from sandbox.runtime.bigquery.remote import add_remote

PREFIX = "bq_"
_CURSORS: list[Any] = []
_RAISED = re.compile(r"Python exception occurred while executing the UDF: \w*Error: (.*?)\s+At:", re.S)


def add_functions() -> None:
    """Let the engine have them as soon as its database is open."""
    builtin: Any = import_module("bqemulator.sql.builtin_udfs")
    register = builtin.register_builtin_udfs

    def registered(connection: Any) -> None:
        register(connection)
        for name, (function, takes, gives) in _PYTHON.items():
            connection.create_function(PREFIX + name, function, takes, gives, null_handling="special")
        _add_overloads(connection)
        add_remote(connection)
        add_macros(connection)

    builtin.register_builtin_udfs = registered
    mapper: Any = import_module("bqemulator.jobs.error_mapper")
    mapper._DUCKDB_TRANSLATORS = (_told, *mapper._DUCKDB_TRANSLATORS)


def _told(raw: str, _sql: str | None) -> Any:
    """An error of a function of ours by its words alone, without where in this program it was."""
    found = _RAISED.search(raw) if __package__ in raw.replace("/", ".") else None
    error: Any = import_module("bqemulator.domain.errors").InvalidQueryError
    return error(found[1], location="query") if found else None


def add_macros(connection: Any) -> None:
    """Give a connection the macros; the functions in Python are the database's."""
    for name, texts in {**MACROS, **BY_TYPE}.items():
        connection.execute(f"CREATE OR REPLACE TEMP MACRO {PREFIX}{name}{', '.join(texts)}")


def _add_overloads(connection: Any) -> None:
    """Each on a cursor of its own, as one takes a name once; it is kept, as the function ends with it."""
    for name, takes, function, gives in overloads():
        cursor = connection.cursor()
        cursor.create_function(name, _none_for_null(function), list(takes), gives, null_handling="special")
        _CURSORS.append(cursor)


def _fail(message: str) -> int:
    raise ValueError(message)


def _json(text: str | None, kind: str, exact: bool, pretty: bool) -> str:
    said = typed.json_text(typed.read(text, plain="JSON" not in kind), typed.kind_of(kind), exact=exact)
    return json_functions.indented(said) if pretty else said


def _none_for_null(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)  # DuckDB counts its parameters
    def called(*arguments: Any) -> Any:
        return None if any(each is None for each in arguments) else function(*arguments)

    return called


_TEXT, _BLOB, _INT, _NUMERIC = "VARCHAR", "BLOB", "BIGINT", "DECIMAL(38,9)"
_STRICT: dict[str, tuple[Callable[..., Any], list[str], str]] = {
    "quotient_py": (typed.quotient, [_NUMERIC, _NUMERIC], _NUMERIC),
    "string_py": (typed.string_text, [_TEXT, _TEXT], _TEXT),
    "safe_string_py": (typed.safe_string_text, [_TEXT, _TEXT], _TEXT),
    "time_text": (typed.time_text, [_TEXT], _TEXT),
    "instr_py": (bytes_and_texts.place, [_TEXT, _TEXT, _INT, _INT], _INT),
    "bytes_to_text": (lambda value: value.decode(errors="replace"), [_BLOB], _TEXT),
    "from_hex": (bytes_and_texts.from_hex, [_TEXT], _BLOB),
    "contains": (json_functions.contains, [_TEXT, _TEXT, _TEXT], "BOOLEAN"),
    "text_by_format_py": (format_elements.text_of, [_TEXT, _TEXT, _TEXT, _TEXT, "BOOLEAN"], _TEXT),
    "bytes_by_format_py": (format_elements.bytes_of, [_TEXT, _TEXT, "BOOLEAN"], _BLOB),
    "time_by_format_py": (format_elements.micros_of, [_TEXT, _TEXT, _TEXT, "BOOLEAN"], _INT),
    "parse_time_py": (clock.parsed, [_TEXT, _TEXT, _TEXT], _INT),
    "format_time_py": (clock.formatted, [_TEXT, _INT, _TEXT], _TEXT),
    "json_keys_py": (json_functions.keys, [_TEXT, _INT, _TEXT], "VARCHAR[]"),
    "json_value_py": (json_functions.value, [_TEXT, _TEXT], _TEXT),
    "lax_value_py": (json_functions.lax, [_TEXT, _TEXT], _TEXT),
    "json_put_py": (json_functions.put, [_TEXT, _TEXT, _TEXT, "BOOLEAN"], _TEXT),
    "json_append_py": (json_functions.appended, [_TEXT, _TEXT, _TEXT], _TEXT),
    "net_host": (networks.host, [_TEXT], _TEXT),
    "net_ip_from_string": (networks.from_text, [_TEXT], _BLOB),
    "net_safe_ip_from_string": (networks.safe_from_text, [_TEXT], _BLOB),
    "net_ip_to_string": (networks.to_text, [_BLOB], _TEXT),
    "net_ip_net_mask": (networks.mask, [_INT, _INT], _BLOB),
    "net_ip_trunc": (networks.truncated, [_BLOB, _INT], _BLOB),
    "net_ipv4_from_int64": (networks.from_number, [_INT], _BLOB),
    "net_ipv4_to_int64": (networks.to_number, [_BLOB], _INT),
}
_PYTHON: dict[str, tuple[Callable[..., Any], list[str], str]] = {
    **{name: (_none_for_null(each[0]), *each[1:]) for name, each in _STRICT.items()},
    "fail": (_fail, [_TEXT], _INT),
    "json_py": (_json, [_TEXT, _TEXT, "BOOLEAN", "BOOLEAN"], _TEXT),
    "format_py": (formatting.formatted, [_TEXT, "VARCHAR[]", "VARCHAR[]"], _TEXT),
}

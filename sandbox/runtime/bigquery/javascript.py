"""Functions in JavaScript: V8 runs them, a batch of rows at a time, without files or network.

Types go over as https://cloud.google.com/bigquery/docs/user-defined-functions#supported-javascript-udf-data-types
says. INT64 and the others that aren't there are refused as arguments, as it says too.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from importlib import import_module
from inspect import Parameter, Signature
from typing import Any

from sandbox.runtime.bigquery.remote import KINDS
from sandbox.runtime.bigquery.typed import WHOLE

TIMEOUT = 60.0  # seconds that a batch may take
MEMORY = 256 * 1024 * 1024  # bytes of one function's values
_TAKEN = ("BOOL", "BYTES", "FLOAT64", "NUMERIC", "BIGNUMERIC", "STRING", "TIMESTAMP", "DATE", "JSON")
_GIVEN = (*_TAKEN, "INT64")
_NAMES = {"BOOLEAN": "BOOL", "FLOAT": "FLOAT64", "INTEGER": "INT64"}
_CHANGING = re.compile(r"\bMath\s*\.\s*random\b|\bDate\b")
_PLACE = re.compile(r"<anonymous>:(\d+): (.*)")
_PRELUDE = """
const __taken = (kind, v) => {
  if (v === null) return null;
  if (kind.of) return v.map(each => __taken(kind.of, each));
  if (kind.fields) return Object.fromEntries(kind.fields.map(([name, each]) => [name, __taken(each, v[name])]));
  if (kind.name === "FLOAT64") return Number(v);
  if (kind.name === "DATE") return new Date(v);
  if (kind.name === "JSON") return JSON.parse(v);
  if (kind.name !== "TIMESTAMP") return v;
  const time = new Date(v[0]);
  time.microsecond = v[1];
  return time;
};
const __given = (kind, v) => {
  if (v === null || v === undefined) return null;
  const fail = () => { throw new Error(`Failed to coerce output value ${JSON.stringify(v)} to type ${kind.name}`); };
  if (kind.of) return Array.isArray(v) ? v.map(each => __given(kind.of, each)) : fail();
  if (kind.fields) {
    if (typeof v !== "object" || Array.isArray(v)) fail();
    return kind.fields.map(([name, each]) => __given(each, v[name]));
  }
  if (kind.name === "JSON") return JSON.stringify(v);
  if (kind.name === "BOOL") return typeof v === "boolean" ? v : fail();
  if (v instanceof Date && (kind.name === "DATE" || kind.name === "TIMESTAMP")) return v.toISOString();
  if (kind.name === "INT64" && typeof v === "number" && !Number.isInteger(v)) fail();
  if (kind.name === "STRING" || typeof v !== "object") return String(v);
  return fail();
};
const __all = (takes, gives, rows) => JSON.stringify(
  rows.map(row => __given(gives, __function(...row.map((v, i) => __taken(takes[i], v))))));
"""


def run_javascript() -> None:
    """Let the engine run them so."""
    runtime: Any = import_module("bqemulator.udf.js_udf").JavaScriptUDFRuntime
    named: Callable[[Any], str] = import_module("bqemulator.udf.js_udf")._qualified_function_name
    made: dict[str, tuple[Any, Script]] = {}

    def materialize(_self: Any, routine: Any, engine: Any) -> None:
        name = named(routine)
        script = Script(routine.routine_id, _arguments(routine), _kind(routine.return_type), routine.definition_body)
        deregister(_self, routine, engine)
        # The function ends with the connection that it was made by.
        cursor = engine.connection.cursor()
        takes = [_type(each) for _, each in script.arguments]
        changing = routine.determinism_level == "NOT_DETERMINISTIC" or bool(_CHANGING.search(script.code)) or not takes
        how = {"null_handling": "special", "side_effects": changing, **({"type": "arrow"} if takes else {})}
        cursor.create_function(name, script.function(), takes, _type(script.gives), **how)
        made[name] = (cursor, script)

    def deregister(_self: Any, routine: Any, _engine: Any) -> None:
        cursor, script = made.pop(named(routine), (None, None))
        if cursor is not None and script is not None:
            cursor.remove_function(named(routine))
            script.close()

    runtime.materialize, runtime.deregister = materialize, deregister


class Script:
    """A function's code in a V8 of its own, which begins when it is called first.

    >>> script = Script("twice", [("x", {"name": "FLOAT64"})], {"name": "INT64"}, "return x === null ? null : 2 * x;")
    >>> script.rows([[1.5], [None]])
    [3, None]
    >>> script.close()
    """

    def __init__(self, name: str, arguments: list[tuple[str, Any]], gives: Any, code: str) -> None:
        self.name, self.arguments, self.gives, self.code = name, arguments, gives, code
        # V8 is told of by a thread without an event loop: there a time limit holds.
        self._thread = ThreadPoolExecutor(1)
        self._machine: Any = None

    def function(self) -> Callable[..., Any]:
        """What DuckDB calls: with vectors of Arrow's, or for each row where there are no arguments."""
        arrow = import_module("pyarrow")

        def batch(*columns: Any) -> Any:
            lists = [column.to_pylist() for column in columns]
            return arrow.array(self.rows([list(row) for row in zip(*lists, strict=True)]), _arrow(self.gives, arrow))

        names = [f"v{place}" for place in range(len(self.arguments))]
        batch.__signature__ = Signature([Parameter(name, Parameter.POSITIONAL_ONLY) for name in names])  # type: ignore[attr-defined]
        return batch if names else lambda: self.rows([[]])[0]

    def rows(self, rows: list[list[Any]]) -> list[Any]:
        """The value of each row's arguments. Raises ValueError."""
        kinds = [kind for _, kind in self.arguments]
        given = [[_taken(kind, value) for kind, value in zip(kinds, row, strict=True)] for row in rows]
        call = f"__all({json.dumps(kinds)}, {json.dumps(self.gives)}, {json.dumps(given)})"
        found = json.loads(self._thread.submit(self._run, call).result())
        return [_given(self.gives, value) for value in found]

    def close(self) -> None:
        """End it."""
        self._thread.shutdown(wait=False)
        self._machine = None

    def _run(self, call: str) -> str:
        racer = import_module("py_mini_racer")
        try:
            if self._machine is None:
                machine = racer.MiniRacer()
                machine.set_hard_memory_limit(MEMORY)
                machine.eval(_PRELUDE)
                names = ", ".join(name for name, _ in self.arguments)
                machine.eval(f"const __function = function({names}) {{\n{self.code}\n}};", timeout_sec=TIMEOUT)
                self._machine = machine
            return str(self._machine.eval(call, timeout_sec=TIMEOUT))
        except racer.JSTimeoutException:
            raise ValueError(f"The function {self.name} took longer than {TIMEOUT:.0f} s.") from None
        except racer.JSOOMException:
            raise ValueError(f"The function {self.name} takes more than {MEMORY // 1024 // 1024} MiB.") from None
        except racer.JSEvalException as error:
            raise ValueError(f"{_told(str(error))} (function {self.name})") from None


def _told(text: str) -> str:
    """V8's words of an error, with the line of the function's code."""
    found = _PLACE.search(text)
    if found is None:
        return text.strip().partition("\n")[0]
    said = found[2].removeprefix("Error: Failed to coerce")
    return f"{found[2]} at line {max(int(found[1]) - 1, 1)}" if said == found[2] else f"Failed to coerce{said}"


def _arguments(routine: Any) -> list[tuple[str, Any]]:
    error: Any = import_module("bqemulator.domain.errors").InvalidQueryError
    if routine.imported_libraries:
        raise error(
            "The sandbox does not implement libraries of functions in JavaScript: write them into the function."
        )
    if routine.return_type is None:
        raise error("A function in JavaScript needs RETURNS.")
    found = [(each.name, _kind(each.data_type)) for each in routine.arguments]
    for name, kind in found:
        if other := _untaken(kind, _TAKEN):
            raise error(f"JavaScript functions take no {other} (argument {name}): use FLOAT64 or STRING.")
    if other := _untaken(_kind(routine.return_type), _GIVEN):
        raise error(f"JavaScript functions give no {other}: use STRING.")
    return found


def _kind(given: dict[str, Any] | None) -> dict[str, Any]:
    """A type of the API, as the script reads it."""
    name = str((given or {}).get("typeKind") or "ANY TYPE").upper()
    if given and name == "ARRAY":
        return {"name": name, "of": _kind(given["arrayElementType"])}
    if given and name == "STRUCT":
        fields = given["structType"]["fields"]
        return {"name": name, "fields": [[each.get("name") or "", _kind(each["type"])] for each in fields]}
    return {"name": _NAMES.get(name, name)}


def _untaken(kind: dict[str, Any], known: tuple[str, ...]) -> str:
    """The first type in another that isn't one of some; empty where all are."""
    inner = [kind["of"]] if "of" in kind else [each for _, each in kind.get("fields") or ()]
    if inner:
        return next(filter(None, (_untaken(each, known) for each in inner)), "")
    return "" if kind["name"] in known else str(kind["name"])


def _type(kind: dict[str, Any]) -> str:
    """DuckDB's name of a type."""
    if "of" in kind:
        return f"{_type(kind['of'])}[]"
    if "fields" in kind:
        return "STRUCT({})".format(", ".join(f'"{name}" {_type(each)}' for name, each in kind["fields"]))
    return "JSON" if kind["name"] == "JSON" else KINDS[_scalar(kind)][0]


def _scalar(kind: dict[str, Any]) -> str:
    return "NUMERIC" if kind["name"] == "BIGNUMERIC" else str(kind["name"])


def _arrow(kind: dict[str, Any], arrow: Any) -> Any:
    if "of" in kind:
        return arrow.list_(_arrow(kind["of"], arrow))
    if "fields" in kind:
        return arrow.struct([(name, _arrow(each, arrow)) for name, each in kind["fields"]])
    if kind["name"] == "JSON":
        return arrow.json_(arrow.string())
    made, *how = KINDS[_scalar(kind)][1]
    return getattr(arrow, str(made))(*how)


def _taken(kind: dict[str, Any], value: Any) -> Any:
    """A value as JSON that the prelude reads."""
    if value is None:
        return None
    if "of" in kind:
        return [_taken(kind["of"], each) for each in value]
    if "fields" in kind:
        return {name: _taken(each, value[name]) for name, each in kind["fields"]}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) <= WHOLE else f"{value.normalize():f}"
    if isinstance(value, datetime):
        micros = (value - datetime(1970, 1, 1, tzinfo=UTC)) // _MICROSECOND
        return [micros // 1000, micros % 1000]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return _REALS.get(str(value), str(value))
    return value


def _given(kind: dict[str, Any], value: Any) -> Any:
    """What the prelude made of a script's value, as Arrow takes it. Raises ValueError."""
    if value is None:
        return None
    if "of" in kind:
        return [_given(kind["of"], each) for each in value]
    if "fields" in kind:
        return {name: _given(each, one) for (name, each), one in zip(kind["fields"], value, strict=True)}
    name = _scalar(kind)
    try:
        return _READ[name](value) if name in _READ else value
    except (ValueError, ArithmeticError):
        raise ValueError(f"Failed to coerce output value {json.dumps(value)} to type {kind['name']}") from None


_MICROSECOND = datetime.resolution
_REALS = {"inf": "Infinity", "-inf": "-Infinity"}
_READ: dict[str, Callable[[str], Any]] = {
    "INT64": lambda text: int(Decimal(text)),
    "FLOAT64": float,
    "NUMERIC": lambda text: Decimal(text).quantize(Decimal("1e-9"), rounding=ROUND_HALF_UP),
    "BYTES": lambda text: base64.b64decode(text, validate=True),
    "DATE": lambda text: date.fromisoformat(text[:10]),
    "TIMESTAMP": lambda text: datetime.fromisoformat(text).astimezone(UTC),
}

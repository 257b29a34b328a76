"""A state as a file has it, brought into the form that the schema says, or refused at the place that has another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Path, Problem, ProviderError
from sandbox.provider.fields import Field
from sandbox.provider.table import ResourceType

_TEXTS = {"string": "a string", "number": "a number", "bool": "a bool"}


def conform(kind: ResourceType, state: Any) -> dict[str, Any]:
    """The state with what the schema has: more is dropped, what lacks is null. Raises ProviderError."""
    if not isinstance(state, Mapping):
        raise ProviderError(Problem(f"State of {kind.name}: an object is required"))
    found = _body(kind.fields, state, ())
    found["id"] = _simple("string", state.get("id"), ("id",))
    if kind.timeouts:
        found["timeouts"] = state.get("timeouts")
    return found


def _body(fields: Mapping[str, Field], state: Mapping[str, Any], path: Path) -> dict[str, Any]:
    return {name: _value(f, state.get(name, [] if f.block else None), (*path, name)) for name, f in fields.items()}


def _value(f: Field, value: Any, path: Path) -> Any:
    if value is None:
        return [] if f.block and f.kind != "single" else None
    if value is UNKNOWN:
        return value
    if f.kind == "single":
        return _object(f, value, path)
    if f.kind in ("list", "set"):
        if not isinstance(value, list):
            raise _wrong(path, f"a {f.kind}")
        return [
            _object(f, item, (*path, at)) if f.nested else _simple(f.element, item, (*path, at))
            for at, item in enumerate(value)
        ]
    if f.kind == "map":
        if not isinstance(value, Mapping):
            raise _wrong(path, "a map")
        return {key: _simple(f.element, item, (*path, key)) for key, item in value.items()}
    return _simple(f.kind, value, path)


def _object(f: Field, value: Any, path: Path) -> Any:
    if value is UNKNOWN:
        return value
    if not isinstance(value, Mapping):
        raise _wrong(path, "an object")
    return _body(f.fields, value, path)


def _simple(kind: str, value: Any, path: Path) -> Any:
    """A simple value. Texts that say a number or a truth value count, and the other way round, as Terraform has it."""
    if value is None or value is UNKNOWN:
        return value
    if kind == "string" and isinstance(value, bool | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if kind == "bool" and value in ("true", "false"):
        return value == "true"
    fits = {
        "string": isinstance(value, str),
        "bool": isinstance(value, bool),
        "number": not isinstance(value, bool) and (isinstance(value, int | float) or _is_number(value)),
    }
    if not fits[kind]:
        raise _wrong(path, _TEXTS[kind])
    return value


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, str) and float(value) == float(value)
    except ValueError:
        return False


def _wrong(path: Path, wanted: str) -> ProviderError:
    dotted = ".".join(map(str, path))
    return ProviderError(Problem(f"{dotted}: {wanted} is required", path=path))

"""What a function of the standard library is, and the register that the modules fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.workflows.errors import fault
from sandbox.workflows.values import is_number, type_name

REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Function:
    """A function: its parameters with their defaults, and what computes it.

    kind  "pure"    `run(*values)`
          "noted"   `run(task, *values)`: what it gives is kept in the journal, since the next time it were another
          "effect"  `await run(task, *values)`: a call that may block, not possible within an expression; kept as well
          "own"     like an effect, but it keeps what it needs itself
    """

    name: str
    parameters: tuple[tuple[str, Any], ...]
    run: Callable[..., Any]
    kind: str = "pure"

    def bind(self, positional: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        """The values of all parameters. Raises TypeError of workflows."""
        if len(positional) > len(self.parameters):
            message = f"{self.name} takes {len(self.parameters)} arguments at most, {len(positional)} given"
            raise fault("TypeError", message)
        known = [name for name, _ in self.parameters]
        unknown = next((name for name in named if name not in known), None)
        if unknown is not None:
            raise fault("TypeError", f"{self.name} has no argument '{unknown}'")
        values = list(positional)
        for name, default in self.parameters[len(positional) :]:
            value = named.get(name, default)
            if value is REQUIRED:
                raise fault("TypeError", f"{self.name} needs the argument '{name}'")
            values.append(value)
        return values


FUNCTIONS: dict[str, Function] = {}
CONSTANTS: dict[str, Any] = {}


def function(name: str, parameters: str = "", kind: str = "pure", **defaults: Any) -> Callable[[Any], Any]:
    """Register: `@function("text.split", "source separator")`. Parameters that `defaults` has may be left out."""

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        named = tuple((each, defaults.get(each, REQUIRED)) for each in parameters.split())
        FUNCTIONS[name] = Function(name, named, run, kind)
        return run

    return register


_KINDS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "bytes": lambda value: isinstance(value, bytes),
    "string or bytes": lambda value: isinstance(value, str | bytes),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": is_number,
    "list": lambda value: isinstance(value, list),
    "map": lambda value: isinstance(value, dict),
}


def must_be(kind: str, value: Any, name: str) -> Any:
    """The value, if it is of a kind. Raises TypeError of workflows.

    >>> must_be("string", "a", "source")
    'a'
    """
    if not _KINDS[kind](value):
        raise fault("TypeError", f"argument '{name}' must be a {kind}, not {type_name(value)}")
    return value

"""Where variables live: a routine has a scope, and within it each loop, handler and branch; and what they weigh."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.workflows.errors import fault
from sandbox.workflows.values import size

MOST_MEMORY = 512 * 1024


@dataclass(slots=True)
class Memory:
    """What all variables of an execution weigh."""

    used: int = 0

    def change(self, by: int) -> None:
        """Count. Raises ResourceLimitError where it is too much."""
        self.used += by
        if by > 0 and self.used > MOST_MEMORY:
            raise fault("ResourceLimitError", f"memory usage limit exceeded: {self.used} of {MOST_MEMORY} bytes")


@dataclass(slots=True)
class Scope:
    """Variables. `shared` is set where a parallel step begins: only these of outside may be assigned within."""

    memory: Memory
    outer: Scope | None = None
    shared: frozenset[str] | None = None
    _values: dict[str, Any] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)

    def inner(self, shared: frozenset[str] | None = None) -> Scope:
        """A scope within this one."""
        return Scope(self.memory, self, shared)

    def find(self, name: str) -> tuple[Any] | None:
        """The value of a variable, in a tuple of one; None where there is no such variable."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope._values:
                return (scope._values[name],)
            scope = scope.outer
        return None

    def assign(self, name: str, value: Any) -> None:
        """Set a variable where it is, or make it here."""
        scope: Scope | None = self
        closed = False
        while scope is not None:
            if name in scope._values:
                if closed:
                    raise fault("ValueError", f"variable '{name}' is not shared: a parallel step can't assign it")
                scope.define(name, value)
                return
            closed = closed or (scope.shared is not None and name not in scope.shared)
            scope = scope.outer
        self.define(name, value)

    def define(self, name: str, value: Any) -> None:
        """Set a variable of this scope."""
        weight = size(value) + len(name)
        self.memory.change(weight - self._sizes.get(name, 0))
        self._values[name], self._sizes[name] = value, weight

    def visible(self) -> dict[str, Any]:
        """All variables that can be seen from here."""
        return {**(self.outer.visible() if self.outer else {}), **self._values}

    def close(self) -> None:
        """It is left: its variables weigh nothing any more."""
        self.memory.change(-sum(self._sizes.values()))
        self._values.clear()
        self._sizes.clear()

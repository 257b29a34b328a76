"""Variables of workflows that are gone when they are read: first assigned in a loop, a handler or a branch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shared_services.yaml.nodes import Mapping, Node, Scalar, Sequence

from ..problems import Problem
from .workflow_expressions import ExpressionError, inner, variables

_Tries = frozenset[int]


@dataclass(slots=True)
class _Scope:
    """What is assigned and read directly in a scope, and the scopes in it; each with the `try`s around it.

    An `except` has the number of its `try` in `handles`: what that assigns may not have been assigned yet.
    """

    kind: str
    handles: int = 0
    assigned: list[tuple[str, _Tries]] = field(default_factory=list)
    reads: list[tuple[str, Scalar, _Tries]] = field(default_factory=list)
    inner: list[_Scope] = field(default_factory=list)

    def names(self, but: int = 0) -> set[str]:
        """What is assigned here, but for what only a certain `try` assigns."""
        return {name for name, tries in self.assigned if but not in tries}

    def below(self, handles: int = 0) -> Iterator[tuple[_Scope, int]]:
        """The scopes within, at any depth, with the `try` of the handler that they are in."""
        for scope in self.inner:
            of = handles or scope.handles
            yield scope, of
            yield from scope.below(of)


def lost(steps: Sequence, path: str) -> Iterator[Problem]:
    """What a routine reads outside of the scope that it was first assigned in."""
    scope = _Scope("workflow")
    _Walker().walk(steps, scope, frozenset())
    yield from _found(scope, frozenset(), path)


def _found(scope: _Scope, around: frozenset[str], path: str) -> Iterator[Problem]:
    gone: dict[str, tuple[str, int]] = {}
    for within, handles in scope.below():
        for name in within.names() - around - scope.names(but=handles):
            gone[name] = (within.kind, handles)
    for name, node, tries in scope.reads:
        kind, handles = gone.get(name, ("", 0))
        if kind and handles not in tries:
            del gone[name]  # told once
            message = f'"{name}" is first assigned in a{"n" * (kind[0] in "aeiou")} {kind}, and gone after it'
            yield Problem.at(node.at, path, message, f"assign it before: - {name}: null")
    for within in scope.inner:
        yield from _found(within, around | scope.names(but=within.handles), path)


class _Walker:
    """Goes through the steps, and numbers the `try`s."""

    def __init__(self) -> None:
        self._tries = 0

    def walk(self, node: Node, scope: _Scope, tries: _Tries) -> None:
        if isinstance(node, Scalar):
            self._read(node, scope, tries)
            return
        if isinstance(node, Sequence):
            for item in node.items:
                self.walk(item, scope, tries)
            return
        number = 0
        if "try" in node.items:
            self._tries += 1
            number = self._tries
        for key, value in node.items.items():
            if key == "assign" and isinstance(value, Sequence):
                names = [name for item in value.items if isinstance(item, Mapping) for name in item.items]
                scope.assigned += [(name, tries) for name in names if name.isidentifier()]
            elif key == "result" and "call" in node.items and isinstance(value, Scalar):
                scope.assigned.append((str(value.value), tries))
            if key == "branches" and isinstance(value, Sequence):
                for branch in value.items:
                    self._within(branch, scope, "branch", tries)
            elif key == "for" and isinstance(value, Mapping):
                self._within(value, scope, "loop", tries)
            elif key == "except" and isinstance(value, Mapping):
                self._within(value, scope, "except", tries, number)
            else:
                self.walk(value, scope, tries | {number} if key == "try" else tries)

    def _within(self, node: Node, scope: _Scope, kind: str, tries: _Tries, handles: int = 0) -> None:
        made = _Scope(kind, handles)
        for name in ("value", "index", "as"):
            found = node.items.get(name) if isinstance(node, Mapping) else None
            if isinstance(found, Scalar):
                made.assigned.append((str(found.value), tries))
        scope.inner.append(made)
        self.walk(node, made, tries)

    def _read(self, node: Scalar, scope: _Scope, tries: _Tries) -> None:
        expression = inner(node.value)
        if expression is not None:
            try:
                scope.reads += [(name, node, tries) for name in variables(expression)]
            except ExpressionError:
                return  # told by who checks expressions

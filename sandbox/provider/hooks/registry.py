"""Hooks by type: `@hook("plan", "google_pubsub_topic")` registers a function for a point of the general engine.

Points and signatures (`Context` carries type, states, settings and the API client):

- `validate(ctx) -> None`: append to `ctx.problems` what the configuration gets wrong.
- `plan(ctx) -> None`: change `ctx.planned` and `ctx.replace` after the general plan.
- `expand(ctx, document) -> document`: the request's document, from the general one.
- `flatten(ctx, document, state) -> state`: the state, from the general one and the API's document.
- `create`, `read`, `update`, `delete` (`async (ctx) -> …`): replace the general operation; `read` returns the
  API's document or None where it is gone.
- `after_create` (`async (ctx, document) -> document`): calls that follow a creation.
- `identify(ctx, id) -> fields`: the arguments an import id stands for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeVar

from sandbox.provider.diagnostics import Path, Problem
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_POINTS = frozenset(
    ("validate", "plan", "expand", "flatten", "create", "read", "update", "delete", "after_create", "identify")
)
_HOOKS: dict[tuple[str, str], Callable[..., Any]] = {}
_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(slots=True)
class Context:
    """One operation on one resource. `planned` is the target; `prior` is None on creation."""

    kind: ResourceType
    settings: Settings
    api: Any
    prior: dict[str, Any] | None = None
    planned: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    replace: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def changed(self, name: str) -> bool:
        """Whether the plan differs from the prior state in a field."""
        return (self.prior or {}).get(name) != self.planned.get(name)


def hook(point: str, *types: str) -> Callable[[_F], _F]:
    """Register the decorated function at `point` for the resource types named."""
    if point not in _POINTS:
        raise ValueError(f"no hook point {point!r}")

    def register(function: _F) -> _F:
        for name in types:
            _HOOKS[point, name] = function
        return function

    return register


@cache
def load() -> None:
    """Import every module of hooks, once."""
    package = import_module("sandbox.provider.hooks")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")


def find(point: str, name: str) -> Callable[..., Any] | None:
    """The hook of a type at a point, if there is one."""
    load()
    return _HOOKS.get((point, name))

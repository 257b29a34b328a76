"""Rules by their names, and what asks them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Rule = Callable[[Any, Any, str], bool]
_RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    """Register a rule under the name that tables use. Raises ValueError where one has it."""

    def register(function: Rule) -> Rule:
        if name in _RULES:
            raise ValueError(f"two rules are called {name}: {_RULES[name].__module__} has the other")
        _RULES[name] = function
        return function

    return register


def suppressed(name: str, old: Any, new: Any) -> bool:
    """Whether the difference between `old` and `new` is to be ignored. Raises KeyError for an unknown rule."""
    rule_name, _, argument = name.partition(":")
    return _RULES[rule_name](old, new, argument)


def names() -> frozenset[str]:
    """The rules there are."""
    return frozenset(_RULES)

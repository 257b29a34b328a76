"""Checks by their names, and what asks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Check = Callable[[Any, str, str], Iterator[str]]
_CHECKS: dict[str, tuple[Check, bool]] = {}


def check(name: str, *, warning: bool = False) -> Callable[[Check], Check]:
    """Register a check under the name that tables use; a warning keeps nobody from applying."""

    def register(function: Check) -> Check:
        _CHECKS[name] = function, warning
        return function

    return register


def checked(name: str, value: Any, full: str) -> Iterator[tuple[str, bool]]:
    """What a check says of a value, and whether that is a warning. Raises KeyError for an unknown check."""
    check_name, _, argument = name.partition(":")
    function, warning = _CHECKS[check_name]
    for sentence in function(value, full, argument):
        yield sentence, warning


def names() -> frozenset[str]:
    """The checks there are."""
    return frozenset(_CHECKS)

"""Switches: what is declared with `enabled: false` is checked like everything else, and then left out."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel

from .models import Environment
from .models.base import Switched

M = TypeVar("M", bound=BaseModel)


def switched_on(environment: Environment) -> Environment:
    """The environment without what is switched off, of the environment itself and of its subprojects."""
    reduced = _reduced(environment)
    subprojects = {key: _reduced(subproject) for key, subproject in environment.subprojects.items()}
    return reduced.model_copy(update={"subprojects": subprojects})


def is_switched_off(data: Any) -> bool:
    """Whether plain data says `enabled: false`.

    >>> is_switched_off({"enabled": False}), is_switched_off({"tier": "BASIC"})
    (True, False)
    """
    return isinstance(data, dict) and data.get("enabled") is False


def _reduced(holder: M) -> M:
    changed: dict[str, Any] = {}
    for name in type(holder).model_fields:
        value = getattr(holder, name)
        if _off(value):
            changed[name] = None
        elif isinstance(value, dict) and any(map(_off, value.values())):
            changed[name] = {key: thing for key, thing in value.items() if not _off(thing)}
    return holder.model_copy(update=changed) if changed else holder


def _off(value: Any) -> bool:
    return isinstance(value, Switched) and not value.enabled

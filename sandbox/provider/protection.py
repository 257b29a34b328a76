"""Why a resource may not be destroyed, in hashicorp/google's words, which name each type in a way of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.provider.table import ResourceType


def refusal(kind: ResourceType, state: Mapping[str, Any]) -> str | None:
    """What a destroy is refused with; None where nothing protects the resource.

    Args:
        kind: the type, whose table may say how it is `called`, or with what words its deletion is `protected`.
        state: the resource.
    """
    if state.get("deletion_policy") == "PREVENT":
        return _told(_called(kind, state), 'deletion_policy="DELETE"')
    if state.get("deletion_protection"):
        return _told((kind.protected or _words(kind.noun)).format_map(state), "deletion_protection=false")
    return None


def _told(words: str, setting: str) -> str:
    its_own = " " in words and words[0].isupper()  # a sentence
    return words if its_own else f"cannot destroy {words} without setting {setting} and running `terraform apply`"


def _called(kind: ResourceType, state: Mapping[str, Any]) -> str:
    if kind.called == "id":
        return f'"{state["id"]}"'
    return kind.called or "".join(map(str.capitalize, kind.name.removeprefix("google_").split("_")))


def _words(noun: str) -> str:
    """
    >>> _words("DatabaseInstance")
    'database instance'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", noun).lower()

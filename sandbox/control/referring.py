"""Who names whom: names of other resources in documents, whichever way they are spelt."""

from __future__ import annotations

import re
from typing import Any

from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition
from sandbox.control.store import Resource

_HOST = re.compile(r"(?:https?:)?//[^/]+/(?:[a-z]+/)?(?:v\d\w*/)?(?=(?:projects|folders|organizations)/)")


def relative(text: object, call: Call) -> str:
    """A name without its host, the project by its id, whether that is told by the id or the number."""
    name = _HOST.sub("", str(text or ""))
    parts = name.split("/")
    if len(parts) < 2 or parts[0] != "projects":
        return name
    return "/".join([parts[0], call.control.projects.resolve(parts[1], call.control.clock()), *parts[2:]])


def names(value: Any, name: str, call: Call) -> bool:
    """Whether a document names a resource."""
    if isinstance(value, dict):
        return any(names(inner, name, call) for inner in value.values())
    if isinstance(value, list):
        return any(names(item, name, call) for item in value)
    return isinstance(value, str) and value.endswith(name.rpartition("/")[2]) and relative(value, call) == name


def keep_used(resource: Resource, call: Call, *keys: str) -> None:
    """400 where a resource of one of some collections of the store names one that is to be deleted."""
    for key in keys:
        for other in call.store.select(key):
            if other.name != resource.name and names(other.document, resource.name, call):
                raise failed_precondition(f"'{resource.name}' is being used by '{other.name}'.")

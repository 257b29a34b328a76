"""What names what: resources of any kind by name, who uses one, and links to what isn't there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from sandbox.apis.compute import links
from sandbox.apis.compute.errors import missing
from sandbox.control.context import Control
from sandbox.control.router import Route
from sandbox.control.store import Resource


class Named(Protocol):
    """What is known here of a kind."""

    collection: str
    scope: str

    @property
    def key(self) -> str:
        """Its collection in the store."""

    def all(self, control: Control, project: str) -> Iterator[Resource]:
        """Every one of a project."""

    def routes(self) -> list[Route]:
        """What it serves."""


KINDS: list[Named] = []
SPRINGING: list[Callable[[Control, str], None]] = []
"""What is told of a name that nothing has: it may make what Google has of itself."""


def kept(control: Control, key: str, name: str) -> Resource | None:
    """What a collection of the store has under a name, which may spring into existence for it."""
    found = control.store.get(key, name)
    if found is not None:
        return found
    for spring in SPRINGING:
        spring(control, name)
    return control.store.get(key, name)


def find(control: Control, name: str) -> Resource | None:
    """Whatever resource of Compute Engine has a name."""
    parts = name.split("/")
    for kind in KINDS:
        if len(parts) > 4 and kind.collection == parts[-2] and kind.scope == parts[2]:
            return kept(control, kind.key, name)
    return None


def used_by(control: Control, name: str) -> str | None:
    """The first resource that names another one."""
    project = name.split("/")[1]
    for kind in KINDS:
        for resource in kind.all(control, project):
            if resource.name != name and links.mentions(resource.document, name):
                return resource.name
    return None


_UNCHECKED = links.ORIGINS | {"name", "description", "labels", "users", "metadata"}
# By its name: what names a number is left to its kind.
_NAMED = re.compile(r"projects/([^/]+)/(global|regions|zones)(?:/[^/]+)?/(\w+)/[a-z][a-z0-9-]*")


def check(control: Control, project: str, value: Any, key: str = "") -> None:
    """404 for a link to a resource that the sandbox would have, and hasn't."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in _UNCHECKED:
                check(control, project, inner, name)
    elif isinstance(value, list):
        for item in value:
            check(control, project, item, key)
    elif isinstance(value, str) and (found := _NAMED.fullmatch(value)) and found[1] == project:
        known = any(k.collection == found[3] and k.scope == found[2] for k in KINDS)
        if known and find(control, value) is None:
            raise missing(value)

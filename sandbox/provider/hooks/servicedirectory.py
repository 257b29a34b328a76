"""Service Directory: ids are whole names, or the names' parts with or without the project."""

from __future__ import annotations

from typing import Any

from sandbox.provider.hooks.registry import hook
from sandbox.provider.importing import refusal
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_COLLECTIONS = ("projects", "locations", "namespaces", "services", "endpoints")
_DEPTHS = {
    "google_service_directory_namespace": 3,
    "google_service_directory_service": 4,
    "google_service_directory_endpoint": 5,
}


@hook("identify", *_DEPTHS)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The arguments that a name stands for. Raises ProviderError where it has no form known."""
    depth, parts = _DEPTHS[kind.name], given.strip("/").split("/")
    collections = _COLLECTIONS[:depth]
    if len(parts) == 2 * depth and tuple(parts[::2]) == collections:
        parts = parts[1::2]
    elif len(parts) == depth - 1:
        parts = [settings.get("project") or "", *parts]
    if len(parts) != depth or not all(parts):
        names = [f"{{{name[:-1]}}}" for name in collections]
        whole = "/".join(f"{collection}/{name}" for collection, name in zip(collections, names, strict=True))
        raise refusal(given, [whole, "/".join(names), "/".join(names[1:])])
    steps = [f"{collection}/{part}" for collection, part in zip(collections, parts, strict=True)]
    name, above = "/".join(steps), "/".join(steps[:-1])
    state = {"id": name, "name": name, f"{collections[-1][:-1]}_id": parts[-1]}
    if depth == 3:
        return {**state, "project": parts[0], "location": parts[1]}
    return {**state, collections[-2][:-1]: above}

"""What the kinds of Network Security share: where they are, how they are named, what they name."""

from __future__ import annotations

from functools import partial
from typing import Any

from sandbox.apis.compute import links
from sandbox.apis.compute.references import find
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.located import located
from sandbox.control.referring import relative
from sandbox.control.store import Resource

Json = dict[str, Any]
PACKAGE = "google.cloud.networksecurity.v1"
WORDS: dict[str, Any] = {
    "id_rule": r"[a-zA-Z_-][\w-]{0,62}",
    "id_message": "It must be up to 63 letters, digits, hyphens or underscores, no digit first.",
}
"""The rule of ids that most kinds have; the others' is that of `located`."""
ORGANIZATION = "organizations/{organization}"
collection = partial(located, PACKAGE)


def everywhere(*args: Any, **more: Any) -> tuple[Collection, Collection]:
    """A collection of projects, and the same of organizations, in the store under one key."""
    return collection(*args, **more), collection(*args, above=ORGANIZATION, **more)


def one_of(document: Json, field: str, known: tuple[str, ...], default: str = "") -> str:
    """A word of a field, which is completed. Raises 400 for another."""
    value = str(document.get(field) or default)
    if value not in known:
        raise invalid_argument(f"{field} must be one of {', '.join(known)}, not '{value}'.", {field: value})
    document[field] = value
    return value


def must(text: object, key: str, call: Call, noun: str) -> Resource:
    """What a document names, of a collection of the store. Raises 404."""
    found = call.store.get(key, relative(text, call))
    if found is None:
        raise not_found(f"The {noun} '{text}' was not found.")
    return found


def compute(text: object, segment: str, call: Call, noun: str) -> Resource:
    """A resource of Compute Engine that a document names. Raises 400 and 404."""
    name = relative(links.relative(str(text or ""), call.params.get("project", "")), call)
    if name.split("/")[-2:-1] != [segment]:
        raise invalid_argument(f"'{text}' is no name of a {noun}.", {noun: str(text)})
    found = find(call.control, name)
    if found is None:
        raise not_found(f"The {noun} '{text}' was not found.")
    return found


def only_global(call: Call) -> None:
    """400 for another location."""
    if call.params["location"] != "global":
        raise invalid_argument(f"The location must be global, not '{call.params['location']}'.")

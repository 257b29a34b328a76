"""From the API's document to the state.

What the API does not mention is a zero in the state, or an empty collection, as the real provider's SDK leaves it;
what the API does not know (`local`) stays as planned.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.provider import labels
from sandbox.provider.codec import UNKNOWN, without_unknowns
from sandbox.provider.fields import Field
from sandbox.provider.plan import ZERO, empty, is_zero
from sandbox.provider.table import ResourceType

Json = dict[str, Any]


def flatten(kind: ResourceType, document: Json, before: Mapping[str, Any]) -> dict[str, Any]:
    """The state of a resource. `before` is its plan or prior state."""
    state = _body(kind.fields, document, before, document)
    state["id"] = before.get("id")
    if kind.timeouts:
        state["timeouts"] = before.get("timeouts")
    for name in ("labels", "annotations"):
        if f"effective_{name}" in kind.fields:
            whole = lookup(document, kind.fields[name].api or (name,)) or {}
            state[f"effective_{name}"] = whole
            state[name] = labels.own(whole, before.get(name))
    if "terraform_labels" in kind.fields:
        state["terraform_labels"] = labels.own(state["effective_labels"], before.get("terraform_labels"))
    for name, f in kind.fields.items():
        value = state.get(name)
        if f.kind != "string" or f.told or f"{{{name}}}" not in kind.id:
            continue
        if isinstance(value, str) and value.startswith("projects/"):
            short = kind.id.split(f"{{{name}}}")[0]
            if short and not (isinstance(before.get(name), str) and "/" in str(before.get(name))):
                state[name] = value.rpartition("/")[2]
    return state


def _body(fields: Mapping[str, Field], document: Json, before: Any, root: Json) -> dict[str, Any]:
    known, inside = before if isinstance(before, Mapping) else {}, document is not root
    state: dict[str, Any] = {}
    for name, f in fields.items():
        standing = known.get(name)
        value = lookup(root if f.rooted else document, f.api) if f.api else None
        untold = f.unread or (f.stays and value in (None, "", 0, "0"))
        if f.write_only or (untold and standing is UNKNOWN and not inside):
            state[name] = None
        elif f.api is None or untold:
            state[name] = _standing(f, standing, inside)
        else:
            state[name] = _value(f, value, standing, root)
    return state


def _standing(f: Field, value: Any, inside: bool) -> Any:
    """What the server doesn't tell, as it was. A block is written whole: what lacks in one is zero."""
    if value is UNKNOWN and f.element:
        return empty(f)
    if f.nested and isinstance(value, list):
        return [with_zeros(f.fields, one) for one in value]
    if value not in (None, UNKNOWN) or f.write_only:
        return without_unknowns(value)
    if inside:
        return ZERO[f.kind] if f.kind in ZERO else empty(f)
    return [] if f.block else None


def with_zeros(fields: Mapping[str, Field], body: Any) -> Any:
    """A block that was given, with zeros for simple values that weren't, and empty lists; maps stay null."""
    given = without_unknowns(body)
    if not isinstance(given, dict):
        return given
    lacking = {name: f for name, f in fields.items() if given.get(name) is None and not (f.write_only or f.nested)}
    return given | {name: ZERO.get(f.kind, []) for name, f in lacking.items() if f.kind != "map"}


def _value(f: Field, value: Any, before: Any, root: Json) -> Any:
    if f.nested:
        return _blocks(f, value, before, root)
    if not f.element:
        return convert(f.kind, value)
    return _collection(f, value) if value else empty(f)


def _collection(f: Field, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: convert(f.element, item) for key, item in value.items()}
    return [convert(f.element, item) for item in value]


def _blocks(f: Field, value: Any, before: Any, root: Json) -> Any:
    standing = before if isinstance(before, list) else []
    documents = [value] if isinstance(value, dict) else value or []
    if not documents and len(standing) == 1 and f.block and f.max_items == 1 and _hollow(standing[0]):
        return standing
    if value == {} and not standing and not f.keep_empty:
        return []
    return [
        _body(f.fields, document, standing[at] if at < len(standing) and f.kind == "list" else None, root)
        for at, document in enumerate(documents)
    ]


def _hollow(body: Any) -> bool:
    """Whether a block says nothing that an API would tell."""
    if isinstance(body, list):
        return all(map(_hollow, body))
    if isinstance(body, dict):
        return all(map(_hollow, body.values()))
    return body is UNKNOWN or is_zero(body)


def convert(kind: str, value: Any) -> Any:
    """A JSON value as a Terraform value: the API writes 64-bit integers as strings.

    >>> convert("number", "3600000"), convert("string", 7), convert("bool", "true")
    (3600000, '7', True)
    """
    if value is None:
        return ZERO[kind]
    if kind == "number":
        if isinstance(value, str):
            return float(value) if "." in value else int(value)
        return value
    if kind == "bool":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, separators=(",", ":")) if isinstance(value, dict | list) else str(value)


def lookup(document: Any, path: tuple[str, ...]) -> Any:
    """The value at a path, None where it ends early."""
    for step in path:
        document = document.get(step) if isinstance(document, dict) else None
    return document

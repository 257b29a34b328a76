"""From the API's document to the state.

What the API does not mention is a zero in the state, as the real provider's SDK leaves it; collections that were
null stay null, unless the server was to tell them; what the API does not know (`local`) stays as planned.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.provider import labels
from sandbox.provider.codec import UNKNOWN, without_unknowns
from sandbox.provider.plan import ZERO, is_zero
from sandbox.provider.table import Field, ResourceType

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
            state[name] = _mine(whole, before.get(name))
    if "terraform_labels" in kind.fields:
        state["terraform_labels"] = _mine(state["effective_labels"], before.get("terraform_labels")) or {}
    for name, f in kind.fields.items():
        value = state.get(name)
        if f.kind != "string" or f.told or f"{{{name}}}" not in kind.id:
            continue
        if isinstance(value, str) and value.startswith("projects/"):
            short = kind.id.split(f"{{{name}}}")[0]
            if short and not (isinstance(before.get(name), str) and "/" in str(before.get(name))):
                state[name] = value.rpartition("/")[2]
    return state


def _mine(whole: Mapping[str, str], mine: Any) -> Any:
    return labels.own(whole, mine) if isinstance(mine, dict) else None


def _body(fields: Mapping[str, Field], document: Json, before: Any, root: Json) -> dict[str, Any]:
    known = before if isinstance(before, Mapping) else {}
    state: dict[str, Any] = {}
    for name, f in fields.items():
        standing = known.get(name)
        if standing is UNKNOWN:
            standing = None if f.nested or not f.element else {} if f.kind == "map" else []
        if f.write_only:
            state[name] = None
        elif f.api is None or f.unread:
            state[name] = without_unknowns(standing) if standing is not None or not f.block else []
        else:
            state[name] = _value(f, lookup(root if f.rooted else document, f.api), standing, root)
    return state


def _value(f: Field, value: Any, before: Any, root: Json) -> Any:
    if f.nested:
        return _blocks(f, value, before, root)
    if value is None:
        if f.kind in ZERO:
            return ZERO[f.kind]
        empty: Any = {} if f.kind == "map" else []
        return empty if before is not None or f.output_only else None
    return convert(f.kind, value) if not f.element else _collection(f, value)


def _collection(f: Field, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: convert(f.element, item) for key, item in value.items()}
    return [convert(f.element, item) for item in value]


def _blocks(f: Field, value: Any, before: Any, root: Json) -> Any:
    standing = before if isinstance(before, list) else []
    documents = [value] if isinstance(value, dict) else value or []
    if not documents and len(standing) == 1 and f.block and f.max_items == 1 and _hollow(standing[0]):
        return standing
    if documents == [{}] and f.single and not standing and not f.keep_empty:
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

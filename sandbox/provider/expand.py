"""From a planned state to the document that the API takes.

Only what the configuration says is sent: a zero (false, 0, "") that nobody wrote stays out, because the state
holds zeros for everything the API does not mention.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.fields import Field
from sandbox.provider.plan import is_zero, number

Json = dict[str, Any]


def expand(fields: Mapping[str, Field], planned: Mapping[str, Any], config: Mapping[str, Any] | None) -> Json:
    """The document of a whole resource. `labels` and `annotations` are sent as they take effect."""
    document: Json = {}
    effective = {
        name: {**planned, name: planned[f"effective_{name}"]}[name]
        for name in ("labels", "annotations")
        if f"effective_{name}" in fields
    }
    _body(fields, {**planned, **effective}, config, document, document)
    return document


def _body(
    fields: Mapping[str, Field], planned: Mapping[str, Any], config: Mapping[str, Any] | None, target: Json, root: Json
) -> None:
    for name, f in fields.items():
        if f.output_only or f.api is None or f.write_only:
            continue
        written = config.get(name) if config is not None else None
        value = _value(f, planned.get(name), written, root)
        if value is not None:
            place(root if f.rooted else target, f.api, value)


def _value(f: Field, planned: Any, written: Any, root: Json) -> Any:
    if planned is None or planned is UNKNOWN:
        return None
    if f.nested:
        return _blocks(f, planned, written, root)
    if planned == "" or (is_zero(planned) and is_zero(f.default) and written is None and f.default is None):
        return None
    if isinstance(planned, list):
        known = [x for x in planned if x is not UNKNOWN]
        return [number(x) for x in known] if f.element == "number" else known
    return number(planned) if f.kind == "number" else planned


def _blocks(f: Field, planned: list[Any], written: Any, root: Json) -> Any:
    configured = written if isinstance(written, list) and f.kind == "list" else []
    documents = []
    for at, body in enumerate(planned):
        if not isinstance(body, Mapping):
            continue
        document: Json = {}
        config = configured[at] if at < len(configured) and isinstance(configured[at], Mapping) else None
        _body(f.fields, body, config, document, root)
        documents.append(document)
    if f.single:
        return documents[0] if documents else None
    return documents or None


def place(document: Json, path: tuple[str, ...], value: Any) -> None:
    """Put a value at a path, making the objects on the way."""
    for step in path[:-1]:
        document = document.setdefault(step, {})
    document[path[-1]] = value

"""Calls that set one field of a resource (`setUrlMap`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.apis.compute.errors import required
from sandbox.control.context import Call
from sandbox.control.store import Resource


def set_field(field: str, *, empty: bool = False) -> Callable[[Resource, dict[str, Any], Call], None]:
    """A verb that replaces a field by the one of its body; with `empty` it may take it away."""

    def change(resource: Resource, body: dict[str, Any], call: Call) -> None:
        value = body.get(field)
        if value is None and not empty:
            raise required(field)
        resource.document.pop(field, None)
        if value:
            resource.document[field] = value

    return change

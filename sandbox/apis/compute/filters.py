"""`filter` of lists: comparisons of fields joined by AND, which is what the provider and gcloud send."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.control.errors import unimplemented

_TERM = re.compile(r'\(?\s*([\w.]+)\s*(=|!=|eq|ne)\s*"?([^"()]*?)"?\s*\)?')


def accepts(expression: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a document passes a filter; 501 for what the sandbox does not understand."""
    if not expression:
        return lambda document: True
    terms = []
    for part in re.split(r"\s+AND\s+|(?<=\))\s*(?=\()", expression.strip()):
        match = _TERM.fullmatch(part.strip())
        if match is None:
            raise unimplemented(f"The sandbox does not implement the filter {expression!r}.")
        terms.append((match[1], match[2] in ("=", "eq"), match[3]))
    return lambda document: all((_text(document, name) == value) is same for name, same, value in terms)


def _text(document: dict[str, Any], name: str) -> str:
    value: Any = document
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)

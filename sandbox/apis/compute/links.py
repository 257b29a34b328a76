"""Names of Compute Engine: stored without a host, shown as the links that Google writes."""

from __future__ import annotations

import re
from typing import Any

HOST = "https://www.googleapis.com/compute/v1/"
_HOSTED = re.compile(r"https://(?:www|compute)\.googleapis\.com/compute/(?:v1|beta)/|http://[^/]+/compute/v1/")
_RELATIVE = re.compile(
    r"projects/[a-z0-9:.-]+/(?:global|regions/[a-z0-9-]+|zones/[a-z0-9-]+)(?:/[A-Za-z]+/[a-z0-9-]+)?"
)
_SHORT = re.compile(r"(?:global|regions/[a-z0-9-]+|zones/[a-z0-9-]+)(?:/[A-Za-z]+/[a-z0-9-]+)?")
# What people write: a text there is never a link.
_TEXTS = frozenset(("name", "description", "labels", "displayName", "expression", "filter", "metadata"))

# What something was made from: it may be deleted, and stays named.
ORIGINS = frozenset(("sourceDisk", "sourceImage", "sourceSnapshot", "sourceInstantSnapshot"))


def relative(text: str, project: str) -> str:
    """A link in any of its spellings, as the name it is kept under.

    >>> relative("https://www.googleapis.com/compute/v1/projects/p/global/networks/n", "p")
    'projects/p/global/networks/n'
    >>> relative("global/networks/n", "p")
    'projects/p/global/networks/n'
    """
    found = _HOSTED.match(text)
    if found:
        return text[found.end() :]
    return f"projects/{project}/{text}" if _SHORT.fullmatch(text) else text


def stored(value: Any, project: str, key: str = "") -> Any:
    """A request's document, its links as names."""
    if isinstance(value, dict):
        return {name: inner if name in _TEXTS else stored(inner, project, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [stored(item, project, key) for item in value]
    return relative(value, project) if isinstance(value, str) else value


def shown(value: Any) -> Any:
    """A stored document, its names as links."""
    if isinstance(value, dict):
        return {name: inner if name in _TEXTS else shown(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    return HOST + value if isinstance(value, str) and _RELATIVE.fullmatch(value) else value


def mentions(value: Any, name: str) -> bool:
    """Whether a stored document names a resource."""
    if isinstance(value, dict):
        return any(mentions(inner, name) for key, inner in value.items() if key not in _TEXTS | ORIGINS)
    if isinstance(value, list):
        return any(mentions(item, name) for item in value)
    return bool(value == name)

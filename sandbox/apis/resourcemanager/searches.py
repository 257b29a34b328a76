"""What projects and folders are searched by: a field and its value, where `*` stands for any text."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from sandbox.control.filters import Dialect, Matches, compile_filter

Json = dict[str, Any]


def compiled(text: str, spellings: Mapping[str, str]) -> Matches:
    """What tells whether a document is asked for; `spellings` are the names that a query has for fields.

    >>> compiled("id:shop-* labels.tier:gold", {"id": "projectId"})({"projectId": "shop-1", "labels": {"tier": "Gold"}})
    True
    """

    def compare(path: list[str], operator: str, value: str) -> Matches | None:
        if operator not in ("=", ":"):
            return None
        steps, pattern = [spellings.get(path[0], path[0]), *path[1:]], value.lower()

        def matches(document: Json) -> bool:
            found: Any = document
            for step in steps:
                found = found.get(step) if isinstance(found, dict) else None
            return found is not None and fnmatchcase(str(found).lower(), pattern)

        return matches

    return compile_filter(text, Dialect(compare=compare)) if text.strip() else lambda document: True

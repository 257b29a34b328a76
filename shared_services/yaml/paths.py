"""Paths of values, as people write them: `subprojects.strategy-engine.topics.signals.retention`.

A key that itself holds a dot or a bracket stands in brackets and quotes: `topics["a.b"]`. A list's elements are
`[0]`, `[1]`, ….
"""

from __future__ import annotations

import json
import re
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_PLAIN = re.compile(r"[^.\[\]\"'\s]+")
_PART = re.compile(r"""(?P<dot>\.)?(?:(?P<key>[^.\[\]"'\s]+)|\[(?P<index>\d+)\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\])""")


def format_path(path: Path) -> str:
    """A path as text.

    >>> format_path(("topics", "a.b", "grants", 0))
    'topics["a.b"].grants[0]'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text


def parse_path(text: str) -> Path:
    """The path that a text names.

    >>> parse_path('topics["a.b"].grants[0]')
    ('topics', 'a.b', 'grants', 0)

    Raises:
        ValueError: the text is no path.
    """
    parts: list[str | int] = []
    position = 0
    while position < len(text):
        match = _PART.match(text, position)
        # A key needs its dot, except the first; a bracket has none.
        if match is None or (match["dot"] is not None) != (match["key"] is not None and bool(parts)):
            raise ValueError(f'"{text}" is not a path, such as subprojects.strategy-engine.topics.signals.retention')
        if match["key"] is not None:
            parts.append(match["key"])
        elif match["index"] is not None:
            parts.append(int(match["index"]))
        else:
            parts.append(str(json.loads(match["quoted"])))
        position = match.end()
    return tuple(parts)

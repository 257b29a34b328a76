"""How a comparison of two environments is written."""

from __future__ import annotations

import json
from typing import Any

from envctl.environments.diff import Comparison, Difference, Side

_LONGEST = 72


def diff_text(comparison: Comparison) -> str:
    """For people: each path, then a line for either side."""
    if not comparison.differences:
        return f"{comparison.left} and {comparison.right} are the same"
    width = max(len(comparison.left), len(comparison.right))
    lines = []
    for difference in comparison.differences:
        lines.append(difference.path)
        for name, side in _sides(comparison, difference):
            lines.append(f"  {name:<{width}}  {_shown(side):<24}  {_place(side)}".rstrip())
    return "\n".join([*lines, "", _count(comparison)])


def diff_json(comparison: Comparison) -> str:
    """For programs."""
    document = {
        "left": comparison.left,
        "right": comparison.right,
        "differences": [
            {"path": one.path, "left": _side(one.left), "right": _side(one.right)} for one in comparison.differences
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def diff_markdown(comparison: Comparison) -> str:
    """For a pull request."""
    lines = [f"### {comparison.left} and {comparison.right}", "", _count(comparison) + ".", ""]
    if comparison.differences:
        lines += [f"| value | {comparison.left} | {comparison.right} |", "|---|---|---|"]
        lines += [f"| `{one.path}` | {_cell(one.left)} | {_cell(one.right)} |" for one in comparison.differences]
    return "\n".join(lines).rstrip()


def _sides(comparison: Comparison, difference: Difference) -> list[tuple[str, Side]]:
    return [(comparison.left, difference.left), (comparison.right, difference.right)]


def _side(side: Side) -> dict[str, Any]:
    where = side.location
    document: dict[str, Any] = {"there": not side.is_absent, "file": None, "line": None, "column": None}
    if where is not None:
        document |= {"file": where.file, "line": where.line, "column": where.column}
    return document if side.is_absent else {**document, "value": side.value}


def _shown(side: Side) -> str:
    if side.is_absent:
        return "not there"
    if isinstance(side.value, dict):
        return f"{{ {len(side.value)} fields }}" if side.value else "{}"
    text = json.dumps(side.value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _place(side: Side) -> str:
    if side.is_absent:
        return ""
    return str(side.location) if side.location else "default (model)"


def _cell(side: Side) -> str:
    if side.is_absent:
        return "not there"
    text = _shown(side).replace("|", "\\|").replace("`", "'")
    return f"`{text}`<br>{_place(side)}"


def _count(comparison: Comparison) -> str:
    count = len(comparison.differences)
    return f"{count} {'value differs' if count == 1 else 'values differ'}" if count else "they are the same"

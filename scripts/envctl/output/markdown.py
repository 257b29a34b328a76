"""Checks as Markdown: a table of what failed, the worst first."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Check, Report, Result

_ORDER = {"critical": 0, "high": 1, "medium": 2, "low": 3}
_WORDS = {Result.FAIL: "finding", Result.UNKNOWN: "unknown", Result.SKIPPED: "excepted"}


def render(report: Report) -> str:
    """The whole report as a section."""
    counts = report.counts
    said = ", ".join(f"{counts[result]} {words}" for result, words in _WORDS.items() if counts[result])
    lines = [f"### {cell(report.subject)}", "", f"{said or 'nothing found'}; {counts[Result.PASS]} pass", ""]
    shown = [check for check in report.checks if check.result in _WORDS]
    return "\n".join([*lines, *table(shown)]) + "\n"


def table(checks: Iterable[Check]) -> list[str]:
    """Checks as the rows of a table, the worst first; nothing where there are none."""
    ordered = sorted(
        checks, key=lambda check: (list(_WORDS).index(check.result), _ORDER.get(check.severity or "", 4), check.id)
    )
    if not ordered:
        return []
    return [
        "| rule | severity | what | where | what to do |",
        "|---|---|---|---|---|",
        *(row(check) for check in ordered),
    ]


def row(check: Check) -> str:
    """A check as a row."""
    what = check.message if check.result is Result.FAIL else f"{_WORDS.get(check.result, 'pass')}: {check.message}"
    cells = (
        check.kind,
        check.severity or "",
        what,
        f"`{check.where.file}:{check.where.line}`" if check.where else "",
        check.cause.todo if check.cause else "",
    )
    return "| " + " | ".join(cell(text) for text in cells) + " |"


def cell(text: str) -> str:
    """A text that stays within its cell and opens no markup of its own."""
    return " ".join(text.split()).replace("\\", "&#92;").replace("|", "\\|").replace("<", "&lt;")[:500]

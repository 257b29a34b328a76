"""Checks for a person: what is wrong first, grouped under its cause, with the place and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from .model import Check, Group, Report, Result

_MARKS = {Result.FAIL: "✗", Result.UNKNOWN: "?", Result.SKIPPED: "-", Result.PASS: "✓"}
_STYLES = {Result.FAIL: "bold red", Result.UNKNOWN: "bold yellow", Result.SKIPPED: "dim", Result.PASS: "green"}
_HEADINGS = {Result.FAIL: "Findings", Result.UNKNOWN: "Could not be checked", Result.SKIPPED: "Skipped"}
_SHOWN_IN_A_GROUP = 6

Span = tuple[str, str]  # text, style
Line = list[Span]


def render(report: Report, *, terminal: bool = False, width: int = 100, verbose: bool = False) -> str:
    """The report as text.

    Args:
        terminal: whether a terminal shows it; only then it has colours.
        width: columns of the terminal.
        verbose: also list every check that passed, and every one folded under a cause.
    """
    lines = list(_lines(report, verbose))
    if terminal:
        return _coloured(lines, width)
    return "\n".join("".join(text for text, _ in line) for line in lines) + "\n"


def _lines(report: Report, verbose: bool) -> Iterator[Line]:
    heading: Result | None = None
    for group in report.groups():
        if group.result is not heading:
            heading = group.result
            yield [(_HEADINGS[group.result], "bold")]
        yield from _group(group, verbose)
        yield []
    if not report.checks:
        yield [(f"{report.subject}: nothing is declared, nothing was checked", "")]
        return
    yield from _table(report, verbose)
    yield []
    yield _summary(report)


def _group(group: Group, verbose: bool) -> Iterator[Line]:
    mark, style = _MARKS[group.result], _STYLES[group.result]
    leading = [check for check in group.checks if check.result is group.result]
    folded = [check for check in group.checks if check.result is not group.result]
    alone = len(leading) == 1
    title = leading[0].message if alone else group.cause.title
    yield [(f"  {mark} ", style), (title, "bold" if group.result is not Result.SKIPPED else "")]
    if alone:
        yield from _details(leading[0], "      ")
    else:
        shown = leading if verbose else leading[:_SHOWN_IN_A_GROUP]
        for check in shown:
            yield [("      ", ""), (f"{check.where}  " if check.where else "", "cyan"), (check.message, "")]
            yield from _values(check, "        ")
        if len(leading) > len(shown):
            yield [(f"      … and {len(leading) - len(shown)} more (--format json lists all)", "dim")]
    permissions = sorted({check.permission for check in group.checks if check.permission})
    if permissions:
        yield [("      missing permission: ", "dim"), (", ".join(permissions), "")]
    if group.cause.todo:
        yield [("      what to do: ", "dim"), (group.cause.todo, "")]
    if folded and verbose:
        for check in folded:
            yield [(f"      {_MARKS[check.result]} {check.id}: {check.message}", "dim")]
    elif folded:
        yield [(f"      {_folded(folded)} because of this", "dim")]


def _details(check: Check, indent: str) -> Iterator[Line]:
    if check.where:
        yield [(indent, ""), (str(check.where), "cyan")]
    yield from _values(check, indent)


def _values(check: Check, indent: str) -> Iterator[Line]:
    if check.expected is None and check.actual is None:
        return
    yield [(f"{indent}declared: ", "dim"), (_value(check.expected), "")]
    yield [(f"{indent}found:    ", "dim"), (_value(check.actual), "")]


def _folded(checks: list[Check]) -> str:
    counts = Counter(check.result for check in checks)
    return ", ".join(f"{number} checks {_verb(result)}" for result, number in counts.items())


def _verb(result: Result) -> str:
    return {Result.SKIPPED: "skipped", Result.UNKNOWN: "could not be made"}.get(result, "failed")


def _table(report: Report, verbose: bool) -> Iterator[Line]:
    kinds: dict[str, Counter[Result]] = {}
    things: dict[str, set[str]] = {}
    for check in report.checks:
        kinds.setdefault(check.kind, Counter())[check.result] += 1
        things.setdefault(check.kind, set()).add(check.resource)
    wide = max(len("kind"), *(len(kind) for kind in kinds))
    columns = ("things", "pass", "fail", "unknown", "skipped")
    yield [("  " + "kind".ljust(wide) + "".join(name.rjust(9) for name in columns), "dim")]
    for kind, counts in kinds.items():
        line: Line = [(f"  {kind.ljust(wide)}{len(things[kind]):9}", "")]
        for result in Result:
            number = counts[result]
            line.append((str(number or "·").rjust(9), _STYLES[result] if number else "dim"))
        yield line
    if verbose:
        yield []
        for check in report.checks:
            if check.result is Result.PASS:
                yield [("  ✓ ", "green"), (check.id, ""), (f"  {check.where}" if check.where else "", "dim")]


def _summary(report: Report) -> Line:
    counts = report.counts
    said = [f"{counts[result]} {word}" for result, word in _WORDS.items() if counts[result]]
    verdict = {0: ("ok", "bold green"), 1: ("not proven", "bold yellow"), 2: ("findings", "bold red")}[report.exit_code]
    notes = "".join(f", {key}: {value}" for key, value in report.notes.items())
    return [(verdict[0], verdict[1]), (f": {report.subject}: {', '.join(said)} in {report.duration:.2f} s{notes}", "")]


_WORDS = {
    Result.PASS: "checks passed",
    Result.FAIL: "failed",
    Result.UNKNOWN: "could not be made",
    Result.SKIPPED: "skipped",
}


def _value(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"


def _coloured(lines: list[Line], width: int) -> str:
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    console = Console(file=out, force_terminal=True, width=width, highlight=False)
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)
    return out.getvalue()

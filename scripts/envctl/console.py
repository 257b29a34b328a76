"""What a person sees: messages, errors, progress. Results go to stdout; all else to stderr, so pipes stay clean."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from .errors import UserError

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_STYLES = {"red": "31", "green": "32", "yellow": "33", "dim": "2", "bold": "1"}


def colours(stream: TextIO) -> bool:
    """Whether a stream takes colour: it is a terminal, and NO_COLOR is not set (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, style: str, stream: TextIO | None = None) -> str:
    """Text in a style (`red`, `green`, `yellow`, `dim`, `bold`) where the stream takes colour."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colours(stream or sys.stdout) else text


def write(text: str = "") -> None:
    """A line of the result."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """A line about what is going on."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def report_error(error: UserError) -> None:
    """Show a user's error."""
    note(f"{paint('error:', 'red', sys.stderr)} {error}")


@contextmanager
def step(title: str) -> Iterator[Step]:
    """A stage of a command: shows progress on a terminal, and says how it ended and how long it took."""
    stage = Step(title)
    try:
        yield stage
    except BaseException as error:
        stage.finish("interrupted" if isinstance(error, KeyboardInterrupt) else "failed", "red")
        raise
    stage.finish(stage.result or "done", "green")


class Step:
    """Progress of one stage. Where there is no terminal, only its end is written."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.result = ""
        self._began = time.monotonic()
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None
        self._interactive = colours(sys.stderr)

    def advance(self, done: int, total: int | None, detail: str = "") -> None:
        """Show how far it is; `total` is None while unknown."""
        if not self._interactive:
            return
        if self._bar is None:
            self._bar = _bar()
            self._bar.start()
            self._task = self._bar.add_task(self.title, total=total, detail="")
        assert self._task is not None
        self._bar.update(self._task, completed=done, total=total, detail=detail[-60:])

    def finish(self, result: str, style: str) -> None:
        if self._bar is not None:
            self._bar.stop()
        mark = "✓" if style == "green" else "✗"
        seconds = paint(f"{time.monotonic() - self._began:.1f} s", "dim", sys.stderr)
        note(f"{paint(mark, style, sys.stderr)} {self.title}: {result} ({seconds})")


def _bar() -> RichProgress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("  {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[detail]}"),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


def table(rows: Sequence[tuple[str, ...]], header: tuple[str, ...]) -> str:
    """Rows in columns, as plain text.

    >>> print(table([("a", "1"), ("long", "22")], ("name", "n")))
    name  n
    a     1
    long  22
    """
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [header, *rows]
    ]
    return "\n".join(lines)

"""Rows of measurements, and the table they are printed as."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

RUNS = 5


@dataclass(frozen=True)
class Row:
    """One line of the table; times in seconds."""

    what: str
    times: list[float]
    limit: float | None = None
    peer: str = ""
    peer_times: tuple[float, ...] = ()

    def cells(self) -> tuple[str, ...]:
        median = statistics.median(self.times)
        spread = f"{min(self.times):.2f}-{max(self.times):.2f}"
        limit = (f"{self.limit:.2f}", f"{median / self.limit:.2f}") if self.limit else ("", "")
        if not self.peer_times:
            return (self.what, f"{median:.2f}", spread, *limit, "", "", "")
        other = statistics.median(self.peer_times)
        return (self.what, f"{median:.2f}", spread, *limit, self.peer, f"{other:.2f}", f"{median / other:.1f}")


def timed(run: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def side_by_side(first: Callable[[], object], second: Callable[[], object]) -> tuple[list[float], tuple[float, ...]]:
    """Both in turn, after one run of each that isn't counted."""
    first(), second()
    pairs = [(timed(first), timed(second)) for _ in range(RUNS)]
    return [a for a, _ in pairs], tuple(b for _, b in pairs)


def printed(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell."""
    table = [header, *rows]
    widths = [max(len(line[column]) for line in table) for column in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table
    )

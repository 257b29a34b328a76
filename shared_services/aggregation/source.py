"""What sources of log lines have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from .lines import Row


class Garbage(str):
    """What stands for something that is no line: why."""


# What was read, an id that is the same when it is read again, the service it is of, and where it stood.
Line = tuple[bytes | Row | Garbage, str, str, str]


class Source(Protocol):
    """Gives log lines, and can go on where it was."""

    name: str
    notes: list[str]

    def read(self, most: int) -> Iterator[Line]:
        """Up to so many lines of what is there now; none where nothing is new."""
        ...

    def position(self) -> Any:
        """Where it is, behind what `read` gave, as JSON."""
        ...

    def restore(self, position: Any) -> None:
        """Go on there."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...

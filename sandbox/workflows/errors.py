"""What goes wrong in a workflow: when it is read (SourceError) and when it runs (WorkflowError)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the source; both count from one."""

    line: int
    column: int


class SourceError(ValueError):
    """A definition that can't be deployed, and where."""

    def __init__(self, text: str, position: Position | None = None) -> None:
        super().__init__(text)
        self.position = position


@dataclass(frozen=True, slots=True)
class Frame:
    """A line of a stack trace."""

    routine: str
    step: str
    position: Position


@dataclass(eq=False)
class WorkflowError(Exception):
    """An error of a running workflow: `value` is what an `except` gets, `trace` goes from inside to outside."""

    value: Any
    trace: list[Frame] = field(default_factory=list)

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> str:
        """What people read."""
        if isinstance(self.value, dict) and isinstance(self.value.get("message"), str):
            return str(self.value["message"])
        return f"RuntimeError: {self.value!r}" if isinstance(self.value, str) else "RuntimeError"


def fault(tag: str, message: str, **more: Any) -> WorkflowError:
    """An error of the runtime with one of the tags that Google lists for workflows.

    >>> fault("KeyError", "no such key").value
    {'message': 'no such key', 'tags': ['KeyError']}
    """
    return WorkflowError({"message": message, "tags": [tag], **more})

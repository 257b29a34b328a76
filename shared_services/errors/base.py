"""The errors that this library raises."""

from __future__ import annotations

from typing import ClassVar

from .classes import ErrorClass


class PlatformError(Exception):
    """What went wrong, where, why, and what to do about it.

    >>> print(InputError("quantity is negative", where="orders.csv:12", todo="write a whole number above zero"))
    orders.csv:12: quantity is negative
      what to do: write a whole number above zero

    Args:
        what: what went wrong, in a sentence without its full stop.
        where: the place, such as `config/trading.yaml:4:3`; may be empty.
        why: the cause behind it; may be empty.
        todo: what the reader can do; may be empty.
    """

    error_class: ClassVar[ErrorClass] = ErrorClass.PERMANENT

    def __init__(self, what: str, *, where: str = "", why: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.why = why
        self.todo = todo

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.why:
            lines.append(f"  why: {self.why}")
        if self.todo:
            lines.append(f"  what to do: {self.todo}")
        return "\n".join(lines)


class TransientError(PlatformError):
    """It passes by itself; the same call may succeed later."""

    error_class = ErrorClass.TRANSIENT


class DependencyError(PlatformError):
    """Something that was called is down, or answered what it never should."""

    error_class = ErrorClass.DEPENDENCY


class InputError(PlatformError):
    """What was given can't be used."""

    error_class = ErrorClass.INPUT


class PermanentError(PlatformError):
    """It stays until somebody changes something."""

    error_class = ErrorClass.PERMANENT

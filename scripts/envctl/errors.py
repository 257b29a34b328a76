"""Errors that a person can mend."""

from __future__ import annotations


class UserError(Exception):
    """What went wrong, where, why, and what to do about it. Shown without a traceback; the exit code is 1.

    >>> print(UserError("port 8080 is in use", todo="choose another with --port"))
    port 8080 is in use
      what to do: choose another with --port
    """

    def __init__(self, what: str, *, where: str = "", why: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.why = why
        self.todo = todo

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.what}" if self.where else self.what]
        for name, said in (("why", self.why), ("what to do", self.todo)):
            if said:
                lines.append(f"  {name}: " + said.rstrip().replace("\n", "\n    "))
        return "\n".join(lines)

"""What is wrong with a file, and where: every problem at once, as objects that a renderer can show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LONGEST = 600


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file: `envs/prod.yaml:41:7`. Lines and columns begin at 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong.

    Args:
        file, line, column: where, for a person to jump to.
        path: which value, such as `subprojects.strategy-engine.topics.signals.retention`; empty for a whole file.
        message: what is wrong.
        hint: what to do about it, such as `did you mean "retention"?`; may be empty.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    hint: str = ""

    @classmethod
    def at(cls, location: Location, path: str, message: str, hint: str = "") -> Problem:
        """A problem at a location."""
        return cls(location.file, location.line, location.column, path, message, hint)

    @property
    def location(self) -> Location:
        """Where it is."""
        return Location(self.file, self.line, self.column)

    def __str__(self) -> str:
        path = f" {self.path}" if self.path else ""
        hint = f" ({self.hint})" if self.hint else ""
        return _one_line(f"{self.location}{path}: {self.message}{hint}")


def _one_line(text: str) -> str:
    """Values come from files: their line ends and control characters are shown, not sent to the terminal."""
    text = _CONTROL.sub(lambda match: repr(match.group())[1:-1], text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


def did_you_mean(wrong: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A hint that names what is near to a wrong name, or else lists what there is when that is short.

    >>> did_you_mean("retentoin", ["retention", "labels"])
    'did you mean "retention"?'
    >>> did_you_mean("x", ["retention", "labels"])
    'known: labels, retention'
    """
    names = sorted(set(known))
    near = _near(wrong, names)
    if near:
        return "did you mean " + " or ".join(f'"{name}"' for name in near) + "?"
    if names and len(names) <= 24:
        return "known: " + ", ".join(names)
    return otherwise


def _near(wrong: str, names: Sequence[str]) -> list[str]:
    if len(wrong) > 200:  # difflib is quadratic, and nobody mistypes that
        return []
    from difflib import get_close_matches  # only needed when something is wrong

    by_lower = {name.lower(): name for name in reversed(names)}
    exact = by_lower.get(wrong.lower())
    if exact is not None:
        return [exact]
    near = get_close_matches(wrong, names, n=1, cutoff=0.8) or get_close_matches(wrong, names, n=2, cutoff=0.66)
    if near or not any("/" in name for name in names):
        return near
    # Paths: the same id, or one like it, in another subproject.
    id_of = {name: name.rpartition("/")[2].lower() for name in names}
    wanted = wrong.rpartition("/")[2].lower()
    ids = get_close_matches(wanted, sorted(set(id_of.values())), n=2, cutoff=0.66)
    return [name for one in ids for name in names if id_of[name] == one][:3]

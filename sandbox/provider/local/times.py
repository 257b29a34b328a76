"""Times as Go writes and adds them, and what the types of hashicorp/time have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Problem

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
PARTS = ("year", "month", "day", "hour", "minute", "second")
# The attributes that tell them, and the id.
PARTS_AND_ID = "".join(f"{name} number computed\n" for name in (*PARTS, "unix")) + "id string computed\n"
STEPS = ("years", "months", "days", "hours", "minutes", "seconds")


def read(text: str) -> datetime:
    """A time of RFC 3339. Raises ValueError."""
    if not _RFC3339.fullmatch(text):
        raise ValueError(f'"{text}" is not a time of RFC 3339, such as 2026-01-31T09:15:00Z')
    return datetime.fromisoformat(re.sub(r"\.(\d{1,6})\d*", r".\1", text).replace("Z", "+00:00"))


def write(moment: datetime) -> str:
    """A time to the second; where it is UTC, with a Z.

    >>> write(read("2026-01-31T09:15:00.5+00:00"))
    '2026-01-31T09:15:00Z'
    """
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def parts(moment: datetime) -> dict[str, Any]:
    """Its year, month and so on, and the seconds since 1970."""
    return {**{name: getattr(moment, name) for name in PARTS}, "unix": int(moment.timestamp() // 1)}


def later(moment: datetime, step: str, count: int) -> datetime:
    """So many years, months and so on later; a day that a month lacks runs into the next.

    >>> write(later(read("2026-01-31T00:00:00Z"), "months", 1))
    '2026-03-03T00:00:00Z'
    """
    if step not in ("years", "months"):
        return moment + timedelta(**{step: count})
    months = moment.year * 12 + moment.month - 1 + count * (12 if step == "years" else 1)
    first = moment.replace(year=months // 12, month=months % 12 + 1, day=1)
    return first + timedelta(days=moment.day - 1)


def as_given(given: Any, moment: datetime) -> str:
    """The time as it was given, where it was; a Z and +00:00 are one to Terraform."""
    return given if isinstance(given, str) and given and write(read(given)) == write(moment) else write(moment)


def check(config: Mapping[str, Any], *names: str) -> Iterator[Problem]:
    """That texts are times."""
    for name in names:
        value = config.get(name)
        if isinstance(value, str):
            try:
                read(value)
            except ValueError as error:
                yield Problem("Invalid RFC3339 String Value", str(error), (name,))


def one_of(config: Mapping[str, Any], names: Iterable[str]) -> Iterator[Problem]:
    """That one of these is given."""
    if all(config.get(name) is None for name in names):
        listed = ",".join(names)
        yield Problem("Missing Attribute Configuration", f"At least one of these must be configured: [{listed}]")


def counted(given: Iterable[str], names: Iterable[str]) -> dict[str, int | None]:
    """The numbers of an import id, none where a part is empty. Raises ValueError."""
    return {name: int(text) if text else None for name, text in zip(names, given, strict=True)}


def known(value: Any) -> bool:
    """Whether a value is there and known."""
    return value is not None and value is not UNKNOWN

"""The state's lock, versions and backups, as text and JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from envctl.console import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envctl.states import LockReport, StateFile, Version


def lock_text(report: LockReport) -> str:
    """Who holds it, since when, and what to do about it."""
    lock = report.lock
    if lock is None:
        return f"{report.environment}: not locked"
    return "\n".join(
        [
            f"{report.environment}: locked by {lock.who} for {age(lock.age_seconds)}",
            f"  it runs {lock.operation}, since {lock.created[:19].replace('T', ' ')} UTC (lock {lock.id})",
            f"  look at it: {lock.link}",
            "  what to do: wait for it to end. A workflow that was cancelled ends by itself within minutes.",
            f"  Only if nothing runs any more: `envctl state unlock {report.words} --lock {lock.id}`,",
            f"  then `envctl plan {report.words}`: what was under way may be half done",
        ]
    )


def lock_json(report: LockReport) -> str:
    """The same for machines."""
    lock = asdict(report.lock) if report.lock else None
    return json.dumps({"environment": report.environment, "locked": lock is not None, "lock": lock}, indent=2)


def versions_text(versions: Sequence[Version]) -> str:
    """The states that the bucket keeps."""
    rows = [
        (one.generation, one.updated[:19].replace("T", " "), str(one.size), "now" if one.current else "")
        for one in versions
    ]
    return table(rows, ("generation", "of (UTC)", "bytes", "")) if rows else "no state is kept"


def versions_json(versions: Sequence[Version]) -> str:
    return json.dumps({"versions": [asdict(one) for one in versions]}, indent=2)


def kept_text(kept: StateFile, words: str) -> str:
    """Where a state was kept."""
    return f"{words}: serial {kept.serial}, {kept.resources} resources: {kept.file}"


def kept_json(kept: StateFile) -> str:
    return json.dumps({**asdict(kept), "file": str(kept.file)}, indent=2)


def age(seconds: int) -> str:
    """How long, in words.

    >>> age(5), age(60), age(7300), age(172800)
    ('5 seconds', '1 minute', '2 hours', '2 days')
    """
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            number = seconds // size
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"

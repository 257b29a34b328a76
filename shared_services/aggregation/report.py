"""What a run found: how many lines of whom, and which errors, by their pattern."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from .lines import Row

_TOLD = frozenset({"WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY"})
_MOST_PATTERNS = 5000
_MOST_SAMPLES = 10
_PARTS = re.compile(
    r"(?P<uuid>[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})"
    r"|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<hex>\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b|\b0x[0-9a-fA-F]+\b)"
    r"|(?P<n>\d+(?:[.,:]\d+)*)"
)


@lru_cache(8192)
def pattern(message: str) -> str:
    """A message without what differs from one time to the next.

    >>> pattern("order 17 of 'TCS' rejected after 2.5 s")
    'order <n> of <text> rejected after <n> s'
    """
    return _PARTS.sub(lambda found: f"<{found.lastgroup}>", message.partition("\n")[0][:300])


@dataclass(slots=True)
class Found:
    """One pattern of errors."""

    service: str
    severity: str
    pattern: str
    count: int
    first: datetime
    last: datetime
    example: str
    correlation_id: str = ""

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        times = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        said = {"service": self.service, "severity": self.severity, "pattern": self.pattern, "count": self.count}
        more = {"correlation_id": self.correlation_id} if self.correlation_id else {}
        return {**said, **times, "example": self.example, **more}


@dataclass(slots=True)
class Report:
    """What a run found.

    Attributes:
        lines: that were written.
        duplicates: that were there already.
        garbage: that were no log lines, by where they stood.
        samples: of those, the first few: where, and how they begin.
        notes: what happened to the sources.
        seconds: how long it took.
    """

    lines: int = 0
    duplicates: int = 0
    garbage: Counter[str] = field(default_factory=Counter)
    samples: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _found: dict[tuple[str, str, str], Found] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """A line that is written."""
        severity, service = row["severity"], row["service"]
        counts = self.counts  # plain `get` costs half of Counter's `+=`
        counts[service, severity] = counts.get((service, severity), 0) + 1
        if severity in _TOLD:
            self._add_error(row, severity)

    def _add_error(self, row: Row, severity: str) -> None:
        message, moment = row["message"], row["timestamp"]
        key = (row["service"], severity, pattern(message))
        if key not in self._found and len(self._found) >= _MOST_PATTERNS:
            key = (row["service"], severity, "(others)")
        found = self._found.get(key)
        if found is None:
            correlation = row.get("correlation_id", "")
            self._found[key] = Found(*key, 1, moment, moment, message[:500], correlation)
            return
        found.count += 1
        found.first, found.last = min(found.first, moment), max(found.last, moment)

    def refuse(self, where: str, how: bytes | str) -> None:
        """A line that is none."""
        self.garbage[where] += 1
        if len(self.samples) < _MOST_SAMPLES:
            text = how if isinstance(how, str) else how[:80].decode("utf-8", "replace")
            self.samples.append((where, "".join(c if c.isprintable() else "·" for c in text)))

    @property
    def errors(self) -> list[Found]:
        """The patterns, the most frequent first."""
        return sorted(self._found.values(), key=lambda found: (-found.count, found.service, found.pattern))

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        services: dict[str, dict[str, int]] = {}
        for (service, severity), count in sorted(self.counts.items()):
            services.setdefault(service, {})[severity] = count
        return {
            "lines": self.lines,
            "duplicates": self.duplicates,
            "garbage": sum(self.garbage.values()),
            "garbage_by_source": dict(self.garbage),
            "garbage_samples": [{"where": where, "begins": how} for where, how in self.samples],
            "notes": self.notes,
            "seconds": round(self.seconds, 3),
            "services": services,
            "errors": [found.document() for found in self.errors],
        }

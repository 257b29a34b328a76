"""To change a document as somebody may, and to say what validation found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from envctl.output import Report, Result

Validated = Callable[[], Report]


def put(document: Any, path: str, value: Any) -> None:
    """Set the value at a dotted path; what is missing on the way is made."""
    *way, last = path.split(".")
    for part in way:
        document = document[int(part)] if isinstance(document, list) else document.setdefault(part, {})
    if not isinstance(document, list):
        document[last] = value
    elif int(last) < len(document):
        document[int(last)] = value
    else:
        document.append(value)


def failed(report: Report) -> list[str]:
    assert not report.counts[Result.UNKNOWN]
    return [check.id for check in report.checks if check.result is Result.FAIL]

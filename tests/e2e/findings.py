"""What a report of validation says."""

from __future__ import annotations

from typing import Any

from tests.support.checkout import Result


def findings(result: Result) -> list[dict[str, Any]]:
    """The checks that didn't pass."""
    return [check for check in result.json["checks"] if check["result"] not in ("pass", "skipped")]

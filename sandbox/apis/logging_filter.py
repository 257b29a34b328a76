"""The language in which log entries are asked for: that of all lists, with severities, expressions and `log_id()`.

    severity>=ERROR AND resource.type="cloud_run_revision" AND jsonPayload.symbol=~"^T"

Functions but `log_id()` are refused.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.control import filters
from sandbox.control.filters import Matches

SEVERITIES = {
    "DEFAULT": 0,
    "DEBUG": 100,
    "INFO": 200,
    "NOTICE": 300,
    "WARNING": 400,
    "ERROR": 500,
    "CRITICAL": 600,
    "ALERT": 700,
    "EMERGENCY": 800,
}
_NAMES = {"log_name": "logName", "insert_id": "insertId", "text_payload": "textPayload", "json_payload": "jsonPayload"}


def _log_id(wanted: str) -> Matches:
    ending = "/logs/" + wanted.replace("/", "%2F")
    return lambda entry: str(entry.get("logName", "")).endswith(ending)


def _severity(path: list[str], operator: str, wanted: str) -> Matches | None:
    if path != ["severity"]:
        return None
    level = SEVERITIES.get(wanted.upper())
    if level is None:
        raise filters.wrong(f"severity{operator}{wanted}", f"'{wanted}' is no severity")
    return lambda entry: filters.ordered(operator, _level(entry), level)


def _level(entry: dict[str, Any]) -> int:
    return SEVERITIES.get(str(entry.get("severity", "DEFAULT")), 0)


_DIALECT = filters.Dialect(
    name=lambda step: _NAMES.get(step, step),
    compare=_severity,
    functions={"log_id": _log_id},
    expressions=True,
    wildcards=False,
)


def compile_filter(text: str) -> Matches:
    """What tells whether an entry is asked for. Raises 400 where the text is none of the language.

    >>> compile_filter('severity>=WARNING AND NOT textPayload:"retry"')({"severity": "ERROR", "textPayload": "lost"})
    True
    """
    return _parse(text)[0]


def moments(text: str) -> tuple[str, str]:
    """Between which moments all entries are that a filter finds, as they are ordered; empty where it doesn't say.

    >>> moments('timestamp>="2026-11-26T09:00:00Z" severity=ERROR')
    ('2026-11-26T09:00:00.000000000', '')
    """
    told = [(operator, value) for path, operator, value in _parse(text)[1] if path == ["timestamp"]]
    bounds = [(operator, moment) for operator, value in told if (moment := filters.moment(value))]
    least = [moment for operator, moment in bounds if operator in (">", ">=", "=")]
    most = [moment for operator, moment in bounds if operator in ("<", "<=", "=")]
    return max(least, default=""), min(most, default="")


def _parse(text: str) -> tuple[Matches, list[filters.Comparison]]:
    return filters.parse(re.sub(r"--[^\n]*", "", text), _DIALECT)

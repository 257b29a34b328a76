"""The language in which log entries are asked for: that of all lists, with severities, expressions and functions.

    severity>=ERROR AND resource.type="cloud_run_revision" AND jsonPayload.symbol=~"^T"

Of the functions there are `log_id()`, `sample()` and `ip_in_net()`; the others are refused.
"""

from __future__ import annotations

import ipaddress
import re
import zlib
from collections.abc import Callable
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


def _sample(path: str, share: str) -> Matches:
    """A share of the values of a field, always the same ones."""
    found, limit = compile_path(path), float(share) * 2**32
    if not 0 <= limit <= 2**32:
        raise ValueError(share)
    return lambda entry: any(zlib.crc32(value.encode()) < limit for value in found(entry))


def _ip_in_net(path: str, net: str) -> Matches:
    found, network = compile_path(path), ipaddress.ip_network(net, strict=False)

    def inside(value: str) -> bool:
        try:
            return ipaddress.ip_address(value) in network
        except ValueError:
            return False

    return lambda entry: any(inside(value) for value in found(entry))


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
    functions={"log_id": _log_id, "sample": _sample, "ip_in_net": _ip_in_net},
    expressions=True,
    wildcards=False,
)


def compile_filter(text: str) -> Matches:
    """What tells whether an entry is asked for. Raises 400 where the text is none of the language.

    >>> compile_filter('severity>=WARNING AND NOT textPayload:"retry"')({"severity": "ERROR", "textPayload": "lost"})
    True
    """
    return _parse(text)[0]


def compile_path(path: str) -> Callable[[dict[str, Any]], list[str]]:
    """What tells the values at a path of an entry, as text.

    >>> compile_path("jsonPayload.legs.qty")({"jsonPayload": {"legs": [{"qty": 1}, {"qty": 2}]}})
    ['1', '2']
    """
    return filters.values(path, _DIALECT)


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

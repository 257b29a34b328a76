"""Where rules and detectors of Security Command Center are: of projects, folders and organizations, in a place."""

from __future__ import annotations

from sandbox.control.above import check_number
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument

_LOCATIONS = ("global", "us", "eu", "sa")


def check(call: Call) -> None:
    """400 for a place that has no findings, and for a folder or an organization without a number."""
    if call.params["location"] not in _LOCATIONS:
        raise invalid_argument(f"Findings are in {', '.join(_LOCATIONS)}.", {"parent": "no such location"})
    check_number(call)

"""What rules and detectors of Security Command Center are of: projects, folders and organizations, in a place."""

from __future__ import annotations

from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument

PLACES = ("projects/{project}", "folders/{folder}", "organizations/{organization}")
_LOCATIONS = ("global", "us", "eu", "sa")


def check(call: Call) -> None:
    """400 for a place that has no findings, and for a folder or an organization without a number."""
    if call.params["location"] not in _LOCATIONS:
        raise invalid_argument(f"Findings are in {', '.join(_LOCATIONS)}.", {"parent": "no such location"})
    for kind in ("folder", "organization"):
        if not call.params.get(kind, "0").isdigit():
            raise invalid_argument(f"{kind}s/{call.params[kind]} is no name: a number is.", {"parent": "not a number"})

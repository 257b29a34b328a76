"""What is of projects as of what is above them: folders and organizations."""

from __future__ import annotations

from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument

PLACES = ("projects/{project}", "folders/{folder}", "organizations/{organization}")


def check_number(call: Call) -> None:
    """400 for a folder or an organization without a number."""
    for kind in ("folder", "organization"):
        if not call.params.get(kind, "0").isdigit():
            raise invalid_argument(f"{kind}s/{call.params[kind]} is no name: a number is.", {"parent": "not a number"})

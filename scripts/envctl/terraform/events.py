"""What `terraform plan|apply|destroy -json` says, line by line, as typed events.

Source of the shapes: Terraform's "Machine-Readable UI" page, format version 1.2.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

Action = Literal["create", "update", "delete", "replace", "read", "move", "import", "noop", "forget", "remove"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error or a warning. `where` is `file:line` in the configuration, or empty."""

    severity: str
    summary: str
    detail: str = ""
    address: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A resource that a plan would change, or (as drift) that changed outside of Terraform."""

    address: str
    action: str
    type: str = ""
    reason: str = ""
    previous_address: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Something began, went on, ended well or failed for one resource."""

    address: str
    phase: Literal["refresh", "apply"]
    state: Literal["start", "complete", "errored"]
    action: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Summary:
    """How many resources were, or would be, added, changed and removed."""

    operation: str
    add: int
    change: int
    remove: int


Event = Diagnostic | Change | Progress | Summary
_HOOKS: dict[str, tuple[Literal["refresh", "apply"], Literal["start", "complete", "errored"]]] = {
    "refresh_start": ("refresh", "start"),
    "refresh_complete": ("refresh", "complete"),
    "apply_start": ("apply", "start"),
    "apply_complete": ("apply", "complete"),
    "apply_errored": ("apply", "errored"),
}


def parse(line: str) -> tuple[str, Event] | None:
    """A line of output as (type, event); None for lines that say nothing we need, or that are not JSON.

    >>> parse('{"type": "change_summary", "changes": {"add": 1, "change": 0, "remove": 0, "operation": "plan"}}')
    ('change_summary', Summary(operation='plan', add=1, change=0, remove=0))
    """
    try:
        message = json.loads(line)
    except ValueError:
        return None
    if not isinstance(message, dict):
        return None
    kind = str(message.get("type", ""))
    if kind == "diagnostic":
        return kind, _diagnostic(message["diagnostic"])
    if kind in ("planned_change", "resource_drift"):
        return kind, _change(message["change"])
    if kind == "change_summary":
        counts = message["changes"]
        return kind, Summary(counts["operation"], counts["add"], counts["change"], counts["remove"])
    if kind in _HOOKS:
        hook = message["hook"]
        phase, state = _HOOKS[kind]
        seconds = float(hook.get("elapsed_seconds", 0))
        return kind, Progress(hook["resource"]["addr"], phase, state, hook.get("action", ""), seconds)
    return None


def _diagnostic(data: dict[str, Any]) -> Diagnostic:
    place = data.get("range") or {}
    where = f"{place['filename']}:{place['start']['line']}" if place else ""
    return Diagnostic(data["severity"], data["summary"], data.get("detail", ""), data.get("address", ""), where)


def _change(data: dict[str, Any]) -> Change:
    previous = (data.get("previous_resource") or {}).get("addr", "")
    resource = data["resource"]
    return Change(resource["addr"], data["action"], resource.get("resource_type", ""), data.get("reason", ""), previous)

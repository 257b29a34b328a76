"""What a plan changes, attribute by attribute, with every sensitive value left out.

`terraform show -json` holds secrets in clear and marks them beside the values (`before_sensitive`, `after_sensitive`);
nothing of a plan is shown but through here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

SENSITIVE = "(sensitive)"
UNKNOWN = "(known after apply)"
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class AttributeDiff:
    """One attribute of one resource, before and after, as texts. `replaces`: changing it replaces the resource."""

    path: str
    before: str
    after: str
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class ResourceDiff:
    """One resource that a plan changes. `actions` is Terraform's, such as ["delete", "create"]."""

    address: str
    type: str
    actions: list[str]
    attributes: list[AttributeDiff]


def resource_diffs(plan: dict[str, Any]) -> list[ResourceDiff]:
    """The resources that a plan (`terraform show -json`) changes, by address, redacted."""
    found = []
    for resource in plan.get("resource_changes", []):
        change = resource["change"]
        if change["actions"] in (["no-op"], ["read"]):
            continue
        found.append(ResourceDiff(resource["address"], resource["type"], change["actions"], _attributes(change)))
    return sorted(found, key=lambda diff: diff.address)


def _attributes(change: dict[str, Any]) -> list[AttributeDiff]:
    before = redacted(change["before"], change.get("before_sensitive"))
    after = redacted(_with_unknown(change["after"], change.get("after_unknown")), change.get("after_sensitive"))
    replacing = {_path(path) for path in change.get("replace_paths", [])}
    old, new = dict(_leaves(before)), dict(_leaves(after))
    same_secret = change["before"] == change["after"]
    found = []
    for path in sorted(old.keys() | new.keys()):
        was, becomes = old.get(path, _ABSENT), new.get(path, _ABSENT)
        if (was == becomes and (was != SENSITIVE or same_secret)) or (was is _ABSENT and becomes is None):
            continue
        replaces = any(path == root or path.startswith((f"{root}.", f"{root}[")) for root in replacing)
        found.append(AttributeDiff(path, _text(was), _text(becomes), replaces))
    return found


def redacted(value: Any, marks: Any) -> Any:
    """A value with all that is marked sensitive replaced.

    >>> redacted({"name": "a", "secret": "s"}, {"secret": True})
    {'name': 'a', 'secret': '(sensitive)'}
    """
    if marks is True:
        return SENSITIVE if value is not None else None
    if isinstance(value, dict) and isinstance(marks, dict):
        return {key: redacted(item, marks.get(key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(marks, list):
        padded = [*marks, *[None] * (len(value) - len(marks))]
        return [redacted(item, mark) for item, mark in zip(value, padded, strict=False)]
    return value


def _with_unknown(value: Any, unknown: Any) -> Any:
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict):
        known = value if isinstance(value, dict) else {}
        return {key: _with_unknown(known.get(key), unknown.get(key)) for key in known.keys() | unknown.keys()}
    if isinstance(unknown, list) and isinstance(value, list):
        padded = [*unknown, *[None] * (len(value) - len(unknown))]
        return [_with_unknown(item, mark) for item, mark in zip(value, padded, strict=False)]
    return value


def _leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        return [leaf for key, item in value.items() for leaf in _leaves(item, f"{path}.{key}" if path else str(key))]
    if isinstance(value, list) and value:
        return [leaf for number, item in enumerate(value) for leaf in _leaves(item, f"{path}[{number}]")]
    if value in ({}, []):
        return []
    return [(path, value)] if path else []


def _path(parts: list[str | int]) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _text(value: Any) -> str:
    if value is _ABSENT or value is None:
        return ""
    if value in (SENSITIVE, UNKNOWN):
        return str(value)
    return json.dumps(value, ensure_ascii=False)

"""What tells two plans apart: what they do, not how it is written.

A fingerprint covers each change's address, action, the attributes that differ, what is known after apply only and what
forces a replacement. It covers nothing that stays as it is: a table's number of rows, or a resource's etag, changes
between two plans that do the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .model import Change, Plan

_HASH = 16


def fingerprint(plan: Plan) -> str:
    """64 hexadecimal digits, equal for plans that do the same."""
    return combined(parts(plan))


def parts(plan: Plan) -> dict[str, str]:
    """A short hash of each change, by address; no value can be read from it."""
    return {change.address: _hash(_canonical(change))[:_HASH] for change in _sorted(plan)}


def combined(hashes: Mapping[str, str]) -> str:
    """The fingerprint of the parts."""
    return _hash(sorted(hashes.items()))


def differences(reviewed: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """What another plan does that the reviewed one doesn't, and the other way round, a line each.

    >>> differences({"a": "1", "b": "1"}, {"a": "2", "c": "1"})
    ['a: another change than was reviewed', 'b: was reviewed, and is not in this plan', 'c: was not reviewed']
    """
    lines = []
    for address in sorted(reviewed.keys() | found.keys()):
        if address not in found:
            lines.append(f"{address}: was reviewed, and is not in this plan")
        elif address not in reviewed:
            lines.append(f"{address}: was not reviewed")
        elif reviewed[address] != found[address]:
            lines.append(f"{address}: another change than was reviewed")
    return lines


def _sorted(plan: Plan) -> list[Change]:
    return sorted(plan.changes, key=lambda change: change.address)


def _canonical(change: Change) -> dict[str, Any]:
    before, after = change.before or {}, change.after or {}
    names = before.keys() | after.keys() if change.action in ("update", "replace") else after.keys()
    return {
        "address": change.address,
        "type": change.type,
        "action": change.action,
        "previous": change.previous_address,
        "imported": change.imported,
        "changes": {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}
        if change.action != "delete"
        else {},
        "unknown": change.unknown if change.action != "delete" else None,
        "replace": sorted(map(list, change.replace_paths), key=str),
    }


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

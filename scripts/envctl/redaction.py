"""What a plan changes, attribute by attribute, with every sensitive value left out.

`terraform show -json` holds secrets in clear and marks them beside the values (`before_sensitive`, `after_sensitive`);
nothing of a plan is shown but through here. What isn't marked and has a secret's name is left out too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .plans.model import Change

SENSITIVE = "(sensitive)"
UNKNOWN = "(known after apply)"
_ABSENT = object()
# Names of attributes, variables and labels that hold secrets, whatever the provider says of them.
_SECRET = re.compile(
    r"(^|[_-])(password|passwd|passphrase|secret_data|secret|token|api_?key|signing_?key|private_?key|auth_string|"
    r"credentials?)$",
    re.IGNORECASE,
)
# Attributes of such a name that name a secret and don't hold one.
_NAMES_OF_SECRETS = {"secret"}


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
        typed = Change(
            resource["address"],
            resource["type"],
            "update",
            change["before"],
            change["after"],
            change.get("after_unknown"),
            change.get("before_sensitive"),
            change.get("after_sensitive"),
            tuple(map(tuple, change.get("replace_paths", []))),
        )
        found.append(ResourceDiff(typed.address, typed.type, change["actions"], change_attributes(typed)))
    return sorted(found, key=lambda diff: diff.address)


def change_attributes(change: Change, names: Iterable[str] = ()) -> list[AttributeDiff]:
    """The attributes that a change changes, redacted; `names` are those of secrets that the YAML knows."""
    before = hidden(redacted(change.before, change.before_sensitive), names)
    after = hidden(redacted(_with_unknown(change.after, change.unknown), change.after_sensitive), names)
    replacing = {_path(list(path)) for path in change.replace_paths}
    old, new = dict(_leaves(before)), dict(_leaves(after))
    plain_old, plain_new = dict(_leaves(change.before)), dict(_leaves(change.after))
    found = []
    for path in sorted(old.keys() | new.keys()):
        was, becomes = old.get(path, _ABSENT), new.get(path, _ABSENT)
        # Two secrets look alike; whether they are is known from the values themselves.
        same = was == becomes and (was != SENSITIVE or _under(plain_old, path) == _under(plain_new, path))
        if same or (was is _ABSENT and becomes is None):
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


def is_secret_name(name: str, names: Iterable[str] = ()) -> bool:
    """Whether a value of this name is a secret: by the name itself, or because the YAML has a secret of that name.

    >>> is_secret_name("TELEGRAM_BOT_TOKEN"), is_secret_name("token_url"), is_secret_name("SALT", ["SALT"])
    (True, False, True)
    """
    return bool(_SECRET.search(name)) or name in names


def hidden(value: Any, names: Iterable[str] = ()) -> Any:
    """A value with all that has a secret's name replaced, be it a key or an environment variable.

    >>> hidden([{"name": "API_KEY", "value": "k"}, {"name": "LEVEL", "value": "info"}])
    [{'name': 'API_KEY', 'value': '(sensitive)'}, {'name': 'LEVEL', 'value': 'info'}]
    """
    if isinstance(value, list):
        return [hidden(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    variable = value.get("name")
    is_variable = "value" in value and isinstance(variable, str) and is_secret_name(variable, names)
    return {
        key: SENSITIVE
        if isinstance(item, str)
        and item not in ("", UNKNOWN)
        and ((key == "value" and is_variable) or (key not in _NAMES_OF_SECRETS and is_secret_name(key, names)))
        else hidden(item, names)
        for key, item in value.items()
    }


def _under(leaves: dict[str, Any], path: str) -> dict[str, Any]:
    """What stands at a path, and below it: a secret may be a whole block."""
    own = leaves.get(path, _ABSENT)
    if own is not _ABSENT:
        return {path: own}
    return {key: value for key, value in leaves.items() if key.startswith((f"{path}.", f"{path}["))}


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

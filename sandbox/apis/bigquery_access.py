"""A dataset's access list as BigQuery writes it."""

from __future__ import annotations

from typing import Any

from sandbox.control import iam
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument

_BASIC = {
    "roles/bigquery.dataOwner": "OWNER",
    "roles/bigquery.dataEditor": "WRITER",
    "roles/bigquery.dataViewer": "READER",
}
_MEMBERS = ("userByEmail", "groupByEmail", "domain", "specialGroup", "iamMember", "view", "routine", "dataset")
_GROUPS = frozenset({"projectOwners", "projectReaders", "projectWriters", "allAuthenticatedUsers"})


def defaults(creator: str) -> list[dict[str, Any]]:
    """The access of a dataset that was created without one."""
    return [
        {"role": "WRITER", "specialGroup": "projectWriters"},
        {"role": "OWNER", "specialGroup": "projectOwners"},
        {"role": "OWNER", "userByEmail": creator},
        {"role": "READER", "specialGroup": "projectReaders"},
    ]


def canonical(control: Control, entries: object) -> list[dict[str, Any]]:
    """Checked entries, as they are answered: basic roles by their old names, members by kind, each once.

    Raises 400 for an entry that BigQuery refuses, and for a service account that does not exist.
    """
    if not isinstance(entries, list):
        raise invalid_argument("access must be a list.")
    found: list[dict[str, Any]] = []
    for entry in entries:
        if not isinstance(entry, dict):
            raise invalid_argument("An access entry must be an object.")
        item = _entry(control, {key: value for key, value in entry.items() if value is not None})
        if item not in found:
            found.append(item)
    return found


def _entry(control: Control, entry: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in _MEMBERS if kind in entry]
    if len(kinds) != 1:
        raise invalid_argument("An access entry has exactly one of " + ", ".join(_MEMBERS) + ".")
    kind, result = kinds[0], dict(entry)
    if kind in ("view", "routine", "dataset"):
        return result
    role = str(entry.get("role", ""))
    if not role:
        raise invalid_argument(f"The access entry for {entry[kind]} needs a role.")
    result["role"] = _BASIC.get(role, role)
    if result["role"] not in _BASIC.values() and not role.startswith(("roles/", "projects/", "organizations/")):
        raise invalid_argument(f"Invalid value for role: {role} is not a valid value")
    if kind == "iamMember":
        result = _by_kind(result)
    if "specialGroup" in result and result["specialGroup"] not in _GROUPS:
        raise invalid_argument(f"Invalid value for specialGroup: {result['specialGroup']} is not a valid value")
    email = str(result.get("userByEmail", ""))
    if email.endswith(".iam.gserviceaccount.com"):
        iam.check_member(control, f"serviceAccount:{email}")
    return result


def _by_kind(entry: dict[str, Any]) -> dict[str, Any]:
    """`iamMember` as the older field where there is one."""
    prefix, _, name = str(entry["iamMember"]).partition(":")
    field = {"user": "userByEmail", "serviceAccount": "userByEmail", "group": "groupByEmail", "domain": "domain"}
    if prefix == "allAuthenticatedUsers":
        new, value = "specialGroup", prefix
    elif prefix in field and name:
        new, value = field[prefix], name
    else:
        return entry
    rest = {key: item for key, item in entry.items() if key != "iamMember"}
    return {**rest, new: value}

"""A dataset's access list as BigQuery writes it."""

from __future__ import annotations

from typing import Any

from sandbox.apis.bigquery import child
from sandbox.control import iam
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument, not_found

_BASIC = {
    "roles/bigquery.dataOwner": "OWNER",
    "roles/bigquery.dataEditor": "WRITER",
    "roles/bigquery.dataViewer": "READER",
}
_MEMBERS = ("userByEmail", "groupByEmail", "domain", "specialGroup", "iamMember", "view", "routine", "dataset")
_FIELDS = frozenset((*_MEMBERS, "role", "condition"))
# What may read without a role, and the names that its reference has.
_AUTHORIZED = {
    "view": ("projectId", "datasetId", "tableId"),
    "routine": ("projectId", "datasetId", "routineId"),
    "dataset": ("projectId", "datasetId"),
}
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
        # What an entry has no field for is dropped, as by Google: the real provider sends the dataset's id along.
        item = _entry(control, {key: value for key, value in entry.items() if value is not None and key in _FIELDS})
        if item not in found:
            found.append(item)
    return found


def _entry(control: Control, entry: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in _MEMBERS if kind in entry]
    if len(kinds) != 1:
        raise invalid_argument("An access entry has exactly one of " + ", ".join(_MEMBERS) + ".")
    kind, result = kinds[0], dict(entry)
    if kind in _AUTHORIZED:
        return _complete(kind, result)
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


def _complete(kind: str, entry: dict[str, Any]) -> dict[str, Any]:
    reference = entry[kind].get("dataset") if kind == "dataset" and isinstance(entry[kind], dict) else entry[kind]
    if not isinstance(reference, dict) or not all(reference.get(part) for part in _AUTHORIZED[kind]):
        raise invalid_argument(f"An access entry for a {kind} needs its " + ", ".join(_AUTHORIZED[kind]) + ".")
    if kind == "dataset" and entry[kind].get("targetTypes") != ["VIEWS"]:
        raise invalid_argument("An access entry for a dataset has the targetTypes VIEWS.")
    return entry


async def check_authorized(control: Control, entries: list[dict[str, Any]]) -> None:
    """404 for a view, routine or dataset that is not there; 400 for a table in a view's place."""
    for entry in entries:
        kind = next((kind for kind in _AUTHORIZED if kind in entry), "")
        if not kind:
            continue
        reference = entry["dataset"]["dataset"] if kind == "dataset" else entry[kind]
        project, dataset, *rest = (str(reference[part]) for part in _AUTHORIZED[kind])
        path = child.dataset_path(project, dataset)
        if rest:
            path += f"/{'tables' if kind == 'view' else 'routines'}/{rest[0]}"
        found = await child.find(control, path)
        shown = ".".join([f"{project}:{dataset}", *rest])
        if found is None:
            raise not_found(f"Not found: {'Table' if kind == 'view' else kind.capitalize()} {shown}")
        if kind == "view" and found.get("type") == "TABLE":
            raise invalid_argument(f"{shown} is not a view.")

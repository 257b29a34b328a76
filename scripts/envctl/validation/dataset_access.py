"""A dataset's access entries: grants in words of BigQuery's own, and what may read it without a role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def access_bindings(dataset: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A dataset's access entries as bindings, as the google provider's IAM resources see them.

    Views, routines and datasets that are authorised to read have no role: they are settings, not grants.
    """
    for entry in dataset.get("access") or []:
        role = _BASIC_ROLES.get(str(entry.get("role")), str(entry.get("role")))
        member = _access_member(entry, str(dataset.get("datasetReference", {}).get("projectId", "")))
        if member is None and any(key in entry for key in AUTHORIZED):
            continue
        if member is None:
            role, member = "unknown", str(entry)
        yield {"role": role, "members": [member], "condition": entry.get("condition")}


AUTHORIZED = ("view", "dataset", "routine")
"""The access entries of what may read without a role."""


def authorized(dataset: Mapping[str, Any], kind: str) -> list[str]:
    """The full names of the views, datasets or routines that may read a dataset.

    >>> entry = {"view": {"projectId": "p", "datasetId": "d", "tableId": "v"}}
    >>> authorized({"access": [entry]}, "view")
    ['projects/p/datasets/d/tables/v']
    """
    found = []
    for entry in dataset.get("access") or []:
        if kind not in entry:
            continue
        reference = entry[kind].get("dataset", {}) if kind == "dataset" else entry[kind]
        name = f"projects/{reference.get('projectId')}/datasets/{reference.get('datasetId')}"
        below = {"view": ("tables", "tableId"), "routine": ("routines", "routineId")}.get(kind)
        found.append(f"{name}/{below[0]}/{reference.get(below[1])}" if below else name)
    return found


_BASIC_ROLES = {
    "OWNER": "roles/bigquery.dataOwner",
    "WRITER": "roles/bigquery.dataEditor",
    "READER": "roles/bigquery.dataViewer",
}
_SPECIAL_GROUPS = {
    "projectOwners": "projectOwner",
    "projectWriters": "projectEditor",
    "projectReaders": "projectViewer",
}


def _access_member(entry: Mapping[str, Any], project: str) -> str | None:
    if address := entry.get("userByEmail"):
        kind = "serviceAccount" if str(address).endswith(".gserviceaccount.com") else "user"
        return f"{kind}:{address}"
    if address := entry.get("groupByEmail"):
        return f"group:{address}"
    if domain := entry.get("domain"):
        return f"domain:{domain}"
    if group := entry.get("specialGroup"):
        return f"{_SPECIAL_GROUPS[group]}:{project}" if group in _SPECIAL_GROUPS else str(group)
    if member := entry.get("iamMember"):
        return str(member)
    return None

"""Who is given which role by a resource of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Grant = tuple[Any, Any, Any]
KINDS = ("_iam_member", "_iam_binding", "_iam_policy")
PUBLIC = ("allUsers", "allAuthenticatedUsers")
_PREDEFINED = {
    "publicRead": ("READER", "allUsers"),
    "publicReadWrite": ("WRITER", "allUsers"),
    "authenticatedRead": ("READER", "allAuthenticatedUsers"),
}


def is_grant(type: str) -> bool:
    """Whether a resource type gives somebody a role."""
    return type.endswith(KINDS)


def granted(type: str, values: Mapping[str, Any]) -> list[Grant]:
    """Role, member and condition of each grant; a member is None where it is known after apply only.

    >>> granted("google_pubsub_topic_iam_member", {"role": "roles/pubsub.publisher", "member": "allUsers"})
    [('roles/pubsub.publisher', 'allUsers', None)]
    >>> granted("google_x_iam_policy", {"policy_data": '{"bindings": [{"role": "r", "members": ["a", "b"]}]}'})
    [('r', 'a', None), ('r', 'b', None)]
    """
    if type.endswith("_iam_policy") and values.get("policy_data") is not None:
        import json

        bindings = json.loads(values["policy_data"]).get("bindings") or ()
        return [(each.get("role"), member, each.get("condition")) for each in bindings for member in each["members"]]
    members = values.get("members") or [values.get("member")]
    return [(values.get("role"), member, values.get("condition")) for member in members]


def may_give_to_the_public(type: str) -> bool:
    """Whether a resource type has lists of access of its own."""
    return type.startswith(("google_bigquery_dataset", "google_storage_"))


def given_to_the_public(type: str, values: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """Role and member of what everybody is given without IAM: entries of BigQuery datasets, lists of Cloud Storage.

    >>> given_to_the_public("google_bigquery_dataset", {"access": [{"role": "READER", "iam_member": "allUsers"}]})
    [('READER', 'allUsers')]
    >>> given_to_the_public("google_storage_bucket_acl", {"role_entity": ["OWNER:user-a@x.in", "READER:allUsers"]})
    [('READER', 'allUsers')]
    """
    if not may_give_to_the_public(type):
        return []
    found: list[tuple[Any, Any]] = []
    if type in ("google_bigquery_dataset", "google_bigquery_dataset_access"):
        entries = (values.get("access") or ()) if type == "google_bigquery_dataset" else (values,)
        found = [(each.get("role"), each.get(key)) for each in entries for key in ("special_group", "iam_member")]
    else:
        if type.endswith("_access_control"):
            found = [(values.get("role"), values.get("entity"))]
        parts = (str(each).partition(":") for each in values.get("role_entity") or ())
        found += [(role, entity) for role, _, entity in parts]
        named = (_PREDEFINED.get(str(values.get(key))) for key in ("predefined_acl", "default_acl"))
        found += [each for each in named if each is not None]
    return [(role, str(member)) for role, member in found if member in PUBLIC]

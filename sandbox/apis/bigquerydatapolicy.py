"""BigQuery Data Policy v1: who sees a tagged column masked, and how. They are kept; queries here don't mask."""

from __future__ import annotations

from typing import Any

from sandbox.apis import datacatalog
from sandbox.control import projects
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.router import Api
from sandbox.control.store import Resource

_TYPES = ("DATA_POLICY_TYPE_UNSPECIFIED", "_", "_", "COLUMN_LEVEL_SECURITY_POLICY", "DATA_MASKING_POLICY")
policies = Collection(
    path="v1/projects/{project}/locations/{location}/dataPolicies/{policy}",
    noun="DataPolicy",
    type="google.cloud.bigquery.datapolicies.v1.DataPolicy",
    id_field="dataPolicyId",
    required=("dataPolicyType", "policyTag"),
    enums={"dataPolicyType": _TYPES},
    id_rule=r"[A-Za-z0-9_]{1,256}",
    id_message="It must be letters, digits and underscores.",
    labels=(),
    iam=True,
)

API = Api("bigquerydatapolicy.googleapis.com", "bigquerydatapolicy", [policies])


def _check(policy: Resource, call: Call) -> None:
    document = policy.document
    if document["dataPolicyType"] not in _TYPES[3:]:
        raise invalid_argument("Unknown type of data policy.", {"data_policy_type": document["dataPolicyType"]})
    masking = document.get("dataMaskingPolicy") or {}
    if (document["dataPolicyType"] == "DATA_MASKING_POLICY") != bool(masking):
        raise invalid_argument(
            "A masking policy, and no other, has dataMaskingPolicy.", {"data_masking_policy": "with its type"}
        )
    tag = datacatalog.tags.find(call.control, _by_id(str(document["policyTag"]), policy))
    if tag is None:
        raise not_found(f"Policy tag {document['policyTag']} does not exist.")


def _by_id(tag: str, policy: Resource) -> str:
    """A tag's name with the project's id, where it was given by number."""
    parts, project = tag.split("/"), policy.name.split("/")[1]
    return "/".join((parts[0], project, *parts[2:])) if parts[1:2] == [projects.number(project)] else tag


@policies.on_create
async def check(policy: Resource, call: Call) -> None:
    """Of a tag that exists."""
    _check(policy, call)


@policies.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Checked again."""
    _check(new, call)


@policies.shown_by
def shown(policy: Resource, call: Call) -> dict[str, Any]:
    """By the project's number."""
    return {**policy.document, "name": projects.by_number(policy.name)}

"""Row access policies of BigQuery's tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from envctl.validation.model import Environment, Kind, Read, Setting, Thing
from envctl.validation.normal import block, unordered

from .datasets import TABLES


def _things(kind: Kind, environment: Environment) -> Iterator[Thing]:
    assert TABLES.things is not None
    for table in TABLES.things(TABLES, environment):
        for key, fields in table.fields["row_access_policies"].items():
            place = replace(table.place, key=f"{table.place.key}.{key}")
            path = (*table.path, "row_access_policies", key)
            yield Thing(kind, place, kind.resource(place, fields), fields, path, parent=table.id)


def _name(project: str, key: str) -> str:
    dataset, table, policy = key.split(".")
    return f"projects/{project}/datasets/{dataset}/tables/{table}/rowAccessPolicies/{policy}"


ROW_ACCESS_POLICIES = Kind(
    name="row_access_policies",
    noun="row access policy",
    document=Read("bigquery", "v2/{name}", "bigquery.rowAccessPolicies.get"),
    resource=lambda place, _fields: _name(place.project, place.key),
    settings=(
        Setting("filter", "filterPredicate", normal=block),
        Setting(
            "grantees",
            "bindings.members",
            normal=unordered,
            reader="grantees",
            says="in its IAM policy; the policy itself doesn't tell them",
            found=lambda policy: [member for binding in policy.get("bindings") or [] for member in binding["members"]],
        ),
    ),
    reads={
        "grantees": Read(
            "bigquery",
            "v2/{name}:getIamPolicy",
            "bigquery.rowAccessPolicies.getIamPolicy",
            method="POST",
            body={},
        )
    },
    things=_things,
)

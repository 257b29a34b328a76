"""Roles of the project's own, and what nobody may do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from envctl.validation.model import Environment, Kind, Place, Read, Setting, Thing, World
from envctl.validation.normal import dig, text, unordered

from .common import DESCRIPTION

CUSTOM_ROLES = Kind(
    name="custom_roles",
    noun="custom role",
    document=Read("iam", "v1/{name}", "iam.roles.get"),
    resource=lambda place, _fields: f"projects/{place.project}/roles/{place.key}",
    settings=(
        Setting("title", "title"),
        DESCRIPTION,
        Setting("stage", "stage", normal=lambda stage: text(stage) or "ALPHA"),
        Setting("permissions", "includedPermissions", normal=unordered),
    ),
    # Google keeps a deleted one for weeks.
    select=lambda _thing, role: None if role.get("deleted") else role,
)

_LISTS = ("denied_principals", "exception_principals", "denied_permissions", "exception_permissions")


def _policies(kind: Kind, environment: Environment) -> Iterator[Thing]:
    values = environment.tfvars
    for key, fields in values["deny_policies"].items():
        place = Place(values["project_id"], values["region"], "project", key)
        yield Thing(kind, place, kind.resource(place, fields), fields, ("deny_policies", key))


def _rules(thing: Thing, _world: World) -> list[Any]:
    return [
        (
            rule["description"],
            *(sorted(rule[field]) for field in _LISTS),
            rule["condition"] and (rule["condition"]["title"], rule["condition"]["expression"]),
        )
        for rule in thing.fields["rules"]
    ]


def _rules_found(policy: Mapping[str, Any]) -> list[Any]:
    found = []
    for rule in policy.get("rules") or []:
        denied = rule.get("denyRule") or {}
        lists = (denied.get("".join((a, b.capitalize()))) or [] for a, b in (name.split("_") for name in _LISTS))
        condition = denied.get("denialCondition")
        told = condition and (dig(condition, "title"), dig(condition, "expression"))
        found.append((text(rule.get("description")), *(sorted(one) for one in lists), told or None))
    return found


DENY_POLICIES = Kind(
    name="deny_policies",
    noun="deny policy",
    document=Read(
        "iam",
        "v2/policies/cloudresourcemanager.googleapis.com%2Fprojects%2F{project}/denypolicies/{key}",
        "iam.denypolicies.get",
    ),
    resource=lambda place, _fields: (
        f"policies/cloudresourcemanager.googleapis.com%2Fprojects%2F{place.project}/denypolicies/{place.key}"
    ),
    settings=(
        Setting("display_name", "displayName", normal=text),
        Setting("rules", "rules.denyRule", declared=_rules, found=_rules_found, says="these, in this order"),
    ),
    things=_policies,
)

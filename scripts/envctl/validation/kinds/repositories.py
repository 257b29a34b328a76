"""Artifact Registry repositories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World
from envctl.validation.normal import dig, duration, flag, number, text, unordered

from .common import DESCRIPTION, LABELS, policy_read


def _declared_policies(thing: Thing, _world: World) -> list[str]:
    fields, policies = thing.fields, []
    if fields["keep_count"] is not None:
        policies.append(f"keep the {fields['keep_count']} newest")
    if fields["delete_older_than"] is not None:
        policies.append(f"delete after {duration(fields['delete_older_than'])}s")
    return policies


def _policies(document: Mapping[str, Any]) -> list[str]:
    """Cleanup policies by what they do: their ids mean nothing."""
    found = []
    for policy in (document.get("cleanupPolicies") or {}).values():
        keep, older = dig(policy, "mostRecentVersions.keepCount"), dig(policy, "condition.olderThan")
        if policy.get("action") == "KEEP" and keep is not None:
            found.append(f"keep the {number(keep)} newest")
        elif (
            policy.get("action") == "DELETE"
            and set(policy.get("condition") or {}) <= {"olderThan", "tagState"}
            and older
        ):
            found.append(f"delete after {duration(older)}s")
        else:
            found.append(str(dict(policy)))
    return found


REPOSITORIES = Kind(
    name="repositories",
    noun="repository",
    document=Read("artifactregistry", "v1/{name}", "artifactregistry.repositories.get"),
    resource=lambda place, fields: f"projects/{place.project}/locations/{fields['location']}/repositories/{place.key}",
    settings=(
        Setting("format", "format", normal=text),
        DESCRIPTION,
        Setting("immutable_tags", "dockerConfig.immutableTags", normal=flag, when=lambda f: f["format"] == "DOCKER"),
        Setting(
            "cleanup",
            "cleanupPolicies",
            normal=unordered,
            declared=_declared_policies,
            found=_policies,
            says="keep_count and delete_older_than, and no other policy",
        ),
        LABELS,
    ),
    policy=policy_read("artifactregistry", "v1", "artifactregistry.repositories.getIamPolicy"),
    unchecked={
        "keep_count": "part of cleanup",
        "delete_older_than": "part of cleanup",
        "location": "part of the repository's name",
    },
)

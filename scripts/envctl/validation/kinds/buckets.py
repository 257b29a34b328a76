"""Cloud Storage buckets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World, always
from envctl.validation.normal import dig, flag, lower, number, text, unordered

from .common import LABELS, TERRAFORM_ONLY

_CONDITIONS = {
    "age_days": "age",
    "num_newer_versions": "numNewerVersions",
    "days_since_noncurrent": "daysSinceNoncurrentTime",
    "matches_prefix": "matchesPrefix",
    "matches_suffix": "matchesSuffix",
    "matches_storage_class": "matchesStorageClass",
}
_LIVE = {"LIVE": True, "ARCHIVED": False}


def _declared_rules(thing: Thing, _world: World) -> list[dict[str, Any]]:
    rules = []
    for rule in thing.fields["lifecycle_rules"]:
        condition = {api: rule[field] for field, api in _CONDITIONS.items() if rule[field] not in (None, [])}
        if rule["with_state"] in _LIVE:
            condition["isLive"] = _LIVE[rule["with_state"]]
        action = {"type": rule["action"]}
        if rule["storage_class"]:
            action["storageClass"] = rule["storage_class"]
        rules.append({"action": action, "condition": condition})
    return rules


def _declared_cors(thing: Thing, _world: World) -> list[dict[str, Any]]:
    names = {"origins": "origin", "methods": "method", "response_headers": "responseHeader"}
    return [
        {**{api: cors[field] for field, api in names.items() if cors[field]}, "maxAgeSeconds": cors["max_age_seconds"]}
        for cors in thing.fields["cors"]
    ]


def _cors(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**{key: value for key, value in cors.items() if value}, "maxAgeSeconds": number(cors.get("maxAgeSeconds"))}
        for cors in document.get("cors") or []
    ]


BUCKETS = Kind(
    name="buckets",
    noun="bucket",
    document=Read("storage", "v1/b/{name}", "storage.buckets.get"),
    resource=lambda _place, fields: str(fields["name"]),
    settings=(
        Setting("location", "location", normal=lower),
        Setting("storage_class", "storageClass", normal=text),
        Setting("versioning", "versioning.enabled", normal=flag),
        Setting("soft_delete_seconds", "softDeletePolicy.retentionDurationSeconds", normal=number),
        Setting(
            "lifecycle_rules",
            "lifecycle.rule",
            normal=unordered,
            declared=_declared_rules,
            found=lambda document: dig(document, "lifecycle.rule") or [],
        ),
        Setting(
            "retention.period_seconds",
            "retentionPolicy.retentionPeriod",
            normal=number,
            declared=lambda thing, _world: dig(thing.fields, "retention.period_seconds"),
        ),
        Setting(
            "retention.locked",
            "retentionPolicy.isLocked",
            normal=flag,
            declared=lambda thing, _world: dig(thing.fields, "retention.locked"),
        ),
        Setting("cors", "cors", declared=_declared_cors, found=_cors),
        Setting(
            "uniform access",
            "iamConfiguration.uniformBucketLevelAccess.enabled",
            normal=flag,
            declared=always(True),
            says="always on",
        ),
        Setting(
            "public access prevention",
            "iamConfiguration.publicAccessPrevention",
            declared=always("enforced"),
            says="always enforced",
        ),
        LABELS,
    ),
    policy=Read(
        "storage", "v1/b/{name}/iam", "storage.buckets.getIamPolicy", query={"optionsRequestedPolicyVersion": "3"}
    ),
    unchecked={"name": "the bucket's own name", "force_destroy": TERRAFORM_ONLY},
)

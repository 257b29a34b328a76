"""Cloud Storage buckets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World, always
from envctl.validation.normal import dig, flag, lower, number, text, unordered

from .common import LABELS, TERRAFORM_ONLY, at

_CONDITIONS = {
    "age_days": "age",
    "num_newer_versions": "numNewerVersions",
    "days_since_noncurrent": "daysSinceNoncurrentTime",
    "matches_prefix": "matchesPrefix",
    "matches_suffix": "matchesSuffix",
    "matches_storage_class": "matchesStorageClass",
    "days_since_custom_time": "daysSinceCustomTime",
    "created_before": "createdBefore",
    "custom_time_before": "customTimeBefore",
    "noncurrent_time_before": "noncurrentTimeBefore",
    "size_above_bytes": "sizeAboveBytes",
    "size_below_bytes": "sizeBelowBytes",
}
_SIZES = ("sizeAboveBytes", "sizeBelowBytes")
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


def _rules(document: Mapping[str, Any]) -> list[Any]:
    """Rules with their sizes as numbers: they are text in JSON."""
    return [
        {
            **rule,
            "condition": {
                key: number(value) if key in _SIZES else value for key, value in (rule.get("condition") or {}).items()
            },
        }
        for rule in dig(document, "lifecycle.rule") or []
    ]


def _refused(document: Mapping[str, Any]) -> list[str]:
    ways = {"googleManaged": "google_managed", "customerManaged": "customer_managed"}
    ways["customerSupplied"] = "customer_supplied"
    path = "encryption.{}EncryptionEnforcementConfig.restrictionMode"
    return [name for way, name in ways.items() if dig(document, path.format(way)) == "FullyRestricted"]


def _declared_filter(thing: Thing, _world: World) -> Any:
    declared = thing.fields["ip_filter"]
    if declared is None or declared["mode"] == "Disabled":
        return None
    networks = sorted((source["network"], sorted(source["ranges"])) for source in declared["vpc_sources"])
    flags = declared["allow_cross_org_vpcs"], declared["allow_service_agents"]
    return [sorted(declared["public_ranges"]), networks, *flags]


def _filter(document: Mapping[str, Any]) -> Any:
    found = document.get("ipFilter") or {}
    if found.get("mode", "Disabled") == "Disabled":
        return None
    sources = found.get("vpcNetworkSources") or []
    networks = sorted((source["network"], sorted(source.get("allowedIpCidrRanges") or [])) for source in sources)
    flags = bool(found.get("allowCrossOrgVpcs")), bool(found.get("allowAllServiceAgentAccess"))
    return [sorted(dig(found, "publicNetworkSource.allowedIpCidrRanges") or []), networks, *flags]


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
            found=_rules,
        ),
        Setting(
            "retention.period_seconds",
            "retentionPolicy.retentionPeriod",
            normal=number,
            declared=at("retention.period_seconds"),
        ),
        Setting(
            "retention.locked",
            "retentionPolicy.isLocked",
            normal=flag,
            declared=at("retention.locked"),
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
            declared=lambda thing, _world: "inherited" if thing.fields["public_access"] else "enforced",
            says="enforced, unless public_access says otherwise",
        ),
        Setting(
            "regions",
            "customPlacementConfig.dataLocations",
            normal=unordered,
            declared=lambda thing, _world: [region.upper() for region in thing.fields["regions"]],
            found=lambda document: dig(document, "customPlacementConfig.dataLocations") or [],
        ),
        Setting("rpo", "rpo", normal=text, when=lambda fields: fields["rpo"] is not None, says="where it is declared"),
        Setting(
            "autoclass.terminal_storage_class",
            "autoclass.terminalStorageClass",
            normal=text,
            declared=at("autoclass.terminal_storage_class"),
            says="none without autoclass",
        ),
        Setting("hierarchical_namespace", "hierarchicalNamespace.enabled", normal=flag),
        Setting("requester_pays", "billing.requesterPays", normal=flag),
        Setting("event_based_hold", "defaultEventBasedHold", normal=flag),
        Setting(
            "object_retention",
            "objectRetention.mode",
            declared=lambda thing, _world: bool(thing.fields["object_retention"]),
            found=lambda document: dig(document, "objectRetention.mode") == "Enabled",
        ),
        Setting("kms_key", "encryption.defaultKmsKeyName", normal=text),
        Setting(
            "refused_encryption",
            "encryption.*EncryptionEnforcementConfig.restrictionMode",
            normal=unordered,
            found=_refused,
        ),
        Setting("logging.bucket", "logging.logBucket", normal=text, declared=at("logging.bucket")),
        Setting(
            "logging.prefix",
            "logging.logObjectPrefix",
            normal=text,
            declared=at("logging.prefix"),
            when=lambda fields: dig(fields, "logging.prefix") is not None,
            says="where it is declared",
        ),
        Setting("website.main_page", "website.mainPageSuffix", normal=text, declared=at("website.main_page")),
        Setting("website.not_found_page", "website.notFoundPage", normal=text, declared=at("website.not_found_page")),
        Setting("ip_filter", "ipFilter", declared=_declared_filter, found=_filter, says="none where it is Disabled"),
        LABELS,
    ),
    policy=Read(
        "storage", "v1/b/{name}/iam", "storage.buckets.getIamPolicy", query={"optionsRequestedPolicyVersion": "3"}
    ),
    unchecked={
        "name": "the bucket's own name",
        "force_destroy": TERRAFORM_ONLY,
        "public_access": "part of public access prevention",
        "managed_folders": "a kind of their own",
        "objects": "a kind of their own",
        "notifications": "a kind of their own",
    },
)

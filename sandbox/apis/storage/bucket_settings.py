"""A bucket's settings: what Google refuses, fills in and stamps with times."""

from __future__ import annotations

import ipaddress
import re
from datetime import date
from typing import Any

from sandbox.apis.storage import documents
from sandbox.control import names
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import invalid_argument

_DUAL_REGIONS = frozenset({"ASIA1", "EUR4", "EUR5", "EUR7", "EUR8", "NAM4"})
# Countries that have two regions, for dual regions of both.
_COUNTRIES = frozenset({"AU", "CA", "DE", "IN", "IT", "JP"})
_RESTRICTIONS = ("NotRestricted", "FullyRestricted")
_ENFORCEMENTS = tuple(
    f"{way}EncryptionEnforcementConfig" for way in ("googleManaged", "customerManaged", "customerSupplied")
)
_CLASSES = frozenset(
    {"STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE", "MULTI_REGIONAL", "REGIONAL", "DURABLE_REDUCED_AVAILABILITY"}
)
_ACTIONS = ("Delete", "SetStorageClass", "AbortIncompleteMultipartUpload")
_DAYS = ("age", "daysSinceCustomTime", "daysSinceNoncurrentTime", "numNewerVersions")
_DATES = ("createdBefore", "customTimeBefore", "noncurrentTimeBefore")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,220}[a-z0-9])")


def check_name(name: object) -> str:
    text = str(name or "")
    if not text:
        raise invalid_argument("Required", reason="required")
    parts = text.split(".")
    bad = not _NAME.fullmatch(text) or any(not part or len(part) > 63 for part in parts)
    bad = bad or text.startswith("goog") or "google" in text or any(p.startswith("-") or p.endswith("-") for p in parts)
    try:
        ipaddress.ip_address(text)
        bad = True
    except ValueError:
        pass
    if bad:
        raise invalid_argument(f"Invalid bucket name: '{text}'")
    return text


def place(document: dict[str, Any]) -> None:
    """Location, its type, and what follows from it."""
    location = str(document.get("location") or "US").upper()
    document["location"] = location
    regions = _dual_region(document)
    if regions and (location in _COUNTRIES or (location.lower() in names.MULTI_REGIONS and location != "EUROPE")):
        document["locationType"] = "dual-region"
    elif regions:
        raise invalid_argument("customPlacementConfig needs the location of the multi-region that has both regions.")
    elif location.lower() in names.MULTI_REGIONS and location != "EUROPE":
        document["locationType"] = "multi-region"
    elif location in _DUAL_REGIONS:
        document["locationType"] = "dual-region"
    elif location.lower() in names.REGIONS:
        document["locationType"] = "region"
    else:
        raise invalid_argument(f"The specified location constraint is not valid: '{location}'.")
    if document["locationType"] != "region":
        document.setdefault("rpo", "DEFAULT")
    elif document.get("rpo"):
        raise invalid_argument("rpo is only allowed for dual-region and multi-region buckets.")
    check_rpo(document)


def _dual_region(document: dict[str, Any]) -> list[str]:
    """The two regions of a custom placement; none where there is no such thing."""
    regions = [str(name).upper() for name in (document.get("customPlacementConfig") or {}).get("dataLocations") or []]
    if not regions:
        document.pop("customPlacementConfig", None)
        return []
    if len(set(regions)) != 2 or any(region.lower() not in names.REGIONS for region in regions):
        raise invalid_argument("customPlacementConfig.dataLocations must be two different regions.")
    document["customPlacementConfig"] = {"dataLocations": regions}
    return regions


def check_rpo(document: dict[str, Any]) -> None:
    """400 for an unknown recovery point, and for turbo replication between anything but two regions."""
    rpo = document.get("rpo", "DEFAULT")
    if rpo not in ("DEFAULT", "ASYNC_TURBO"):
        raise invalid_argument(f"Invalid rpo: {rpo}")
    if rpo == "ASYNC_TURBO" and document.get("locationType") != "dual-region":
        raise invalid_argument("ASYNC_TURBO is only allowed for dual-region buckets.")


def settle(document: dict[str, Any], old: dict[str, Any], call: Call) -> None:
    """Defaults, forms and times that the server sets, at creation and after each change."""
    moment = documents.now(call)
    document["storageClass"] = str(document.get("storageClass") or "STANDARD").upper()
    if document["storageClass"] not in _CLASSES:
        raise invalid_argument(f"Invalid storage class: {document['storageClass']}")
    names.check_labels(document.get("labels"))
    access = document.setdefault("iamConfiguration", {})
    access.setdefault("publicAccessPrevention", "inherited")
    if access["publicAccessPrevention"] not in ("inherited", "enforced", "unspecified"):
        raise invalid_argument(f"Invalid publicAccessPrevention: {access['publicAccessPrevention']}")
    uniform = access.setdefault("uniformBucketLevelAccess", access.get("bucketPolicyOnly") or {"enabled": False})
    if uniform.get("enabled"):
        uniform.setdefault("lockedTime", _days_ahead(call, 90))
    else:
        uniform.pop("lockedTime", None)
        uniform["enabled"] = False
    access["bucketPolicyOnly"] = dict(uniform)
    documents.numbers_as_text(document, "softDeletePolicy.retentionDurationSeconds", "retentionPolicy.retentionPeriod")
    soft = document.setdefault("softDeletePolicy", {"retentionDurationSeconds": "604800"})
    seconds = int(soft.get("retentionDurationSeconds") or 0)
    if seconds and not 604_800 <= seconds <= 7_776_000:
        raise invalid_argument("softDeletePolicy.retentionDurationSeconds must be 0 or between 604800 and 7776000.")
    _stamp(soft, old.get("softDeletePolicy"), "retentionDurationSeconds", "effectiveTime", moment)
    retention = document.get("retentionPolicy")
    if retention is not None:
        if not 1 <= int(retention.get("retentionPeriod") or 0) <= 3_155_760_000:
            raise invalid_argument("retentionPolicy.retentionPeriod must be 1 second to 100 years.")
        _stamp(retention, old.get("retentionPolicy"), "retentionPeriod", "effectiveTime", moment)
    autoclass = document.get("autoclass")
    if autoclass is not None and autoclass.get("enabled"):
        autoclass.setdefault("terminalStorageClass", "NEARLINE")
        _stamp(autoclass, old.get("autoclass"), "enabled", "toggleTime", moment)
        _stamp(autoclass, old.get("autoclass"), "terminalStorageClass", "terminalStorageClassUpdateTime", moment)
        _check_autoclass(document)
    elif autoclass is not None:
        document.pop("autoclass")
    _check_lifecycle(document)
    _check_namespace(document)
    _settle_encryption(document, old, moment)
    _check_ip_filter(document)
    billing = document.get("billing")
    if billing is not None and not billing.get("requesterPays"):
        document.pop("billing")
    for field, inner in (("lifecycle", "rule"), ("cors", None), ("labels", None), ("logging", None), ("website", None)):
        value = document.get(field)
        if value is not None and not (value.get(inner) if inner and isinstance(value, dict) else value):
            document.pop(field)


def _check_lifecycle(document: dict[str, Any]) -> None:
    for rule in (document.get("lifecycle") or {}).get("rule") or []:
        action, condition = rule.get("action") or {}, rule.get("condition") or {}
        if action.get("type") not in _ACTIONS:
            raise invalid_argument(
                f"Invalid lifecycle action: {action.get('type')}. It must be one of {', '.join(_ACTIONS)}."
            )
        if action["type"] == "SetStorageClass" and action.get("storageClass") not in _CLASSES:
            raise invalid_argument(
                f"Invalid lifecycle action: storageClass must be one of {', '.join(sorted(_CLASSES))}."
            )
        for name in (*_DAYS, *_DATES):
            value = condition.get(name)
            try:
                if value is not None and (int(value) if name in _DAYS else date.fromisoformat(value).year) < 0:
                    raise ValueError("it is below 0")
            except (TypeError, ValueError) as error:
                raise invalid_argument(f"Invalid lifecycle condition {name}: {value}") from error


def _check_autoclass(document: dict[str, Any]) -> None:
    if document["autoclass"]["terminalStorageClass"] not in ("NEARLINE", "ARCHIVE"):
        raise invalid_argument("autoclass.terminalStorageClass must be NEARLINE or ARCHIVE.")
    if document["storageClass"] != "STANDARD":
        raise invalid_argument("The default storage class of an Autoclass bucket must be STANDARD.")
    for rule in (document.get("lifecycle") or {}).get("rule") or []:
        if rule["action"]["type"] == "SetStorageClass" or rule.get("condition", {}).get("matchesStorageClass"):
            raise invalid_argument("Autoclass buckets take no lifecycle rules that set or match a storage class.")


def _check_namespace(document: dict[str, Any]) -> None:
    namespace = document.get("hierarchicalNamespace")
    if namespace is None or not namespace.get("enabled"):
        document.pop("hierarchicalNamespace", None)
        return
    if not document["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"]:
        raise invalid_argument("Hierarchical namespace requires uniform bucket-level access.")
    if (document.get("versioning") or {}).get("enabled"):
        raise invalid_argument("Object versioning is not allowed for buckets with hierarchical namespace.")


def _settle_encryption(document: dict[str, Any], old: dict[str, Any], moment: str) -> None:
    encryption = document.get("encryption")
    if not encryption:
        document.pop("encryption", None)
        return
    before = old.get("encryption") or {}
    modes = []
    for field in _ENFORCEMENTS:
        config = encryption.get(field)
        if config is None:
            continue
        if config.get("restrictionMode") not in _RESTRICTIONS:
            raise invalid_argument(f"encryption.{field}.restrictionMode must be one of {', '.join(_RESTRICTIONS)}.")
        modes.append(config["restrictionMode"])
        _stamp(config, before.get(field), "restrictionMode", "effectiveTime", moment)
    if modes.count("FullyRestricted") == len(_ENFORCEMENTS):
        raise invalid_argument("At least one encryption type must be allowed.")


def _check_ip_filter(document: dict[str, Any]) -> None:
    given = document.get("ipFilter")
    if given is None:
        return
    if given.get("mode") not in ("Enabled", "Disabled"):
        raise invalid_argument(f"Invalid ipFilter.mode: {given.get('mode')}")
    sources = [given.get("publicNetworkSource") or {}, *(given.get("vpcNetworkSources") or [])]
    for text in (cidr for source in sources for cidr in source.get("allowedIpCidrRanges") or []):
        try:
            ipaddress.ip_network(text)
        except ValueError as error:
            raise invalid_argument(f"Invalid IP range in ipFilter: '{text}'") from error


def _stamp(new: dict[str, Any], old: Any, field: str, time_field: str, moment: str) -> None:
    """A setting's time: kept while the setting stays."""
    if isinstance(old, dict) and old.get(field) == new.get(field) and time_field in old:
        new[time_field] = old[time_field]
    else:
        new[time_field] = moment


def _days_ahead(call: Call, days: int) -> str:
    return timestamp(call.control.clock() + days * 86_400, 3)

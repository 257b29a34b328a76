"""A bucket's settings: what Google refuses, fills in and stamps with times."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from sandbox.apis.storage import documents
from sandbox.control import names
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import invalid_argument

_DUAL_REGIONS = frozenset({"ASIA1", "EUR4", "EUR5", "EUR7", "EUR8", "NAM4"})
_CLASSES = frozenset(
    {"STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE", "MULTI_REGIONAL", "REGIONAL", "DURABLE_REDUCED_AVAILABILITY"}
)
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
    if location.lower() in names.MULTI_REGIONS and location != "EUROPE":
        document["locationType"] = "dual-region" if document.get("customPlacementConfig") else "multi-region"
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
    elif autoclass is not None:
        document.pop("autoclass")
    for field, inner in (("lifecycle", "rule"), ("cors", None), ("labels", None), ("logging", None), ("website", None)):
        value = document.get(field)
        if value is not None and not (value.get(inner) if inner and isinstance(value, dict) else value):
            document.pop(field)


def _stamp(new: dict[str, Any], old: Any, field: str, time_field: str, moment: str) -> None:
    """A setting's time: kept while the setting stays."""
    if isinstance(old, dict) and old.get(field) == new.get(field) and time_field in old:
        new[time_field] = old[time_field]
    else:
        new[time_field] = moment


def _days_ahead(call: Call, days: int) -> str:
    return timestamp(call.control.clock() + days * 86_400, 3)

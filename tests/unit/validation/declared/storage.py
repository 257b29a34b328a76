"""Buckets, what is in them and what they tell."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from tests.unit.validation.declared.thing import FILE_READER, Deployed, bindings, written


def buckets(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    project = values["project_id"]
    archives = {one["cloud_storage"]["bucket"] for one in sub["export_subscriptions"].values() if one["cloud_storage"]}
    sources = {one["ingestion"]["cloud_storage"]["bucket"] for one in sub["topics"].values() if one["ingestion"]}
    for declared in sub["buckets"].values():
        name = declared["name"]
        bucket = written(declared, name in archives, "roles/storage.objectCreator", "roles/storage.legacyBucketReader")
        bucket = written(bucket, name in sources, "roles/storage.objectViewer", "roles/storage.legacyBucketReader")
        for role, way in {"roles/storage.objectViewer": "reads", "roles/storage.objectUser": "writes"}.items():
            for connection in sub["bigquery_connections"].values():
                if name in connection[way]:
                    grant = {"role": role, "members": [f"serviceAccount:{FILE_READER}"], "condition": None}
                    bucket = {**bucket, "grants": {**bucket["grants"], way: grant}}
        document: dict[str, Any] = {
            "name": name,
            "location": bucket["location"].upper(),
            "storageClass": bucket["storage_class"],
            "softDeletePolicy": {"retentionDurationSeconds": str(bucket["soft_delete_seconds"])},
            "iamConfiguration": {
                "uniformBucketLevelAccess": {"enabled": True},
                "publicAccessPrevention": "inherited" if bucket["public_access"] else "enforced",
            },
            "labels": {**common, **bucket["labels"]},
            **_features(bucket),
        }
        if bucket["versioning"]:
            document["versioning"] = {"enabled": True}
        if bucket["lifecycle_rules"]:
            document["lifecycle"] = {"rule": [_rule(rule) for rule in bucket["lifecycle_rules"]]}
        if bucket["retention"]:
            document["retentionPolicy"] = {"retentionPeriod": str(bucket["retention"]["period_seconds"])}
        if bucket["cors"]:
            document["cors"] = [
                {
                    "origin": cors["origins"],
                    "method": cors["methods"],
                    "responseHeader": cors["response_headers"],
                    "maxAgeSeconds": cors["max_age_seconds"],
                }
                for cors in bucket["cors"]
            ]
        legacy = [
            {
                "role": "roles/storage.legacyBucketOwner",
                "members": [f"projectEditor:{project}", f"projectOwner:{project}"],
            },
            {"role": "roles/storage.legacyBucketReader", "members": [f"projectViewer:{project}"]},
        ]
        yield Deployed(
            "storage/v1/b", name, document, policy=f"storage/v1/b/{name}/iam", bindings=legacy + bindings(bucket)
        )
        yield from _inside(sub, bucket)


def _features(bucket: Mapping[str, Any]) -> dict[str, Any]:
    """What a bucket has that few have."""
    found: dict[str, Any] = {}
    if bucket["regions"]:
        found |= {"customPlacementConfig": {"dataLocations": [at.upper() for at in bucket["regions"]]}}
        found |= {"rpo": bucket["rpo"]}
    if bucket["autoclass"]:
        found["autoclass"] = {"enabled": True, "terminalStorageClass": bucket["autoclass"]["terminal_storage_class"]}
    if bucket["hierarchical_namespace"]:
        found["hierarchicalNamespace"] = {"enabled": True}
    if bucket["requester_pays"]:
        found["billing"] = {"requesterPays": True}
    if bucket["event_based_hold"]:
        found["defaultEventBasedHold"] = True
    if bucket["object_retention"]:
        found["objectRetention"] = {"mode": "Enabled"}
    if bucket["refused_encryption"]:
        assert bucket["refused_encryption"] == ["customer_supplied"]
        found["encryption"] = {
            "googleManagedEncryptionEnforcementConfig": {"restrictionMode": "NotRestricted"},
            "customerManagedEncryptionEnforcementConfig": {"restrictionMode": "NotRestricted"},
            "customerSuppliedEncryptionEnforcementConfig": {"restrictionMode": "FullyRestricted"},
        }
    if bucket["logging"]:
        found["logging"] = {"logBucket": bucket["logging"]["bucket"], "logObjectPrefix": bucket["logging"]["prefix"]}
    if bucket["website"]:
        pages = bucket["website"]
        found["website"] = {"mainPageSuffix": pages["main_page"], "notFoundPage": pages["not_found_page"]}
    if bucket["ip_filter"]:
        given = bucket["ip_filter"]
        found["ipFilter"] = {
            "mode": given["mode"],
            "publicNetworkSource": {"allowedIpCidrRanges": given["public_ranges"]},
            "vpcNetworkSources": [
                {"network": source["network"], "allowedIpCidrRanges": source["ranges"]}
                for source in given["vpc_sources"]
            ],
            "allowAllServiceAgentAccess": given["allow_service_agents"],
        }
    return found


def _inside(sub: Mapping[str, Any], bucket: Mapping[str, Any]) -> Iterator[Deployed]:
    at = f"storage/v1/b/{bucket['name']}"
    for name, folder in bucket["managed_folders"].items():
        path = f"{at}/managedFolders/{quote(name, safe='')}"
        yield Deployed(
            f"{at}/managedFolders", name, {"name": name}, policy=f"{path}/iam", bindings=bindings(folder), path=path
        )
    for name, stored in bucket["objects"].items():
        document = {"name": name, "contentType": stored["content_type"], "metadata": stored["metadata"]}
        data, path = stored["content"].encode(), f"{at}/o/{quote(name, safe='')}"
        md5 = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
        yield Deployed(f"{at}/o", name, document, {"md5Hash": md5}, path=path, content=data)
    told = [
        {
            "id": str(number),
            "topic": f"//pubsub.googleapis.com/{given['topic']}",
            "event_types": given["events"],
            "object_name_prefix": given["prefix"],
            "payload_format": given["payload_format"],
            "custom_attributes": given["attributes"],
        }
        for number, given in enumerate(sub["bucket_notifications"].values(), 1)
        if given["bucket"] == bucket["name"]
    ]
    if told:
        yield Deployed(f"{at}/notificationConfigs", "", {"items": told}, path=f"{at}/notificationConfigs")


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    action = {"type": rule["action"]}
    if rule["storage_class"]:
        action["storageClass"] = rule["storage_class"]
    condition = {
        "age": rule["age_days"],
        "numNewerVersions": rule["num_newer_versions"],
        "daysSinceNoncurrentTime": rule["days_since_noncurrent"],
        "matchesPrefix": rule["matches_prefix"] or None,
        "matchesSuffix": rule["matches_suffix"] or None,
        "matchesStorageClass": rule["matches_storage_class"] or None,
        "createdBefore": rule["created_before"],
        "sizeAboveBytes": None if rule["size_above_bytes"] is None else str(rule["size_above_bytes"]),
    }
    return {"action": action, "condition": {name: value for name, value in condition.items() if value is not None}}

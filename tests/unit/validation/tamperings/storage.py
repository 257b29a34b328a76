"""Changes behind Terraform's back to Cloud Storage."""

from tests.unit.validation.tamperings.places import Tampering

TAMPERINGS: list[Tampering] = [
    ("storage/v1/b/full-project-quotes", "storageClass", "STANDARD", "engine/buckets/quotes#storage_class"),
    ("storage/v1/b/full-project-quotes", "versioning.enabled", False, "engine/buckets/quotes#versioning"),
    ("storage/v1/b/full-project-quotes", "lifecycle.rule.0.condition.age", 31, "engine/buckets/quotes#lifecycle_rules"),
    (
        "storage/v1/b/full-project-quotes",
        "softDeletePolicy.retentionDurationSeconds",
        "604800",
        "engine/buckets/quotes#soft_delete_seconds",
    ),
    (
        "storage/v1/b/full-project-quotes",
        "iamConfiguration.publicAccessPrevention",
        "inherited",
        "engine/buckets/quotes#public access prevention",
    ),
    (
        "storage/v1/b/full-project-quotes",
        "iamConfiguration.uniformBucketLevelAccess.enabled",
        False,
        "engine/buckets/quotes#uniform access",
    ),
    ("storage/v1/b/full-project-quotes", "cors.0.maxAgeSeconds", 61, "engine/buckets/quotes#cors"),
    (
        "storage/v1/b/full-project-audit",
        "retentionPolicy.retentionPeriod",
        "86401",
        "engine/buckets/audit#retention.period_seconds",
    ),
    ("storage/v1/b/full-project-audit", "retentionPolicy.isLocked", True, "engine/buckets/audit#retention.locked"),
    *(
        ("storage/v1/b/full-project-everywhere", path, value, f"engine/buckets/everywhere#{field}")
        for path, value, field in [
            ("customPlacementConfig.dataLocations", ["ASIA-SOUTH1", "ASIA-EAST1"], "regions"),
            ("rpo", "DEFAULT", "rpo"),
            ("encryption.defaultKmsKeyName", "projects/p/locations/l/keyRings/r/cryptoKeys/k", "kms_key"),
            ("autoclass.terminalStorageClass", "NEARLINE", "autoclass.terminal_storage_class"),
            ("billing.requesterPays", False, "requester_pays"),
            ("defaultEventBasedHold", False, "event_based_hold"),
            ("objectRetention.mode", "Disabled", "object_retention"),
            ("logging.logBucket", "other", "logging.bucket"),
            ("logging.logObjectPrefix", "other/", "logging.prefix"),
            ("website.mainPageSuffix", "x.html", "website.main_page"),
            ("website.notFoundPage", "x.html", "website.not_found_page"),
            ("ipFilter.mode", "Disabled", "ip_filter"),
            ("ipFilter.publicNetworkSource.allowedIpCidrRanges", ["0.0.0.0/0"], "ip_filter"),
            ("lifecycle.rule.0.condition.sizeAboveBytes", "1", "lifecycle_rules"),
            ("iamConfiguration.publicAccessPrevention", "enforced", "public access prevention"),
            (
                "encryption.googleManagedEncryptionEnforcementConfig.restrictionMode",
                "FullyRestricted",
                "refused_encryption",
            ),
        ]
    ),
    (
        "storage/v1/b/full-project-logs",
        "hierarchicalNamespace.enabled",
        False,
        "engine/buckets/logs#hierarchical_namespace",
    ),
    *(
        (
            "storage/v1/b/full-project-everywhere/o/config%2Fbars.json",
            path,
            value,
            f"engine/objects/everywhere/config/bars.json#{field}",
        )
        for path, value, field in [
            ("md5Hash", "x", "content"),
            ("contentType", "text/plain", "content_type"),
            ("metadata.tier", "gold", "metadata"),
        ]
    ),
]

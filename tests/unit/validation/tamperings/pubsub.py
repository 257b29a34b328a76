"""Changes behind Terraform's back to Pub/Sub."""

from tests.unit.validation.tamperings.places import P, Tampering

LINES, SOURCE = f"pubsub/v1/{P}/topics/lines", "ingestionDataSourceSettings"

TAMPERINGS: list[Tampering] = [
    (f"pubsub/v1/{P}/schemas/signal", "definition", "{}", "engine/schemas/signal#definition"),
    (LINES, f"{SOURCE}.cloudStorage.bucket", "x", "engine/topics/lines#ingestion"),
    (LINES, f"{SOURCE}.cloudStorage.textFormat.delimiter", ",", "engine/topics/lines#ingestion"),
    (LINES, f"{SOURCE}.platformLogsSettings.severity", "ERROR", "engine/topics/lines#ingestion"),
    (LINES, "state", "INGESTION_RESOURCE_ERROR", "engine/topics/lines#state"),
    (f"pubsub/v1/{P}/topics/signals", "messageRetentionDuration", "600s", "engine/topics/signals#retention"),
    (f"pubsub/v1/{P}/topics/signals", "schemaSettings.encoding", "JSON", "engine/topics/signals#schema.encoding"),
    (
        f"pubsub/v1/{P}/topics/signals",
        "messageStoragePolicy.allowedPersistenceRegions",
        ["us-east1"],
        "engine/topics/signals#regions",
    ),
    (f"pubsub/v1/{P}/topics/signals", "labels.tier", "bronze", "engine/topics/signals#labels"),
    (
        f"pubsub/v1/{P}/subscriptions/signals-pull",
        "ackDeadlineSeconds",
        10,
        "engine/subscriptions/signals-pull#ack_deadline_seconds",
    ),
    (
        f"pubsub/v1/{P}/subscriptions/signals-pull",
        "topic",
        f"{P}/topics/alerts",
        "engine/subscriptions/signals-pull#topic",
    ),
    (
        f"pubsub/v1/{P}/subscriptions/signals-pull",
        "expirationPolicy.ttl",
        "2678400s",
        "engine/subscriptions/signals-pull#expiration_ttl",
    ),
    (f"pubsub/v1/{P}/subscriptions/signals-pull", "filter", "x", "engine/subscriptions/signals-pull#filter"),
    (
        f"pubsub/v1/{P}/subscriptions/signals-pull",
        "deadLetterPolicy.maxDeliveryAttempts",
        5,
        "engine/subscriptions/signals-pull#dead_letter.max_delivery_attempts",
    ),
    (f"pubsub/v1/{P}/subscriptions/signals-pull", "detached", True, "engine/subscriptions/signals-pull#attached"),
    (
        f"pubsub/v1/{P}/subscriptions/signals-pull",
        "pushConfig.pushEndpoint",
        "https://evil.example.com",
        "engine/subscriptions/signals-pull#push.endpoint",
    ),
    (
        f"pubsub/v1/{P}/subscriptions/signals-push",
        "pushConfig.pushEndpoint",
        "https://evil.example.com",
        "engine/subscriptions/signals-push#push.endpoint",
    ),
    (
        f"pubsub/v1/{P}/subscriptions/alerts-push",
        "pushConfig.oidcToken.audience",
        "x",
        "engine/subscriptions/alerts-push#push.audience",
    ),
    (
        f"pubsub/v1/{P}/topics/alerts",
        "messageStoragePolicy.enforceInTransit",
        False,
        "engine/topics/alerts#enforce_in_transit",
    ),
    (f"pubsub/v1/{P}/topics/alerts", "messageTransforms", [], "engine/topics/alerts#transforms"),
    (f"pubsub/v1/{P}/topics/alerts", "kmsKeyName", "other", "engine/topics/alerts#kms_key"),
    (
        f"pubsub/v1/{P}/topics/signals",
        "schemaSettings.firstRevisionId",
        "1f",
        "engine/topics/signals#schema.first_revision",
    ),
    *(
        (f"pubsub/v1/{P}/subscriptions/{name}", field, value, f"engine/subscriptions/{name}#{setting}")
        for name, field, value, setting in (
            ("alerts-push", "pushConfig.noWrapper.writeMetadata", False, "push.no_wrapper"),
            ("signals-rows", "bigqueryConfig.table", "p.d.other", "bigquery.table"),
            ("signals-rows", "bigqueryConfig.dropUnknownFields", False, "bigquery.drop_unknown_fields"),
            ("signals-files", "cloudStorageConfig.bucket", "other", "cloud_storage.bucket"),
            ("signals-files", "cloudStorageConfig.maxBytes", "5000", "cloud_storage.max_bytes"),
            ("signals-files", "cloudStorageConfig.avroConfig.writeMetadata", False, "cloud_storage.avro"),
        )
    ),
]

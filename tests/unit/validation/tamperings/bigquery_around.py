"""Changes behind Terraform's back to what stands beside BigQuery's datasets."""

from tests.unit.validation.tamperings.places import MASKED, TAGS, TAXONOMIES, P, Tampering

CONNECTIONS = f"bigqueryconnection/v1/{P}/locations/asia-south1/connections"

TAMPERINGS: list[Tampering] = [
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs",
        "transferConfigs.0.params.query",
        "SELECT 2",
        "engine/scheduled_queries/totals#query",
    ),
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs",
        "transferConfigs.0.schedule",
        "every 1 hours",
        "engine/scheduled_queries/totals#schedule",
    ),
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs",
        "transferConfigs.0.destinationDatasetId",
        "x",
        "engine/scheduled_queries/totals#dataset",
    ),
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs",
        "transferConfigs.0.params.destination_table_name_template",
        "x",
        "engine/scheduled_queries/totals#table",
    ),
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs",
        "transferConfigs.0.params.write_disposition",
        "WRITE_TRUNCATE",
        "engine/scheduled_queries/totals#write",
    ),
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs",
        "transferConfigs.0.params.partitioning_field",
        "x",
        "engine/scheduled_queries/totals#partitioning_field",
    ),
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs",
        "transferConfigs.0.emailPreferences.enableFailureEmail",
        False,
        "engine/scheduled_queries/totals#email_on_failure",
    ),
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs",
        "transferConfigs.0.notificationPubsubTopic",
        "x",
        "engine/scheduled_queries/totals#topic",
    ),
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs",
        "transferConfigs.0.scheduleOptions.startTime",
        "2020-01-31T09:15:00Z",
        "engine/scheduled_queries/totals#start_time",
    ),
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs",
        "transferConfigs.0.scheduleOptions.endTime",
        "2020-01-31T09:15:00Z",
        "engine/scheduled_queries/totals#end_time",
    ),
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs",
        "transferConfigs.0.encryptionConfiguration.kmsKeyName",
        "x",
        "engine/scheduled_queries/totals#kms_key",
    ),
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs",
        "transferConfigs.0.disabled",
        True,
        "engine/scheduled_queries/totals#paused",
    ),
    (
        f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs/of-totals",
        "ownerInfo.email",
        "eve@example.com",
        "engine/scheduled_queries/totals#service_account",
    ),
    (TAXONOMIES, "taxonomies.0.description", "x", "engine/taxonomies/sensitivity#description"),
    (TAXONOMIES, "taxonomies.0.activatedPolicyTypes", [], "engine/taxonomies/sensitivity#activated_policy_types"),
    (TAGS, "policyTags.0.description", "x", "engine/policy_tags/sensitivity/pii#description"),
    (TAGS, "policyTags.1.parentPolicyTag", "", "engine/policy_tags/sensitivity/pii/account#parent"),
    (
        MASKED,
        "dataPolicyType",
        "COLUMN_LEVEL_SECURITY_POLICY",
        "engine/data_policies/sensitivity/pii/account/last_four#type",
    ),
    (MASKED, "policyTag", "x", "engine/data_policies/sensitivity/pii/account/last_four#policy_tag"),
    (
        MASKED,
        "dataMaskingPolicy.predefinedExpression",
        "SHA256",
        "engine/data_policies/sensitivity/pii/account/last_four#expression",
    ),
    (f"{CONNECTIONS}/lake", "friendlyName", "x", "engine/bigquery_connections/lake#friendly_name"),
    (f"{CONNECTIONS}/lake", "description", "x", "engine/bigquery_connections/lake#description"),
    (f"{CONNECTIONS}/lake", "kmsKeyName", "x", "engine/bigquery_connections/lake#kms_key"),
    (f"{CONNECTIONS}/ledger", "cloudSql.instanceId", "x", "engine/bigquery_connections/ledger#cloud_sql.instance"),
    (f"{CONNECTIONS}/ledger", "cloudSql.database", "x", "engine/bigquery_connections/ledger#cloud_sql.database"),
    (f"{CONNECTIONS}/ledger", "cloudSql.type", "MYSQL", "engine/bigquery_connections/ledger#cloud_sql.type"),
    (f"{CONNECTIONS}/ledger", "hasCredential", False, "engine/bigquery_connections/ledger#cloud_sql.password_secret"),
    (
        f"{CONNECTIONS}/spark",
        "spark.metastoreServiceConfig.metastoreService",
        "x",
        "engine/bigquery_connections/spark#spark.metastore_service",
    ),
    (
        f"{CONNECTIONS}/spark",
        "spark.sparkHistoryServerConfig.dataprocCluster",
        "x",
        "engine/bigquery_connections/spark#spark.history_cluster",
    ),
]

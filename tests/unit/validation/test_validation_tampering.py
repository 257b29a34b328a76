"""Every setting changed behind Terraform's back is found, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from envctl.output import Report, Result

from tests.unit.validation.fake_google import FakeGoogle

P = "projects/full-project"
RUN = f"run/v2/{P}/locations/asia-south1"
LINES, SOURCE = f"pubsub/v1/{P}/topics/lines", "ingestionDataSourceSettings"
MID = "engine/routines/market_data.mid"
READERS = "engine/datasets/orders_data#authorized"
COUNTS = "engine/materialized_views/market_data.counts"
BQ = f"bigquery/v2/{P}/datasets/market_data"
ORDERS = f"bigquery/v2/{P}/datasets/orders_data"
ROWS = "engine/row_access_policies/market_data.bars.all"
CONNECTIONS = f"bigqueryconnection/v1/{P}/locations/asia-south1/connections"
TAXONOMIES = f"datacatalog/v1/{P}/locations/asia-south1/taxonomies"
TAGS = f"{TAXONOMIES}/of-sensitivity/policyTags"
MASKED = f"bigquerydatapolicy/v1/{P}/locations/asia-south1/dataPolicies/last_four"
DENY = "iam/v2/policies/cloudresourcemanager.googleapis.com%2Fprojects%2Ffull-project/denypolicies/no-keys"
KEYS = f"cloudkms/v1/{P}/locations/asia-south1/keyRings/engine/cryptoKeys"
STORAGE_AGENT = "serviceAccount:service-1@gs-project-accounts.iam.gserviceaccount.com"
EVE = {"role": "roles/viewer", "members": ["user:eve@example.com"]}
SQL = f"sqladmin/v1/{P}/instances"
REDIS = f"redis/v1/{P}/locations/asia-south1/instances"
QUEUES = f"cloudtasks/v2/{P}/locations/asia-south1/queues"
TRIGGERS = f"eventarc/v1/{P}/locations/asia-south1/triggers"
JOBS = f"cloudscheduler/v1/{P}/locations/asia-south1/jobs"
ENGINE = "serviceAccount:engine@full-project.iam.gserviceaccount.com"
Validated = Callable[[], Report]

# ruff: noqa: E501 - a line a case is easier to read
# What is read, where in it, the new value, and the one check that must fail.
TAMPERINGS: list[tuple[str, str, Any, str]] = [
    (f"iam/v1/{P}/roles/limitsReader", "deleted", True, "engine/custom_roles/limitsReader#exists"),
    (f"iam/v1/{P}/roles/limitsReader", "title", "x", "engine/custom_roles/limitsReader#title"),
    (f"iam/v1/{P}/roles/limitsReader", "description", "x", "engine/custom_roles/limitsReader#description"),
    (f"iam/v1/{P}/roles/limitsReader", "stage", "GA", "engine/custom_roles/limitsReader#stage"),
    (
        f"iam/v1/{P}/roles/limitsReader",
        "includedPermissions",
        ["resourcemanager.projects.delete"],
        "engine/custom_roles/limitsReader#permissions",
    ),
    (DENY, "displayName", "x", "project/deny_policies/no-keys#display_name"),
    (DENY, "rules.0.description", "x", "project/deny_policies/no-keys#rules"),
    (DENY, "rules.0.denyRule.deniedPermissions", [], "project/deny_policies/no-keys#rules"),
    (
        DENY,
        "rules.0.denyRule.deniedPrincipals",
        ["principalSet://goog/group/x@example.com"],
        "project/deny_policies/no-keys#rules",
    ),
    (
        DENY,
        "rules.0.denyRule.exceptionPrincipals",
        ["principalSet://goog/public:all"],
        "project/deny_policies/no-keys#rules",
    ),
    (DENY, "rules.0.denyRule.denialCondition.expression", "false", "project/deny_policies/no-keys#rules"),
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
    (
        f"{ORDERS}/tables/clients",
        "schema.fields.1.policyTags.names",
        ["x"],
        "engine/tables/orders_data.clients#schema account policyTags",
    ),
    (f"{ORDERS}/tables/bhavcopy", "type", "TABLE", "engine/external_tables/orders_data.bhavcopy#type"),
    (f"{ORDERS}/tables/bhavcopy", "description", "x", "engine/external_tables/orders_data.bhavcopy#description"),
    (
        f"{ORDERS}/tables/bhavcopy",
        "externalDataConfiguration.sourceFormat",
        "ORC",
        "engine/external_tables/orders_data.bhavcopy#format",
    ),
    (
        f"{ORDERS}/tables/bhavcopy",
        "externalDataConfiguration.sourceUris",
        ["gs://evil/*"],
        "engine/external_tables/orders_data.bhavcopy#source_uris",
    ),
    (
        f"{ORDERS}/tables/bhavcopy",
        "externalDataConfiguration.compression",
        "NONE",
        "engine/external_tables/orders_data.bhavcopy#compression",
    ),
    (
        f"{ORDERS}/tables/bhavcopy",
        "externalDataConfiguration.ignoreUnknownValues",
        False,
        "engine/external_tables/orders_data.bhavcopy#ignore_unknown_values",
    ),
    (
        f"{ORDERS}/tables/bhavcopy",
        "externalDataConfiguration.maxBadRecords",
        9,
        "engine/external_tables/orders_data.bhavcopy#max_bad_records",
    ),
    (
        f"{ORDERS}/tables/bhavcopy",
        "externalDataConfiguration.csvOptions.skipLeadingRows",
        "0",
        "engine/external_tables/orders_data.bhavcopy#csv",
    ),
    (f"{ORDERS}/tables/bhavcopy", "labels.tier", "x", "engine/external_tables/orders_data.bhavcopy#labels"),
    (
        f"{ORDERS}/tables/bhavcopy",
        "schema.fields.0.type",
        "INTEGER",
        "engine/external_tables/orders_data.bhavcopy#schema symbol type",
    ),
    (
        f"{ORDERS}/tables/ticks",
        "externalDataConfiguration.connectionId",
        "full-project.asia-south1.other",
        "engine/external_tables/orders_data.ticks#connection",
    ),
    (
        f"{ORDERS}/tables/ticks",
        "maxStaleness",
        "0-0 0 9:0:0",
        "engine/external_tables/orders_data.ticks#metadata_cache",
    ),
    (
        f"{ORDERS}/tables/ticks",
        "externalDataConfiguration.hivePartitioningOptions.mode",
        "STRINGS",
        "engine/external_tables/orders_data.ticks#hive_partitioning",
    ),
    (
        f"{ORDERS}/tables/ticks",
        "externalDataConfiguration.parquetOptions.enumAsString",
        False,
        "engine/external_tables/orders_data.ticks#parquet",
    ),
    (
        f"{ORDERS}/tables/events",
        "externalDataConfiguration.jsonOptions.encoding",
        "UTF-16LE",
        "engine/external_tables/orders_data.events#json",
    ),
    (
        f"{ORDERS}/tables/fills",
        "externalDataConfiguration.avroOptions.useAvroLogicalTypes",
        False,
        "engine/external_tables/orders_data.fills#avro",
    ),
    (
        f"{ORDERS}/tables/orders",
        "tableConstraints.foreignKeys.0.columnReferences.0.referencingColumn",
        "day",
        "engine/tables/orders_data.orders#foreign_keys",
    ),
    (
        f"{BQ}/tables/buckets_by_id",
        "biglakeConfiguration.storageUri",
        "gs://evil/x",
        "engine/tables/market_data.buckets_by_id#iceberg",
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
    (f"cloudresourcemanager/v1/{P}", "projectNumber", "1", "project/project/full-project#project_number"),
    (f"cloudresourcemanager/v1/{P}", "lifecycleState", "DELETE_REQUESTED", "project/project/full-project#state"),
    (
        f"iam/v1/{P}/serviceAccounts/engine@full-project.iam.gserviceaccount.com",
        "disabled",
        True,
        "engine/service_accounts/engine#disabled",
    ),
    (
        f"iam/v1/{P}/serviceAccounts/engine@full-project.iam.gserviceaccount.com",
        "displayName",
        "x",
        "engine/service_accounts/engine#display_name",
    ),
    (f"{SQL}/orders", "settings.tier", "db-f1-micro", "engine/sql_instances/orders#tier"),
    (f"{SQL}/orders", "settings.edition", "ENTERPRISE_PLUS", "engine/sql_instances/orders#edition"),
    (f"{SQL}/orders", "databaseVersion", "POSTGRES_16", "engine/sql_instances/orders#version"),
    (f"{SQL}/orders", "state", "SUSPENDED", "engine/sql_instances/orders#state"),
    (f"{SQL}/orders", "settings.availabilityType", "ZONAL", "engine/sql_instances/orders#high_availability"),
    (f"{SQL}/orders", "settings.dataDiskType", "PD_HDD", "engine/sql_instances/orders#disk_type"),
    (f"{SQL}/orders", "settings.dataDiskSizeGb", "30", "engine/sql_instances/orders#disk_size_gb"),
    (f"{SQL}/orders", "settings.storageAutoResize", True, "engine/sql_instances/orders#disk_autoresize"),
    (f"{SQL}/orders", "settings.storageAutoResizeLimit", "9", "engine/sql_instances/orders#disk_autoresize_limit_gb"),
    (f"{SQL}/orders", "settings.backupConfiguration.enabled", False, "engine/sql_instances/orders#backups"),
    (
        f"{SQL}/orders",
        "settings.backupConfiguration.startTime",
        "01:00",
        "engine/sql_instances/orders#backup_start_time",
    ),
    (f"{SQL}/orders", "settings.backupConfiguration.location", "us", "engine/sql_instances/orders#backup_location"),
    (
        f"{SQL}/orders",
        "settings.backupConfiguration.backupRetentionSettings.retainedBackups",
        1,
        "engine/sql_instances/orders#backups_retained",
    ),
    (
        f"{SQL}/orders",
        "settings.backupConfiguration.pointInTimeRecoveryEnabled",
        False,
        "engine/sql_instances/orders#point_in_time_recovery",
    ),
    (
        f"{SQL}/orders",
        "settings.backupConfiguration.transactionLogRetentionDays",
        1,
        "engine/sql_instances/orders#log_retention_days",
    ),
    (f"{SQL}/orders", "settings.maintenanceWindow.day", 1, "engine/sql_instances/orders#maintenance_window.day"),
    (f"{SQL}/orders", "settings.maintenanceWindow.hour", 1, "engine/sql_instances/orders#maintenance_window.hour"),
    (
        f"{SQL}/orders",
        "settings.maintenanceWindow.updateTrack",
        "canary",
        "engine/sql_instances/orders#maintenance_window.track",
    ),
    (f"{SQL}/orders", "settings.insightsConfig.queryInsightsEnabled", False, "engine/sql_instances/orders#insights"),
    (
        f"{SQL}/orders",
        "settings.insightsConfig.queryStringLength",
        256,
        "engine/sql_instances/orders#insights.query_string_length",
    ),
    (
        f"{SQL}/orders",
        "settings.insightsConfig.queryPlansPerMinute",
        9,
        "engine/sql_instances/orders#insights.query_plans_per_minute",
    ),
    (
        f"{SQL}/orders",
        "settings.insightsConfig.recordApplicationTags",
        False,
        "engine/sql_instances/orders#insights.record_application_tags",
    ),
    (
        f"{SQL}/orders",
        "settings.insightsConfig.recordClientAddress",
        True,
        "engine/sql_instances/orders#insights.record_client_address",
    ),
    (f"{SQL}/orders", "settings.databaseFlags.0.value", "off", "engine/sql_instances/orders#flags"),
    (f"{SQL}/orders", "settings.ipConfiguration.privateNetwork", "x", "engine/sql_instances/orders#network"),
    (f"{SQL}/orders", "settings.ipConfiguration.ipv4Enabled", True, "engine/sql_instances/orders#public address"),
    (
        f"{SQL}/orders",
        "settings.ipConfiguration.sslMode",
        "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
        "engine/sql_instances/orders#ssl_mode",
    ),
    (f"{SQL}/orders", "diskEncryptionConfiguration.kmsKeyName", "x", "engine/sql_instances/orders#kms_key"),
    (f"{SQL}/orders", "settings.deletionProtectionEnabled", False, "engine/sql_instances/orders#deletion_protection"),
    (f"{SQL}/orders", "settings.userLabels.tier", "x", "engine/sql_instances/orders#labels"),
    (
        f"{SQL}/legacy",
        "settings.backupConfiguration.binaryLogEnabled",
        False,
        "engine/sql_instances/legacy#point_in_time_recovery",
    ),
    (f"{SQL}/orders/databases", "items.2", {"name": "mine"}, "engine/sql_instances/orders#databases"),
    (f"{SQL}/legacy/users", "items.1.name", "eve", "engine/sql_instances/legacy#users"),
    (f"{REDIS}/cache", "tier", "BASIC", "engine/redis_instances/cache#tier"),
    (f"{REDIS}/cache", "state", "REPAIRING", "engine/redis_instances/cache#state"),
    (f"{REDIS}/cache", "memorySizeGb", 6, "engine/redis_instances/cache#memory_size_gb"),
    (f"{REDIS}/cache", "redisVersion", "REDIS_7_0", "engine/redis_instances/cache#version"),
    (f"{REDIS}/cache", "displayName", "x", "engine/redis_instances/cache#display_name"),
    (f"{REDIS}/cache", "authEnabled", False, "engine/redis_instances/cache#auth"),
    (f"{REDIS}/cache", "transitEncryptionMode", "DISABLED", "engine/redis_instances/cache#tls"),
    (f"{REDIS}/cache", "authorizedNetwork", "x", "engine/redis_instances/cache#network"),
    (f"{REDIS}/cache", "connectMode", "DIRECT_PEERING", "engine/redis_instances/cache#private service access"),
    (f"{REDIS}/cache", "redisConfigs.maxmemory-policy", "noeviction", "engine/redis_instances/cache#configs"),
    (f"{REDIS}/cache", "replicaCount", 3, "engine/redis_instances/cache#read_replicas"),
    (
        f"{REDIS}/cache",
        "persistenceConfig.rdbSnapshotPeriod",
        "ONE_HOUR",
        "engine/redis_instances/cache#snapshot_period",
    ),
    (
        f"{REDIS}/cache",
        "maintenancePolicy.weeklyMaintenanceWindow.0.day",
        "MONDAY",
        "engine/redis_instances/cache#maintenance_window.day",
    ),
    (
        f"{REDIS}/cache",
        "maintenancePolicy.weeklyMaintenanceWindow.0.startTime.hours",
        3,
        "engine/redis_instances/cache#maintenance_window.hour",
    ),
    (f"{REDIS}/cache", "customerManagedKey", "x", "engine/redis_instances/cache#kms_key"),
    (f"{REDIS}/cache", "labels.team", "x", "engine/redis_instances/cache#labels"),
    (f"{QUEUES}/checks", "state", "RUNNING", "engine/queues/checks#paused"),
    (f"{QUEUES}/checks", "rateLimits.maxDispatchesPerSecond", 10, "engine/queues/checks#max_dispatches_per_second"),
    (f"{QUEUES}/checks", "rateLimits.maxConcurrentDispatches", 4, "engine/queues/checks#max_concurrent_dispatches"),
    (f"{QUEUES}/checks", "retryConfig.maxAttempts", 5, "engine/queues/checks#max_attempts"),
    (f"{QUEUES}/checks", "retryConfig.maxRetryDuration", "601s", "engine/queues/checks#max_retry_duration"),
    (f"{QUEUES}/plain", "retryConfig.maxRetryDuration", "60s", "engine/queues/plain#max_retry_duration"),
    (f"{QUEUES}/checks", "retryConfig.minBackoff", "2s", "engine/queues/checks#min_backoff"),
    (f"{QUEUES}/checks", "retryConfig.maxBackoff", "61s", "engine/queues/checks#max_backoff"),
    (f"{QUEUES}/checks", "retryConfig.maxDoublings", 5, "engine/queues/checks#max_doublings"),
    (f"{QUEUES}/checks", "stackdriverLoggingConfig.samplingRatio", 1, "engine/queues/checks#log_sampling_ratio"),
    (f"{QUEUES}/checks", "httpTarget.uriOverride.host", "evil.example.com", "engine/queues/checks#target.uri"),
    (f"{QUEUES}/checks", "httpTarget.uriOverride.scheme", "HTTP", "engine/queues/checks#target.uri"),
    (f"{QUEUES}/checks", "httpTarget.uriOverride.port", "1", "engine/queues/checks#target.uri"),
    (f"{QUEUES}/plain", "httpTarget", {"uriOverride": {"host": "evil.example.com"}}, "engine/queues/plain#target.uri"),
    (f"{QUEUES}/checks", "httpTarget.uriOverride.pathOverride.path", "/x", "engine/queues/checks#target.path"),
    (
        f"{QUEUES}/checks",
        "httpTarget.uriOverride.queryOverride.queryParams",
        "x=1",
        "engine/queues/checks#target.query",
    ),
    (
        f"{QUEUES}/checks",
        "httpTarget.uriOverride.uriOverrideEnforceMode",
        "IF_NOT_EXISTS",
        "engine/queues/checks#target.only_if_missing",
    ),
    (f"{QUEUES}/checks", "httpTarget.httpMethod", "POST", "engine/queues/checks#target.method"),
    (f"{QUEUES}/checks", "httpTarget.headerOverrides.0.header.value", "x", "engine/queues/checks#target.headers"),
    (
        f"{QUEUES}/runs",
        "httpTarget.oauthToken.serviceAccountEmail",
        "eve@example.com",
        "engine/queues/runs#target.oauth",
    ),
    (
        f"{QUEUES}/checks",
        "httpTarget.oidcToken.serviceAccountEmail",
        "eve@example.com",
        "engine/queues/checks#target.oidc",
    ),
    (
        f"{QUEUES}/checks",
        "httpTarget.oidcToken.audience",
        "https://evil.example.com",
        "engine/queues/checks#target.audience",
    ),
    (f"{TRIGGERS}/quotes-arrived", "eventFilters.1.value", "other", "engine/triggers/quotes-arrived#criteria"),
    (f"{TRIGGERS}/quotes-arrived", "eventFilters.2.value", "x/*", "engine/triggers/quotes-arrived#path_patterns"),
    (f"{TRIGGERS}/quotes-arrived", "destination.cloudRun.service", "other", "engine/triggers/quotes-arrived#service"),
    (f"{TRIGGERS}/quotes-arrived", "destination.cloudRun.path", "/x", "engine/triggers/quotes-arrived#path"),
    (f"{TRIGGERS}/signals-start", "destination.workflow", "x", "engine/triggers/signals-start#workflow"),
    (f"{TRIGGERS}/signals-start", "transport.pubsub.topic", "x", "engine/triggers/signals-start#topic"),
    (
        f"{TRIGGERS}/quotes-arrived",
        "serviceAccount",
        "eve@example.com",
        "engine/triggers/quotes-arrived#service_account",
    ),
    (
        f"{TRIGGERS}/quotes-arrived",
        "eventDataContentType",
        "application/protobuf",
        "engine/triggers/quotes-arrived#content_type",
    ),
    (f"{TRIGGERS}/quotes-arrived", "retryPolicy.maxAttempts", 0, "engine/triggers/quotes-arrived#retry"),
    (f"{TRIGGERS}/quotes-arrived", "labels.tier", "x", "engine/triggers/quotes-arrived#labels"),
    (f"{KEYS}/data", "rotationPeriod", "86400s", "engine/kms_keys/data#rotation_period"),
    (f"{KEYS}/data", "destroyScheduledDuration", "86400s", "engine/kms_keys/data#destroy_scheduled_duration"),
    (f"{KEYS}/data", "primary.state", "DISABLED", "engine/kms_keys/data#primary"),
    (f"{KEYS}/data", "labels.tier", "x", "engine/kms_keys/data#labels"),
    (f"{KEYS}/orders", "versionTemplate.algorithm", "EC_SIGN_P384_SHA384", "engine/kms_keys/orders#algorithm"),
    (f"{KEYS}/orders", "versionTemplate.protectionLevel", "SOFTWARE", "engine/kms_keys/orders#protection_level"),
    (f"{KEYS}/data:getIamPolicy", "bindings.1.members.1", STORAGE_AGENT, "engine/kms_keys/data#agent redis"),
    (
        f"{KEYS}/data:getIamPolicy",
        "bindings.2",
        EVE,
        f"engine/kms_keys/data#grants {EVE['role']} for {EVE['members'][0]}",
    ),
    (
        f"secretmanager/v1/{P}/secrets/api-key",
        "replication.userManaged.replicas",
        [{"location": "us-east1"}],
        "engine/secrets/api-key#locations",
    ),
    (f"secretmanager/v1/{P}/secrets/api-key", "topics", [], "engine/secrets/api-key#topics"),
    (
        f"secretmanager/v1/{P}/secrets/api-key",
        "rotation.rotationPeriod",
        "7200s",
        "engine/secrets/api-key#rotation.period",
    ),
    (
        f"secretmanager/v1/{P}/secrets/api-key/versions/latest",
        "state",
        "DISABLED",
        "engine/secrets/api-key#placeholder",
    ),
    (f"secretmanager/v1/{P}/secrets/plain-secret", "labels.team", "x", "engine/secrets/plain-secret#labels"),
    (
        f"artifactregistry/v1/{P}/locations/asia-south1/repositories/images",
        "dockerConfig.immutableTags",
        False,
        "engine/repositories/images#immutable_tags",
    ),
    (
        f"artifactregistry/v1/{P}/locations/asia-south1/repositories/images",
        "cleanupPolicies.c",
        {"action": "DELETE"},
        "engine/repositories/images#cleanup",
    ),
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
    (BQ, "description", "x", "engine/datasets/market_data#description"),
    (BQ, "defaultTableExpirationMs", "3600000", "engine/datasets/market_data#default_table_expiration_days"),
    (BQ, "storageBillingModel", "PHYSICAL", "engine/datasets/market_data#storage_billing_model"),
    (BQ, "defaultEncryptionConfiguration.kmsKeyName", "x", "engine/datasets/market_data#kms_key"),
    (BQ, "defaultCollation", "", "engine/datasets/market_data#default_collation"),
    (BQ, "isCaseInsensitive", False, "engine/datasets/market_data#case_insensitive"),
    (f"{BQ}/tables/bars", "tableConstraints.primaryKey.columns", ["day"], "engine/tables/market_data.bars#primary_key"),
    (f"{BQ}/tables/bars/rowAccessPolicies/all", "filterPredicate", "FALSE", f"{ROWS}#filter"),
    (
        f"{BQ}/tables/bars/rowAccessPolicies/all:getIamPolicy",
        "bindings.0.members.1",
        "user:eve@x.y",
        f"{ROWS}#grantees",
    ),
    (f"{BQ}/tables/bars", "timePartitioning.expirationMs", "1", "engine/tables/market_data.bars#time_partitioning"),
    (f"{BQ}/tables/bars", "requirePartitionFilter", False, "engine/tables/market_data.bars#require_partition_filter"),
    (f"{BQ}/tables/bars", "clustering.fields", ["day"], "engine/tables/market_data.bars#clustering"),
    (f"{BQ}/tables/bars", "schema.fields.0.mode", "NULLABLE", "engine/tables/market_data.bars#schema symbol mode"),
    (
        f"{BQ}/tables/bars",
        "schema.fields.3.fields.0.scale",
        "3",
        "engine/tables/market_data.bars#schema quote.bid scale",
    ),
    (
        f"{BQ}/tables/buckets_by_id",
        "rangePartitioning.range.end",
        "5",
        "engine/tables/market_data.buckets_by_id#range_partitioning",
    ),
    (f"{BQ}/tables/last_bars", "view.query", "SELECT 1", "engine/views/market_data.last_bars#query"),
    (f"{BQ}/tables/counts", "materializedView.query", "SELECT 1", f"{COUNTS}#query"),
    (f"{BQ}/tables/counts", "materializedView.enableRefresh", False, f"{COUNTS}#enable_refresh"),
    (f"{BQ}/tables/counts", "materializedView.refreshIntervalMs", "60000", f"{COUNTS}#refresh_interval_minutes"),
    (f"{BQ}/tables/counts", "clustering.fields", [], f"{COUNTS}#clustering"),
    (f"{BQ}/routines/mid", "routineType", "PROCEDURE", f"{MID}#type"),
    (f"{BQ}/routines/mid", "language", "JAVASCRIPT", f"{MID}#language"),
    (f"{BQ}/routines/mid", "description", "x", f"{MID}#description"),
    (f"{BQ}/routines/mid", "definitionBody", "bid", f"{MID}#body"),
    (f"{BQ}/routines/mid", "arguments.0.dataType.typeKind", "STRING", f"{MID}#arguments"),
    (f"{BQ}/routines/mid", "returnType.typeKind", "STRING", f"{MID}#returns"),
    (f"{BQ}/routines/hide", "dataGovernanceType", "", "engine/routines/market_data.hide#masking"),
    (
        f"{BQ}/routines/bars_of",
        "returnTableType.columns.0.name",
        "x",
        "engine/routines/market_data.bars_of#returns_table",
    ),
    (f"{BQ}/routines/refresh", "securityMode", "DEFINER", "engine/routines/market_data.refresh#security"),
    (f"{BQ}/routines/refresh", "arguments.0.mode", "INOUT", "engine/routines/market_data.refresh#arguments"),
    (ORDERS, "access.3.view.tableId", "x", f"{READERS}.views"),
    (ORDERS, "access.5.dataset.dataset.datasetId", "x", f"{READERS}.datasets"),
    (ORDERS, "access.6.routine.routineId", "x", f"{READERS}.routines"),
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
    (f"{RUN}/services/strategy", "template.containers.0.image", "evil:1", "engine/services/strategy#image"),
    (f"{RUN}/services/strategy", "template.containers.0.resources.limits.cpu", "1", "engine/services/strategy#cpu"),
    (f"{RUN}/services/strategy", "template.containers.0.env.0.value", "debug", "engine/services/strategy#env LEVEL"),
    (
        f"{RUN}/services/strategy",
        "template.containers.0.env.1.valueSource.secretKeyRef.version",
        "latest",
        "engine/services/strategy#env API_KEY",
    ),
    (
        f"{RUN}/services/strategy",
        "template.containers.1",
        {"image": "side-car"},
        "engine/services/strategy#sidecars [1]",
    ),
    (f"{RUN}/services/strategy", "template.scaling.maxInstanceCount", 100, "engine/services/strategy#max_instances"),
    (f"{RUN}/services/strategy", "template.timeout", "3600s", "engine/services/strategy#timeout"),
    (f"{RUN}/services/strategy", "ingress", "INGRESS_TRAFFIC_INTERNAL_ONLY", "engine/services/strategy#ingress"),
    (f"{RUN}/services/strategy", "invokerIamDisabled", True, "engine/services/strategy#invoker_check"),
    (
        f"{RUN}/services/strategy",
        "template.containers.0.livenessProbe",
        None,
        "engine/services/strategy#liveness_probe",
    ),
    (f"{RUN}/services/strategy", "terminalCondition.state", "CONDITION_FAILED", "engine/services/strategy#ready"),
    (f"{RUN}/jobs/backtest", "template.taskCount", 1, "engine/jobs/backtest#tasks"),
    (f"{RUN}/jobs/backtest", "template.template.maxRetries", 3, "engine/jobs/backtest#max_retries"),
    (
        f"workflows/v1/{P}/locations/asia-south1/workflows/daily",
        "sourceContents",
        "main:",
        "engine/workflows/daily#source",
    ),
    (
        f"workflows/v1/{P}/locations/asia-south1/workflows/daily",
        "callLogLevel",
        "LOG_NONE",
        "engine/workflows/daily#call_log_level",
    ),
    (f"workflows/v1/{P}/locations/asia-south1/workflows/daily", "state", "UNAVAILABLE", "engine/workflows/daily#state"),
    (f"{JOBS}/start-daily", "schedule", "0 19 * * 1-5", "engine/schedules/start-daily#cron"),
    (f"{JOBS}/start-daily", "state", "PAUSED", "engine/schedules/start-daily#paused"),
    (f"{JOBS}/start-daily", "timeZone", "Etc/UTC", "engine/schedules/start-daily#time_zone"),
    (f"{JOBS}/start-daily", "retryConfig.retryCount", 0, "engine/schedules/start-daily#retry.count"),
    (f"{JOBS}/start-daily", "httpTarget.body", "e30=", "engine/schedules/start-daily#http.body"),
    (f"{JOBS}/ping", "httpTarget.uri", "https://evil.example.com", "engine/schedules/ping#http.uri"),
    (f"{JOBS}/ping", "httpTarget.headers.X-Kind", "pong", "engine/schedules/ping#http.headers"),
    (f"{JOBS}/ping", "httpTarget.oidcToken.serviceAccountEmail", "x@y.z", "engine/schedules/ping#http.oidc"),
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
    (f"{JOBS}/remind", "pubsubTarget.data", "eA==", "engine/schedules/remind#pubsub.data"),
    (f"{JOBS}/remind", "pubsubTarget.attributes.kind", "x", "engine/schedules/remind#pubsub.attributes"),
    (f"{RUN}/services/risk", "description", "x", "engine/services/risk#description"),
    (f"{RUN}/services/risk", "annotations.owner", "x", "engine/services/risk#annotations"),
    (f"{RUN}/services/risk", "customAudiences", [], "engine/services/risk#custom_audiences"),
    (f"{RUN}/services/risk", "defaultUriDisabled", True, "engine/services/risk#default_url"),
    (f"{RUN}/services/risk", "iapEnabled", True, "engine/services/risk#iap"),
    (f"{RUN}/services/risk", "binaryAuthorization", {"useDefault": True}, "engine/services/risk#binary_authorization"),
    (f"{RUN}/services/risk", "launchStage", "BETA", "engine/services/risk#launch_stage"),
    (f"{RUN}/services/risk", "traffic.0.percent", 80, "engine/services/risk#traffic"),
    (f"{RUN}/services/risk", "template.sessionAffinity", True, "engine/services/risk#session_affinity"),
    (f"{RUN}/services/risk", "template.encryptionKey", "x", "engine/services/risk#kms_key"),
    (f"{RUN}/services/risk", "template.vpcAccess.egress", "PRIVATE_RANGES_ONLY", "engine/services/risk#vpc_access"),
    (f"{RUN}/services/risk", "template.volumes.0.secret.items.0.mode", 0o444, "engine/services/risk#volumes"),
    (f"{RUN}/services/risk", "template.volumes.2.gcs.readOnly", False, "engine/services/risk#volumes"),
    (f"{RUN}/services/risk", "template.nodeSelector", {"accelerator": "nvidia-l4"}, "engine/services/risk#gpu.type"),
    (f"{RUN}/services/risk", "template.containers.0.workingDir", "/", "engine/services/risk#working_dir"),
    (f"{RUN}/services/risk", "template.containers.0.dependsOn", [], "engine/services/risk#depends_on"),
    (f"{RUN}/services/risk", "template.containers.0.ports.0.name", "http1", "engine/services/risk#http2"),
    (f"{RUN}/services/risk", "template.containers.0.volumeMounts.1.subPath", "b", "engine/services/risk#mounts"),
    (f"{RUN}/services/risk", "template.containers.0.startupProbe.grpc.port", 1, "engine/services/risk#startup_probe"),
    (
        f"{RUN}/services/risk",
        "template.containers.0.readinessProbe.successThreshold",
        9,
        "engine/services/risk#readiness_probe",
    ),
    (f"{RUN}/services/risk", "template.containers.1.image", "evil:1", "engine/services/risk#sidecars proxy image"),
    (f"{RUN}/services/risk", "template.containers.1.env.0.value", "x", "engine/services/risk#sidecars proxy LEVEL"),
    (
        f"{RUN}/services/risk",
        "template.containers.1.startupProbe.tcpSocket.port",
        1,
        "engine/services/risk#sidecars proxy startup_probe",
    ),
    (f"{RUN}/workerPools/consumer", "scaling.manualInstanceCount", 3, "engine/worker_pools/consumer#instances"),
    (f"{RUN}/workerPools/scaled", "scaling.scalingMode", "MANUAL", "engine/worker_pools/scaled#scaling"),
    (f"{RUN}/workerPools/scaled", "scaling.minInstanceCount", 0, "engine/worker_pools/scaled#scaling.min_instances"),
    (f"{RUN}/workerPools/scaled", "scaling.maxInstanceCount", 9, "engine/worker_pools/scaled#scaling.max_instances"),
    (
        f"{RUN}/workerPools/consumer",
        "instanceSplits",
        [{"revision": "consumer-x", "percent": 100}],
        "engine/worker_pools/consumer#splits",
    ),
    (f"{RUN}/workerPools/consumer", "template.containers.0.image", "x", "engine/worker_pools/consumer#image"),
    (
        f"{RUN}/workerPools/consumer",
        "template.containers.0.livenessProbe.httpGet.path",
        "/x",
        "engine/worker_pools/consumer#liveness_probe",
    ),
    (f"{JOBS}/job-backtest", "schedule", "0 0 * * *", "engine/schedules/job-backtest#cron"),
    (f"{JOBS}/workflow-daily", "retryConfig.retryCount", 1, "engine/schedules/workflow-daily#retry.count"),
]


def put(document: Any, path: str, value: Any) -> None:
    """Set the value at a dotted path; what is missing on the way is made."""
    *way, last = path.split(".")
    for part in way:
        document = document[int(part)] if isinstance(document, list) else document.setdefault(part, {})
    if not isinstance(document, list):
        document[last] = value
    elif int(last) < len(document):
        document[int(last)] = value
    else:
        document.append(value)


def failed(report: Report) -> list[str]:
    assert not report.counts[Result.UNKNOWN]
    return [check.id for check in report.checks if check.result is Result.FAIL]


def test_nothing_is_found_where_all_is_as_declared(validated: Validated) -> None:
    report = validated()
    assert report.counts[Result.PASS] == len(report.checks) > 250
    assert report.exit_code == 0


def side_by_side() -> list[list[tuple[str, str, Any, str]]]:
    """The changes in rounds, each with one of a document at most: a validation tells them apart by what it finds."""
    rounds: list[dict[str, tuple[str, str, Any, str]]] = []
    for change in TAMPERINGS:
        free = next((each for each in rounds if change[0] not in each), None)
        if free is None:
            rounds.append(free := {})
        free[change[0]] = change
    return [list(each.values()) for each in rounds]


ROUNDS = side_by_side()


@pytest.mark.parametrize("changes", ROUNDS, ids=[f"{len(changes)} changes" for changes in ROUNDS])
def test_each_changed_setting_is_a_finding_and_nothing_else_is(
    cloud: FakeGoogle, validated: Validated, changes: list[tuple[str, str, Any, str]]
) -> None:
    for at, path, value, _ in changes:
        put(cloud.documents[at], path, value)
    report = validated()
    assert sorted(failed(report)) == sorted(check for *_, check in changes)
    assert report.exit_code == 2


def test_a_finding_names_the_line_of_the_setting(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.documents[f"pubsub/v1/{P}/topics/signals"]["messageRetentionDuration"] = "600s"
    (finding,) = [check for check in validated().checks if check.result is Result.FAIL]
    text = (Path(__file__).parent / "envs/full.yaml").read_text().splitlines()
    assert finding.where is not None
    assert finding.where.file == "envs/full.yaml"
    assert text[finding.where.line - 1][finding.where.column - 1 :] == "86400s"
    assert (finding.expected, finding.actual) == ("86400s", "600s")


def test_a_missing_topic_is_one_finding_and_folds_its_checks(cloud: FakeGoogle, validated: Validated) -> None:
    del cloud.documents[f"pubsub/v1/{P}/topics/signals"]
    del cloud.documents[f"pubsub/v1/{P}/topics/signals:getIamPolicy"]
    for subscription in ("signals-pull", "signals-push"):
        cloud.documents[f"pubsub/v1/{P}/subscriptions/{subscription}"]["topic"] = "_deleted-topic_"
    report = validated()
    assert failed(report) == ["engine/topics/signals#exists"]
    (group,) = report.groups()
    skipped = {check.id for check in group.checks if check.result is Result.SKIPPED}
    assert {"engine/topics/signals#retention", "engine/subscriptions/signals-pull#topic"} <= skipped


def test_a_missing_dataset_is_one_finding_with_its_tables(cloud: FakeGoogle, validated: Validated) -> None:
    for path in [path for path in cloud.documents if path.startswith(BQ)]:
        del cloud.documents[path]
    report = validated()
    assert failed(report) == ["engine/datasets/market_data#exists"]
    assert len(report.groups()) == 1


def test_a_missing_service_account_takes_its_grants_along(cloud: FakeGoogle, validated: Validated) -> None:
    del cloud.documents[f"iam/v1/{P}/serviceAccounts/caller@full-project.iam.gserviceaccount.com"]
    caller = "serviceAccount:caller@full-project.iam.gserviceaccount.com"
    for document in cloud.documents.values():
        for binding in document.get("bindings", []):
            if caller in binding["members"]:
                binding["members"].remove(caller)
                binding["members"].append(f"deleted:{caller}?uid=1")
    report = validated()
    assert failed(report) == ["shared/service_accounts/caller#exists"]
    assert len(report.groups()) == 1


def test_an_api_that_is_off_is_one_finding(cloud: FakeGoogle, validated: Validated) -> None:
    services = cloud.documents[f"serviceusage/v1/{P}/services"]["services"]
    services[:] = [service for service in services if "run." not in service["name"]]
    assert failed(validated()) == ["project/apis/run.googleapis.com#exists"]


def test_a_column_that_is_missing_and_one_that_nobody_declared(cloud: FakeGoogle, validated: Validated) -> None:
    fields = cloud.documents[f"{BQ}/tables/bars"]["schema"]["fields"]
    fields[1] = {"name": "other", "type": "DATE"}
    assert failed(validated()) == [
        "engine/tables/market_data.bars#schema day",
        "engine/tables/market_data.bars#schema other",
    ]


POLICIES = [
    (f"iam/v1/{P}/serviceAccounts/engine@full-project.iam.gserviceaccount.com:getIamPolicy", "engine/service_accounts/engine"),
    (f"secretmanager/v1/{P}/secrets/api-key:getIamPolicy", "engine/secrets/api-key"),
    (f"artifactregistry/v1/{P}/locations/asia-south1/repositories/images:getIamPolicy", "engine/repositories/images"),
    ("storage/v1/b/full-project-quotes/iam", "engine/buckets/quotes"),
    (f"{BQ}/tables/bars:getIamPolicy", "engine/tables/market_data.bars"),
    (f"pubsub/v1/{P}/topics/signals:getIamPolicy", "engine/topics/signals"),
    (f"pubsub/v1/{P}/subscriptions/signals-pull:getIamPolicy", "engine/subscriptions/signals-pull"),
    (f"{RUN}/services/strategy:getIamPolicy", "engine/services/strategy"),
    (f"{RUN}/jobs/backtest:getIamPolicy", "engine/jobs/backtest"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "thing"), POLICIES, ids=[thing for _, thing in POLICIES])
def test_a_grant_that_nobody_declared_is_the_one_finding(
    cloud: FakeGoogle, validated: Validated, policy: str, thing: str
) -> None:
    cloud.documents[policy]["bindings"].append({"role": "roles/viewer", "members": ["allUsers"]})
    assert failed(validated()) == [f"{thing}#grants roles/viewer for allUsers"]


@pytest.mark.parametrize(("policy", "thing"), POLICIES, ids=[thing for _, thing in POLICIES])
def test_a_grant_that_is_gone_is_the_one_finding(
    cloud: FakeGoogle, validated: Validated, policy: str, thing: str
) -> None:
    # The declared one comes after Google's own, and before the Pub/Sub agent's.
    binding = next(b for b in cloud.documents[policy]["bindings"] if "legacy" not in b["role"])
    del binding["members"][0]
    (found,) = failed(validated())
    assert found.startswith(f"{thing}#grant ")


def test_a_grant_under_another_condition_is_one_finding_not_two(cloud: FakeGoogle, validated: Validated) -> None:
    bindings = cloud.documents["storage/v1/b/full-project-quotes/iam"]["bindings"]
    (binding,) = (binding for binding in bindings if "condition" in binding)
    del binding["condition"]
    binding["members"] = [ENGINE]
    report = validated()
    assert failed(report) == ["engine/buckets/quotes#grant read/" + ENGINE, "engine/buckets/quotes#grant read/serviceAccount:caller@full-project.iam.gserviceaccount.com"]  # fmt: skip
    first = next(check for check in report.checks if check.result is Result.FAIL)
    assert "has another condition" in first.message


@pytest.mark.parametrize(
    ("entry", "grant"),
    [
        ({"role": "READER", "userByEmail": "eve@example.com"}, "roles/bigquery.dataViewer for user:eve@example.com"),
        ({"role": "READER", "specialGroup": "allAuthenticatedUsers"}, "roles/bigquery.dataViewer for allAuthenticatedUsers"),
        ({"role": "WRITER", "domain": "example.com"}, "roles/bigquery.dataEditor for domain:example.com"),
        ({"role": "roles/bigquery.admin", "iamMember": "allUsers"}, "roles/bigquery.admin for allUsers"),
        ({"strange": "x"}, "unknown for {'strange': 'x'}"),
    ],
)  # fmt: skip
def test_an_access_entry_of_a_dataset_that_nobody_declared(
    cloud: FakeGoogle, validated: Validated, entry: dict[str, Any], grant: str
) -> None:
    cloud.documents[BQ]["access"].append(entry)
    assert failed(validated()) == [f"engine/datasets/market_data#grants {grant}"]


def test_what_reads_a_dataset_without_a_role_and_nobody_declared(cloud: FakeGoogle, validated: Validated) -> None:
    view = {"projectId": "full-project", "datasetId": "market_data", "tableId": "last_bars"}
    cloud.documents[BQ]["access"].append({"view": view})
    assert failed(validated()) == ["engine/datasets/market_data#authorized.views"]


def test_a_missing_access_entry_of_a_dataset(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.documents[BQ]["access"].pop()
    assert failed(validated()) == [f"engine/datasets/market_data#grant write/{ENGINE}"]


def test_the_creator_of_a_dataset_and_the_owners_of_its_project_are_google_s_doing(
    cloud: FakeGoogle, validated: Validated
) -> None:
    for dataset in (BQ, ORDERS):
        cloud.documents[dataset]["access"].append({"role": "OWNER", "userByEmail": "terraform@example.com"})
    assert failed(validated()) == []


def test_two_owners_of_a_dataset_that_nobody_declared_are_findings(cloud: FakeGoogle, validated: Validated) -> None:
    for who in ("terraform", "eve"):
        cloud.documents[BQ]["access"].append({"role": "OWNER", "userByEmail": f"{who}@example.com"})
    assert len(failed(validated())) == 2


def test_a_role_on_the_project_beyond_those_declared(cloud: FakeGoogle, validated: Validated) -> None:
    policy = cloud.documents[f"cloudresourcemanager/v1/{P}:getIamPolicy"]
    policy["bindings"].append({"role": "roles/editor", "members": [ENGINE]})
    report = validated()
    assert failed(report) == [f"engine/service_accounts/engine#project roles roles/editor for {ENGINE}"]


def test_a_role_on_the_project_that_is_gone(cloud: FakeGoogle, validated: Validated) -> None:
    policy = cloud.documents[f"cloudresourcemanager/v1/{P}:getIamPolicy"]
    policy["bindings"] = [b for b in policy["bindings"] if b["role"] != "roles/bigquery.jobUser"]
    assert failed(validated()) == ["engine/service_accounts/engine#project role roles/bigquery.jobUser"]


def test_a_trigger_of_a_bucket_whose_storage_may_not_publish(cloud: FakeGoogle, validated: Validated) -> None:
    policy = cloud.documents[f"cloudresourcemanager/v1/{P}:getIamPolicy"]
    policy["bindings"] = [b for b in policy["bindings"] if b["role"] != "roles/pubsub.publisher"]
    assert failed(validated()) == ["engine/triggers/quotes-arrived#storage_agent"]


def test_a_dead_letter_topic_without_the_grant_of_pubsub_s_agent(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.documents[f"pubsub/v1/{P}/topics/dead-signals:getIamPolicy"]["bindings"] = []
    assert failed(validated()) == ["engine/topics/dead-signals#agent roles/pubsub.publisher"]


def test_a_table_and_a_bucket_without_the_grants_of_pubsub_s_agent(cloud: FakeGoogle, validated: Validated) -> None:
    agent = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    policies = [
        cloud.documents[path] for path in (f"{BQ}/tables/bars:getIamPolicy", "storage/v1/b/full-project-quotes/iam")
    ]
    for policy in policies:
        policy["bindings"] = [binding for binding in policy["bindings"] if agent not in binding["members"]]
    assert sorted(failed(validated())) == [
        "engine/buckets/quotes#agent roles/storage.legacyBucketReader",
        "engine/buckets/quotes#agent roles/storage.objectCreator",
        "engine/tables/market_data.bars#agent roles/bigquery.dataEditor",
        "engine/tables/market_data.bars#agent roles/bigquery.metadataViewer",
    ]


def test_connections_whose_accounts_lost_their_roles(cloud: FakeGoogle, validated: Validated) -> None:
    reader = cloud.documents["storage/v1/b/full-project-quotes/iam"]
    reader["bindings"] = [one for one in reader["bindings"] if "bqcx" not in one["members"][0]]
    project = cloud.documents[f"cloudresourcemanager/v1/{P}:getIamPolicy"]
    project["bindings"] = [one for one in project["bindings"] if "gcp-sa-bigqueryconnection" not in one["members"][0]]
    assert sorted(failed(validated())) == [
        "engine/bigquery_connections/ledger#cloud_sql role",
        "engine/buckets/quotes#agent connection roles/storage.objectViewer",
    ]


def test_readers_of_a_column_are_these_and_no_others(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.documents[f"{TAGS}/sensitivity-pii-account:getIamPolicy"]["bindings"].append(EVE)
    cloud.documents[f"{MASKED}:getIamPolicy"]["bindings"] = []
    member = "serviceAccount:engine@full-project.iam.gserviceaccount.com"
    assert sorted(failed(validated())) == [
        f"engine/data_policies/sensitivity/pii/account/last_four#grant readers/{member}",
        "engine/policy_tags/sensitivity/pii/account#grants roles/viewer for user:eve@example.com",
    ]


def test_an_owner_that_google_leaves_out_is_unknown_not_another(cloud: FakeGoogle, validated: Validated) -> None:
    del cloud.documents[f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs/of-totals"]["ownerInfo"]
    odd = {check.id: check.result for check in validated().checks if check.result is not Result.PASS}
    assert odd == {"engine/scheduled_queries/totals#service_account": Result.UNKNOWN}


def test_what_hangs_on_a_missing_tag_is_skipped(cloud: FakeGoogle, validated: Validated) -> None:
    tags = cloud.documents[TAGS]["policyTags"]
    cloud.documents[TAGS]["policyTags"] = [one for one in tags if one["displayName"] != "account"]
    report = validated()
    assert failed(report) == ["engine/policy_tags/sensitivity/pii/account#exists"]
    skipped = {check.id for check in report.checks if check.result is Result.SKIPPED}
    assert "engine/tables/orders_data.clients#schema" in skipped
    assert "engine/data_policies/sensitivity/pii/account/last_four#policy_tag" in skipped


def test_pubsub_s_agent_on_a_topic_without_dead_letters_is_a_finding(cloud: FakeGoogle, validated: Validated) -> None:
    agent = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    policy = cloud.documents[f"pubsub/v1/{P}/topics/alerts:getIamPolicy"]
    policy["bindings"].append({"role": "roles/pubsub.publisher", "members": [agent]})
    assert failed(validated()) == [f"engine/topics/alerts#grants roles/pubsub.publisher for {agent}"]


def test_a_notification_that_says_other_things_is_another_one(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.documents["storage/v1/b/full-project-everywhere/notificationConfigs"]["items"][0]["object_name_prefix"] = "x"
    assert failed(validated()) == ["engine/notifications/everywhere/changes#exists"]


def test_a_topic_of_notifications_without_the_grant_of_storage_s_agent(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.documents[f"pubsub/v1/{P}/topics/alerts:getIamPolicy"]["bindings"] = []
    assert failed(validated()) == ["engine/topics/alerts#agent storage roles/pubsub.publisher"]


def test_a_grant_on_a_managed_folder_that_nobody_declared(cloud: FakeGoogle, validated: Validated) -> None:
    policy = cloud.documents["storage/v1/b/full-project-everywhere/managedFolders/reports%2F/iam"]
    policy["bindings"].append({"role": "roles/storage.objectAdmin", "members": ["user:eve@example.com"]})
    found = "engine/managed_folders/everywhere/reports/#grants roles/storage.objectAdmin for user:eve@example.com"
    assert failed(validated()) == [found]


def test_a_variable_that_somebody_put_into_a_service_is_named_but_never_shown(
    cloud: FakeGoogle, validated: Validated
) -> None:
    from envctl.output import render_json, render_junit, render_text

    canary = "canary-4f9a"
    container = cloud.documents[f"{RUN}/services/strategy"]["template"]["containers"][0]
    container["env"].append({"name": "TOKEN", "value": canary})
    cloud.documents[f"{JOBS}/ping"]["httpTarget"]["headers"]["Authorization"] = canary
    cloud.documents[f"workflows/v1/{P}/locations/asia-south1/workflows/daily"]["userEnvVars"] = {"KEY": canary}
    report = validated()
    assert failed(report) == [
        "engine/services/strategy#env TOKEN",
        "engine/workflows/daily#env",
        "engine/schedules/ping#http.headers",
    ]
    for render in (render_text, render_json, render_junit):
        assert canary not in render(report)

"""Which client package knows an API, and under which prefix the sandbox serves it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Package:
    """A client package: its module, what installs it, the prefix of its API in the sandbox, and a file of rules where
    it holds none.
    """

    module: str
    distribution: str
    prefix: str
    rules: str = ""


PACKAGES: dict[str, Package] = {
    "google.api.serviceusage.v1": Package(
        "google.cloud.service_usage_v1", "google-cloud-service-usage", "serviceusage"
    ),
    "google.cloud.asset.v1": Package("google.cloud.asset_v1", "google-cloud-asset", "cloudasset"),
    "google.cloud.bigquery.connection.v1": Package(
        "google.cloud.bigquery_connection_v1", "google-cloud-bigquery-connection", "bigqueryconnection"
    ),
    "google.cloud.bigquery.datapolicies.v1": Package(
        "google.cloud.bigquery_datapolicies_v1", "google-cloud-bigquery-datapolicies", "bigquerydatapolicy"
    ),
    "google.cloud.bigquery.datatransfer.v1": Package(
        "google.cloud.bigquery_datatransfer_v1", "google-cloud-bigquery-datatransfer", "bigquerydatatransfer"
    ),
    "google.cloud.bigquery.storage.v1": Package(
        "google.cloud.bigquery_storage_v1", "google-cloud-bigquery-storage", "bigquerystorage", "bigquery_storage"
    ),
    "google.cloud.billing.v1": Package("google.cloud.billing_v1", "google-cloud-billing", "cloudbilling"),
    "google.cloud.billing.budgets.v1": Package(
        "google.cloud.billing.budgets_v1", "google-cloud-billing-budgets", "billingbudgets"
    ),
    "google.cloud.datacatalog.v1": Package("google.cloud.datacatalog_v1", "google-cloud-datacatalog", "datacatalog"),
    "google.cloud.eventarc.v1": Package("google.cloud.eventarc_v1", "google-cloud-eventarc", "eventarc"),
    "google.cloud.iap.v1": Package("google.cloud.iap_v1", "google-cloud-iap", "iap"),
    "google.cloud.kms.v1": Package("google.cloud.kms_v1", "google-cloud-kms", "cloudkms"),
    "google.cloud.privilegedaccessmanager.v1": Package(
        "google.cloud.privilegedaccessmanager_v1", "google-cloud-privilegedaccessmanager", "privilegedaccessmanager"
    ),
    "google.cloud.redis.v1": Package("google.cloud.redis_v1", "google-cloud-redis", "redis"),
    "google.cloud.resourcemanager.v3": Package(
        "google.cloud.resourcemanager_v3", "google-cloud-resource-manager", "cloudresourcemanager"
    ),
    "google.cloud.run.v2": Package("google.cloud.run_v2", "google-cloud-run", "run"),
    "google.cloud.scheduler.v1": Package("google.cloud.scheduler_v1", "google-cloud-scheduler", "cloudscheduler"),
    "google.cloud.secretmanager.v1": Package(
        "google.cloud.secretmanager_v1", "google-cloud-secret-manager", "secretmanager"
    ),
    "google.cloud.tasks.v2": Package("google.cloud.tasks_v2", "google-cloud-tasks", "cloudtasks"),
    "google.cloud.vpcaccess.v1": Package("google.cloud.vpcaccess_v1", "google-cloud-vpc-access", "vpcaccess"),
    "google.cloud.workflows.executions.v1": Package(
        "google.cloud.workflows.executions_v1", "google-cloud-workflows", "workflowexecutions", "workflow_executions"
    ),
    "google.cloud.workflows.v1": Package("google.cloud.workflows_v1", "google-cloud-workflows", "workflows"),
    "google.devtools.artifactregistry.v1": Package(
        "google.cloud.artifactregistry_v1", "google-cloud-artifact-registry", "artifactregistry"
    ),
    "google.iam.admin.v1": Package("google.cloud.iam_admin_v1", "google-cloud-iam", "iam", "iam_admin"),
    "google.iam.credentials.v1": Package("google.cloud.iam_credentials_v1", "google-cloud-iam", "iamcredentials"),
    "google.iam.v2": Package("google.cloud.iam_v2", "google-cloud-iam", "iam"),
    "google.logging.v2": Package("google.cloud.logging_v2", "google-cloud-logging", "logging", "logging"),
    "google.monitoring.dashboard.v1": Package(
        "google.cloud.monitoring_dashboard_v1", "google-cloud-monitoring-dashboards", "monitoring"
    ),
    "google.monitoring.v3": Package(
        "google.cloud.monitoring_v3", "google-cloud-monitoring", "monitoring", "monitoring"
    ),
    "google.spanner.admin.database.v1": Package(
        "google.cloud.spanner_admin_database_v1", "google-cloud-spanner", "spanner"
    ),
    "google.spanner.admin.instance.v1": Package(
        "google.cloud.spanner_admin_instance_v1", "google-cloud-spanner", "spanner"
    ),
    "google.storage.control.v2": Package("google.cloud.storage_control_v2", "google-cloud-storage-control", "storage"),
    "google.pubsub.v1": Package("google.pubsub_v1", "google-cloud-pubsub", "pubsub"),
}


def package_of(name: str) -> tuple[str, Package] | None:
    """The protocol package that a service's or a message's full name is in, and what knows it.

    >>> package_of("google.pubsub.v1.PubsubMessage")[1].distribution
    'google-cloud-pubsub'
    """
    while name:
        name = name.rpartition(".")[0]
        if name in PACKAGES:
            return name, PACKAGES[name]
    return None

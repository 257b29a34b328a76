"""Who may see and do what beyond grants: tagged columns, custom roles, deny policies, keys; and what feeds them."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_COLUMNS = """
resource "google_data_catalog_taxonomy" "t" {
  display_name           = "sensitivity"
  region                 = "asia-south1"
  activated_policy_types = ["FINE_GRAINED_ACCESS_CONTROL"]
}
resource "google_data_catalog_policy_tag" "high" {
  taxonomy     = google_data_catalog_taxonomy.t.id
  display_name = "high"
}
resource "google_data_catalog_policy_tag" "pan" {
  taxonomy          = google_data_catalog_taxonomy.t.id
  display_name      = "pan"
  parent_policy_tag = google_data_catalog_policy_tag.high.id
  description       = "Permanent account numbers"
}
resource "google_bigquery_datapolicy_data_policy" "mask" {
  location         = "asia-south1"
  data_policy_id   = "mask_pan"
  policy_tag       = google_data_catalog_policy_tag.pan.name
  data_policy_type = "DATA_MASKING_POLICY"
  data_masking_policy {
    predefined_expression = "LAST_FOUR_CHARACTERS"
  }
}
resource "google_bigquery_datapolicy_data_policy_iam_member" "masked" {
  location       = "asia-south1"
  data_policy_id = google_bigquery_datapolicy_data_policy.mask.data_policy_id
  role           = "roles/bigquerydatapolicy.maskedReader"
  member         = "user:ann@example.com"
}
resource "google_bigquery_connection" "files" {
  location      = "asia-south1"
  friendly_name = "Files"
  cloud_resource {}
}
resource "google_bigquery_connection" "ledger" {
  connection_id = "ledger"
  location      = "asia-south1"
  cloud_sql {
    instance_id = "PROJECT:asia-south1:ledger"
    database    = "ledger"
    type        = "POSTGRES"
    credential {
      username = "reader"
      password = "not-a-secret"
    }
  }
}
resource "google_bigquery_connection_iam_member" "user" {
  connection_id = google_bigquery_connection.ledger.connection_id
  location      = "asia-south1"
  role          = "roles/bigquery.connectionUser"
  member        = "user:ann@example.com"
}
resource "google_bigquery_dataset" "d" {
  dataset_id = "governance"
  location   = "asia-south1"
}
resource "google_bigquery_data_transfer_config" "daily" {
  display_name           = "daily totals"
  location               = "asia-south1"
  data_source_id         = "scheduled_query"
  schedule               = "every day 12:30"
  destination_dataset_id = google_bigquery_dataset.d.dataset_id
  params = {
    destination_table_name_template = "totals"
    write_disposition               = "WRITE_TRUNCATE"
    query                           = "SELECT 1 AS total"
  }
}
"""

_ROLES = """
resource "google_project_iam_custom_role" "reader" {
  role_id     = "limitsReader"
  title       = "Reads limits"
  permissions = ["bigquery.tables.get", "bigquery.tables.getData"]
}
resource "google_iam_deny_policy" "keys" {
  parent       = urlencode("cloudresourcemanager.googleapis.com/projects/PROJECT")
  name         = "no-keys"
  display_name = "No service account keys"
  rules {
    description = "Keys leak"
    deny_rule {
      denied_principals  = ["principalSet://goog/public:all"]
      denied_permissions = ["iam.googleapis.com/serviceAccountKeys.create"]
    }
  }
}
resource "google_service_account" "s3" {
  account_id = "s3-tools"
}
resource "google_storage_hmac_key" "s3" {
  service_account_email = google_service_account.s3.email
}
resource "google_service_account_key" "tools" {
  service_account_id = google_service_account.s3.name
  keepers            = { rotated = "2026-01" }
}
resource "google_pubsub_topic" "changes" {
  name = "asset-changes"
}
resource "google_cloud_asset_project_feed" "buckets" {
  feed_id      = "buckets"
  content_type = "RESOURCE"
  asset_types  = ["storage.googleapis.com/Bucket"]
  feed_output_config {
    pubsub_destination {
      topic = google_pubsub_topic.changes.id
    }
  }
}
resource "google_iap_web_cloud_run_service_iam_member" "staff" {
  cloud_run_service_name = "dashboard"
  location               = "asia-south1"
  role                   = "roles/iap.httpsResourceAccessor"
  member                 = "user:ann@example.com"
}
resource "google_storage_bucket" "tagged" {
  name     = "PROJECT-tagged"
  location = "asia-south1"
}
resource "google_tags_location_tag_binding" "tagged" {
  parent    = "//storage.googleapis.com/projects/_/buckets/${google_storage_bucket.tagged.name}"
  tag_value = "tagValues/281478395"
  location  = "asia-south1"
}
resource "google_tags_tag_binding" "topic" {
  parent    = "//pubsub.googleapis.com/projects/PROJECT/topics/${google_pubsub_topic.changes.name}"
  tag_value = "tagValues/281478395"
}
resource "google_logging_project_bucket_config" "l" {
  project          = "PROJECT"
  location         = "asia-south1"
  bucket_id        = "analysed"
  enable_analytics = true
}
resource "google_logging_linked_dataset" "l" {
  link_id     = "analysed"
  bucket      = google_logging_project_bucket_config.l.id
  description = "Logs in BigQuery"
}
"""

CASES = [
    Case(
        "columns",
        first=_COLUMNS,
        second=_COLUMNS.replace('"sensitivity"', '"confidentiality"')
        .replace('"Permanent account numbers"', '"Account numbers"')
        .replace('"LAST_FOUR_CHARACTERS"', '"SHA256"')
        .replace('"Files"', '"Files in Storage"')
        .replace('"not-a-secret"', '"another"')
        .replace('"every day 12:30"', '"every day 13:30"')
        .replace("SELECT 1 AS", "SELECT 2 AS"),
        updated=frozenset(
            (
                "google_data_catalog_taxonomy.t",
                "google_data_catalog_policy_tag.pan",
                "google_bigquery_datapolicy_data_policy.mask",
                "google_bigquery_connection.files",
                "google_bigquery_connection.ledger",
                "google_bigquery_data_transfer_config.daily",
            )
        ),
        replaced=(
            ('connection_id = "ledger"', 'connection_id = "books"', "google_bigquery_connection.ledger"),
            ('= "mask_pan"', '= "mask_all"', "google_bigquery_datapolicy_data_policy.mask"),
            (
                '"scheduled_query"\n',
                '"cross_region_copy"\n',
                "google_bigquery_data_transfer_config.daily",
            ),
        ),
        imports={
            "google_bigquery_connection.ledger": "projects/PROJECT/locations/asia-south1/connections/ledger",
            "google_bigquery_datapolicy_data_policy.mask": "projects/PROJECT/locations/asia-south1/dataPolicies/"
            "mask_pan",
            "google_bigquery_datapolicy_data_policy_iam_member.masked": "projects/PROJECT/locations/asia-south1/"
            "dataPolicies/mask_pan roles/bigquerydatapolicy.maskedReader user:ann@example.com",
            "google_bigquery_connection_iam_member.user": "projects/PROJECT/locations/asia-south1/connections/ledger "
            "roles/bigquery.connectionUser user:ann@example.com",
        },
        after_import=frozenset(("cloud_sql", "policy_tag")),
    ),
    Case(
        "roles-and-keys",
        first=_ROLES,
        second=_ROLES.replace('"Reads limits"', '"Reads risk limits"')
        .replace('"Keys leak"', '"Keys are leaked"')
        .replace("google_service_account.s3.email\n", 'google_service_account.s3.email\n  state = "INACTIVE"\n')
        .replace('"storage.googleapis.com/Bucket"', '"storage.googleapis.com/Bucket", "run.googleapis.com/Service"'),
        updated=frozenset(
            (
                "google_project_iam_custom_role.reader",
                "google_iam_deny_policy.keys",
                "google_storage_hmac_key.s3",
                "google_cloud_asset_project_feed.buckets",
            )
        ),
        replaced=(
            ('"limitsReader"', '"limitReader"', "google_project_iam_custom_role.reader"),
            ('link_id     = "analysed"', 'link_id     = "logs"', "google_logging_linked_dataset.l"),
            ('"2026-01"', '"2026-02"', "google_service_account_key.tools"),
            ('"no-keys"', '"no-keys-at-all"', "google_iam_deny_policy.keys"),
            ('"tagValues/281478395"', '"tagValues/7"', "google_tags_location_tag_binding.tagged"),
        ),
        imports={
            "google_project_iam_custom_role.reader": "projects/PROJECT/roles/limitsReader",
            "google_tags_tag_binding.topic": "tagBindings/%2F%2Fpubsub.googleapis.com%2Fprojects%2FPROJECT"
            "%2Ftopics%2Fasset-changes/tagValues/281478395",
            "google_tags_location_tag_binding.tagged": "asia-south1/tagBindings/%2F%2Fstorage.googleapis.com"
            "%2Fprojects%2F_%2Fbuckets%2FPROJECT-tagged/tagValues/281478395",
            "google_iap_web_cloud_run_service_iam_member.staff": "projects/PROJECT/iap_web/cloud_run-asia-south1/"
            "services/dashboard roles/iap.httpsResourceAccessor user:ann@example.com",
        },
    ),
]

"""Whole IAM policies (`*_iam_policy`), as foreign modules use them."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_service_account" "a" {
  account_id = "policies"
}
resource "google_pubsub_topic" "t" {
  name = "policies"
}
resource "google_pubsub_subscription" "s" {
  name  = "policies"
  topic = google_pubsub_topic.t.id
}
resource "google_bigquery_dataset" "d" {
  dataset_id = "policies"
  location   = "asia-south1"
}
resource "google_storage_bucket" "b" {
  name                        = "PROJECT-policies"
  location                    = "asia-south1"
  uniform_bucket_level_access = true
}
resource "google_secret_manager_secret" "s" {
  secret_id = "policies"
  replication {
    auto {}
  }
}
data "google_iam_policy" "readers" {
  binding {
    role    = "roles/storage.objectViewer"
    members = ["user:ann@example.com"]
    condition {
      title      = "reports-only"
      expression = "resource.name.startsWith(\\"projects/_/buckets/b/objects/\\") && 1 < 2"
    }
  }
  binding {
    role    = "roles/storage.objectViewer"
    members = ["user:ann@example.com"]
  }
  binding {
    role    = "roles/storage.admin"
    members = ["user:zoe@example.com", "group:ops@example.com"]
  }
  binding {
    role    = "roles/storage.admin"
    members = ["user:ann@example.com"]
  }
}
data "google_iam_policy" "project" {
  binding {
    role    = "roles/viewer"
    members = ["user:ann@example.com"]
  }
  audit_config {
    service = "allServices"
    audit_log_configs {
      log_type         = "DATA_READ"
      exempted_members = ["user:ann@example.com"]
    }
  }
}
resource "google_pubsub_topic_iam_policy" "t" {
  topic       = google_pubsub_topic.t.name
  policy_data = jsonencode({ bindings = [
    { role = "roles/pubsub.publisher", members = ["user:Ann@example.com", google_service_account.a.member] }
  ] })
}
resource "google_pubsub_subscription_iam_policy" "s" {
  subscription = google_pubsub_subscription.s.name
  policy_data  = jsonencode({ bindings = [
    { role = "roles/pubsub.subscriber", members = ["user:ann@example.com"] }
  ] })
}
resource "google_bigquery_dataset_iam_policy" "d" {
  dataset_id  = google_bigquery_dataset.d.dataset_id
  policy_data = jsonencode({ bindings = [
    { role = "roles/bigquery.dataViewer", members = ["user:ann@example.com"] },
    { role = "roles/bigquery.dataOwner", members = ["user:zoe@example.com"] }
  ] })
}
resource "google_storage_bucket_iam_policy" "b" {
  bucket      = google_storage_bucket.b.name
  policy_data = data.google_iam_policy.readers.policy_data
}
resource "google_secret_manager_secret_iam_policy" "s" {
  secret_id   = google_secret_manager_secret.s.secret_id
  policy_data = jsonencode({ bindings = [
    { role = "roles/secretmanager.secretAccessor", members = ["user:ann@example.com"] }
  ] })
}
resource "google_service_account_iam_policy" "a" {
  service_account_id = google_service_account.a.name
  policy_data        = jsonencode({ bindings = [
    { role = "roles/iam.serviceAccountUser", members = ["user:ann@example.com"] }
  ] })
}
resource "google_project_iam_policy" "p" {
  project     = "PROJECT"
  policy_data = data.google_iam_policy.project.policy_data
}
"""

CASES = [
    Case(
        "policies",
        first=_FIRST,
        second=_FIRST.replace('["user:ann@example.com"]', '["user:ann@example.com", "user:bob@example.com"]'),
        updated=frozenset(
            (
                "google_pubsub_subscription_iam_policy.s",
                "google_bigquery_dataset_iam_policy.d",
                "google_storage_bucket_iam_policy.b",
                "google_secret_manager_secret_iam_policy.s",
                "google_service_account_iam_policy.a",
                "google_project_iam_policy.p",
            )
        ),
        imports={
            "google_pubsub_topic_iam_policy.t": "projects/PROJECT/topics/policies",
            "google_storage_bucket_iam_policy.b": "b/PROJECT-policies",
            "google_secret_manager_secret_iam_policy.s": "projects/PROJECT/secrets/policies",
            "google_project_iam_policy.p": "PROJECT",
        },
    )
]

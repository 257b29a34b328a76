"""Roles whose members are all decided (`*_iam_binding`), as foreign modules use them."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_service_account" "a" {
  account_id = "bindings"
}
resource "google_pubsub_topic" "t" {
  name = "bindings"
}
resource "google_pubsub_subscription" "s" {
  name  = "bindings"
  topic = google_pubsub_topic.t.id
}
resource "google_bigquery_dataset" "d" {
  dataset_id = "bindings"
  location   = "asia-south1"
}
resource "google_storage_bucket" "b" {
  name                        = "PROJECT-bindings"
  location                    = "asia-south1"
  uniform_bucket_level_access = true
}
resource "google_secret_manager_secret" "s" {
  secret_id = "bindings"
  replication {
    auto {}
  }
}
resource "google_pubsub_topic_iam_binding" "publishers" {
  topic   = google_pubsub_topic.t.name
  role    = "roles/pubsub.publisher"
  members = ["user:Ann@example.com", google_service_account.a.member]
}
resource "google_pubsub_subscription_iam_binding" "subscribers" {
  subscription = google_pubsub_subscription.s.name
  role         = "roles/pubsub.subscriber"
  members      = ["user:ann@example.com"]
}
resource "google_bigquery_dataset_iam_binding" "readers" {
  dataset_id = google_bigquery_dataset.d.dataset_id
  role       = "roles/bigquery.dataViewer"
  members    = ["user:ann@example.com"]
}
resource "google_storage_bucket_iam_binding" "readers" {
  bucket  = google_storage_bucket.b.name
  role    = "roles/storage.objectViewer"
  members = ["user:ann@example.com"]
  condition {
    title      = "reports-only"
    expression = "resource.name.startsWith(\\"projects/_/buckets/PROJECT-bindings/objects/reports/\\")"
  }
}
resource "google_secret_manager_secret_iam_binding" "readers" {
  secret_id = google_secret_manager_secret.s.secret_id
  role      = "roles/secretmanager.secretAccessor"
  members   = ["user:ann@example.com"]
}
resource "google_service_account_iam_binding" "users" {
  service_account_id = google_service_account.a.name
  role               = "roles/iam.serviceAccountUser"
  members            = ["user:ann@example.com"]
}
resource "google_project_iam_binding" "jobs" {
  project = "PROJECT"
  role    = "roles/bigquery.jobUser"
  members = ["user:ann@example.com"]
}
"""

CASES = [
    Case(
        "bindings",
        first=_FIRST,
        second=_FIRST.replace('"user:ann@example.com"', '"user:bob@example.com", "user:ann@example.com"'),
        updated=frozenset(
            (
                "google_pubsub_subscription_iam_binding.subscribers",
                "google_bigquery_dataset_iam_binding.readers",
                "google_storage_bucket_iam_binding.readers",
                "google_secret_manager_secret_iam_binding.readers",
                "google_service_account_iam_binding.users",
                "google_project_iam_binding.jobs",
            )
        ),
        replaced=(
            ('"roles/pubsub.publisher"', '"roles/pubsub.viewer"', "google_pubsub_topic_iam_binding.publishers"),
            ('title      = "reports-only"', 'title      = "reports"', "google_storage_bucket_iam_binding.readers"),
        ),
        imports={
            "google_pubsub_topic_iam_binding.publishers": "projects/PROJECT/topics/bindings roles/pubsub.publisher",
            "google_storage_bucket_iam_binding.readers": "b/PROJECT-bindings roles/storage.objectViewer reports-only",
            "google_secret_manager_secret_iam_binding.readers": "projects/PROJECT/secrets/bindings "
            "roles/secretmanager.secretAccessor",
            "google_project_iam_binding.jobs": "PROJECT roles/bigquery.jobUser",
        },
    )
]

"""Cloud Functions: what is called, and what events call."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case

_FIRST = """
resource "google_storage_bucket" "sources" {
  name                        = "PROJECT-sources"
  location                    = "ASIA-SOUTH1"
  uniform_bucket_level_access = true
}
resource "google_storage_bucket_object" "source" {
  name    = "source.zip"
  bucket  = google_storage_bucket.sources.name
  content = "an archive"
}
resource "google_pubsub_topic" "work" {
  name = "work"
}
resource "google_service_account" "functions" {
  account_id = "functions"
}
resource "google_cloudfunctions2_function" "called" {
  name        = "called"
  location    = "asia-south1"
  description = "Is called"
  labels      = { team = "data" }
  build_config {
    runtime     = "python312"
    entry_point = "main"
    source {
      storage_source {
        bucket = google_storage_bucket.sources.name
        object = google_storage_bucket_object.source.name
      }
    }
  }
  service_config {
    available_memory      = "512M"
    max_instance_count    = 2
    timeout_seconds       = 90
    service_account_email = google_service_account.functions.email
    environment_variables = { MODE = "one" }
  }
}
resource "google_cloudfunctions2_function" "worker" {
  name     = "worker"
  location = "asia-south1"
  build_config {
    runtime     = "nodejs20"
    entry_point = "work"
    source {
      storage_source {
        bucket = google_storage_bucket.sources.name
        object = google_storage_bucket_object.source.name
      }
    }
  }
  event_trigger {
    event_type   = "google.cloud.pubsub.topic.v1.messagePublished"
    pubsub_topic = google_pubsub_topic.work.id
    retry_policy = "RETRY_POLICY_RETRY"
  }
  service_config {
    max_instance_count = 1
  }
}
resource "google_cloudfunctions2_function_iam_member" "ann" {
  cloud_function = google_cloudfunctions2_function.called.name
  location       = "asia-south1"
  role           = "roles/cloudfunctions.viewer"
  member         = "user:ann@example.com"
}
"""
FUNCTIONS = Case(
    "functions",
    first=_FIRST,
    second=_FIRST.replace('{ MODE = "one" }', '{ MODE = "two" }')
    .replace('"Is called"', '"Is still called"')
    .replace('{ team = "data" }', '{ team = "risk" }')
    .replace('"RETRY_POLICY_RETRY"', '"RETRY_POLICY_DO_NOT_RETRY"'),
    updated=frozenset(("google_cloudfunctions2_function.called", "google_cloudfunctions2_function.worker")),
    replaced=(('"worker"\n  location', '"other"\n  location', "google_cloudfunctions2_function.worker"),),
    imports={
        "google_pubsub_topic.work": "work",
        "google_cloudfunctions2_function.called": "asia-south1/called",
        "google_cloudfunctions2_function.worker": "projects/PROJECT/locations/asia-south1/functions/worker",
        "google_cloudfunctions2_function_iam_member.ann": "projects/PROJECT/locations/asia-south1/functions/called "
        "roles/cloudfunctions.viewer user:ann@example.com",
    },
    after_import=LABELS,
)
CASES = [FUNCTIONS]

"""Cloud Functions of the first generation: called, and by events of a topic and of a bucket."""

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
resource "google_cloudfunctions_function" "called" {
  name                  = "called"
  region                = "asia-south1"
  description           = "Is called"
  runtime               = "python312"
  entry_point           = "main"
  available_memory_mb   = 512
  timeout               = 90
  max_instances         = 2
  source_archive_bucket = google_storage_bucket.sources.name
  source_archive_object = google_storage_bucket_object.source.name
  trigger_http          = true
  service_account_email = google_service_account.functions.email
  labels                = { team = "data" }
  environment_variables = { MODE = "one" }
}
resource "google_cloudfunctions_function" "worker" {
  name                  = "worker"
  region                = "asia-south1"
  runtime               = "nodejs20"
  entry_point           = "work"
  source_archive_bucket = google_storage_bucket.sources.name
  source_archive_object = google_storage_bucket_object.source.name
  service_account_email = google_service_account.functions.email
  event_trigger {
    event_type = "google.pubsub.topic.publish"
    resource   = google_pubsub_topic.work.name
    failure_policy {
      retry = true
    }
  }
}
resource "google_cloudfunctions_function" "of_files" {
  name                  = "Of_Files"
  region                = "asia-south1"
  runtime               = "go122"
  entry_point           = "Work"
  source_archive_bucket = google_storage_bucket.sources.name
  source_archive_object = google_storage_bucket_object.source.name
  service_account_email = google_service_account.functions.email
  event_trigger {
    event_type = "google.storage.object.finalize"
    resource   = google_storage_bucket.sources.id
    failure_policy {
      retry = false
    }
  }
}
resource "google_cloudfunctions_function_iam_member" "invoker" {
  region         = "asia-south1"
  cloud_function = google_cloudfunctions_function.called.name
  role           = "roles/cloudfunctions.invoker"
  member         = "user:jane@example.com"
}
"""
CASES = [
    Case(
        "functions of the first generation",
        first=_FIRST,
        second=_FIRST.replace('MODE = "one"', 'MODE = "two"')
        .replace("Is called", "Is often called")
        .replace("= 512", "= 1024"),
        updated=frozenset(("google_cloudfunctions_function.called",)),
        replaced=(
            (
                'entry_point           = "work"',
                'entry_point           = "other"',
                "google_cloudfunctions_function.worker",
            ),
        ),
        imports={
            "google_storage_bucket.sources": "PROJECT-sources",
            "google_service_account.functions": (
                "projects/PROJECT/serviceAccounts/functions@PROJECT.iam.gserviceaccount.com"
            ),
            "google_cloudfunctions_function.called": "projects/PROJECT/locations/asia-south1/functions/called",
            "google_cloudfunctions_function.worker": "projects/PROJECT/locations/asia-south1/functions/worker",
        },
        after_import=LABELS | {"source_archive_object", "force_destroy", "create_ignore_already_exists"},
    )
]

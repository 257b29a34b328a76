"""Eventarc triggers, to a service and to a workflow."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_storage_bucket" "of" {
  for_each                    = toset(["quotes", "bars"])
  name                        = "PROJECT-${each.key}"
  location                    = "ASIA-SOUTH1"
  uniform_bucket_level_access = true
}
data "google_project" "this" {
}
resource "google_project_iam_member" "storage" {
  project = "PROJECT"
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:service-${data.google_project.this.number}@gs-project-accounts.iam.gserviceaccount.com"
}
resource "google_pubsub_topic" "of" {
  for_each = toset(["signals", "other"])
  name     = each.key
}
resource "google_eventarc_trigger" "quotes" {
  name            = "quotes"
  location        = "asia-south1"
  service_account = "runner@PROJECT.iam.gserviceaccount.com"
  labels          = { tier = "one" }
  matching_criteria {
    attribute = "type"
    value     = "google.cloud.storage.object.v1.finalized"
  }
  matching_criteria {
    attribute = "bucket"
    value     = "PROJECT-quotes"
  }
  destination {
    cloud_run_service {
      service = "engine"
      path    = "/quotes"
    }
  }
  retry_policy {
    max_attempts = 1
  }
  depends_on = [google_storage_bucket.of, google_project_iam_member.storage]
}
resource "google_eventarc_trigger" "signals" {
  name     = "signals"
  location = "asia-south1"
  matching_criteria {
    attribute = "type"
    value     = "google.cloud.pubsub.topic.v1.messagePublished"
  }
  destination {
    workflow = "projects/PROJECT/locations/asia-south1/workflows/daily"
  }
  transport {
    pubsub {
      topic = "projects/PROJECT/topics/signals"
    }
  }
  depends_on = [google_pubsub_topic.of]
}
"""

EVENTARC = Case(
    "eventarc",
    first=_FIRST,
    second=_FIRST.replace('"/quotes"', '"/bars"')
    .replace('tier = "one"', 'tier = "two"')
    .replace("runner@", "other@")
    .replace("workflows/daily", "workflows/weekly"),
    updated=frozenset(("google_eventarc_trigger.quotes", "google_eventarc_trigger.signals")),
    replaced=(
        ('"quotes"\n  location', '"others"\n  location', "google_eventarc_trigger.quotes"),
        ("PROJECT-quotes", "PROJECT-bars", "google_eventarc_trigger.quotes"),
        ("topics/signals", "topics/other", "google_eventarc_trigger.signals"),
    ),
    imports={
        "google_eventarc_trigger.quotes": "projects/PROJECT/locations/asia-south1/triggers/quotes",
        "google_eventarc_trigger.signals": "asia-south1/signals",
    },
    after_import=frozenset(("labels", "terraform_labels")),
)

CASES = [EVENTARC]

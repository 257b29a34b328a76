"""Schemas, topics and subscriptions of all kinds."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case, edited

PUBSUB = Case(
    "pubsub",
    first="""
resource "google_pubsub_schema" "signal" {
  name       = "signal"
  type       = "AVRO"
  definition = jsonencode({ type = "record", name = "Signal", fields = [{ name = "symbol", type = "string" }] })
}
resource "google_pubsub_topic" "plain" {
  name = "orders"
}
resource "google_pubsub_topic" "full" {
  name                       = "signals"
  message_retention_duration = "604800s"
  labels                     = { subproject = "strategy-engine" }
  schema_settings {
    schema   = google_pubsub_schema.signal.id
    encoding = "JSON"
  }
  message_storage_policy {
    allowed_persistence_regions = ["asia-south1"]
  }
}
resource "google_pubsub_topic" "dead" {
  name = "signals-dead"
}
resource "google_pubsub_subscription" "plain" {
  name  = "orders-pull"
  topic = google_pubsub_topic.plain.id
}
resource "google_pubsub_subscription" "short" {
  name  = "orders-short"
  topic = google_pubsub_topic.plain.name
}
resource "google_pubsub_subscription" "full" {
  name                       = "signals-pull"
  topic                      = google_pubsub_topic.full.id
  ack_deadline_seconds       = 60
  message_retention_duration = "86400s"
  retain_acked_messages      = true
  enable_message_ordering    = true
  filter                     = "attributes.strategy = \\"momentum\\""
  labels                     = { kind = "pull" }
  expiration_policy {
    ttl = ""
  }
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead.id
    max_delivery_attempts = 5
  }
}
resource "google_pubsub_subscription" "push" {
  name  = "signals-push"
  topic = google_pubsub_topic.full.id
  push_config {
    push_endpoint = "https://risk-manager.example.com/signals"
    attributes    = { x-goog-version = "v1" }
    no_wrapper {
      write_metadata = true
    }
  }
}
resource "google_pubsub_topic_iam_member" "publisher" {
  topic  = google_pubsub_topic.full.name
  role   = "roles/pubsub.publisher"
  member = "user:ann@example.com"
}
resource "google_pubsub_subscription_iam_member" "subscriber" {
  subscription = google_pubsub_subscription.full.name
  role         = "roles/pubsub.subscriber"
  member       = "user:ann@example.com"
}
""",
    replaced=(
        ('"orders"', '"trades"', "google_pubsub_topic.plain"),
        ("enable_message_ordering    = true", "", "google_pubsub_subscription.full"),
    ),
    imports={
        "google_pubsub_schema.signal": "signal",
        "google_pubsub_topic.plain": "orders",
        "google_pubsub_topic.full": "projects/PROJECT/topics/signals",
        "google_pubsub_topic.dead": "PROJECT/signals-dead",
        "google_pubsub_subscription.full": "PROJECT/signals-pull",
        "google_pubsub_subscription.push": "signals-push",
        "google_pubsub_topic_iam_member.publisher": "projects/PROJECT/topics/signals roles/pubsub.publisher "
        "user:ann@example.com",
        "google_pubsub_subscription_iam_member.subscriber": "projects/PROJECT/subscriptions/signals-pull "
        "roles/pubsub.subscriber user:ann@example.com",
    },
    after_import=LABELS,
)

CASES = [
    edited(
        PUBSUB,
        ('message_retention_duration = "604800s"', 'message_retention_duration = "86400s"'),
        ('labels                     = { subproject = "strategy-engine" }', ""),
        ("ack_deadline_seconds       = 60", "ack_deadline_seconds       = 30"),
        ("max_delivery_attempts = 5", "max_delivery_attempts = 10"),
        ("https://risk-manager.example.com/signals", "https://risk-manager.example.com/v2"),
        updated={"google_pubsub_topic.full", "google_pubsub_subscription.full", "google_pubsub_subscription.push"},
    )
]

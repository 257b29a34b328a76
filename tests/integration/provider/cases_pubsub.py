"""Topics that encrypt and transform, and subscriptions that Pub/Sub itself writes."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_pubsub_topic" "orders" {
  name         = "export-orders"
  kms_key_name = "projects/PROJECT/locations/asia-south1/keyRings/risk/cryptoKeys/orders"
  message_storage_policy {
    allowed_persistence_regions = ["asia-south1"]
    enforce_in_transit          = true
  }
  message_transforms {
    javascript_udf {
      function_name = "mask"
      code          = "function mask(message, metadata) { return message; }"
    }
  }
}
resource "google_bigquery_dataset" "d" {
  dataset_id                 = "exports"
  location                   = "asia-south1"
  delete_contents_on_destroy = true
}
resource "google_bigquery_table" "rows" {
  dataset_id          = google_bigquery_dataset.d.dataset_id
  table_id            = "rows"
  deletion_protection = false
  schema              = jsonencode([{ name = "data", type = "STRING", mode = "NULLABLE" }])
}
resource "google_storage_bucket" "archive" {
  name          = "PROJECT-export-archive"
  location      = "asia-south1"
  force_destroy = true
}
resource "google_pubsub_subscription" "rows" {
  name  = "export-rows"
  topic = google_pubsub_topic.orders.id
  bigquery_config {
    table = "PROJECT.exports.rows"
  }
  depends_on = [google_bigquery_table.rows]
}
resource "google_pubsub_subscription" "text" {
  name  = "export-text"
  topic = google_pubsub_topic.orders.id
  cloud_storage_config {
    bucket = google_storage_bucket.archive.name
  }
}
resource "google_pubsub_subscription" "avro" {
  name  = "export-avro"
  topic = google_pubsub_topic.orders.id
  cloud_storage_config {
    bucket                   = google_storage_bucket.archive.name
    filename_prefix          = "orders/"
    filename_suffix          = ".avro"
    filename_datetime_format = "YYYY-MM-DD/hh_mm_ssZ"
    max_duration             = "600s"
    max_bytes                = 10000000
    max_messages             = 2000
    avro_config {
      write_metadata = true
    }
  }
}
"""

EXPORTS = Case(
    "pubsub_exports",
    first=_FIRST,
    second=_FIRST.replace('"600s"', '"120s"').replace("return message; }", "return null; }").replace("2000", "3000"),
    updated=frozenset(("google_pubsub_topic.orders", "google_pubsub_subscription.avro")),
    replaced=(('"export-text"', '"export-lines"', "google_pubsub_subscription.text"),),
    imports={
        "google_pubsub_topic.orders": "projects/PROJECT/topics/export-orders",
        "google_pubsub_subscription.rows": "PROJECT/export-rows",
        "google_pubsub_subscription.text": "export-text",
        "google_pubsub_subscription.avro": "export-avro",
    },
)

_FILLED = """
resource "google_storage_bucket" "raw" {
  name          = "PROJECT-ingestion-raw"
  location      = "asia-south1"
  force_destroy = true
}
resource "google_pubsub_schema" "line" {
  name       = "ingestion-line"
  type       = "AVRO"
  definition = jsonencode({ type = "record", name = "Line", fields = [{ name = "a", type = "string" }] })
}
resource "google_pubsub_schema_iam_member" "read" {
  schema = google_pubsub_schema.line.name
  role   = "roles/pubsub.viewer"
  member = "user:ann@example.com"
}
resource "google_pubsub_topic" "lines" {
  name = "ingestion-lines"
  ingestion_data_source_settings {
    cloud_storage {
      bucket     = google_storage_bucket.raw.name
      match_glob = "ticks/**"
      text_format {}
    }
    platform_logs_settings {
      severity = "WARNING"
    }
  }
}
resource "google_pubsub_topic" "exported" {
  name = "ingestion-exported"
  ingestion_data_source_settings {
    cloud_storage {
      bucket                     = google_storage_bucket.raw.name
      minimum_object_create_time = "2026-01-31T09:15:00Z"
      pubsub_avro_format {}
    }
  }
}
"""

FILLED = Case(
    "pubsub_filled",
    first=_FILLED,
    second=_FILLED.replace("ticks/**", "bars/**").replace("text_format {}", 'text_format {\n delimiter = ";"\n}'),
    updated=frozenset(("google_pubsub_topic.lines",)),
    replaced=(('"user:ann@example.com"', '"user:bob@example.com"', "google_pubsub_schema_iam_member.read"),),
    imports={
        "google_pubsub_topic.lines": "projects/PROJECT/topics/ingestion-lines",
        "google_pubsub_topic.exported": "PROJECT/ingestion-exported",
        "google_pubsub_schema_iam_member.read": "projects/PROJECT/schemas/ingestion-line"
        " roles/pubsub.viewer user:ann@example.com",
    },
)

CASES = [EXPORTS, FILLED]

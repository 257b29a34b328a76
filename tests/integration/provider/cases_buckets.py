"""Buckets, objects in them, and who may read."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case

STORAGE = Case(
    "storage",
    first="""
resource "google_storage_bucket" "plain" {
  name     = "PROJECT-plain"
  location = "asia-south1"
}
resource "google_storage_bucket" "full" {
  name                        = "PROJECT-full"
  location                    = "ASIA-SOUTH1"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true
  labels                      = { subproject = "strategy-engine" }
  versioning {
    enabled = true
  }
  cors {
    origin          = ["https://example.com"]
    method          = ["GET"]
    max_age_seconds = 3600
  }
  lifecycle_rule {
    condition {
      age        = 30
      with_state = "ARCHIVED"
    }
    action {
      type          = "SetStorageClass"
      storage_class = "NEARLINE"
    }
  }
  lifecycle_rule {
    condition {
      num_newer_versions = 3
      matches_prefix     = ["logs/"]
    }
    action {
      type = "Delete"
    }
  }
  logging {
    log_bucket = google_storage_bucket.plain.name
  }
}
resource "google_storage_bucket_object" "config" {
  bucket       = google_storage_bucket.full.name
  name         = "config/trading.yaml"
  content      = "limit: 10\\n"
  content_type = "application/yaml"
}
resource "google_storage_bucket_object" "file" {
  bucket = google_storage_bucket.full.name
  name   = "main.tf"
  source = "${path.module}/main.tf"
}
resource "google_storage_bucket_object" "sealed" {
  bucket  = google_storage_bucket.full.name
  name    = "sealed"
  content = "by a key of the customer's"
  customer_encryption {
    encryption_key = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
  }
}
resource "google_storage_bucket_iam_member" "reader" {
  bucket = google_storage_bucket.full.name
  role   = "roles/storage.objectViewer"
  member = "user:ann@example.com"
}
""",
    second="""
resource "google_storage_bucket" "plain" {
  name          = "PROJECT-plain"
  location      = "ASIA-SOUTH1"
  storage_class = "NEARLINE"
  website {
    main_page_suffix = "index.html"
  }
}
resource "google_storage_bucket" "full" {
  name                        = "PROJECT-full"
  location                    = "ASIA-SOUTH1"
  uniform_bucket_level_access = true
  public_access_prevention    = "inherited"
  force_destroy               = true
  labels                      = { tier = "two" }
  versioning {
    enabled = true
  }
  soft_delete_policy {
    retention_duration_seconds = 0
  }
  lifecycle_rule {
    condition {
      age = 0
      send_age_if_zero = true
      matches_suffix = [".tmp"]
    }
    action {
      type = "Delete"
    }
  }
}
resource "google_storage_bucket_object" "config" {
  bucket       = google_storage_bucket.full.name
  name         = "config/trading.yaml"
  content      = "limit: 20\\n"
  content_type = "application/yaml"
}
resource "google_storage_bucket_object" "file" {
  bucket = google_storage_bucket.full.name
  name   = "main.tf"
  source = "${path.module}/main.tf"
}
resource "google_storage_bucket_object" "sealed" {
  bucket  = google_storage_bucket.full.name
  name    = "sealed"
  content = "by a key of the customer's"
  customer_encryption {
    encryption_key = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
  }
}
resource "google_storage_bucket_iam_member" "reader" {
  bucket = google_storage_bucket.full.name
  role   = "roles/storage.objectViewer"
  member = "user:ann@example.com"
}
""",
    updated=frozenset(
        (
            "google_storage_bucket.plain",
            "google_storage_bucket.full",
            "google_storage_bucket_object.config",
            "google_storage_bucket_object.file",
        )
    ),
    replaced=(("config/trading.yaml", "config/other.yaml", "google_storage_bucket_object.config"),),
    imports={
        "google_storage_bucket.plain": "PROJECT-plain",
        "google_storage_bucket.full": "PROJECT/PROJECT-full",
        "google_storage_bucket_iam_member.reader": "b/PROJECT-full roles/storage.objectViewer user:ann@example.com",
    },
    after_import=LABELS | {"force_destroy", "lifecycle_rule", "project"},
)

CASES = [STORAGE]

"""Data sources of objects: lists of them, and what they hold."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_storage_bucket" "read" {
  name                        = "PROJECT-read"
  location                    = "ASIA-SOUTH1"
  uniform_bucket_level_access = true
}
resource "google_storage_bucket_object" "settings" {
  bucket       = google_storage_bucket.read.name
  name         = "risk/limits.json"
  content      = jsonencode({ gross = 5, name = "größte" })
  content_type = "application/json"
}
resource "google_storage_bucket_object" "note" {
  bucket  = google_storage_bucket.read.name
  name    = "notes.txt"
  content = "canary"
}
data "google_storage_bucket_object_content" "settings" {
  bucket = google_storage_bucket.read.name
  name   = google_storage_bucket_object.settings.name
}
data "google_storage_bucket_object_content" "note" {
  bucket  = google_storage_bucket.read.name
  name    = google_storage_bucket_object.note.name
  content = "something else"
}
data "google_storage_bucket_object_contents" "all" {
  bucket     = google_storage_bucket.read.name
  depends_on = [google_storage_bucket_object.settings, google_storage_bucket_object.note]
}
data "google_storage_bucket_object_contents" "some" {
  bucket     = google_storage_bucket.read.name
  prefix     = "risk/"
  match_glob = "**.json"
  depends_on = [google_storage_bucket_object.settings, google_storage_bucket_object.note]
}
data "google_storage_bucket_objects" "all" {
  bucket     = google_storage_bucket.read.name
  depends_on = [google_storage_bucket_object.settings, google_storage_bucket_object.note]
}
data "google_storage_bucket_objects" "some" {
  bucket     = google_storage_bucket.read.name
  prefix     = "risk/"
  depends_on = [google_storage_bucket_object.settings, google_storage_bucket_object.note]
}
data "google_storage_bucket_objects" "none" {
  bucket     = google_storage_bucket.read.name
  match_glob = "*.csv"
  depends_on = [google_storage_bucket_object.settings, google_storage_bucket_object.note]
}
"""

CASES = [Case("data_objects", first=_FIRST, second=_FIRST)]

"""Data sources that find what is there: channels, datasets and tables, names, tags, repositories."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_CHANNELS = """
resource "google_monitoring_notification_channel" "read" {
  display_name = "Read"
  type         = "email"
  labels       = { email_address = "read@example.com" }
  user_labels  = { team = "readers" }
}
resource "google_monitoring_notification_channel" "other" {
  display_name = "Other"
  type         = "email"
  labels       = { email_address = "other@example.com" }
}
resource "google_monitoring_notification_channel" "secret" {
  display_name = "Secret"
  type         = "slack"
  labels       = { channel_name = "#read" }
  sensitive_labels {
    auth_token = "one-two-three"
  }
}
data "google_monitoring_notification_channel" "secret" {
  type       = google_monitoring_notification_channel.secret.type
  depends_on = [google_monitoring_notification_channel.secret]
}
data "google_monitoring_notification_channel" "called" {
  display_name = google_monitoring_notification_channel.read.display_name
}
data "google_monitoring_notification_channel" "labelled" {
  type        = "email"
  user_labels = google_monitoring_notification_channel.read.user_labels
  labels      = google_monitoring_notification_channel.read.labels
}
data "google_monitoring_notification_channel" "plain" {
  display_name = google_monitoring_notification_channel.other.display_name
  type         = "email"
}
"""
_DATASETS = """
resource "google_bigquery_dataset" "read" {
  dataset_id    = "read"
  friendly_name = "Read"
  location      = "asia-south1"
  labels        = { team = "readers" }
}
resource "google_bigquery_dataset" "plain" {
  dataset_id = "plain"
  location   = "US"
}
resource "google_bigquery_table" "read" {
  dataset_id          = google_bigquery_dataset.read.dataset_id
  table_id            = "read"
  deletion_protection = false
  labels              = { team = "readers" }
  schema              = jsonencode([{ name = "a", type = "STRING" }])
}
resource "google_bigquery_table" "plain" {
  dataset_id          = google_bigquery_dataset.read.dataset_id
  table_id            = "plain"
  deletion_protection = false
  schema              = jsonencode([{ name = "b", type = "INTEGER" }])
}
data "google_bigquery_datasets" "read" {
  depends_on = [google_bigquery_dataset.read, google_bigquery_dataset.plain]
}
data "google_bigquery_datasets" "elsewhere" {
  project    = "PROJECT"
  depends_on = [google_bigquery_dataset.read, google_bigquery_dataset.plain]
}
data "google_bigquery_tables" "read" {
  dataset_id = google_bigquery_dataset.read.dataset_id
  depends_on = [google_bigquery_table.read, google_bigquery_table.plain]
}
data "google_bigquery_tables" "none" {
  dataset_id = google_bigquery_dataset.plain.dataset_id
}
"""
_NAMES = """
resource "google_dns_managed_zone" "read" {
  name     = "read"
  dns_name = "read.example.com."
}
resource "google_dns_managed_zone" "other" {
  name        = "other"
  dns_name    = "other.example.com."
  description = "Another one."
}
resource "google_dns_record_set" "a" {
  managed_zone = google_dns_managed_zone.read.name
  name         = "www.${google_dns_managed_zone.read.dns_name}"
  type         = "A"
  ttl          = 300
  rrdatas      = ["192.0.2.1", "192.0.2.2"]
}
resource "google_dns_record_set" "txt" {
  managed_zone = google_dns_managed_zone.read.name
  name         = "www.${google_dns_managed_zone.read.dns_name}"
  type         = "TXT"
  ttl          = 60
  rrdatas      = ["\\"read\\""]
}
data "google_dns_record_set" "a" {
  managed_zone = google_dns_record_set.a.managed_zone
  name         = google_dns_record_set.a.name
  type         = google_dns_record_set.a.type
}
data "google_dns_record_set" "nowhere" {
  managed_zone = "nowhere"
  name         = "www.read.example.com."
  type         = "A"
}
data "google_dns_record_sets" "all" {
  managed_zone = google_dns_managed_zone.read.name
  depends_on   = [google_dns_record_set.a, google_dns_record_set.txt]
}
data "google_dns_record_sets" "named" {
  managed_zone = google_dns_managed_zone.read.name
  name         = google_dns_record_set.txt.name
  type         = "TXT"
  depends_on   = [google_dns_record_set.a]
}
data "google_dns_record_sets" "of_a_type" {
  managed_zone = google_dns_managed_zone.read.name
  type         = "A"
  depends_on   = [google_dns_record_set.a, google_dns_record_set.txt]
}
data "google_dns_record_sets" "none" {
  managed_zone = google_dns_managed_zone.read.name
  type         = "MX"
}
data "google_dns_managed_zones" "read" {
  depends_on = [google_dns_managed_zone.read, google_dns_managed_zone.other]
}
"""
# One key and one value: they are listed by numbers, which are others in each project.
_TAGS = """
resource "google_tags_tag_key" "read" {
  parent      = "projects/PROJECT"
  short_name  = "read"
  description = "Who reads."
}
resource "google_tags_tag_value" "one" {
  parent     = google_tags_tag_key.read.id
  short_name = "one"
}
data "google_tags_tag_key" "read" {
  parent     = "projects/PROJECT"
  short_name = google_tags_tag_key.read.short_name
}
data "google_tags_tag_keys" "read" {
  parent     = "projects/PROJECT"
  depends_on = [google_tags_tag_key.read]
}
data "google_tags_tag_value" "one" {
  parent     = google_tags_tag_key.read.id
  short_name = google_tags_tag_value.one.short_name
}
data "google_tags_tag_values" "read" {
  parent     = google_tags_tag_key.read.id
  depends_on = [google_tags_tag_value.one]
}
"""
_REPOSITORIES = """
resource "google_artifact_registry_repository" "read" {
  location      = "asia-south1"
  repository_id = "read"
  format        = "DOCKER"
  description   = "Read."
}
resource "google_artifact_registry_repository" "plain" {
  location      = "asia-south1"
  repository_id = "plain"
  format        = "MAVEN"
}
data "google_artifact_registry_repositories" "all" {
  location   = "asia-south1"
  depends_on = [google_artifact_registry_repository.read, google_artifact_registry_repository.plain]
}
data "google_artifact_registry_repositories" "named" {
  location    = "asia-south1"
  name_filter = "re*"
  depends_on  = [google_artifact_registry_repository.read, google_artifact_registry_repository.plain]
}
data "google_artifact_registry_repositories" "none" {
  location = "europe-west1"
}
"""
CASES = [
    Case("read channels", first=_CHANNELS, second=_CHANNELS),
    Case("read datasets", first=_DATASETS, second=_DATASETS),
    Case("read names", first=_NAMES, second=_NAMES),
    Case("read tags", first=_TAGS, second=_TAGS),
    Case("read repositories", first=_REPOSITORIES, second=_REPOSITORIES),
]

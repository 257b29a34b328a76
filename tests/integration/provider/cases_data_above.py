"""Data sources of organizations, of what is above a project, of billing accounts, roles and logs."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_ABOVE = """
resource "google_folder" "above" {
  display_name        = "ancestry-PROJECT"
  parent              = "organizations/281475"
  deletion_protection = false
}
resource "google_project" "below" {
  name            = "below"
  project_id      = "b-PROJECT"
  folder_id       = google_folder.above.name
  billing_account = "012345-6789AB-CDEF01"
  deletion_policy = "DELETE"
}
data "google_project_ancestry" "below" {
  project = google_project.below.project_id
}
data "google_project_ancestry" "alone" {
}
data "google_organization" "other" {
  domain = "read.example.org"
}
data "google_organizations" "domain" {
  filter     = "domain:read.example.org"
  depends_on = [data.google_organization.other]
}
data "google_organizations" "customer" {
  filter = "owner.directoryCustomerId:${data.google_organization.other.directory_customer_id}"
}
data "google_organizations" "none" {
  filter = "domain=nobody.invalid"
}
data "google_billing_account" "number" {
  billing_account = google_project.below.billing_account
  open            = true
  lookup_projects = false
}
data "google_billing_account" "unused" {
  billing_account = "billingAccounts/FEDCBA-987654-3210FE"
}
data "google_billing_account" "called" {
  display_name    = google_project.below.billing_account
  lookup_projects = false
}
resource "google_project_iam_custom_role" "reader" {
  role_id     = "reader"
  title       = "Reader"
  description = "Who reads."
  stage       = "GA"
  permissions = ["storage.buckets.get", "storage.objects.get"]
}
data "google_project_iam_custom_roles" "basic" {
  depends_on = [google_project_iam_custom_role.reader]
}
data "google_project_iam_custom_roles" "full" {
  view         = "FULL"
  show_deleted = true
  depends_on   = [google_project_iam_custom_role.reader]
}
data "google_organization_iam_custom_roles" "none" {
  org_id = "281499"
}
"""
_LOGS = """
resource "google_logging_project_bucket_config" "read" {
  project        = "PROJECT"
  location       = "global"
  bucket_id      = "read"
  retention_days = 30
}
resource "google_logging_log_view" "read" {
  name        = "read"
  bucket      = google_logging_project_bucket_config.read.id
  description = "Read."
  filter      = "LOG_ID(\\"stdout\\")"
}
data "google_logging_log_view" "read" {
  parent   = "projects/PROJECT"
  location = "global"
  bucket   = "read"
  name     = google_logging_log_view.read.name
}
resource "google_bigquery_dataset" "read" {
  dataset_id = "read"
  location   = "asia-south1"
}
resource "google_logging_project_sink" "read" {
  name        = "read"
  destination = "bigquery.googleapis.com/${google_bigquery_dataset.read.id}"
  filter      = "severity >= ERROR"
  bigquery_options {
    use_partitioned_tables = true
  }
  exclusions {
    name   = "noise"
    filter = "severity = DEBUG"
  }
}
data "google_logging_sink" "read" {
  id = google_logging_project_sink.read.id
}
data "google_logging_sink" "default" {
  id = "projects/PROJECT/sinks/_Default"
}
data "google_logging_project_settings" "read" {
  project = "PROJECT"
}
data "google_logging_project_cmek_settings" "read" {
  project = "PROJECT"
}
data "google_logging_folder_settings" "read" {
  folder = "281475"
}
resource "google_logging_organization_settings" "read" {
  organization         = "281477"
  disable_default_sink = true
  storage_location     = "asia-south1"
}
data "google_logging_organization_settings" "read" {
  organization = google_logging_organization_settings.read.organization
}
"""
CASES = [
    Case("read what is above", first=_ABOVE, second=_ABOVE, stays="Requested entity already exists"),
    Case("read logs", first=_LOGS, second=_LOGS),
]

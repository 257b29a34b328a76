"""Service accounts, APIs, and grants on a project and on accounts."""

from __future__ import annotations

from tests.integration.provider.cases import Case

IDENTITY = Case(
    "identity",
    first="""
resource "google_project_service" "run" {
  service            = "run.googleapis.com"
  disable_on_destroy = false
}
resource "google_service_account" "a" {
  account_id   = "strategy-engine"
  display_name = "Strategy engine"
}
resource "google_service_account" "b" {
  account_id = "risk-manager"
}
resource "google_service_account_iam_member" "actas" {
  service_account_id = google_service_account.a.name
  role               = "roles/iam.serviceAccountUser"
  member             = "user:Ann@example.com"
}
resource "google_project_iam_member" "jobs" {
  project = "PROJECT"
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.a.member
}
resource "google_project_iam_member" "conditional" {
  project = "PROJECT"
  role    = "roles/storage.objectViewer"
  member  = google_service_account.a.member
  condition {
    title      = "reports-only"
    expression = "resource.name.startsWith(\\"projects/_/buckets/atm/objects/reports/\\")"
  }
}
""",
    second="""
resource "google_project_service" "run" {
  service            = "run.googleapis.com"
  disable_on_destroy = true
}
resource "google_service_account" "a" {
  account_id  = "strategy-engine"
  description = "Trades"
}
resource "google_service_account" "b" {
  account_id = "risk-manager"
  disabled   = true
}
resource "google_service_account_iam_member" "actas" {
  service_account_id = google_service_account.a.name
  role               = "roles/iam.serviceAccountUser"
  member             = "user:ann@example.com"
}
resource "google_project_iam_member" "jobs" {
  project = "PROJECT"
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.a.member
}
resource "google_project_iam_member" "conditional" {
  project = "PROJECT"
  role    = "roles/storage.objectViewer"
  member  = google_service_account.a.member
  condition {
    title      = "reports-only"
    expression = "resource.name.startsWith(\\"projects/_/buckets/atm/objects/reports/\\")"
  }
}
""",
    updated=frozenset(("google_project_service.run", "google_service_account.a", "google_service_account.b")),
    replaced=(
        ('"roles/bigquery.jobUser"', '"roles/bigquery.user"', "google_project_iam_member.jobs"),
        ('title      = "reports-only"', 'title      = "reports"', "google_project_iam_member.conditional"),
        ('"user:ann@example.com"', '"user:bob@example.com"', "google_service_account_iam_member.actas"),
    ),
    imports={
        "google_project_service.run": "PROJECT/run.googleapis.com",
        "google_service_account.a": "strategy-engine@PROJECT.iam.gserviceaccount.com",
        "google_service_account_iam_member.actas": "projects/PROJECT/serviceAccounts/strategy-engine@PROJECT"
        ".iam.gserviceaccount.com roles/iam.serviceAccountUser user:ann@example.com",
        "google_project_iam_member.jobs": "PROJECT roles/bigquery.jobUser serviceAccount:strategy-engine@PROJECT"
        ".iam.gserviceaccount.com",
        "google_project_iam_member.conditional": "PROJECT roles/storage.objectViewer serviceAccount:"
        "strategy-engine@PROJECT.iam.gserviceaccount.com reports-only",
    },
    after_import=frozenset(("disable_on_destroy",)),
)

CASES = [IDENTITY]

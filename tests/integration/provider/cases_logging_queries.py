"""Cloud Logging: scopes, saved queries, and settings of what is above projects."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

QUERIES = Case(
    "logging-queries",
    first="""
resource "google_logging_log_scope" "desk" {
  parent         = "projects/PROJECT"
  location       = "global"
  name           = "desk"
  resource_names = ["projects/PROJECT", "projects/PROJECT-other"]
  description    = "Both of them"
}
resource "google_logging_log_scope" "named" {
  name           = "projects/PROJECT/locations/global/logScopes/named"
  resource_names = ["projects/PROJECT/locations/global/buckets/_Default/views/_AllLogs"]
}
resource "google_logging_saved_query" "errors" {
  name         = "errors"
  parent       = "projects/PROJECT"
  location     = "global"
  display_name = "Errors"
  description  = "What went wrong"
  visibility   = "SHARED"
  logging_query {
    filter              = "severity>=ERROR"
    summary_field_start = 10
    summary_fields {
      field = "jsonPayload.message"
    }
    summary_fields {
      field = "labels.market"
    }
  }
}
resource "google_logging_saved_query" "sql" {
  name         = "sql"
  parent       = "projects/PROJECT"
  location     = "global"
  display_name = "Counts"
  visibility   = "PRIVATE"
  ops_analytics_query {
    sql_query_text = "SELECT severity, COUNT(*) FROM entries GROUP BY severity"
  }
}
resource "google_logging_folder_settings" "folder" {
  folder               = "281474021"
  storage_location     = "europe-west2"
  disable_default_sink = true
}
resource "google_logging_organization_settings" "organization" {
  organization     = "281474022"
  storage_location = "asia-south1"
}
""",
    replaced=(
        ('name           = "desk"', 'name = "desks"', "google_logging_log_scope.desk"),
        ('name         = "sql"', 'name = "counts"', "google_logging_saved_query.sql"),
        ('folder               = "281474021"', 'folder = "281474023"', "google_logging_folder_settings.folder"),
    ),
    imports={
        "google_logging_log_scope.desk": "projects/PROJECT/locations/global/logScopes/desk",
        "google_logging_saved_query.errors": "projects/PROJECT/locations/global/savedQueries/errors",
        "google_logging_folder_settings.folder": "folders/281474021/settings",
        "google_logging_organization_settings.organization": "281474022",
    },
)
CASES = [
    edited(
        QUERIES,
        (', "projects/PROJECT-other"]', "]"),
        ('  description    = "Both of them"\n', ""),
        ("severity>=ERROR", "severity>=CRITICAL"),
        ("summary_field_start = 10", "summary_field_end = 20"),
        ('visibility   = "PRIVATE"', 'visibility = "SHARED"'),
        ("disable_default_sink = true", "disable_default_sink = false"),
        ('storage_location     = "europe-west2"', 'storage_location = "europe-west3"'),
        updated={
            "google_logging_log_scope.desk",
            "google_logging_saved_query.errors",
            "google_logging_saved_query.sql",
            "google_logging_folder_settings.folder",
        },
    ),
]

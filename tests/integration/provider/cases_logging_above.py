"""Logging above a project: sinks, buckets and exclusions of a folder, an organization and a billing account."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_logging_folder_sink" "audit" {
  name             = "PROJECT"
  folder           = "folders/281474011"
  destination      = "storage.googleapis.com/PROJECT-audit"
  filter           = "severity>=WARNING"
  include_children = true
}
resource "google_logging_organization_sink" "audit" {
  name        = "PROJECT"
  org_id      = "281474012"
  destination = "bigquery.googleapis.com/projects/PROJECT/datasets/audit"
  bigquery_options {
    use_partitioned_tables = true
  }
}
resource "google_logging_billing_account_sink" "audit" {
  name            = "PROJECT"
  billing_account = "0A0B0C-0A0B0C-00000A"
  destination     = "pubsub.googleapis.com/projects/PROJECT/topics/audit"
  exclusions {
    name   = "debug"
    filter = "severity<INFO"
  }
}
resource "google_logging_folder_bucket_config" "default" {
  folder         = "folders/281474011"
  location       = "global"
  bucket_id      = "_Default"
  retention_days = 10
}
resource "google_logging_project_exclusion" "debug" {
  name   = "debug"
  filter = "severity<INFO"
}
resource "google_logging_folder_exclusion" "debug" {
  name   = "PROJECT"
  folder = "folders/281474011"
  filter = "severity<INFO"
}
resource "google_logging_organization_exclusion" "debug" {
  name   = "PROJECT"
  org_id = "281474012"
  filter = "severity<INFO"
}
resource "google_logging_billing_account_exclusion" "debug" {
  name            = "PROJECT"
  billing_account = "0A0B0C-0A0B0C-00000A"
  filter          = "severity<INFO"
}
"""
_OTHERS = """
resource "google_logging_organization_bucket_config" "default" {
  organization   = "organizations/281474012"
  location       = "global"
  bucket_id      = "_Default"
  retention_days = 12
}
resource "google_logging_billing_account_bucket_config" "default" {
  billing_account = "billingAccounts/0A0B0C-0A0B0C-00000A"
  location        = "global"
  bucket_id       = "_Default"
  description     = "All of it"
}
"""
_KINDS = ("folder", "organization", "billing_account")

CASES = [
    Case(
        "logging-above",
        first=_FIRST + _OTHERS,
        second=(_FIRST + _OTHERS)
        .replace('filter           = "severity>=WARNING"', 'filter = "severity>=ERROR"\n  disabled = true')
        .replace("use_partitioned_tables = true", "use_partitioned_tables = false")
        .replace("exclusions {", 'description = "Audit"\n  exclusions {')
        .replace('"severity<INFO"\n}', '"severity<NOTICE"\n  description = "Noise"\n}')
        .replace("retention_days = 10", "retention_days = 20")
        .replace("retention_days = 12", "retention_days = 24")
        .replace("All of it", "Nearly all"),
        updated=frozenset(
            [f"google_logging_{kind}_sink.audit" for kind in _KINDS]
            + [f"google_logging_{kind}_bucket_config.default" for kind in _KINDS]
            + [f"google_logging_{kind}_exclusion.debug" for kind in (*_KINDS, "project")]
        ),
        replaced=(
            ('name             = "PROJECT"', 'name = "PROJECT-2"', "google_logging_folder_sink.audit"),
            (
                'name   = "debug"\n  filter = "severity<NOTICE"',
                'name   = "noise"\n  filter = "severity<NOTICE"',
                "google_logging_project_exclusion.debug",
            ),
            (
                'billing_account = "0A0B0C-0A0B0C-00000A"\n  destination',
                'billing_account = "0A0B0C-0A0B0C-00000B"\n  destination',
                "google_logging_billing_account_sink.audit",
            ),
        ),
        imports={
            "google_logging_folder_sink.audit": "folders/281474011/sinks/PROJECT",
            "google_logging_organization_sink.audit": "organizations/281474012/sinks/PROJECT",
            "google_logging_billing_account_sink.audit": "billingAccounts/0A0B0C-0A0B0C-00000A/sinks/PROJECT",
            "google_logging_folder_bucket_config.default": "folders/281474011/locations/global/buckets/_Default",
            "google_logging_project_exclusion.debug": "projects/PROJECT/exclusions/debug",
            "google_logging_folder_exclusion.debug": "folders/281474011/exclusions/PROJECT",
            "google_logging_organization_exclusion.debug": "organizations/281474012/exclusions/PROJECT",
            "google_logging_billing_account_exclusion.debug": "billingAccounts/0A0B0C-0A0B0C-00000A/exclusions/PROJECT",
        },
    )
]

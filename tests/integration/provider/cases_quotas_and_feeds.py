"""Feeds above projects, quotas that are preferred, and what is added to a service perimeter one by one."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FEEDS = """
resource "google_folder" "fed" {
  display_name        = "fed-PROJECT"
  parent              = "organizations/281475"
  deletion_protection = false
}
resource "google_pubsub_topic" "changes" {
  name = "changes"
}
resource "google_cloud_asset_folder_feed" "buckets" {
  billing_project = "PROJECT"
  folder          = google_folder.fed.folder_id
  feed_id         = "buckets"
  content_type    = "RESOURCE"
  asset_types     = ["storage.googleapis.com/Bucket"]
  feed_output_config {
    pubsub_destination {
      topic = google_pubsub_topic.changes.id
    }
  }
  condition {
    expression = "!temporal_asset.deleted"
    title      = "there"
  }
}
resource "google_cloud_asset_organization_feed" "buckets" {
  billing_project = "PROJECT"
  org_id          = "281475"
  feed_id         = "feed-PROJECT"
  content_type    = "IAM_POLICY"
  asset_types     = ["storage.googleapis.com/Bucket"]
  feed_output_config {
    pubsub_destination {
      topic = google_pubsub_topic.changes.id
    }
  }
}
"""
_QUOTAS = """
resource "google_cloud_quotas_quota_preference" "cpus" {
  parent        = "projects/PROJECT"
  name          = "cpus"
  service       = "compute.googleapis.com"
  quota_id      = "CPUS-per-project-region"
  dimensions    = { region = "asia-south1" }
  contact_email = "ann@example.com"
  justification = "More of them"
  quota_config {
    preferred_value = 200
    annotations     = { of = "cpus" }
  }
}
"""
_INSIDE = """
resource "google_folder" "kept" {
  display_name        = "inside-PROJECT"
  parent              = "organizations/281475"
  deletion_protection = false
}
resource "google_access_context_manager_access_policy" "kept" {
  parent = "organizations/281475"
  title  = "Kept in"
  scopes = [google_folder.kept.name]
}
locals {
  policy = "accessPolicies/${google_access_context_manager_access_policy.kept.name}"
}
resource "google_access_context_manager_service_perimeter" "inside" {
  parent                    = local.policy
  name                      = "${local.policy}/servicePerimeters/inside"
  title                     = "Inside"
  use_explicit_dry_run_spec = true
  status {
    restricted_services = ["storage.googleapis.com"]
  }
  spec {
    restricted_services = ["storage.googleapis.com"]
  }
  lifecycle {
    ignore_changes = [status[0].resources, spec[0].resources]
  }
}
resource "google_access_context_manager_service_perimeter_resource" "this" {
  perimeter_name = google_access_context_manager_service_perimeter.inside.name
  resource       = "//compute.googleapis.com/projects/PROJECT/global/networks/inside"
}
resource "google_access_context_manager_service_perimeter_dry_run_resource" "this" {
  perimeter_name = google_access_context_manager_service_perimeter.inside.name
  resource       = "//compute.googleapis.com/projects/PROJECT/global/networks/inside"
}
"""
CASES = [
    Case(
        "feeds above projects",
        first=_FEEDS,
        second=_FEEDS.replace('"IAM_POLICY"', '"ORG_POLICY"').replace('"there"', '"still there"'),
        updated=frozenset(("google_cloud_asset_folder_feed.buckets", "google_cloud_asset_organization_feed.buckets")),
        replaced=(('"buckets"\n  content', '"others"\n  content', "google_cloud_asset_folder_feed.buckets"),),
    ),
    Case(
        "quota preferences",
        first=_QUOTAS,
        second=_QUOTAS.replace("200", "300").replace("More of them", "Many more"),
        updated=frozenset(("google_cloud_quotas_quota_preference.cpus",)),
        imports={
            "google_cloud_quotas_quota_preference.cpus": "projects/PROJECT/locations/global/quotaPreferences/cpus"
        },
        after_import=frozenset(("quota_config", "ignore_safety_checks", "justification", "contact_email", "parent")),
        stays="already exists",
    ),
    Case("perimeter resources", first=_INSIDE, second=_INSIDE),
]

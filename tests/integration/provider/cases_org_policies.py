"""Organization policies by the older types, constraints that people write, and audit logs, above projects too."""

from __future__ import annotations

from tests.integration.provider.cases import Case

# An organization may have any number here: each walk has one of its own.
_FIRST = """
resource "google_project_organization_policy" "keys" {
  project    = "PROJECT"
  constraint = "iam.disableServiceAccountKeyCreation"
  boolean_policy {
    enforced = true
  }
}
resource "google_project_organization_policy" "images" {
  project    = "PROJECT"
  constraint = "constraints/compute.trustedImageProjects"
  list_policy {
    allow {
      values = ["projects/debian-cloud"]
    }
  }
}
resource "google_project_organization_policy" "restored" {
  project    = "PROJECT"
  constraint = "compute.vmExternalIpAccess"
  restore_policy {
    default = true
  }
}
resource "google_folder" "team" {
  display_name        = "policies-PROJECT"
  parent              = "organizations/281475"
  deletion_protection = false
}
resource "google_folder_organization_policy" "services" {
  folder     = google_folder.team.name
  constraint = "serviceuser.services"
  list_policy {
    inherit_from_parent = true
    deny {
      values = ["cloudresourcemanager.googleapis.com", "compute.googleapis.com"]
    }
  }
}
resource "google_organization_policy" "outside" {
  org_id     = google_folder.team.folder_id
  constraint = "compute.vmExternalIpAccess"
  list_policy {
    deny {
      all = true
    }
  }
}
resource "google_org_policy_custom_constraint" "small" {
  name           = "custom.smallMachines"
  parent         = "organizations/${google_folder.team.folder_id}"
  display_name   = "Small machines"
  description    = "No machine is large"
  action_type    = "ALLOW"
  condition      = "resource.machineType.contains('/e2-')"
  method_types   = ["CREATE", "UPDATE"]
  resource_types = ["compute.googleapis.com/Instance"]
}
resource "google_folder_iam_audit_config" "all" {
  folder  = google_folder.team.name
  service = "allServices"
  audit_log_config {
    log_type = "ADMIN_READ"
  }
  audit_log_config {
    log_type         = "DATA_READ"
    exempted_members = ["user:ann@example.com"]
  }
}
resource "google_organization_iam_audit_config" "storage" {
  org_id  = google_folder.team.folder_id
  service = "storage.googleapis.com"
  audit_log_config {
    log_type = "DATA_WRITE"
  }
}
"""
CASES = [
    Case(
        "organization policies",
        first=_FIRST,
        second=_FIRST.replace("enforced = true", "enforced = false")
        .replace('["projects/debian-cloud"]', '["projects/debian-cloud", "projects/cos-cloud"]')
        .replace("No machine is large", "None is large")
        .replace('"ALLOW"', '"DENY"')
        .replace("ADMIN_READ", "DATA_WRITE")
        .replace('log_type = "DATA_WRITE"\n  }\n}', 'log_type = "DATA_READ"\n  }\n}')
        .replace("inherit_from_parent = true", "inherit_from_parent = false")
        .replace("deny {\n      all = true", "allow {\n      all = true"),
        updated=frozenset(
            (
                "google_org_policy_custom_constraint.small",
                "google_folder_iam_audit_config.all",
                "google_organization_iam_audit_config.storage",
                "google_project_organization_policy.keys",
                "google_project_organization_policy.images",
                "google_folder_organization_policy.services",
                "google_organization_policy.outside",
            )
        ),
        replaced=(
            (
                '"iam.disableServiceAccountKeyCreation"',
                '"iam.disableServiceAccountKeyUpload"',
                "google_project_organization_policy.keys",
            ),
        ),
        imports={
            "google_project_organization_policy.images": "PROJECT:constraints/compute.trustedImageProjects",
        },
    )
]

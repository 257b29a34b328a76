"""Organization policies by the older types, of a project, a folder and an organization."""

from __future__ import annotations

from tests.integration.provider.cases import Case

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
  org_id     = "281476"
  constraint = "compute.vmExternalIpAccess"
  list_policy {
    deny {
      all = true
    }
  }
}
"""
CASES = [
    Case(
        "organization policies",
        first=_FIRST,
        second=_FIRST.replace("enforced = true", "enforced = false")
        .replace('["projects/debian-cloud"]', '["projects/debian-cloud", "projects/cos-cloud"]')
        .replace("inherit_from_parent = true", "inherit_from_parent = false")
        .replace("deny {\n      all = true", "allow {\n      all = true"),
        updated=frozenset(
            (
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
            "google_organization_policy.outside": "281476/compute.vmExternalIpAccess",
        },
    )
]

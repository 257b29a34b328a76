"""Privileged Access Manager's entitlements, and Cloud Identity's groups."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

_FIRST = """
resource "google_privileged_access_manager_entitlement" "asked" {
  entitlement_id       = "read-prices"
  location             = "global"
  parent               = "projects/PROJECT"
  max_request_duration = "7200s"
  eligible_users {
    principals = ["user:ana@example.com", "group:ops@example.com"]
  }
  privileged_access {
    gcp_iam_access {
      resource      = "//cloudresourcemanager.googleapis.com/projects/PROJECT"
      resource_type = "cloudresourcemanager.googleapis.com/Project"
      role_bindings {
        role                 = "roles/storage.admin"
        condition_expression = "request.time < timestamp(\\"2030-01-01T00:00:00Z\\")"
      }
      role_bindings {
        role = "roles/bigquery.dataViewer"
      }
    }
  }
  requester_justification_config {
    unstructured {}
  }
  additional_notification_targets {
    admin_email_recipients     = ["boss@example.com"]
    requester_email_recipients = ["ana@example.com"]
  }
  approval_workflow {
    manual_approvals {
      require_approver_justification = true
      steps {
        approvals_needed          = 1
        approver_email_recipients = ["boss@example.com"]
        approvers {
          principals = ["group:bosses@example.com"]
        }
      }
    }
  }
}
resource "google_privileged_access_manager_entitlement" "above" {
  entitlement_id       = "read-all-PROJECT"
  location             = "global"
  parent               = "folders/4242"
  max_request_duration = "3600s"
  eligible_users {
    principals = ["user:ana@example.com"]
  }
  privileged_access {
    gcp_iam_access {
      resource      = "//cloudresourcemanager.googleapis.com/folders/4242"
      resource_type = "cloudresourcemanager.googleapis.com/Folder"
      role_bindings {
        role = "roles/resourcemanager.folderViewer"
      }
    }
  }
  requester_justification_config {
    not_mandatory {}
  }
}
data "google_privileged_access_manager_entitlement" "above" {
  parent         = "folders/4242"
  location       = "global"
  entitlement_id = google_privileged_access_manager_entitlement.above.entitlement_id
}
"""
_GROUPS = """
resource "google_cloud_identity_group" "traders" {
  parent       = "customers/C0abc123"
  display_name = "Traders"
  description  = "Who trades"
  group_key {
    id = "traders-PROJECT@example.com"
  }
  labels = { "cloudidentity.googleapis.com/groups.discussion_forum" = "" }
}
resource "google_cloud_identity_group" "all" {
  parent               = "customers/C0abc123"
  initial_group_config = "WITH_INITIAL_OWNER"
  group_key {
    id = "all-PROJECT@example.com"
  }
  labels = { "cloudidentity.googleapis.com/groups.discussion_forum" = "" }
}
resource "google_cloud_identity_group_membership" "ana" {
  group = google_cloud_identity_group.traders.id
  preferred_member_key {
    id = "ana@example.com"
  }
  roles {
    name = "MEMBER"
  }
  roles {
    name = "MANAGER"
  }
}
resource "google_cloud_identity_group_membership" "bo" {
  group                        = google_cloud_identity_group.traders.id
  create_ignore_already_exists = true
  preferred_member_key {
    id = "bo@example.com"
  }
  roles {
    name = "MEMBER"
    expiry_detail {
      expire_time = "2035-01-01T00:00:00Z"
    }
  }
}
resource "google_cloud_identity_group_membership" "inner" {
  group = google_cloud_identity_group.all.id
  preferred_member_key {
    id = google_cloud_identity_group.traders.group_key[0].id
  }
  roles {
    name = "MEMBER"
  }
}
"""
_READ = """
resource "google_cloud_identity_group" "seen" {
  parent = "identitysources/${replace("PROJECT", "-", "_")}"
  group_key {
    id        = "seen@example.com"
    namespace = "identitysources/${replace("PROJECT", "-", "_")}"
  }
  labels = { "cloudidentity.googleapis.com/groups.discussion_forum" = "" }
}
resource "google_cloud_identity_group_membership" "seen" {
  group = google_cloud_identity_group.seen.id
  preferred_member_key {
    id = "ana@example.com"
  }
  roles {
    name = "MEMBER"
  }
}
data "google_cloud_identity_group_lookup" "seen" {
  group_key {
    id        = google_cloud_identity_group.seen.group_key[0].id
    namespace = google_cloud_identity_group.seen.group_key[0].namespace
  }
}
data "google_cloud_identity_groups" "seen" {
  parent     = google_cloud_identity_group.seen.parent
  depends_on = [google_cloud_identity_group.seen]
}
data "google_cloud_identity_group_memberships" "seen" {
  group      = google_cloud_identity_group.seen.id
  depends_on = [google_cloud_identity_group_membership.seen]
}
data "google_cloud_identity_group_transitive_memberships" "seen" {
  group      = google_cloud_identity_group.seen.id
  depends_on = [google_cloud_identity_group_membership.seen]
}
resource "google_project_iam_member" "seen" {
  project = "PROJECT"
  role    = "roles/viewer"
  member  = "group:${google_cloud_identity_group.seen.group_key[0].id}"
}
"""
CASES = [
    edited(
        Case(
            "privileged_access",
            first=_FIRST,
            replaced=(
                ('"read-prices"', '"write-prices"', "google_privileged_access_manager_entitlement.asked"),
                ('"folders/4242"', '"folders/4243"', "google_privileged_access_manager_entitlement.above"),
            ),
            imports={
                "google_privileged_access_manager_entitlement.asked": (
                    "projects/PROJECT/locations/global/entitlements/read-prices"
                ),
                "google_privileged_access_manager_entitlement.above": (
                    "folders/4242/locations/global/entitlements/read-all-PROJECT"
                ),
            },
        ),
        ('"7200s"', '"10800s"'),
        ('"group:ops@example.com"', '"group:desk@example.com"'),
        ('"roles/bigquery.dataViewer"', '"roles/bigquery.dataEditor"'),
        ("unstructured {}", "not_mandatory {}"),
        ('["boss@example.com"]\n    requester', '["chief@example.com"]\n    requester'),
        ('"group:bosses@example.com"', '"group:chiefs@example.com"'),
        updated={"google_privileged_access_manager_entitlement.asked"},
    ),
    edited(
        Case(
            "cloud_identity",
            first=_GROUPS,
            replaced=(
                ('"WITH_INITIAL_OWNER"', '"EMPTY"', "google_cloud_identity_group.all"),
                ('"ana@example.com"', '"eve@example.com"', "google_cloud_identity_group_membership.ana"),
            ),
        ),
        ('"Traders"', '"All traders"'),
        ('"Who trades"', '"Who trades here"'),
        ('    name = "MANAGER"', '    name = "OWNER"'),
        ("2035-01-01", "2036-01-01"),
        updated={
            "google_cloud_identity_group.traders",
            "google_cloud_identity_group_membership.ana",
            "google_cloud_identity_group_membership.bo",
        },
    ),
    Case(
        "cloud_identity_read",
        first=_READ,
        second=_READ,
        replaced=(("seen@example.com", "told@example.com", "google_cloud_identity_group.seen"),),
    ),
]

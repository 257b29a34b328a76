"""Access policies with their levels and perimeters."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_folder" "kept" {
  display_name        = "kept-PROJECT"
  parent              = "organizations/281475"
  deletion_protection = false
}
resource "google_access_context_manager_access_policy" "kept" {
  parent = "organizations/281475"
  title  = "Kept in"
  scopes = [google_folder.kept.name]
}
resource "google_access_context_manager_access_policy_iam_member" "editor" {
  name   = google_access_context_manager_access_policy.kept.name
  role   = "roles/accesscontextmanager.policyEditor"
  member = "user:ann@example.com"
}
resource "google_access_context_manager_access_level" "office" {
  parent = "accessPolicies/${google_access_context_manager_access_policy.kept.name}"
  name   = "accessPolicies/${google_access_context_manager_access_policy.kept.name}/accessLevels/office"
  title  = "The office"
  basic {
    conditions {
      ip_subnetworks = ["198.51.100.0/24"]
      regions        = ["IN"]
    }
    conditions {
      members = ["user:ann@example.com"]
      negate  = true
    }
  }
}
resource "google_access_context_manager_access_level" "said" {
  parent      = google_access_context_manager_access_level.office.parent
  name        = "${google_access_context_manager_access_level.office.parent}/accessLevels/said"
  title       = "In words"
  description = "An expression"
  custom {
    expr {
      expression = "device.os_type == OsType.DESKTOP_CHROME_OS"
    }
  }
}
resource "google_access_context_manager_service_perimeter" "inside" {
  parent                    = google_access_context_manager_access_level.office.parent
  name                      = "${google_access_context_manager_access_level.office.parent}/servicePerimeters/inside"
  title                     = "Inside"
  use_explicit_dry_run_spec = true
  status {
    restricted_services = ["bigquery.googleapis.com", "storage.googleapis.com"]
    access_levels       = [google_access_context_manager_access_level.office.name]
    vpc_accessible_services {
      enable_restriction = true
      allowed_services   = ["RESTRICTED-SERVICES"]
    }
    ingress_policies {
      title = "From the office"
      ingress_from {
        identity_type = "ANY_IDENTITY"
        sources {
          access_level = google_access_context_manager_access_level.office.name
        }
      }
      ingress_to {
        resources = ["*"]
        operations {
          service_name = "bigquery.googleapis.com"
          method_selectors {
            method = "*"
          }
        }
      }
    }
    egress_policies {
      egress_from {
        identities = ["user:ann@example.com"]
      }
      egress_to {
        resources = ["projects/1234"]
        operations {
          service_name = "storage.googleapis.com"
          method_selectors {
            method = "google.storage.objects.create"
          }
        }
      }
    }
  }
  spec {
    restricted_services = ["bigquery.googleapis.com"]
  }
}
resource "google_access_context_manager_service_perimeter" "bridge" {
  parent         = google_access_context_manager_access_level.office.parent
  name           = "${google_access_context_manager_access_level.office.parent}/servicePerimeters/bridge"
  title          = "Between"
  perimeter_type = "PERIMETER_TYPE_BRIDGE"
}
"""
CASES = [
    Case(
        "access context",
        first=_FIRST,
        second=_FIRST.replace('"Kept in"', '"Kept inside"')
        .replace('["198.51.100.0/24"]', '["198.51.100.0/24", "203.0.113.0/24"]')
        .replace("OsType.DESKTOP_CHROME_OS", "OsType.DESKTOP_MAC")
        .replace('"From the office"', '"From there"')
        .replace('"Between"', '"In between"'),
        updated=frozenset(
            (
                "google_access_context_manager_access_policy.kept",
                "google_access_context_manager_access_level.office",
                "google_access_context_manager_access_level.said",
                "google_access_context_manager_service_perimeter.inside",
                "google_access_context_manager_service_perimeter.bridge",
            )
        ),
        replaced=(
            (
                "servicePerimeters/bridge",
                "servicePerimeters/other",
                "google_access_context_manager_service_perimeter.bridge",
            ),
            ("accessLevels/said", "accessLevels/told", "google_access_context_manager_access_level.said"),
        ),
        imports={},
    )
]

"""Folders, projects, liens, tags, organization policies and contacts."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_folder" "team" {
  display_name        = "Team PROJECT"
  parent              = "organizations/281475"
  deletion_protection = false
}
resource "google_folder" "inner" {
  display_name        = "Inner"
  parent              = google_folder.team.name
  deletion_protection = false
}
resource "google_tags_tag_key" "env" {
  parent      = google_folder.team.parent
  short_name  = "env-PROJECT"
  description = "Where it runs"
}
resource "google_tags_tag_key" "own" {
  parent     = "projects/PROJECT"
  short_name = "own"
}
resource "google_tags_tag_value" "prod" {
  parent     = google_tags_tag_key.env.id
  short_name = "prod"
}
resource "google_tags_tag_key_iam_member" "reader" {
  tag_key = google_tags_tag_key.env.name
  role    = "roles/resourcemanager.tagViewer"
  member  = "user:ann@example.com"
}
resource "google_tags_tag_value_iam_binding" "users" {
  tag_value = google_tags_tag_value.prod.id
  role      = "roles/resourcemanager.tagUser"
  members   = ["user:ann@example.com"]
}
data "google_project" "of_the_lien" {
  project_id = "PROJECT"
}
resource "google_resource_manager_lien" "kept" {
  parent       = "projects/${data.google_project.of_the_lien.number}"
  restrictions = ["resourcemanager.projects.delete"]
  origin       = "a-test"
  reason       = "It is used"
}
resource "google_essential_contacts_contact" "ann" {
  parent                              = "projects/PROJECT"
  email                               = "ann@example.com"
  language_tag                        = "en"
  notification_category_subscriptions = ["SECURITY"]
}
resource "google_org_policy_policy" "keys" {
  name   = "projects/PROJECT/policies/iam.disableServiceAccountKeyCreation"
  parent = "projects/PROJECT"
  spec {
    rules {
      enforce = "TRUE"
    }
  }
}
resource "google_org_policy_policy" "places" {
  name   = "gcp.resourceLocations"
  parent = "projects/PROJECT"
  spec {
    inherit_from_parent = true
    rules {
      condition {
        expression = "resource.matchTag('281475/env', 'prod')"
        title      = "prod"
      }
      values {
        allowed_values = ["in:asia-south1-locations"]
      }
    }
    rules {
      deny_all = "TRUE"
    }
  }
}
"""
_SECOND = (
    _FIRST.replace('"Inner"', '"Innermost"')
    .replace('"Where it runs"', '"Where things run"')
    .replace('short_name = "prod"', 'short_name = "prod"\n  description = "Real money"')
    .replace('members   = ["user:ann@example.com"]', 'members   = ["user:ann@example.com", "user:bob@example.com"]')
    .replace('["SECURITY"]', '["SECURITY", "LEGAL"]')
    .replace('enforce = "TRUE"', 'enforce = "FALSE"')
)
HIERARCHY = Case(
    "hierarchy",
    first=_FIRST,
    second=_SECOND,
    updated=frozenset(
        (
            "google_folder.inner",
            "google_tags_tag_key.env",
            "google_tags_tag_value.prod",
            "google_tags_tag_value_iam_binding.users",
            "google_essential_contacts_contact.ann",
            "google_org_policy_policy.keys",
        )
    ),
    replaced=(('"env-PROJECT"', '"environment-PROJECT"', "google_tags_tag_key.env"),),
    imports={
        "google_org_policy_policy.places": "projects/PROJECT/policies/gcp.resourceLocations",
    },
)

MADE = Case(
    "projects that are made",
    first="""
resource "google_folder" "team" {
  display_name        = "Of PROJECT"
  parent              = "organizations/281475"
  deletion_protection = false
}
resource "google_project" "made" {
  project_id      = "PROJECT-made"
  name            = "Made here"
  folder_id       = google_folder.team.name
  billing_account = "0A0B0C-0A0B0C-0A0B0C"
  deletion_policy = "DELETE"
  labels          = { team = "data" }
}
resource "google_project" "bare" {
  project_id          = "PROJECT-bare"
  name                = "Without a network"
  org_id              = "281475"
  deletion_policy     = "DELETE"
  auto_create_network = false
}
resource "google_storage_bucket" "in_it" {
  project  = google_project.made.project_id
  name     = "PROJECT-made"
  location = "ASIA-SOUTH1"
}
""",
    second="""
resource "google_folder" "team" {
  display_name        = "Of PROJECT"
  parent              = "organizations/281475"
  deletion_protection = false
}
resource "google_project" "made" {
  project_id      = "PROJECT-made"
  name            = "Made there"
  org_id          = "281475"
  deletion_policy = "DELETE"
  labels          = { team = "risk" }
}
resource "google_project" "bare" {
  project_id          = "PROJECT-bare"
  name                = "Without a network"
  org_id              = "281475"
  deletion_policy     = "DELETE"
  auto_create_network = false
}
resource "google_storage_bucket" "in_it" {
  project  = google_project.made.project_id
  name     = "PROJECT-made"
  location = "ASIA-SOUTH1"
}
""",
    updated=frozenset(("google_project.made",)),
    replaced=(('"PROJECT-made"\n  name            ', '"PROJECT-other"\n  name            ', "google_project.made"),),
    imports={"google_project.made": "projects/PROJECT-made"},
    after_import=frozenset(("labels", "terraform_labels", "deletion_policy")),
    stays="Requested entity already exists",
)
_CHECKS = """
resource "google_compute_health_check" "http" {
  name = "http"
  http_health_check {
    request_path = "/healthz"
  }
}
resource "google_compute_health_check" "named" {
  name               = "named"
  check_interval_sec = 10
  timeout_sec        = 2
  log_config {
    enable = true
  }
  tcp_health_check {
    port_name          = "db"
    port_specification = "USE_NAMED_PORT"
  }
}
resource "google_compute_region_health_check" "grpc" {
  name   = "grpc"
  region = "asia-south1"
  grpc_health_check {
    port = 8443
  }
}
resource "google_compute_region_health_check" "tls" {
  name   = "tls"
  region = "asia-south1"
  https_health_check {
    port_specification = "USE_SERVING_PORT"
  }
}
resource "google_compute_shared_vpc_host_project" "host" {
  project = "PROJECT-host"
}
resource "google_compute_shared_vpc_service_project" "service" {
  host_project    = google_compute_shared_vpc_host_project.host.project
  service_project = "PROJECT"
}
"""
CHECKS = Case(
    "health checks and shared vpc",
    first=_CHECKS,
    second=_CHECKS.replace('"/healthz"', '"/live"\n    port = 8080').replace("8443", "9443"),
    updated=frozenset(("google_compute_health_check.http", "google_compute_region_health_check.grpc")),
    replaced=(
        ('"grpc"\n  region', '"other"\n  region', "google_compute_region_health_check.grpc"),
        (
            'service_project = "PROJECT"',
            'service_project = "PROJECT-2"',
            "google_compute_shared_vpc_service_project.service",
        ),
    ),
    imports={
        "google_compute_health_check.http": "projects/PROJECT/global/healthChecks/http",
        "google_compute_region_health_check.grpc": "projects/PROJECT/regions/asia-south1/healthChecks/grpc",
        "google_compute_shared_vpc_host_project.host": "PROJECT-host",
        "google_compute_shared_vpc_service_project.service": "PROJECT-host/PROJECT",
    },
)
CASES = [HIERARCHY, MADE, CHECKS]

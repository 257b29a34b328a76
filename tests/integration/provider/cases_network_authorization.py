"""Network Security: authorization of what an internal application load balancer gets."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case, edited

_FIRST = """
resource "google_compute_network" "vpc" {
  name                    = "authorized"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "vpc" {
  for_each      = { PRIVATE = "10.46.0.0/24", REGIONAL_MANAGED_PROXY = "10.46.1.0/24" }
  name          = "authorized-${lower(replace(each.key, "_", "-"))}"
  region        = "asia-south1"
  ip_cidr_range = each.value
  purpose       = each.key
  role          = each.key == "PRIVATE" ? null : "ACTIVE"
  network       = google_compute_network.vpc.id
}
resource "google_compute_region_backend_service" "managed" {
  name                  = "authorized"
  region                = "asia-south1"
  load_balancing_scheme = "INTERNAL_MANAGED"
}
resource "google_compute_region_url_map" "managed" {
  name            = "authorized"
  region          = "asia-south1"
  default_service = google_compute_region_backend_service.managed.id
}
resource "google_compute_region_target_http_proxy" "managed" {
  name    = "authorized"
  region  = "asia-south1"
  url_map = google_compute_region_url_map.managed.id
}
resource "google_compute_forwarding_rule" "managed" {
  name                  = "authorized"
  region                = "asia-south1"
  load_balancing_scheme = "INTERNAL_MANAGED"
  port_range            = "80"
  target                = google_compute_region_target_http_proxy.managed.id
  network               = google_compute_network.vpc.id
  subnetwork            = google_compute_subnetwork.vpc["PRIVATE"].id
  depends_on            = [google_compute_subnetwork.vpc]
}
resource "google_network_security_authz_policy" "policy" {
  name        = "policy"
  location    = "asia-south1"
  description = "Who may what"
  action      = "DENY"
  labels      = { of = "first" }
  target {
    load_balancing_scheme = "INTERNAL_MANAGED"
    resources             = [google_compute_forwarding_rule.managed.self_link]
  }
  http_rules {
    when = "request.headers['x'] == 'y'"
    from {
      sources {
        principals {
          principal {
            exact = "example.com"
          }
        }
      }
    }
    to {
      operations {
        methods = ["GET", "POST"]
        paths {
          prefix      = "/admin"
          ignore_case = true
        }
      }
    }
  }
}
"""
CASES = [
    edited(
        Case(
            "network authorization",
            first=_FIRST,
            replaced=(),
            imports={
                "google_network_security_authz_policy.policy": "asia-south1/policy",
            },
            after_import=LABELS | {"target"},
        ),
        ("Who may what", "Who may do what"),
        ('["GET", "POST"]', '["GET"]'),
        ('"/admin"', '"/private"'),
        ('of = "first"', 'of = "second"'),
        updated={"google_network_security_authz_policy.policy"},
    )
]

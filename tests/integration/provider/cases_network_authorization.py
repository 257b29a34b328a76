"""Authorization of what an internal application load balancer gets, and its extensions, which call out to a service."""

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
resource "google_compute_region_backend_service" "callout" {
  name                  = "callout"
  region                = "asia-south1"
  protocol              = "HTTP2"
  load_balancing_scheme = "INTERNAL_MANAGED"
}
resource "google_network_services_lb_route_extension" "route" {
  name                  = "route"
  location              = "asia-south1"
  description           = "Before the route"
  load_balancing_scheme = "INTERNAL_MANAGED"
  forwarding_rules      = [google_compute_forwarding_rule.managed.self_link]
  labels                = { of = "first" }
  extension_chains {
    name = "chain"
    match_condition {
      cel_expression = "request.path.startsWith('/extensions')"
    }
    extensions {
      name            = "first"
      authority       = "ext11.com"
      service         = google_compute_region_backend_service.callout.self_link
      timeout         = "0.1s"
      fail_open       = false
      forward_headers = ["custom-header"]
    }
  }
}
resource "google_network_services_lb_traffic_extension" "traffic" {
  name                  = "traffic"
  location              = "asia-south1"
  description           = "What passes"
  load_balancing_scheme = "INTERNAL_MANAGED"
  forwarding_rules      = [google_compute_forwarding_rule.managed.self_link]
  labels                = { of = "first" }
  extension_chains {
    name = "chain"
    match_condition {
      cel_expression = "request.host == 'example.com'"
    }
    extensions {
      name             = "first"
      authority        = "ext11.com"
      service          = google_compute_region_backend_service.callout.self_link
      timeout          = "0.1s"
      supported_events = ["REQUEST_HEADERS"]
      metadata         = { key = "value" }
    }
  }
}
resource "google_network_services_authz_extension" "asked" {
  name                  = "asked"
  location              = "asia-south1"
  description           = "Who may"
  load_balancing_scheme = "INTERNAL_MANAGED"
  authority             = "ext11.com"
  service               = google_compute_region_backend_service.callout.self_link
  timeout               = "0.1s"
  forward_headers       = ["authorization"]
  labels                = { of = "first" }
}
resource "google_network_security_authz_policy" "asking" {
  name     = "asking"
  location = "asia-south1"
  action   = "CUSTOM"
  target {
    load_balancing_scheme = "INTERNAL_MANAGED"
    resources             = [google_compute_forwarding_rule.managed.self_link]
  }
  custom_provider {
    authz_extension {
      resources = [google_network_services_authz_extension.asked.id]
    }
  }
}
"""
CASES = [
    edited(
        Case(
            "network authorization",
            first=_FIRST,
            replaced=(
                (
                    'name                  = "traffic"',
                    'name                  = "passing"',
                    "google_network_services_lb_traffic_extension.traffic",
                ),
            ),
            imports={
                "google_network_security_authz_policy.policy": "asia-south1/policy",
                "google_network_services_lb_route_extension.route": "asia-south1/route",
                "google_network_services_authz_extension.asked": "asia-south1/asked",
            },
            after_import=LABELS | {"target", "service", "forwarding_rules", "extension_chains"},
        ),
        ("Who may what", "Who may do what"),
        ('["GET", "POST"]', '["GET"]'),
        ('"/admin"', '"/private"'),
        ('of = "first"', 'of = "second"'),
        ("Before the route", "Before a route"),
        ('"custom-header"', '"other-header"'),
        ("What passes", "All that passes"),
        ('["REQUEST_HEADERS"]', '["REQUEST_HEADERS", "RESPONSE_HEADERS"]'),
        ('Who may"', 'Who may do what"'),
        ('["authorization"]', '["authorization", "x-other"]'),
        updated={
            "google_network_security_authz_policy.policy",
            "google_network_services_lb_route_extension.route",
            "google_network_services_lb_traffic_extension.traffic",
            "google_network_services_authz_extension.asked",
        },
    )
]

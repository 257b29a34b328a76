"""A load balancer in front of Cloud Run services, behind Cloud Armor."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case, edited

BALANCER = Case(
    "load balancer",
    first="""
resource "google_compute_global_address" "gateway" {
  name = "gateway"
}
resource "google_compute_region_network_endpoint_group" "api" {
  name                  = "api"
  region                = "asia-south1"
  network_endpoint_type = "SERVERLESS"
  cloud_run {
    service = "api-gateway"
  }
}
resource "google_compute_security_policy" "gateway" {
  name   = "gateway"
  labels = { tier = "one" }
  rule {
    action   = "deny(403)"
    priority = 100
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["203.0.113.0/24"]
      }
    }
  }
  rule {
    action   = "deny(403)"
    priority = 1000
    preview  = true
    match {
      expr {
        expression = "evaluatePreconfiguredWaf('sqli-v33-stable', {'sensitivity': 1})"
      }
    }
  }
  rule {
    action   = "throttle"
    priority = 2000
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = 100
        interval_sec = 60
      }
    }
  }
  rule {
    action   = "allow"
    priority = 2147483647
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }
  adaptive_protection_config {
    layer_7_ddos_defense_config {
      enable = true
    }
  }
}
resource "google_compute_backend_service" "api" {
  name                  = "api"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.gateway.id
  backend {
    group = google_compute_region_network_endpoint_group.api.id
  }
  log_config {
    enable      = true
    sample_rate = 0.5
  }
  iap {
    enabled = true
  }
}
resource "google_iap_web_backend_service_iam_member" "staff" {
  web_backend_service = google_compute_backend_service.api.name
  role                = "roles/iap.httpsResourceAccessor"
  member              = "user:ann@example.com"
}
resource "google_compute_backend_service" "plain" {
  name                  = "plain"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  backend {
    group = google_compute_region_network_endpoint_group.api.self_link
  }
}
resource "google_compute_url_map" "gateway" {
  name            = "gateway"
  default_service = google_compute_backend_service.api.id
  host_rule {
    hosts        = ["api.example.com"]
    path_matcher = "api"
  }
  path_matcher {
    name            = "api"
    default_service = google_compute_backend_service.api.id
    path_rule {
      paths   = ["/v1/*"]
      service = google_compute_backend_service.plain.id
    }
  }
}
resource "google_compute_url_map" "redirect" {
  name = "gateway-http"
  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }
}
resource "google_compute_managed_ssl_certificate" "gateway" {
  name = "gateway"
  managed {
    domains = ["api.example.com"]
  }
}
resource "google_compute_ssl_policy" "gateway" {
  name            = "gateway"
  min_tls_version = "TLS_1_2"
  profile         = "MODERN"
}
resource "google_compute_target_https_proxy" "gateway" {
  name             = "gateway"
  url_map          = google_compute_url_map.gateway.id
  ssl_certificates = [google_compute_managed_ssl_certificate.gateway.id]
  ssl_policy       = google_compute_ssl_policy.gateway.id
}
resource "google_compute_target_http_proxy" "redirect" {
  name    = "gateway-http"
  url_map = google_compute_url_map.redirect.id
}
resource "google_compute_global_forwarding_rule" "https" {
  name                  = "gateway"
  target                = google_compute_target_https_proxy.gateway.id
  ip_address            = google_compute_global_address.gateway.address
  port_range            = "443"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  labels                = { tier = "one" }
}
resource "google_compute_global_forwarding_rule" "http" {
  name                  = "gateway-http"
  target                = google_compute_target_http_proxy.redirect.id
  ip_address            = google_compute_global_address.gateway.address
  port_range            = "80"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}
""",
    replaced=(
        ('"api-gateway"', '"gateway"', "google_compute_region_network_endpoint_group.api"),
        ('port_range            = "80"', 'port_range = "8080"', "google_compute_global_forwarding_rule.http"),
        (
            'domains = ["api.example.com"]',
            'domains = ["b.example.com"]',
            "google_compute_managed_ssl_certificate.gateway",
        ),
    ),
    imports={
        "google_iap_web_backend_service_iam_member.staff": "projects/PROJECT/iap_web/compute/services/api "
        "roles/iap.httpsResourceAccessor user:ann@example.com",
        "google_compute_global_address.gateway": "gateway",
        "google_compute_region_network_endpoint_group.api": "asia-south1/api",
        "google_compute_security_policy.gateway": "gateway",
        "google_compute_backend_service.api": "api",
        "google_compute_backend_service.plain": "plain",
        "google_compute_url_map.gateway": "gateway",
        "google_compute_url_map.redirect": "PROJECT/gateway-http",
        "google_compute_managed_ssl_certificate.gateway": "gateway",
        "google_compute_ssl_policy.gateway": "gateway",
        "google_compute_target_https_proxy.gateway": "gateway",
        "google_compute_target_http_proxy.redirect": "gateway-http",
        "google_compute_global_forwarding_rule.https": "projects/PROJECT/global/forwardingRules/gateway",
        "google_compute_global_forwarding_rule.http": "gateway-http",
    },
    after_import=LABELS,
)

CASES = [
    edited(
        BALANCER,
        ('labels = { tier = "one" }', 'labels = { tier = "two" }'),
        ("count        = 100", "count        = 50"),
        ("sample_rate = 0.5", "sample_rate = 1"),
        ('paths   = ["/v1/*"]', 'paths   = ["/v2/*"]'),
        ('"MODERN"', '"RESTRICTED"'),
        ('  labels                = { tier = "one" }\n', ""),
        ("  ssl_policy       = google_compute_ssl_policy.gateway.id\n", '  quic_override = "ENABLE"\n'),
        updated={
            "google_compute_security_policy.gateway",
            "google_compute_backend_service.api",
            "google_compute_url_map.gateway",
            "google_compute_ssl_policy.gateway",
            "google_compute_target_https_proxy.gateway",
            "google_compute_global_forwarding_rule.https",
        },
    ),
]

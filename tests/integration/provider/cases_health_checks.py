"""Health checks: ports that are said, left out, and given up for those of the backends."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_compute_health_check" "said" {
  name = "check-said"
  tcp_health_check {
    port = 80
  }
}
resource "google_compute_health_check" "left" {
  name = "check-left"
  http_health_check {
    request_path = "/alive"
  }
}
resource "google_compute_health_check" "secure" {
  name = "check-secure"
  https_health_check {
    port = 443
  }
}
resource "google_compute_region_health_check" "said" {
  name   = "check-said"
  region = "asia-south1"
  http_health_check {
    port = 80
  }
}
resource "google_compute_region_health_check" "left" {
  name   = "check-left"
  region = "asia-south1"
  tcp_health_check {
    request = "PING"
  }
}
"""
_LEGACY = """
resource "google_compute_http_health_check" "plain" {
  name = "legacy-plain"
}
resource "google_compute_http_health_check" "full" {
  name                = "legacy-full"
  description         = "Is it alive?"
  check_interval_sec  = 10
  timeout_sec         = 4
  healthy_threshold   = 3
  unhealthy_threshold = 4
  host                = "one.example.com"
  port                = 8080
  request_path        = "/alive"
}
resource "google_compute_https_health_check" "plain" {
  name = "legacy-plain"
}
resource "google_compute_https_health_check" "full" {
  name               = "legacy-secure"
  check_interval_sec = 10
  host               = "one.example.com"
  port               = 8443
  request_path       = "/alive"
}
resource "google_compute_backend_service" "checked" {
  name          = "legacy-checked"
  health_checks = [google_compute_http_health_check.plain.id]
}
"""
CASES = [
    Case(
        "health checks",
        first=_FIRST,
        second=_FIRST.replace('"/alive"', '"/well"')
        .replace("port = 443", 'port_specification = "USE_SERVING_PORT"')
        .replace(
            '"check-said"\n  tcp_health_check {\n    port = 80',
            '"check-said"\n  tcp_health_check {\n    request = "PING"',
        )
        .replace("http_health_check {\n    port = 80", "http_health_check {\n    port = 8080"),
        updated=frozenset(
            (
                "google_compute_health_check.said",
                "google_compute_health_check.left",
                "google_compute_health_check.secure",
                "google_compute_region_health_check.said",
            )
        ),
        replaced=(('name = "check-said"', 'name = "check-other"', "google_compute_health_check.said"),),
        imports={
            "google_compute_health_check.said": "check-said",
            "google_compute_region_health_check.left": "asia-south1/check-left",
        },
    ),
    Case(
        "health checks of the older kind",
        first=_LEGACY,
        second=_LEGACY.replace("Is it alive?", "Is it well?")
        .replace("/alive", "/well")
        .replace("check_interval_sec  = 10", "check_interval_sec  = 20")
        .replace("timeout_sec         = 4", "timeout_sec         = 6")
        .replace("healthy_threshold   = 3", "healthy_threshold   = 5")
        .replace("unhealthy_threshold = 4", "unhealthy_threshold = 6")
        .replace('  host                = "one.example.com"\n', "")
        .replace("= 8080", "= 8081")
        .replace("= 8443", "= 8444"),
        updated=frozenset(("google_compute_http_health_check.full", "google_compute_https_health_check.full")),
        replaced=(('"legacy-secure"', '"legacy-other"', "google_compute_https_health_check.full"),),
        imports={
            "google_compute_http_health_check.full": "legacy-full",
            "google_compute_https_health_check.plain": "projects/PROJECT/global/httpsHealthChecks/legacy-plain",
        },
    ),
]

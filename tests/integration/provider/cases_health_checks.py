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
    )
]

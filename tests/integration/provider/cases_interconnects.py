"""Attachments of partners' interconnects, and packets that are mirrored to a collector."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case

_ATTACHED = """
resource "google_compute_network" "vpc" {
  name                    = "attached"
  auto_create_subnetworks = false
}
resource "google_compute_router" "partner" {
  name    = "attached-partner"
  region  = "asia-south1"
  network = google_compute_network.vpc.id
  bgp {
    asn = 16550
  }
}
resource "google_compute_interconnect_attachment" "plain" {
  name   = "attached-plain"
  region = "asia-south1"
  type   = "PARTNER"
  router = google_compute_router.partner.id
}
resource "google_compute_interconnect_attachment" "full" {
  name                     = "attached-full"
  region                   = "asia-south1"
  type                     = "PARTNER"
  router                   = "projects/PROJECT/regions/asia-south1/routers/attached-partner"
  description              = "To the office"
  edge_availability_domain = "AVAILABILITY_DOMAIN_1"
  admin_enabled            = false
  mtu                      = 1500
  labels                   = { of = "one" }
  depends_on               = [google_compute_router.partner]
}
"""
_MIRRORED = """
resource "google_compute_network" "vpc" {
  name                    = "mirrored"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "one" {
  name          = "mirrored-one"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.55.0.0/24"
}
resource "google_compute_region_health_check" "alive" {
  name   = "mirrored-alive"
  region = "asia-south1"
  tcp_health_check {
    port = 80
  }
}
resource "google_compute_region_backend_service" "collector" {
  name          = "mirrored-collector"
  region        = "asia-south1"
  health_checks = [google_compute_region_health_check.alive.id]
}
resource "google_compute_forwarding_rule" "collector" {
  name                   = "mirrored-collector"
  region                 = "asia-south1"
  load_balancing_scheme  = "INTERNAL"
  is_mirroring_collector = true
  backend_service        = google_compute_region_backend_service.collector.id
  all_ports              = true
  network                = google_compute_network.vpc.id
  subnetwork             = google_compute_subnetwork.one.id
}
resource "google_compute_packet_mirroring" "full" {
  name        = "mirrored"
  region      = "asia-south1"
  description = "Everything"
  network {
    url = google_compute_network.vpc.id
  }
  collector_ilb {
    url = google_compute_forwarding_rule.collector.id
  }
  mirrored_resources {
    tags = ["foo"]
    subnetworks {
      url = google_compute_subnetwork.one.self_link
    }
  }
  filter {
    ip_protocols = ["tcp"]
    cidr_ranges  = ["0.0.0.0/0"]
    direction    = "INGRESS"
  }
}
"""
CASES = [
    Case(
        "attachments of partners",
        first=_ATTACHED,
        second=_ATTACHED.replace("To the office", "To the offices")
        .replace("admin_enabled            = false", "admin_enabled            = true")
        .replace("= 1500", "= 1440")
        .replace('of = "one"', 'of = "two"'),
        updated=frozenset(("google_compute_interconnect_attachment.full",)),
        replaced=(("DOMAIN_1", "DOMAIN_2", "google_compute_interconnect_attachment.full"),),
        imports={"google_compute_interconnect_attachment.full": "asia-south1/attached-full"},
        after_import=LABELS,
    ),
    Case(
        "packet mirroring",
        first=_MIRRORED,
        second=_MIRRORED.replace('["foo"]', '["foo", "bar"]')
        .replace('"INGRESS"', '"BOTH"')
        .replace(
            '  description = "Everything"\n',
            '  description = "Everything"\n  enable      = "FALSE"\n  priority    = 900\n',
        ),
        updated=frozenset(("google_compute_packet_mirroring.full",)),
        replaced=(('"Everything"', '"All"', "google_compute_packet_mirroring.full"),),
        imports={"google_compute_network.vpc": "mirrored"},
    ),
]

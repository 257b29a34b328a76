"""The addresses of a NAT: those that it starts with, and those that a resource of their own gives it."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

_FIRST = """
resource "google_compute_network" "vpc" {
  name                    = "out"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "run" {
  name          = "out-run"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.61.0.0/24"
}
resource "google_compute_router" "out" {
  name    = "out"
  network = google_compute_network.vpc.name
  region  = "asia-south1"
}
resource "google_compute_address" "out" {
  count  = 4
  name   = "out-${count.index}"
  region = "asia-south1"
}
resource "google_compute_router_nat" "out" {
  name                               = "out"
  router                             = google_compute_router.out.name
  region                             = "asia-south1"
  nat_ip_allocate_option             = "MANUAL_ONLY"
  initial_nat_ips                    = [google_compute_address.out[0].name]
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"
  subnetwork {
    name                    = google_compute_subnetwork.run.name
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
  rules {
    rule_number = 100
    match       = "inIpRange(destination.ip, '1.1.0.0/16')"
    action {
      source_nat_active_ips = [google_compute_address.out[3].name]
    }
  }
}
resource "google_compute_router_nat_address" "out" {
  router     = google_compute_router.out.name
  router_nat = google_compute_router_nat.out.name
  region     = "asia-south1"
  nat_ips    = [google_compute_address.out[1].self_link, google_compute_address.out[2].id]
}
"""

CASES = [
    edited(
        Case(
            "addresses of a NAT",
            first=_FIRST,
            replaced=(
                (
                    "[google_compute_address.out[0].name]",
                    "[google_compute_address.out[1].name]",
                    "google_compute_router_nat.out",
                ),
            ),
            imports={"google_compute_router_nat_address.out": "PROJECT/asia-south1/out/out"},
        ),
        (
            "[google_compute_address.out[1].self_link, google_compute_address.out[2].id]",
            "[google_compute_address.out[1].self_link]\n  drain_nat_ips = [google_compute_address.out[2].self_link]",
        ),
        updated={"google_compute_router_nat_address.out"},
    )
]

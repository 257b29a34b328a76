"""Networks in auto mode, and IPv6 of networks and subnetworks."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_compute_network" "auto" {
  name                    = "auto"
  auto_create_subnetworks = true
}
resource "google_compute_network" "six" {
  name                     = "six"
  auto_create_subnetworks  = false
  enable_ula_internal_ipv6 = true
}
resource "google_compute_subnetwork" "inside" {
  name             = "inside"
  network          = google_compute_network.six.id
  region           = "asia-south1"
  ip_cidr_range    = "10.50.0.0/24"
  stack_type       = "IPV4_IPV6"
  ipv6_access_type = "INTERNAL"
}
resource "google_compute_subnetwork" "outside" {
  name             = "outside"
  network          = google_compute_network.six.id
  region           = "asia-south1"
  stack_type       = "IPV6_ONLY"
  ipv6_access_type = "EXTERNAL"
}
resource "google_compute_address" "outside" {
  name               = "outside"
  region             = "asia-south1"
  ip_version         = "IPV6"
  ipv6_endpoint_type = "NETLB"
  subnetwork         = google_compute_subnetwork.outside.id
}
resource "google_compute_address" "inside" {
  name         = "inside"
  region       = "asia-south1"
  address_type = "INTERNAL"
  ip_version   = "IPV6"
  subnetwork   = google_compute_subnetwork.inside.id
}
resource "google_compute_global_address" "six" {
  name       = "six"
  ip_version = "IPV6"
}
resource "google_compute_subnetwork" "later" {
  name          = "later"
  network       = google_compute_network.six.id
  region        = "asia-south1"
  ip_cidr_range = "10.51.0.0/24"
}
"""
CASES = [
    Case(
        "ipv6",
        first=_FIRST,
        second=_FIRST.replace(
            'ip_cidr_range = "10.51.0.0/24"',
            'ip_cidr_range = "10.51.0.0/24"\n  stack_type = "IPV4_IPV6"\n  ipv6_access_type = "EXTERNAL"',
        ),
        updated=frozenset(("google_compute_subnetwork.later",)),
        replaced=(
            ("auto_create_subnetworks = true", "auto_create_subnetworks = false", "google_compute_network.auto"),
        ),
        imports={
            "google_compute_network.auto": "auto",
            "google_compute_network.six": "six",
            "google_compute_subnetwork.inside": "asia-south1/inside",
            "google_compute_subnetwork.outside": "asia-south1/outside",
        },
    )
]

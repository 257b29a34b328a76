"""Network attachments, which producers connect to."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_ATTACHED = """
resource "google_compute_network" "vpc" {
  name                    = "attached"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "one" {
  name          = "attached-one"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.30.0.0/24"
}
resource "google_compute_subnetwork" "two" {
  name          = "attached-two"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.31.0.0/24"
}
resource "google_compute_network_attachment" "manual" {
  name                  = "manual"
  region                = "asia-south1"
  description           = "By hand"
  connection_preference = "ACCEPT_MANUAL"
  subnetworks           = [google_compute_subnetwork.one.self_link]
  producer_accept_lists = ["producer-one"]
  producer_reject_lists = ["producer-two"]
}
resource "google_compute_network_attachment" "open" {
  name                  = "open"
  region                = "asia-south1"
  connection_preference = "ACCEPT_AUTOMATIC"
  subnetworks           = [google_compute_subnetwork.one.id]
}
"""
ATTACHED = Case(
    "network attachments",
    first=_ATTACHED,
    second=_ATTACHED.replace("By hand", "By our hand")
    .replace('["producer-one"]', '["producer-one", "producer-three"]')
    .replace("[google_compute_subnetwork.one.id]", "[google_compute_subnetwork.two.id]"),
    updated=frozenset(("google_compute_network_attachment.manual", "google_compute_network_attachment.open")),
    replaced=(
        ('name                  = "open"', 'name                  = "all"', "google_compute_network_attachment.open"),
    ),
    imports={
        "google_compute_subnetwork.one": "asia-south1/attached-one",
        "google_compute_network.vpc": "attached",
        "google_compute_network_attachment.manual": "projects/PROJECT/regions/asia-south1/networkAttachments/manual",
    },
)
CASES = [ATTACHED]

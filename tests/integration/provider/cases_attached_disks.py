"""Disks that are attached to a machine by a resource of their own."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_compute_network" "vpc" {
  name                    = "attached"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "one" {
  name          = "attached-one"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.60.0.0/24"
}
resource "google_compute_disk" "data" {
  count = 2
  name  = "attached-${count.index}"
  zone  = "asia-south1-a"
  size  = 20
}
resource "google_compute_instance" "holder" {
  name         = "holder"
  zone         = "asia-south1-a"
  machine_type = "e2-micro"
  boot_disk {
    initialize_params {
      image = "debian-cloud/debian-12"
    }
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.id
  }
  lifecycle {
    ignore_changes = [attached_disk]
  }
}
resource "google_compute_attached_disk" "first" {
  disk        = google_compute_disk.data[0].id
  instance    = google_compute_instance.holder.id
  device_name = "data"
}
resource "google_compute_attached_disk" "second" {
  disk       = "projects/PROJECT/zones/asia-south1-a/disks/attached-1"
  instance   = "holder"
  zone       = "asia-south1-a"
  mode       = "READ_ONLY"
  depends_on = [google_compute_attached_disk.first, google_compute_disk.data]
}
"""
CASES = [
    Case(
        "attached disks",
        first=_FIRST,
        second=_FIRST.replace("size  = 20", "size  = 30"),
        updated=frozenset(("google_compute_disk.data[0]", "google_compute_disk.data[1]")),
        replaced=(('"READ_ONLY"', '"READ_WRITE"', "google_compute_attached_disk.second"),),
        imports={
            "google_compute_attached_disk.second": "projects/PROJECT/zones/asia-south1-a/instances/holder/attached-1",
        },
    )
]

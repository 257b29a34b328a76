"""Machines that are made of a template by themselves, with and without words of their own."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_compute_network" "vpc" {
  name                    = "templated"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "one" {
  name          = "templated-one"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.70.0.0/24"
}
data "google_compute_regions" "up" {
  status = "UP"
}
data "google_compute_subnetwork" "by_name" {
  name   = google_compute_subnetwork.one.name
  region = "asia-south1"
}
data "google_compute_subnetwork" "by_link" {
  self_link = google_compute_subnetwork.one.self_link
}
resource "google_compute_instance_template" "small" {
  name         = "small"
  machine_type = "e2-micro"
  tags         = ["small"]
  labels       = { of = "template" }
  metadata     = { of = "template" }
  disk {
    source_image = "debian-cloud/debian-12"
    disk_type    = "pd-balanced"
    disk_size_gb = 20
    auto_delete  = true
    boot         = true
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.id
  }
  scheduling {
    on_host_maintenance = "TERMINATE"
  }
}
resource "google_compute_instance_from_template" "plain" {
  name                     = "from-plain"
  zone                     = "asia-south1-a"
  source_instance_template = google_compute_instance_template.small.self_link_unique
}
resource "google_compute_instance_from_template" "own" {
  name                     = "from-own"
  zone                     = "asia-south1-b"
  source_instance_template = google_compute_instance_template.small.id
  machine_type             = "e2-small"
  tags                     = ["own"]
  labels                   = { of = "own" }
  metadata                 = { of = "own" }
  can_ip_forward           = true
  params {}
  boot_disk {
    auto_delete = true
    initialize_params {
      image = "debian-cloud/debian-12"
      size  = 30
    }
  }
  depends_on = [google_compute_instance_from_template.plain]
}
"""
CASES = [
    Case(
        "machines from templates",
        first=_FIRST,
        second=_FIRST.replace('["own"]', '["own", "more"]').replace(
            'labels                   = { of = "own" }', 'labels = { of = "other" }'
        ),
        updated=frozenset(("google_compute_instance_from_template.own",)),
        replaced=(('"from-own"', '"from-other"', "google_compute_instance_from_template.own"),),
        imports={},
    )
]

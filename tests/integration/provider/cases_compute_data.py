"""Data sources of Compute Engine: groups, addresses, gateways, snapshots, and lists of what a project has."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_READ = """
resource "google_compute_network" "vpc" {
  name                    = "told"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "one" {
  name          = "told-one"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.56.0.0/24"
}
resource "google_compute_address" "one" {
  name   = "told"
  region = "asia-south1"
}
resource "google_compute_global_address" "one" {
  name          = "told"
  address_type  = "INTERNAL"
  purpose       = "VPC_PEERING"
  prefix_length = 24
  network       = google_compute_network.vpc.id
}
resource "google_compute_vpn_gateway" "one" {
  name    = "told"
  region  = "asia-south1"
  network = google_compute_network.vpc.id
}
resource "google_compute_network_attachment" "one" {
  name                  = "told"
  region                = "asia-south1"
  connection_preference = "ACCEPT_AUTOMATIC"
  subnetworks           = [google_compute_subnetwork.one.id]
}
resource "google_compute_network_endpoint_group" "one" {
  name    = "told"
  zone    = "asia-south1-a"
  network = google_compute_network.vpc.id
}
resource "google_compute_security_policy" "one" {
  name = "told"
}
resource "google_compute_disk" "one" {
  name = "told"
  zone = "asia-south1-a"
  size = 10
}
resource "google_compute_snapshot" "one" {
  name        = "told"
  zone        = "asia-south1-a"
  source_disk = google_compute_disk.one.name
  labels      = { of = "one" }
}
resource "google_compute_image" "one" {
  name        = "told"
  source_disk = google_compute_disk.one.id
}
resource "google_compute_instance_template" "one" {
  name         = "told"
  machine_type = "e2-micro"
  disk {
    source_image = "debian-cloud/debian-12"
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.id
  }
}
resource "google_compute_instance_group_manager" "one" {
  name               = "told"
  zone               = "asia-south1-a"
  base_instance_name = "told"
  version {
    instance_template = google_compute_instance_template.one.id
  }
}
resource "google_compute_region_instance_group_manager" "one" {
  name               = "told"
  region             = "asia-south1"
  base_instance_name = "told"
  version {
    instance_template = google_compute_instance_template.one.id
  }
}
data "google_compute_address" "one" {
  name   = google_compute_address.one.name
  region = "asia-south1"
}
data "google_compute_global_address" "one" {
  name = google_compute_global_address.one.name
}
data "google_compute_vpn_gateway" "one" {
  name   = google_compute_vpn_gateway.one.name
  region = "asia-south1"
}
data "google_compute_network_attachment" "one" {
  name   = google_compute_network_attachment.one.name
  region = "asia-south1"
}
data "google_compute_network_endpoint_group" "one" {
  self_link = google_compute_network_endpoint_group.one.self_link
}
data "google_compute_security_policy" "one" {
  name = google_compute_security_policy.one.name
}
data "google_compute_snapshot" "named" {
  name = google_compute_snapshot.one.name
}
data "google_compute_snapshot" "newest" {
  filter      = "name = ${google_compute_snapshot.one.name}"
  most_recent = true
}
data "google_compute_instance_group" "one" {
  name = google_compute_instance_group_manager.one.name
  zone = "asia-south1-a"
}
data "google_compute_instance_group_manager" "one" {
  self_link = google_compute_instance_group_manager.one.instance_group
}
data "google_compute_region_instance_group" "one" {
  self_link = google_compute_region_instance_group_manager.one.instance_group
}
data "google_compute_region_instance_group_manager" "one" {
  name   = google_compute_region_instance_group_manager.one.name
  region = "asia-south1"
}
data "google_compute_networks" "all" {
  depends_on = [google_compute_network.vpc]
}
data "google_compute_subnetworks" "all" {
  region     = "asia-south1"
  filter     = "name = told-one"
  depends_on = [google_compute_subnetwork.one]
}
data "google_compute_images" "all" {
  depends_on = [google_compute_image.one]
}
data "google_compute_instance_groups" "all" {
  zone       = "asia-south1-a"
  depends_on = [google_compute_instance_group_manager.one]
}
data "google_compute_lb_ip_ranges" "all" {}
"""
CASES = [Case("what Compute Engine tells", first=_READ, second=_READ)]

"""Network Management: tests of connectivity, and configurations of flow logs of projects and organizations."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case, edited

_FIRST = """
resource "google_compute_network" "vpc" {
  name                    = "watched"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "vpc" {
  name          = "watched"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.42.0.0/24"
}
resource "google_compute_instance" "ends" {
  for_each     = { from = "10.42.0.9", to = "10.42.0.10" }
  name         = each.key
  zone         = "asia-south1-a"
  machine_type = "e2-micro"
  boot_disk {
    initialize_params {
      image = "debian-cloud/debian-12"
    }
  }
  network_interface {
    subnetwork = google_compute_subnetwork.vpc.id
    network_ip = each.value
  }
}
resource "google_network_management_connectivity_test" "machines" {
  name             = "machines"
  description      = "Between machines"
  labels           = { of = "first" }
  related_projects = ["another-project"]
  source {
    instance = google_compute_instance.ends["from"].id
  }
  destination {
    instance = google_compute_instance.ends["to"].id
    port     = 443
  }
}
resource "google_network_management_connectivity_test" "numbers" {
  name                   = "numbers"
  protocol               = "UDP"
  bypass_firewall_checks = true
  round_trip             = true
  source {
    ip_address   = "10.42.0.9"
    network      = google_compute_network.vpc.id
    network_type = "GCP_NETWORK"
    project_id   = google_compute_network.vpc.project
  }
  destination {
    fqdn = "example.com"
    port = 53
  }
}
resource "google_network_management_vpc_flow_logs_config" "subnet" {
  vpc_flow_logs_config_id = "subnet"
  location                = "global"
  subnet                  = google_compute_subnetwork.vpc.id
  aggregation_interval    = "INTERVAL_10_MIN"
  description             = "Of a subnetwork"
  flow_sampling           = 0.7
  metadata                = "CUSTOM_METADATA"
  metadata_fields         = ["src_instance", "dest_instance"]
  filter_expr             = "connection.dest_port == 443"
  state                   = "ENABLED"
  labels                  = { of = "first" }
}
resource "google_network_management_vpc_flow_logs_config" "network" {
  vpc_flow_logs_config_id = "network"
  location                = "global"
  network                 = google_compute_network.vpc.id
}
resource "google_network_management_organization_vpc_flow_logs_config" "all" {
  vpc_flow_logs_config_id = "all-PROJECT"
  organization            = "123456789"
  location                = "global"
  description             = "Of all"
}
"""
CASES = [
    edited(
        Case(
            "network management",
            first=_FIRST,
            replaced=(
                (
                    'vpc_flow_logs_config_id = "network"',
                    'vpc_flow_logs_config_id = "renamed"',
                    "google_network_management_vpc_flow_logs_config.network",
                ),
                (
                    'name             = "machines"',
                    'name             = "between"',
                    "google_network_management_connectivity_test.machines",
                ),
            ),
            imports={
                "google_compute_network.vpc": "watched",
                "google_compute_subnetwork.vpc": "asia-south1/watched",
                "google_network_management_connectivity_test.numbers": "numbers",
                "google_network_management_vpc_flow_logs_config.subnet": "global/subnet",
                "google_network_management_organization_vpc_flow_logs_config.all": (
                    "organizations/123456789/locations/global/vpcFlowLogsConfigs/all-PROJECT"
                ),
            },
            after_import=LABELS,
        ),
        ("Between machines", "From one to another"),
        ("port     = 443", "port     = 8443"),
        ('"another-project"', '"another-project", "a-third-one"'),
        ('of = "first"', 'of = "second"'),
        ('protocol               = "UDP"', 'protocol               = "TCP"'),
        ("bypass_firewall_checks = true", "bypass_firewall_checks = false"),
        ("10_MIN", "1_MIN"),
        ("Of a subnetwork", "Of the subnetwork"),
        ("0.7", "0.5"),
        ('["src_instance", "dest_instance"]', '["src_instance"]'),
        ("== 443", "== 80"),
        ('"ENABLED"', '"DISABLED"'),
        ("Of all", "Of every one"),
        updated={
            "google_network_management_connectivity_test.machines",
            "google_network_management_connectivity_test.numbers",
            "google_network_management_vpc_flow_logs_config.subnet",
            "google_network_management_organization_vpc_flow_logs_config.all",
        },
    )
]

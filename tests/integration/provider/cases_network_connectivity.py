"""Network Connectivity: ranges kept by name, subnetworks that have them, policies for endpoints, routes by policy."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case, edited

_NETWORK = """
resource "google_compute_network" "vpc" {
  name                    = "connected"
  auto_create_subnetworks = false
}
"""
RANGES = edited(
    Case(
        "internal ranges",
        first=_NETWORK
        + """
resource "google_network_connectivity_internal_range" "nodes" {
  name          = "nodes"
  network       = google_compute_network.vpc.id
  usage         = "FOR_VPC"
  peering       = "FOR_SELF"
  ip_cidr_range = "10.40.0.0/20"
  description   = "For nodes"
  labels        = { of = "first" }
}
resource "google_network_connectivity_internal_range" "pods" {
  name              = "pods"
  network           = google_compute_network.vpc.self_link
  usage             = "FOR_VPC"
  peering           = "FOR_SELF"
  prefix_length     = 24
  target_cidr_range = ["10.48.0.0/14"]
  allocation_options {
    allocation_strategy = "FIRST_AVAILABLE"
  }
}
resource "google_network_connectivity_internal_range" "elsewhere" {
  name          = "elsewhere"
  network       = google_compute_network.vpc.name
  usage         = "EXTERNAL_TO_VPC"
  peering       = "FOR_PEER"
  ip_cidr_range = "10.60.0.0/20"
  immutable     = true
}
resource "google_compute_subnetwork" "nodes" {
  name                    = "nodes"
  network                 = google_compute_network.vpc.id
  region                  = "asia-south1"
  reserved_internal_range = "networkconnectivity.googleapis.com/${google_network_connectivity_internal_range.nodes.id}"
  secondary_ip_range {
    range_name              = "pods"
    reserved_internal_range = "networkconnectivity.googleapis.com/${google_network_connectivity_internal_range.pods.id}"
  }
}
""",
        replaced=(
            (
                'ip_cidr_range = "10.60.0.0/20"\n  immutable     = true',
                'ip_cidr_range = "10.60.0.0/20"',
                "google_network_connectivity_internal_range.elsewhere",
            ),
        ),
        imports={
            "google_compute_network.vpc": "connected",
            "google_network_connectivity_internal_range.nodes": "nodes",
            "google_network_connectivity_internal_range.elsewhere": (
                "projects/PROJECT/locations/global/internalRanges/elsewhere"
            ),
            "google_compute_subnetwork.nodes": "asia-south1/nodes",
        },
        after_import=LABELS | {"network", "secondary_ip_range"},
    ),
    ('of = "first"', 'of = "second"'),
    ("For nodes", "For machines"),
    updated={"google_network_connectivity_internal_range.nodes"},
)
POLICIES = edited(
    Case(
        "service connection policies",
        first=_NETWORK
        + """
resource "google_compute_subnetwork" "one" {
  name          = "one"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.41.0.0/24"
}
resource "google_network_connectivity_service_connection_policy" "redis" {
  name          = "redis"
  location      = "asia-south1"
  network       = google_compute_network.vpc.id
  service_class = "gcp-memorystore-redis"
  description   = "For Redis"
  labels        = { of = "first" }
  psc_config {
    subnetworks = [google_compute_subnetwork.one.id]
    limit       = 2
  }
}
resource "google_network_connectivity_service_connection_policy" "sql" {
  name          = "sql"
  location      = "asia-south1"
  network       = google_compute_network.vpc.id
  service_class = "google-cloud-sql"
  psc_config {
    producer_instance_location                        = "CUSTOM_RESOURCE_HIERARCHY_LEVELS"
    subnetworks                                       = [google_compute_subnetwork.one.id]
    allowed_google_producers_resource_hierarchy_level = ["projects/123456789012"]
  }
}
resource "google_network_connectivity_policy_based_route" "inspected" {
  name            = "inspected"
  network         = google_compute_network.vpc.id
  next_hop_ilb_ip = "10.41.0.9"
  priority        = 2302
  labels          = { of = "routes" }
  virtual_machine {
    tags = ["inspected"]
  }
  filter {
    protocol_version = "IPV4"
    ip_protocol      = "UDP"
    src_range        = "10.0.0.0/24"
  }
}
resource "google_network_connectivity_policy_based_route" "plain" {
  name                  = "plain"
  network               = google_compute_network.vpc.id
  next_hop_other_routes = "DEFAULT_ROUTING"
  filter {
    protocol_version = "IPV4"
  }
}
""",
        replaced=(
            (
                '"gcp-memorystore-redis"',
                '"gcp-memorystore"',
                "google_network_connectivity_service_connection_policy.redis",
            ),
            ("2302", "2303", "google_network_connectivity_policy_based_route.inspected"),
        ),
        imports={
            "google_compute_network.vpc": "connected",
            "google_compute_subnetwork.one": "asia-south1/one",
            "google_network_connectivity_service_connection_policy.redis": "asia-south1/redis",
            "google_network_connectivity_service_connection_policy.sql": (
                "projects/PROJECT/locations/asia-south1/serviceConnectionPolicies/sql"
            ),
            "google_network_connectivity_policy_based_route.inspected": "inspected",
        },
        after_import=LABELS,
    ),
    ('of = "first"', 'of = "second"'),
    ("For Redis", "For caches"),
    ("limit       = 2", "limit       = 4"),
    updated={"google_network_connectivity_service_connection_policy.redis"},
)
CASES = [RANGES, POLICIES]

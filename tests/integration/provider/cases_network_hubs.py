"""Hubs of Network Connectivity Center with their groups, spokes and grants, and regional endpoints."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case, edited

_FIRST = """
resource "google_compute_network" "vpc" {
  for_each                = toset(["hybrid", "linked", "edge"])
  name                    = "hub-${each.key}"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "hybrid" {
  name          = "hub-hybrid"
  network       = google_compute_network.vpc["hybrid"].id
  region        = "asia-south1"
  ip_cidr_range = "10.43.0.0/24"
}
resource "google_compute_instance" "appliance" {
  name           = "appliance"
  zone           = "asia-south1-a"
  machine_type   = "e2-micro"
  can_ip_forward = true
  boot_disk {
    initialize_params {
      image = "debian-cloud/debian-12"
    }
  }
  network_interface {
    subnetwork = google_compute_subnetwork.hybrid.id
    network_ip = "10.43.0.9"
  }
}
resource "google_compute_ha_vpn_gateway" "ours" {
  name    = "hub-ours"
  region  = "asia-south1"
  network = google_compute_network.vpc["hybrid"].id
}
resource "google_compute_external_vpn_gateway" "theirs" {
  name            = "hub-theirs"
  redundancy_type = "SINGLE_IP_INTERNALLY_REDUNDANT"
  interface {
    id         = 0
    ip_address = "203.0.113.9"
  }
}
resource "google_compute_router" "vpn" {
  name    = "hub-vpn"
  region  = "asia-south1"
  network = google_compute_network.vpc["hybrid"].name
  bgp {
    asn = 64514
  }
}
resource "google_compute_vpn_tunnel" "zero" {
  name                            = "hub-zero"
  region                          = "asia-south1"
  vpn_gateway                     = google_compute_ha_vpn_gateway.ours.id
  vpn_gateway_interface           = 0
  peer_external_gateway           = google_compute_external_vpn_gateway.theirs.id
  peer_external_gateway_interface = 0
  router                          = google_compute_router.vpn.id
  shared_secret                   = "not-a-secret"
}
resource "google_compute_global_address" "services" {
  name          = "hub-services"
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 16
  network       = google_compute_network.vpc["linked"].id
}
resource "google_service_networking_connection" "services" {
  network                 = google_compute_network.vpc["linked"].id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]
}
resource "google_network_connectivity_hub" "mesh" {
  name        = "mesh"
  description = "Everybody with everybody"
  export_psc  = false
  labels      = { of = "first" }
}
resource "google_network_connectivity_hub" "star" {
  name            = "star"
  policy_mode     = "PRESET"
  preset_topology = "STAR"
}
resource "google_network_connectivity_hub_iam_member" "member" {
  hub    = google_network_connectivity_hub.mesh.id
  role   = "roles/networkconnectivity.groupUser"
  member = "user:ann@example.com"
}
resource "google_network_connectivity_group" "edge" {
  hub         = google_network_connectivity_hub.star.id
  name        = "edge"
  description = "Those at the edge"
  labels      = { of = "first" }
  auto_accept {
    auto_accept_projects = ["another-project"]
  }
}
resource "google_network_connectivity_spoke" "edge" {
  name     = "edge"
  location = "global"
  hub      = google_network_connectivity_hub.star.id
  group    = google_network_connectivity_group.edge.id
  linked_vpc_network {
    uri = google_compute_network.vpc["edge"].self_link
  }
}
resource "google_network_connectivity_spoke" "linked" {
  name        = "linked"
  location    = "global"
  description = "A network"
  hub         = google_network_connectivity_hub.mesh.id
  labels      = { of = "first" }
  linked_vpc_network {
    uri                   = google_compute_network.vpc["linked"].self_link
    exclude_export_ranges = ["198.51.100.0/24"]
    include_export_ranges = ["198.51.100.0/23", "10.0.0.0/8"]
  }
}
resource "google_network_connectivity_spoke" "producer" {
  name       = "producer"
  location   = "global"
  hub        = google_network_connectivity_hub.mesh.id
  depends_on = [google_network_connectivity_spoke.linked]
  linked_producer_vpc_network {
    network               = google_compute_network.vpc["linked"].name
    peering               = google_service_networking_connection.services.peering
    exclude_export_ranges = ["198.51.100.0/24"]
  }
}
resource "google_network_connectivity_spoke" "tunnels" {
  name     = "tunnels"
  location = "asia-south1"
  hub      = google_network_connectivity_hub.mesh.id
  linked_vpn_tunnels {
    uris                       = [google_compute_vpn_tunnel.zero.self_link]
    site_to_site_data_transfer = true
  }
}
resource "google_network_connectivity_spoke" "appliance" {
  name     = "appliance"
  location = "asia-south1"
  hub      = google_network_connectivity_hub.mesh.id
  linked_router_appliance_instances {
    site_to_site_data_transfer = true
    include_import_ranges      = ["ALL_IPV4_RANGES"]
    instances {
      virtual_machine = google_compute_instance.appliance.self_link
      ip_address      = "10.43.0.9"
    }
  }
}
resource "google_network_connectivity_regional_endpoint" "storage" {
  name              = "storage"
  location          = "asia-south1"
  target_google_api = "storage.asia-south1.rep.googleapis.com"
  access_type       = "REGIONAL"
  address           = "10.43.0.77"
  network           = google_compute_network.vpc["hybrid"].id
  subnetwork        = google_compute_subnetwork.hybrid.id
  description       = "For one region's storage"
  labels            = { of = "endpoints" }
}
"""
CASES = [
    edited(
        Case(
            "network hubs",
            first=_FIRST,
            replaced=(
                (
                    'access_type       = "REGIONAL"',
                    'access_type       = "GLOBAL"',
                    "google_network_connectivity_regional_endpoint.storage",
                ),
                ('name     = "tunnels"', 'name     = "vpn"', "google_network_connectivity_spoke.tunnels"),
            ),
            imports={
                "google_network_connectivity_hub.mesh": "mesh",
                "google_network_connectivity_hub.star": "projects/PROJECT/locations/global/hubs/star",
                "google_network_connectivity_group.edge": "projects/PROJECT/locations/global/hubs/star/groups/edge",
                'google_compute_network.vpc["hybrid"]': "hub-hybrid",
                'google_compute_network.vpc["linked"]': "hub-linked",
                "google_compute_subnetwork.hybrid": "asia-south1/hub-hybrid",
                "google_network_connectivity_spoke.linked": "global/linked",
                "google_network_connectivity_regional_endpoint.storage": "asia-south1/storage",
            },
            after_import=LABELS,
        ),
        ("Everybody with everybody", "All with all"),
        ("export_psc  = false", "export_psc  = true"),
        ("A network", "The network"),
        ("Those at the edge", "At the edge"),
        ('["another-project"]', '["another-project", "a-third-one"]'),
        ('of = "first"', 'of = "second"'),
        ('["198.51.100.0/23", "10.0.0.0/8"]', '["10.0.0.0/8"]'),
        (
            "site_to_site_data_transfer = true\n  }",
            'site_to_site_data_transfer = true\n    include_import_ranges = ["ALL_IPV4_RANGES"]\n  }',
        ),
        updated={
            "google_network_connectivity_hub.mesh",
            "google_network_connectivity_group.edge",
            "google_network_connectivity_spoke.linked",
            "google_network_connectivity_spoke.tunnels",
        },
    )
]

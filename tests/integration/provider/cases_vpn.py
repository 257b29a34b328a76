"""VPN by highly available gateways, with one elsewhere, and by classic ones with rules and routes."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_compute_network" "vpc" {
  name                    = "vpn"
  auto_create_subnetworks = false
}
resource "google_compute_ha_vpn_gateway" "ours" {
  name    = "vpn-ours"
  region  = "asia-south1"
  network = google_compute_network.vpc.id
  labels  = { of = "first" }
}
resource "google_compute_external_vpn_gateway" "theirs" {
  name            = "vpn-theirs"
  redundancy_type = "TWO_IPS_REDUNDANCY"
  description     = "Elsewhere"
  interface {
    id         = 0
    ip_address = "203.0.113.1"
  }
  interface {
    id         = 1
    ip_address = "203.0.113.2"
  }
}
resource "google_compute_router" "vpn" {
  name    = "vpn"
  region  = "asia-south1"
  network = google_compute_network.vpc.name
  bgp {
    asn = 64514
  }
}
resource "google_compute_vpn_tunnel" "zero" {
  name                            = "vpn-zero"
  region                          = "asia-south1"
  vpn_gateway                     = google_compute_ha_vpn_gateway.ours.id
  vpn_gateway_interface           = 0
  peer_external_gateway           = google_compute_external_vpn_gateway.theirs.id
  peer_external_gateway_interface = 0
  router                          = google_compute_router.vpn.id
  shared_secret                   = "not-a-secret"
  labels                          = { of = "first" }
}
resource "google_compute_vpn_tunnel" "one" {
  name                            = "vpn-one"
  region                          = "asia-south1"
  vpn_gateway                     = google_compute_ha_vpn_gateway.ours.self_link
  vpn_gateway_interface           = 1
  peer_external_gateway           = google_compute_external_vpn_gateway.theirs.self_link
  peer_external_gateway_interface = 1
  router                          = google_compute_router.vpn.name
  shared_secret                   = "not-a-secret"
  ike_version                     = 1
}
resource "google_compute_router_interface" "zero" {
  name       = "zero"
  region     = "asia-south1"
  router     = google_compute_router.vpn.name
  ip_range   = "169.254.0.1/30"
  vpn_tunnel = google_compute_vpn_tunnel.zero.name
}
resource "google_compute_router_interface" "one" {
  name       = "one"
  region     = "asia-south1"
  router     = google_compute_router.vpn.name
  ip_range   = "169.254.1.1/30"
  vpn_tunnel = google_compute_vpn_tunnel.one.self_link
}
resource "google_compute_router_peer" "zero" {
  name                      = "zero"
  region                    = "asia-south1"
  router                    = google_compute_router.vpn.name
  interface                 = google_compute_router_interface.zero.name
  peer_ip_address           = "169.254.0.2"
  peer_asn                  = 64515
  advertised_route_priority = 100
}
resource "google_compute_router_peer" "one" {
  name              = "one"
  region            = "asia-south1"
  router            = google_compute_router.vpn.name
  interface         = google_compute_router_interface.one.name
  peer_ip_address   = "169.254.1.2"
  peer_asn          = 64515
  advertise_mode    = "CUSTOM"
  advertised_groups = ["ALL_SUBNETS"]
  enable            = false
  advertised_ip_ranges {
    range       = "10.9.0.0/16"
    description = "Elsewhere"
  }
  md5_authentication_key {
    name = "one"
    key  = "not-a-key"
  }
}
"""
_CLASSIC = """
resource "google_compute_network" "vpc" {
  name                    = "classic"
  auto_create_subnetworks = false
}
resource "google_compute_address" "vpn" {
  name   = "classic"
  region = "asia-south1"
}
resource "google_compute_vpn_gateway" "classic" {
  name        = "classic"
  region      = "asia-south1"
  network     = google_compute_network.vpc.id
  description = "Of before"
}
resource "google_compute_forwarding_rule" "esp" {
  name        = "classic-esp"
  region      = "asia-south1"
  ip_address  = google_compute_address.vpn.address
  ip_protocol = "ESP"
  target      = google_compute_vpn_gateway.classic.self_link
}
resource "google_compute_forwarding_rule" "ike" {
  for_each    = toset(["500", "4500"])
  name        = "classic-${each.key}"
  region      = "asia-south1"
  ip_address  = google_compute_address.vpn.address
  ip_protocol = "UDP"
  port_range  = each.key
  target      = google_compute_vpn_gateway.classic.self_link
}
resource "google_compute_vpn_tunnel" "classic" {
  name                    = "classic"
  region                  = "asia-south1"
  peer_ip                 = "15.0.0.120"
  shared_secret           = "not-a-secret"
  target_vpn_gateway      = google_compute_vpn_gateway.classic.self_link
  local_traffic_selector  = ["10.0.0.0/8"]
  remote_traffic_selector = ["192.168.0.0/16"]
  labels                  = { of = "first" }
  depends_on              = [google_compute_forwarding_rule.esp, google_compute_forwarding_rule.ike]
}
resource "google_compute_route" "vpn" {
  name                = "classic"
  network             = google_compute_network.vpc.name
  dest_range          = "192.168.0.0/16"
  priority            = 1000
  next_hop_vpn_tunnel = google_compute_vpn_tunnel.classic.id
}
"""
CASES = [
    Case(
        "classic vpn",
        first=_CLASSIC,
        second=_CLASSIC.replace('of = "first"', 'of = "second"'),
        updated=frozenset(("google_compute_vpn_tunnel.classic",)),
        replaced=(("Of before", "Of long before", "google_compute_vpn_gateway.classic"),),
        imports={
            "google_compute_network.vpc": "classic",
            "google_compute_address.vpn": "asia-south1/classic",
            "google_compute_vpn_gateway.classic": "asia-south1/classic",
        },
        after_import=frozenset(("labels", "terraform_labels", "shared_secret")),
    ),
    Case(
        "vpn",
        first=_FIRST,
        second=_FIRST.replace('of = "first"', 'of = "second"')
        .replace("advertised_route_priority = 100", "advertised_route_priority = 200")
        .replace("enable            = false", "enable            = true")
        .replace('"10.9.0.0/16"', '"10.8.0.0/16"'),
        updated=frozenset(
            (
                "google_compute_ha_vpn_gateway.ours",
                "google_compute_vpn_tunnel.zero",
                "google_compute_router_peer.zero",
                "google_compute_router_peer.one",
            )
        ),
        replaced=(
            ('name       = "zero"', 'name       = "other"', "google_compute_router_interface.zero"),
            ("ike_version                     = 1", "ike_version = 2", "google_compute_vpn_tunnel.one"),
        ),
        imports={
            "google_compute_network.vpc": "vpn",
            "google_compute_router.vpn": "asia-south1/vpn",
            "google_compute_external_vpn_gateway.theirs": "vpn-theirs",
            "google_compute_ha_vpn_gateway.ours": "asia-south1/vpn-ours",
            "google_compute_router_peer.zero": "asia-south1/vpn/zero",
        },
        after_import=frozenset(("labels", "terraform_labels", "shared_secret", "is_advertised_route_priority_set")),
    ),
]

"""The network's types: a VPC with all that belongs to it."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case, edited

_NETWORK = """
resource "google_compute_network" "vpc" {
  name                    = "platform"
  description             = "Of the platform"
  auto_create_subnetworks = false
}
"""

VPC = Case(
    "vpc",
    first=_NETWORK
    + """
resource "google_compute_network" "closed" {
  name                            = "closed"
  auto_create_subnetworks         = false
  routing_mode                    = "GLOBAL"
  delete_default_routes_on_create = true
}
resource "google_compute_subnetwork" "run" {
  name                             = "run"
  network                          = google_compute_network.vpc.id
  region                           = "asia-south1"
  ip_cidr_range                    = "10.10.0.0/24"
  private_ip_google_access         = true
  send_secondary_ip_range_if_empty = true
  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.20.0.0/20"
  }
  log_config {
    aggregation_interval = "INTERVAL_10_MIN"
    flow_sampling        = 0.25
  }
}
resource "google_compute_subnetwork" "plain" {
  name          = "plain"
  network       = "platform"
  ip_cidr_range = "10.11.0.0/24"
  depends_on    = [google_compute_network.vpc]
}
resource "google_compute_firewall" "deny" {
  name        = "deny-ingress"
  network     = google_compute_network.vpc.name
  direction   = "INGRESS"
  priority    = 65000
  description = "Nothing else"
  deny {
    protocol = "all"
  }
  source_ranges = ["0.0.0.0/0"]
  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }
}
resource "google_compute_firewall" "health" {
  name    = "allow-health"
  network = google_compute_network.vpc.id
  allow {
    protocol = "tcp"
    ports    = ["8080", "9000-9100"]
  }
  source_ranges           = ["35.191.0.0/16", "130.211.0.0/22"]
  target_service_accounts = ["run@PROJECT.iam.gserviceaccount.com"]
}
resource "google_compute_firewall" "out" {
  name      = "out"
  network   = google_compute_network.vpc.id
  direction = "EGRESS"
  allow {
    protocol = "TCP"
  }
  destination_ranges = ["203.0.113.0/24"]
  target_tags        = ["run"]
}
resource "google_compute_route" "proxy" {
  name        = "proxy"
  network     = google_compute_network.vpc.id
  dest_range  = "192.0.2.0/24"
  next_hop_ip = "10.10.0.9"
  tags        = ["run"]
  depends_on  = [google_compute_subnetwork.run]
}
resource "google_compute_route" "out" {
  name             = "out"
  network          = google_compute_network.vpc.id
  dest_range       = "198.51.100.0/24"
  next_hop_gateway = "default-internet-gateway"
}
""",
    replaced=(
        ('"10.10.0.0/23"', '"10.12.0.0/24"', "google_compute_subnetwork.run"),
        ('"192.0.2.0/24"', '"192.0.2.0/25"', "google_compute_route.proxy"),
        ('direction   = "INGRESS"', 'direction   = "EGRESS"', "google_compute_firewall.deny"),
        ('"Of the platform"', '"Of another"', "google_compute_network.vpc"),
    ),
    imports={
        "google_compute_network.vpc": "platform",
        "google_compute_network.closed": "projects/PROJECT/global/networks/closed",
        "google_compute_subnetwork.run": "asia-south1/run",
        "google_compute_firewall.deny": "PROJECT/deny-ingress",
        "google_compute_firewall.health": "allow-health",
        "google_compute_firewall.out": "out",
        "google_compute_route.proxy": "proxy",
        "google_compute_route.out": "projects/PROJECT/global/routes/out",
    },
    after_import=frozenset(("delete_default_routes_on_create", "send_secondary_ip_range_if_empty")),
)

EGRESS = Case(
    "egress",
    first=_NETWORK
    + """
resource "google_compute_subnetwork" "run" {
  name          = "run"
  network       = google_compute_network.vpc.id
  ip_cidr_range = "10.10.0.0/24"
}
resource "google_compute_address" "egress" {
  name   = "egress"
  region = "asia-south1"
  labels = { tier = "one" }
}
resource "google_compute_address" "inner" {
  name         = "inner"
  address_type = "INTERNAL"
  subnetwork   = google_compute_subnetwork.run.name
  address      = "10.10.0.9"
}
resource "google_compute_router" "nat" {
  name        = "nat"
  network     = google_compute_network.vpc.name
  region      = "asia-south1"
  description = "Out"
}
resource "google_compute_router_nat" "nat" {
  name                               = "nat"
  router                             = google_compute_router.nat.name
  region                             = "asia-south1"
  nat_ip_allocate_option             = "MANUAL_ONLY"
  nat_ips                            = [google_compute_address.egress.self_link]
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"
  subnetwork {
    name                    = google_compute_subnetwork.run.self_link
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
  enable_endpoint_independent_mapping = false
  min_ports_per_vm                    = 64
  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}
""",
    replaced=(
        ('"10.10.0.9"', '"10.10.0.10"', "google_compute_address.inner"),
        ('name                               = "nat"', 'name = "out"', "google_compute_router_nat.nat"),
    ),
    imports={
        "google_compute_network.vpc": "platform",
        "google_compute_subnetwork.run": "asia-south1/run",
        "google_compute_address.egress": "PROJECT/asia-south1/egress",
        "google_compute_address.inner": "inner",
        "google_compute_router.nat": "projects/PROJECT/regions/asia-south1/routers/nat",
        "google_compute_router_nat.nat": "PROJECT/asia-south1/nat/nat",
    },
    after_import=LABELS,
)

PRIVATE = Case(
    "private",
    first=_NETWORK
    + """
resource "google_compute_subnetwork" "connector" {
  name          = "connector"
  network       = google_compute_network.vpc.id
  ip_cidr_range = "10.8.0.0/28"
}
resource "google_compute_global_address" "services" {
  name          = "services"
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  network       = google_compute_network.vpc.id
  prefix_length = 20
  labels        = { tier = "one" }
}
resource "google_compute_global_address" "more" {
  name          = "more"
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  network       = google_compute_network.vpc.self_link
  address       = "10.30.0.0"
  prefix_length = 20
}
resource "google_compute_global_address" "gateway" {
  name = "gateway"
}
resource "google_service_networking_connection" "services" {
  network                 = google_compute_network.vpc.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]
  depends_on              = [google_compute_global_address.more]
}
resource "google_vpc_access_connector" "subnet" {
  name          = "by-subnet"
  region        = "asia-south1"
  min_instances = 2
  max_instances = 3
  subnet {
    name = google_compute_subnetwork.connector.name
  }
}
resource "google_vpc_access_connector" "range" {
  name          = "by-range"
  network       = google_compute_network.vpc.name
  ip_cidr_range = "10.9.0.0/28"
  min_instances = 2
  max_instances = 4
}
resource "google_dns_managed_zone" "internal" {
  name       = "internal"
  dns_name   = "atm.internal."
  visibility = "private"
  labels     = { tier = "one" }
  private_visibility_config {
    networks {
      network_url = google_compute_network.vpc.id
    }
  }
}
resource "google_dns_record_set" "db" {
  name         = "db.atm.internal."
  managed_zone = google_dns_managed_zone.internal.name
  type         = "A"
  ttl          = 300
  rrdatas      = ["10.10.0.9", "10.10.0.8"]
}
resource "google_dns_record_set" "text" {
  name         = "atm.internal."
  managed_zone = google_dns_managed_zone.internal.name
  type         = "TXT"
  ttl          = 60
  rrdatas      = ["owner=quants"]
}
""",
    replaced=(
        ('"10.30.0.0"', '"10.40.0.0"', "google_compute_global_address.more"),
        ('"10.9.0.0/28"', '"10.9.1.0/28"', "google_vpc_access_connector.range"),
        ('dns_name   = "atm.internal."', 'dns_name = "b.internal."', "google_dns_managed_zone.internal"),
        ('name         = "db.atm.internal."', 'name = "d.atm.internal."', "google_dns_record_set.db"),
    ),
    imports={
        "google_compute_network.vpc": "platform",
        "google_compute_subnetwork.connector": "connector",
        "google_compute_global_address.services": "services",
        "google_compute_global_address.more": "PROJECT/more",
        "google_compute_global_address.gateway": "gateway",
        "google_service_networking_connection.services": "projects/PROJECT/global/networks/platform"
        ":servicenetworking.googleapis.com",
        "google_vpc_access_connector.subnet": "asia-south1/by-subnet",
        "google_vpc_access_connector.range": "by-range",
        "google_dns_managed_zone.internal": "internal",
        "google_dns_record_set.db": "PROJECT/internal/db.atm.internal./A",
    },
    after_import=LABELS,
)

CASES = [
    edited(
        VPC,
        ('"10.10.0.0/24"', '"10.10.0.0/23"'),
        ("private_ip_google_access         = true", "private_ip_google_access         = false"),
        ("flow_sampling        = 0.25", "flow_sampling        = 0.5"),
        ('    range_name    = "pods"', '    range_name    = "more"'),
        ('  description = "Nothing else"\n', ""),
        ('ports    = ["8080", "9000-9100"]', 'ports    = ["8080"]'),
        ('"203.0.113.0/24"', '"203.0.113.0/25"'),
        ('routing_mode                    = "GLOBAL"', 'routing_mode = "REGIONAL"'),
        updated={
            "google_compute_network.closed",
            "google_compute_subnetwork.run",
            "google_compute_firewall.deny",
            "google_compute_firewall.health",
            "google_compute_firewall.out",
        },
    ),
    edited(
        EGRESS,
        ('description = "Out"', 'description = "The way out"'),
        ('{ tier = "one" }', '{ tier = "two" }'),
        ("min_ports_per_vm                    = 64", "min_ports_per_vm = 128"),
        ('filter = "ERRORS_ONLY"', 'filter = "ALL"'),
        updated={"google_compute_address.egress", "google_compute_router.nat", "google_compute_router_nat.nat"},
    ),
    edited(
        PRIVATE,
        ("[google_compute_global_address.services.name]", '["more"]'),
        ("  max_instances = 4", "  max_instances = 5"),
        ('  labels        = { tier = "one" }\n', ""),
        ('  labels     = { tier = "one" }\n', '  description = "Names"\n'),
        ("ttl          = 300", "ttl          = 60"),
        ('["owner=quants"]', '["owner=ops"]'),
        updated={
            "google_compute_global_address.services",
            "google_service_networking_connection.services",
            "google_vpc_access_connector.range",
            "google_dns_managed_zone.internal",
            "google_dns_record_set.db",
            "google_dns_record_set.text",
        },
    ),
]

"""What gets packets as they are: target pools, of groups too, and single machines; and the proxies of gRPC."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case

_POOLS = """
resource "google_compute_network" "vpc" {
  name                    = "pooled"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "one" {
  name          = "pooled-one"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.52.0.0/24"
}
resource "google_compute_http_health_check" "alive" {
  name = "pooled-alive"
}
resource "google_compute_http_health_check" "well" {
  name         = "pooled-well"
  request_path = "/well"
}
resource "google_compute_target_pool" "spare" {
  name   = "pool-spare"
  region = "asia-south1"
}
resource "google_compute_target_pool" "other" {
  name   = "pool-other"
  region = "asia-south1"
}
resource "google_compute_target_pool" "full" {
  name             = "pool-full"
  region           = "asia-south1"
  description      = "By hand"
  session_affinity = "CLIENT_IP"
  health_checks    = [google_compute_http_health_check.alive.name]
  instances        = ["asia-south1-a/not-yet", google_compute_instance.single.self_link]
  backup_pool      = google_compute_target_pool.spare.self_link
  failover_ratio   = 0.5
}
resource "google_compute_instance" "single" {
  name         = "pooled-single"
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
}
resource "google_compute_target_instance" "single" {
  name        = "single"
  zone        = "asia-south1-a"
  description = "Of one machine"
  instance    = "projects/PROJECT/zones/asia-south1-a/instances/pooled-single"
  depends_on  = [google_compute_instance.single]
}
resource "google_compute_forwarding_rule" "pool" {
  name       = "to-pool"
  region     = "asia-south1"
  target     = google_compute_target_pool.full.id
  port_range = "80"
}
resource "google_compute_forwarding_rule" "every" {
  name   = "to-every-port"
  region = "asia-south1"
  target = google_compute_target_pool.other.self_link
}
resource "google_compute_forwarding_rule" "single" {
  name        = "to-single"
  region      = "asia-south1"
  target      = google_compute_target_instance.single.id
  ip_protocol = "ESP"
}
resource "google_compute_instance_template" "pooled" {
  name         = "pooled"
  machine_type = "e2-micro"
  disk {
    source_image = "debian-cloud/debian-12"
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.id
  }
}
resource "google_compute_instance_group_manager" "pooled" {
  name               = "pooled"
  zone               = "asia-south1-a"
  base_instance_name = "pooled"
  target_pools       = [google_compute_target_pool.spare.id]
  version {
    instance_template = google_compute_instance_template.pooled.id
  }
}
resource "google_compute_region_instance_group_manager" "pooled" {
  name               = "pooled"
  region             = "asia-south1"
  base_instance_name = "pooled"
  target_pools       = [google_compute_target_pool.spare.self_link]
  version {
    instance_template = google_compute_instance_template.pooled.id
  }
}
"""
_GRPC = """
resource "google_compute_health_check" "grpc" {
  name = "grpc"
  grpc_health_check {
    port = 50051
  }
}
resource "google_compute_backend_service" "grpc" {
  name                  = "grpc"
  protocol              = "GRPC"
  load_balancing_scheme = "INTERNAL_SELF_MANAGED"
  health_checks         = [google_compute_health_check.grpc.id]
}
resource "google_compute_url_map" "grpc" {
  name            = "grpc"
  default_service = google_compute_backend_service.grpc.id
}
resource "google_compute_target_grpc_proxy" "full" {
  name                   = "grpc"
  description            = "Of one map"
  url_map                = google_compute_url_map.grpc.id
  validate_for_proxyless = true
}
resource "google_compute_target_grpc_proxy" "plain" {
  name    = "grpc-plain"
  url_map = google_compute_url_map.grpc.self_link
}
resource "google_compute_global_forwarding_rule" "grpc" {
  name                  = "grpc"
  target                = google_compute_target_grpc_proxy.full.id
  port_range            = "50051"
  ip_address            = "0.0.0.0"
  load_balancing_scheme = "INTERNAL_SELF_MANAGED"
}
"""
CASES = [
    Case(
        "target pools",
        first=_POOLS,
        second=_POOLS.replace("health_check.alive.name", "health_check.well.self_link")
        .replace('["asia-south1-a/not-yet", google', '["asia-south1-b/later", google')
        .replace(
            "backup_pool      = google_compute_target_pool.spare", "backup_pool      = google_compute_target_pool.other"
        )
        .replace("[google_compute_target_pool.spare.id]", "[google_compute_target_pool.other.id]")
        .replace(
            "[google_compute_target_pool.spare.self_link]",
            "[google_compute_target_pool.spare.id, google_compute_target_pool.other.id]",
        ),
        updated=frozenset(
            (
                "google_compute_target_pool.full",
                "google_compute_instance_group_manager.pooled",
                "google_compute_region_instance_group_manager.pooled",
            )
        ),
        replaced=(("Of one machine", "Of a machine", "google_compute_target_instance.single"),),
        imports={
            "google_compute_target_pool.full": "asia-south1/pool-full",
            "google_compute_target_instance.single": "PROJECT/asia-south1-a/single",
            "google_compute_forwarding_rule.every": "asia-south1/to-every-port",
        },
        after_import=LABELS,
    ),
    Case(
        "gRPC proxies",
        first=_GRPC,
        second=_GRPC.replace("Of one map", "Of a map"),
        updated=frozenset(("google_compute_target_grpc_proxy.full",)),
        replaced=(
            (
                "validate_for_proxyless = true",
                "validate_for_proxyless = false",
                "google_compute_target_grpc_proxy.full",
            ),
        ),
        imports={
            "google_compute_target_grpc_proxy.plain": "PROJECT/grpc-plain",
            "google_compute_url_map.grpc": "grpc",
        },
    ),
]

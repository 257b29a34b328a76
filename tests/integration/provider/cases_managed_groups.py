"""Groups of machines that are made from templates, and what decides their sizes."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_GROUPS = """
resource "google_compute_network" "vpc" {
  name                    = "managed"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "one" {
  name          = "managed-one"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.50.0.0/24"
}
resource "google_compute_instance_template" "old" {
  name         = "old"
  machine_type = "e2-micro"
  disk {
    source_image = "debian-cloud/debian-12"
    disk_type    = "pd-balanced"
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.id
  }
}
resource "google_compute_instance_template" "new" {
  name         = "new"
  machine_type = "e2-small"
  disk {
    source_image = "debian-cloud/debian-12"
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.id
  }
}
resource "google_compute_health_check" "alive" {
  name = "managed-alive"
  tcp_health_check {
    port = 8000
  }
}
resource "google_compute_instance_group_manager" "zonal" {
  name               = "zonal"
  zone               = "asia-south1-a"
  description        = "Two of them"
  base_instance_name = "zonal"
  target_size        = 2
  wait_for_instances = true
  version {
    name              = "main"
    instance_template = google_compute_instance_template.old.self_link_unique
  }
  named_port {
    name = "http"
    port = 80
  }
  auto_healing_policies {
    health_check      = google_compute_health_check.alive.id
    initial_delay_sec = 60
  }
  update_policy {
    type                  = "PROACTIVE"
    minimal_action        = "REPLACE"
    max_surge_fixed       = 2
    max_unavailable_fixed = 0
  }
  all_instances_config {
    labels   = { of = "all", more = "yes" }
    metadata = { key = "value" }
  }
}
resource "google_compute_instance_group_manager" "scaled" {
  name               = "scaled"
  zone               = "asia-south1-b"
  base_instance_name = "scaled"
  version {
    instance_template = google_compute_instance_template.old.id
  }
}
resource "google_compute_autoscaler" "zonal" {
  name   = "scaled"
  zone   = "asia-south1-b"
  target = google_compute_instance_group_manager.scaled.id
  autoscaling_policy {
    min_replicas    = 1
    max_replicas    = 4
    cooldown_period = 90
    cpu_utilization {
      target = 0.7
    }
    scaling_schedules {
      name                  = "mornings"
      min_required_replicas = 2
      schedule              = "0 9 * * MON-FRI"
      duration_sec          = 3600
      time_zone             = "Asia/Kolkata"
    }
  }
}
resource "google_compute_region_instance_group_manager" "regional" {
  name                      = "regional"
  region                    = "asia-south1"
  base_instance_name        = "regional"
  distribution_policy_zones = ["asia-south1-a", "asia-south1-b"]
  version {
    instance_template = google_compute_instance_template.old.self_link
  }
  update_policy {
    type                         = "OPPORTUNISTIC"
    minimal_action               = "RESTART"
    instance_redistribution_type = "NONE"
    max_surge_percent            = 20
    max_unavailable_fixed        = 2
  }
}
resource "google_compute_region_autoscaler" "regional" {
  name   = "regional"
  region = "asia-south1"
  target = google_compute_region_instance_group_manager.regional.self_link
  autoscaling_policy {
    min_replicas = 2
    max_replicas = 3
    mode         = "ONLY_SCALE_OUT"
  }
}
resource "google_compute_region_backend_service" "behind" {
  name                  = "managed-behind"
  region                = "asia-south1"
  protocol              = "TCP"
  load_balancing_scheme = "INTERNAL"
  health_checks         = [google_compute_health_check.alive.id]
  backend {
    group          = google_compute_region_instance_group_manager.regional.instance_group
    balancing_mode = "CONNECTION"
  }
}
"""
GROUPS = Case(
    "managed groups",
    first=_GROUPS,
    second=_GROUPS.replace("old.self_link_unique", "new.self_link_unique")
    .replace("target_size        = 2", "target_size        = 3")
    .replace("Two of them", "Three of them")
    .replace("port = 80\n  }\n  auto", "port = 8080\n  }\n  auto")
    .replace("initial_delay_sec = 60", "initial_delay_sec = 90")
    .replace(', more = "yes"', "")
    .replace("max_replicas    = 4", "max_replicas    = 5")
    .replace("max_replicas = 3", "max_replicas = 4")
    .replace("max_surge_percent            = 20", "max_surge_percent            = 30"),
    updated=frozenset(
        (
            "google_compute_instance_group_manager.zonal",
            "google_compute_autoscaler.zonal",
            "google_compute_region_instance_group_manager.regional",
            "google_compute_region_autoscaler.regional",
        )
    ),
    replaced=(
        (
            'base_instance_name = "scaled"',
            'base_instance_name = "other"',
            "google_compute_instance_group_manager.scaled",
        ),
    ),
    imports={
        "google_compute_instance_group_manager.scaled": "PROJECT/asia-south1-b/scaled",
        "google_compute_region_instance_group_manager.regional": "asia-south1/regional",
        "google_compute_autoscaler.zonal": "asia-south1-b/scaled",
        "google_compute_region_autoscaler.regional": "asia-south1/regional",
        "google_compute_instance_template.old": "projects/PROJECT/global/instanceTemplates/old",
        "google_compute_network.vpc": "managed",
        "google_compute_subnetwork.one": "asia-south1/managed-one",
    },
    after_import=frozenset(("wait_for_instances", "wait_for_instances_status", "labels", "terraform_labels")),
)
CASES = [GROUPS]

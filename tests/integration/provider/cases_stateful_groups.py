"""Groups that keep something of their machines, by a policy and by configurations of single machines."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_GROUPS = """
resource "google_compute_network" "vpc" {
  name                    = "stateful"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "one" {
  name          = "stateful-one"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.53.0.0/24"
}
resource "google_compute_instance_template" "kept" {
  name         = "kept"
  machine_type = "e2-micro"
  disk {
    source_image = "debian-cloud/debian-12"
  }
  disk {
    device_name  = "data"
    disk_size_gb = 10
  }
  disk {
    device_name  = "more"
    disk_size_gb = 10
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.id
    access_config {}
  }
}
resource "google_compute_instance_group_manager" "policy" {
  name               = "policy"
  zone               = "asia-south1-a"
  base_instance_name = "policy"
  target_size        = 1
  version {
    instance_template = google_compute_instance_template.kept.id
  }
  stateful_disk {
    device_name = "data"
    delete_rule = "ON_PERMANENT_INSTANCE_DELETION"
  }
  stateful_disk {
    device_name = "more"
    delete_rule = "NEVER"
  }
  stateful_internal_ip {
    interface_name = "nic0"
    delete_rule    = "ON_PERMANENT_INSTANCE_DELETION"
  }
}
resource "google_compute_region_instance_group_manager" "policy" {
  name                             = "policy"
  region                           = "asia-south1"
  base_instance_name               = "policy"
  distribution_policy_zones        = ["asia-south1-a"]
  distribution_policy_target_shape = "EVEN"
  target_size                      = 1
  version {
    instance_template = google_compute_instance_template.kept.id
  }
  update_policy {
    type                         = "OPPORTUNISTIC"
    minimal_action               = "REFRESH"
    instance_redistribution_type = "NONE"
    max_unavailable_fixed        = 1
  }
  stateful_external_ip {
    interface_name = "nic0"
    delete_rule    = "ON_PERMANENT_INSTANCE_DELETION"
  }
}
resource "google_compute_instance_group_manager" "configs" {
  name               = "configs"
  zone               = "asia-south1-a"
  base_instance_name = "configs"
  version {
    instance_template = google_compute_instance_template.kept.id
  }
}
resource "google_compute_region_instance_group_manager" "configs" {
  name               = "configs"
  region             = "asia-south1"
  base_instance_name = "configs"
  version {
    instance_template = google_compute_instance_template.kept.id
  }
  update_policy {
    type                         = "OPPORTUNISTIC"
    minimal_action               = "REFRESH"
    instance_redistribution_type = "NONE"
    max_unavailable_fixed        = 3
  }
}
resource "google_compute_disk" "own" {
  name = "stateful-own"
  zone = "asia-south1-a"
  size = 10
}
resource "google_compute_address" "own" {
  name         = "stateful-own"
  region       = "asia-south1"
  address_type = "INTERNAL"
  purpose      = "GCE_ENDPOINT"
  subnetwork   = google_compute_subnetwork.one.id
}
resource "google_compute_per_instance_config" "full" {
  name                       = "node-full"
  zone                       = "asia-south1-a"
  instance_group_manager     = google_compute_instance_group_manager.configs.name
  remove_instance_on_destroy = true
  preserved_state {
    metadata = {
      mode = "active"
      of   = "one"
    }
    disk {
      device_name = "data"
      source      = "projects/PROJECT/zones/asia-south1-a/disks/stateful-own"
      mode        = "READ_ONLY"
    }
  }
  depends_on = [google_compute_disk.own]
}
resource "google_compute_per_instance_config" "plain" {
  name                             = "node-plain"
  zone                             = "asia-south1-a"
  instance_group_manager           = google_compute_instance_group_manager.configs.name
  remove_instance_state_on_destroy = true
}
resource "google_compute_region_per_instance_config" "full" {
  name                          = "node-regional"
  region                        = "asia-south1"
  region_instance_group_manager = google_compute_region_instance_group_manager.configs.name
  minimal_action                = "NONE"
  remove_instance_on_destroy    = true
  preserved_state {
    metadata = {
      mode = "active"
    }
    internal_ip {
      interface_name = "nic0"
      ip_address {
        address = "projects/PROJECT/regions/asia-south1/addresses/stateful-own"
      }
    }
  }
  depends_on = [google_compute_address.own]
}
"""
_MORE = """  stateful_disk {
    device_name = "more"
    delete_rule = "NEVER"
  }
"""
_OUTSIDE = """  stateful_external_ip {
    interface_name = "nic0"
    delete_rule    = "ON_PERMANENT_INSTANCE_DELETION"
  }
"""
_NEXT = '}\nresource "google_compute_instance_group_manager" "configs"'
CASES = [
    Case(
        "stateful groups",
        first=_GROUPS,
        second=_GROUPS.replace(_MORE, _OUTSIDE)
        .replace(_OUTSIDE + _NEXT, _NEXT)
        .replace('mode = "active"', 'mode = "passive"')
        .replace('      of   = "one"\n', "")
        .replace('"READ_ONLY"', '"READ_WRITE"')
        .replace('minimal_action                = "NONE"', 'minimal_action                = "REFRESH"'),
        updated=frozenset(
            (
                "google_compute_instance_group_manager.policy",
                "google_compute_region_instance_group_manager.policy",
                "google_compute_per_instance_config.full",
                "google_compute_region_per_instance_config.full",
            )
        ),
        replaced=(('"node-plain"', '"node-other"', "google_compute_per_instance_config.plain"),),
        imports={
            "google_compute_per_instance_config.full": "asia-south1-a/configs/node-full",
            "google_compute_region_per_instance_config.full": "PROJECT/asia-south1/configs/node-regional",
        },
        after_import=frozenset(
            (
                "remove_instance_on_destroy",
                "remove_instance_state_on_destroy",
                "minimal_action",
            )
        ),
    )
]

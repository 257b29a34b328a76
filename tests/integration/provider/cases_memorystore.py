"""Memorystore's instances of Valkey."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

_FIRST = """
resource "google_compute_network" "here" {
  name                    = "here"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "here" {
  name          = "here"
  network       = google_compute_network.here.id
  region        = "asia-south1"
  ip_cidr_range = "10.90.0.0/24"
}
resource "google_network_connectivity_service_connection_policy" "here" {
  name          = "here"
  location      = "asia-south1"
  service_class = "gcp-memorystore"
  network       = google_compute_network.here.id
  psc_config {
    subnetworks = [google_compute_subnetwork.here.id]
  }
}
resource "google_memorystore_instance" "whole" {
  instance_id                 = "whole"
  location                    = "asia-south1"
  shard_count                 = 3
  replica_count               = 1
  node_type                   = "HIGHMEM_MEDIUM"
  engine_version              = "VALKEY_7_2"
  engine_configs              = { maxmemory-policy = "volatile-ttl" }
  authorization_mode          = "IAM_AUTH"
  transit_encryption_mode     = "SERVER_AUTHENTICATION"
  mode                        = "CLUSTER"
  deletion_protection_enabled = false
  labels                      = { of = "first" }
  desired_auto_created_endpoints {
    network    = google_compute_network.here.id
    project_id = "PROJECT"
  }
  zone_distribution_config {
    mode = "SINGLE_ZONE"
    zone = "asia-south1-b"
  }
  persistence_config {
    mode = "RDB"
    rdb_config {
      rdb_snapshot_period = "ONE_HOUR"
    }
  }
  maintenance_policy {
    weekly_maintenance_window {
      day = "MONDAY"
      start_time {
        hours = 1
      }
    }
  }
  automated_backup_config {
    retention = "259200s"
    fixed_frequency_schedule {
      start_time {
        hours = 20
      }
    }
  }
  depends_on = [google_network_connectivity_service_connection_policy.here]
}
resource "google_memorystore_instance" "plain" {
  instance_id                 = "plain"
  location                    = "asia-south1"
  shard_count                 = 1
  deletion_protection_enabled = false
  desired_auto_created_endpoints {
    network    = google_compute_network.here.id
    project_id = "PROJECT"
  }
  depends_on = [google_network_connectivity_service_connection_policy.here]
}
"""
CASES = [
    edited(
        Case(
            "memorystore",
            first=_FIRST,
            replaced=(
                ('"IAM_AUTH"', '"AUTH_DISABLED"', "google_memorystore_instance.whole"),
                ('"plain"\n  location', '"simple"\n  location', "google_memorystore_instance.plain"),
            ),
            imports={"google_memorystore_instance.plain": "asia-south1/plain"},
            after_import=frozenset(("desired_auto_created_endpoints",)),
        ),
        ("shard_count                 = 3", "shard_count                 = 4"),
        ("replica_count               = 1", "replica_count               = 2"),
        ('"HIGHMEM_MEDIUM"', '"HIGHMEM_XLARGE"'),
        ('"VALKEY_7_2"', '"VALKEY_8_0"'),
        ('"volatile-ttl"', '"allkeys-lru"'),
        ('of = "first"', 'of = "second"'),
        ('"ONE_HOUR"', '"SIX_HOURS"'),
        ('"MONDAY"', '"TUESDAY"'),
        ('"259200s"', '"345600s"'),
        updated={"google_memorystore_instance.whole"},
    )
]

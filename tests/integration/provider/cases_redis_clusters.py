"""Memorystore for Redis Cluster."""

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
  service_class = "gcp-memorystore-redis"
  network       = google_compute_network.here.id
  psc_config {
    subnetworks = [google_compute_subnetwork.here.id]
  }
}
resource "google_redis_cluster" "whole" {
  name                        = "whole"
  region                      = "asia-south1"
  shard_count                 = 3
  replica_count               = 1
  node_type                   = "REDIS_HIGHMEM_MEDIUM"
  redis_configs               = { maxmemory-policy = "volatile-ttl" }
  authorization_mode          = "AUTH_MODE_IAM_AUTH"
  transit_encryption_mode     = "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"
  deletion_protection_enabled = false
  labels                      = { of = "first" }
  psc_configs {
    network = google_compute_network.here.id
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
resource "google_redis_cluster" "plain" {
  name                        = "plain"
  region                      = "asia-south1"
  shard_count                 = 1
  deletion_protection_enabled = false
  psc_configs {
    network = google_compute_network.here.id
  }
  depends_on = [google_network_connectivity_service_connection_policy.here]
}
"""
CASES = [
    edited(
        Case(
            "redis clusters",
            first=_FIRST,
            replaced=(
                ('"AUTH_MODE_IAM_AUTH"', '"AUTH_MODE_DISABLED"', "google_redis_cluster.whole"),
                ('"plain"\n  region', '"simple"\n  region', "google_redis_cluster.plain"),
            ),
            imports={"google_redis_cluster.plain": "asia-south1/plain"},
            after_import=frozenset(("psc_configs",)),
        ),
        ("shard_count                 = 3", "shard_count                 = 4"),
        ("replica_count               = 1", "replica_count               = 2"),
        ('"REDIS_HIGHMEM_MEDIUM"', '"REDIS_HIGHMEM_XLARGE"'),
        ('"volatile-ttl"', '"allkeys-lru"'),
        ('of = "first"', 'of = "second"'),
        ('"ONE_HOUR"', '"SIX_HOURS"'),
        ('"MONDAY"', '"TUESDAY"'),
        ('"259200s"', '"345600s"'),
        updated={"google_redis_cluster.whole"},
    )
]

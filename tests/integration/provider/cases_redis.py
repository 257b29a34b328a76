"""Memorystore for Redis."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_redis_instance" "cache" {
  name                    = "cache"
  tier                    = "STANDARD_HA"
  memory_size_gb          = 5
  redis_version           = "REDIS_7_0"
  auth_enabled            = true
  transit_encryption_mode = "SERVER_AUTHENTICATION"
  authorized_network      = "projects/PROJECT/global/networks/main"
  connect_mode            = "PRIVATE_SERVICE_ACCESS"
  read_replicas_mode      = "READ_REPLICAS_ENABLED"
  replica_count           = 2
  redis_configs           = { maxmemory-policy = "allkeys-lru" }
  labels                  = { tier = "one" }
  persistence_config {
    persistence_mode    = "RDB"
    rdb_snapshot_period = "SIX_HOURS"
  }
  maintenance_policy {
    weekly_maintenance_window {
      day = "SUNDAY"
      start_time {
        hours = 20
      }
    }
  }
}
resource "google_redis_instance" "plain" {
  name           = "plain"
  memory_size_gb = 1
  persistence_config {
    persistence_mode = "DISABLED"
  }
}
"""

REDIS = Case(
    "redis",
    first=_FIRST,
    second=_FIRST.replace('"REDIS_7_0"', '"REDIS_7_2"')
    .replace("memory_size_gb          = 5", "memory_size_gb          = 6")
    .replace('"allkeys-lru"', '"volatile-lru"')
    .replace('"SIX_HOURS"', '"ONE_HOUR"')
    .replace("hours = 20", "hours = 21")
    .replace('tier = "one"', 'tier = "two"')
    .replace("memory_size_gb = 1", "memory_size_gb = 2"),
    updated=frozenset(("google_redis_instance.cache", "google_redis_instance.plain")),
    replaced=(
        ('"cache"\n  tier', '"quotes"\n  tier', "google_redis_instance.cache"),
        ('"SERVER_AUTHENTICATION"', '"DISABLED"', "google_redis_instance.cache"),
        ("networks/main", "networks/other", "google_redis_instance.cache"),
        ('"PRIVATE_SERVICE_ACCESS"', '"DIRECT_PEERING"', "google_redis_instance.cache"),
        ('"REDIS_7_2"', '"REDIS_7_0"', "google_redis_instance.cache"),
    ),
    imports={
        "google_redis_instance.cache": "projects/PROJECT/locations/asia-south1/instances/cache",
        "google_redis_instance.plain": "asia-south1/plain",
    },
    after_import=frozenset(("labels", "terraform_labels", "deletion_protection")),
)

CASES = [REDIS]

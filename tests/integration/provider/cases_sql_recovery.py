"""Cloud SQL: disaster recovery, promoted replicas, pools that scale, certificates of clients, endpoints by policy."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

_RECOVERED = """
resource "google_sql_database_instance" "primary" {
  name                = "primary"
  region              = "asia-south1"
  database_version    = "MYSQL_8_0"
  instance_type       = "CLOUD_SQL_INSTANCE"
  deletion_protection = false
  settings {
    tier    = "db-perf-optimized-N-2"
    edition = "ENTERPRISE_PLUS"
    backup_configuration {
      enabled            = true
      binary_log_enabled = true
    }
  }
}
resource "google_sql_database_instance" "recovery" {
  name                 = "recovery"
  region               = "asia-south2"
  database_version     = "MYSQL_8_0"
  instance_type        = "READ_REPLICA_INSTANCE"
  master_instance_name = google_sql_database_instance.primary.name
  deletion_protection  = false
  settings {
    tier    = "db-perf-optimized-N-2"
    edition = "ENTERPRISE_PLUS"
  }
}
resource "google_sql_database_instance" "promoted" {
  name                 = "promoted"
  region               = "asia-south2"
  database_version     = "MYSQL_8_0"
  instance_type        = "READ_REPLICA_INSTANCE"
  master_instance_name = google_sql_database_instance.primary.name
  deletion_protection  = false
  settings {
    tier    = "db-perf-optimized-N-2"
    edition = "ENTERPRISE_PLUS"
  }
}
resource "google_sql_database_instance" "pool" {
  name                 = "pool"
  region               = "asia-south1"
  database_version     = "MYSQL_8_0"
  instance_type        = "READ_POOL_INSTANCE"
  master_instance_name = google_sql_database_instance.primary.name
  node_count           = 2
  deletion_protection  = false
  settings {
    tier    = "db-perf-optimized-N-2"
    edition = "ENTERPRISE_PLUS"
    read_pool_auto_scale_config {
      enabled                    = true
      min_node_count             = 2
      max_node_count             = 20
      scale_in_cooldown_seconds  = 600
      scale_out_cooldown_seconds = 600
      target_metrics {
        metric       = "AVERAGE_CPU_UTILIZATION"
        target_value = 0.5
      }
    }
  }
}
"""
_DESIGNATED = """  deletion_protection = false
  replication_cluster {
    failover_dr_replica_name = "PROJECT:recovery"
  }
"""
_OF_PROMOTED = """  name                 = "promoted"
  region               = "asia-south2"
  database_version     = "MYSQL_8_0"
  instance_type        = "READ_REPLICA_INSTANCE"
  master_instance_name = google_sql_database_instance.primary.name
"""
_PROMOTED = """  name                 = "promoted"
  region               = "asia-south2"
  database_version     = "MYSQL_8_0"
  instance_type        = "CLOUD_SQL_INSTANCE"
"""
_CERTIFIED = """
resource "google_sql_database_instance" "certified" {
  name                = "certified"
  region              = "asia-south1"
  database_version    = "POSTGRES_15"
  deletion_protection = false
  settings {
    tier = "db-custom-2-7680"
    ip_configuration {
      ssl_mode = "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"
    }
  }
}
resource "google_sql_ssl_cert" "client" {
  common_name = "client one"
  instance    = google_sql_database_instance.certified.name
}
resource "google_compute_network" "consumer" {
  name                    = "consumer"
  auto_create_subnetworks = false
}
resource "google_compute_network" "other" {
  name                    = "other"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "consumer" {
  name          = "consumer"
  network       = google_compute_network.consumer.id
  region        = "asia-south1"
  ip_cidr_range = "10.80.0.0/24"
}
resource "google_network_connectivity_service_connection_policy" "consumer" {
  name          = "consumer"
  location      = "asia-south1"
  service_class = "google-cloud-sql"
  network       = google_compute_network.consumer.id
  psc_config {
    subnetworks = [google_compute_subnetwork.consumer.id]
  }
}
resource "google_sql_database_instance" "connected" {
  name                = "connected"
  region              = "asia-south1"
  database_version    = "POSTGRES_15"
  deletion_protection = false
  settings {
    tier = "db-custom-2-7680"
    ip_configuration {
      ipv4_enabled = false
      psc_config {
        psc_enabled = true
        psc_auto_connections {
          consumer_network            = google_compute_network.consumer.id
          consumer_service_project_id = "PROJECT"
        }
      }
    }
  }
  depends_on = [google_network_connectivity_service_connection_policy.consumer]
}
"""
_OTHER = """        }
        psc_auto_connections {
          consumer_network            = google_compute_network.other.id
          consumer_service_project_id = "PROJECT"
        }
      }
    }
  }
  depends_on"""
CASES = [
    edited(
        Case(
            "sql recovery",
            first=_RECOVERED,
            replaced=(("asia-south1", "asia-south2", "google_sql_database_instance.primary"),),
            imports={
                "google_sql_database_instance.primary": "primary",
                "google_sql_database_instance.recovery": "recovery",
                "google_sql_database_instance.pool": "pool",
            },
            after_import=frozenset(("deletion_protection",)),
        ),
        ("  deletion_protection = false\n", _DESIGNATED),
        (_OF_PROMOTED, _PROMOTED),
        ("min_node_count             = 2", "min_node_count             = 3"),
        updated={f"google_sql_database_instance.{name}" for name in ("primary", "promoted", "pool")},
    ),
    Case(
        "sql certificates and endpoints",
        first=_CERTIFIED,
        second=_CERTIFIED.replace("        }\n      }\n    }\n  }\n  depends_on", _OTHER),
        updated=frozenset(("google_sql_database_instance.connected",)),
        replaced=(('"client one"', '"client two"', "google_sql_ssl_cert.client"),),
        imports={"google_sql_database_instance.connected": "connected"},
        after_import=frozenset(("deletion_protection", "settings")),  # whose networks aren't known while it is imported
    ),
]

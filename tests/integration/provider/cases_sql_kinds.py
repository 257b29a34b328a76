"""Cloud SQL: a replica with its own binary log, a clone, a read pool, pooled connections, audits of SQL Server."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_KINDS = """
resource "google_sql_database_instance" "primary" {
  name                = "primary"
  region              = "asia-south1"
  database_version    = "MYSQL_8_0"
  deletion_protection = false
  settings {
    tier = "db-n1-standard-2"
    backup_configuration {
      enabled            = true
      binary_log_enabled = true
    }
  }
}
resource "google_sql_database_instance" "replica" {
  name                 = "replica"
  region               = "asia-south1"
  database_version     = "MYSQL_8_0"
  master_instance_name = google_sql_database_instance.primary.name
  deletion_protection  = false
  replica_configuration {
    failover_target = false
  }
  settings {
    tier              = "db-n1-standard-2"
    availability_type = "ZONAL"
    disk_size         = 20
    backup_configuration {
      binary_log_enabled = true
    }
  }
}
resource "google_sql_database_instance" "clone" {
  name                = "clone"
  region              = "asia-south1"
  database_version    = "MYSQL_8_0"
  deletion_protection = false
  clone {
    source_instance_name = google_sql_database_instance.primary.name
  }
}
resource "google_sql_database_instance" "fast" {
  name                = "fast"
  region              = "asia-south1"
  database_version    = "POSTGRES_17"
  deletion_protection = false
  settings {
    tier    = "db-perf-optimized-N-2"
    edition = "ENTERPRISE_PLUS"
    connection_pool_config {
      connection_pooling_enabled = true
      flags {
        name  = "max_pool_size"
        value = "20"
      }
    }
  }
}
resource "google_sql_database_instance" "pool" {
  name                 = "pool"
  region               = "asia-south1"
  database_version     = "POSTGRES_17"
  master_instance_name = google_sql_database_instance.fast.name
  instance_type        = "READ_POOL_INSTANCE"
  node_count           = 2
  deletion_protection  = false
  settings {
    tier    = "db-perf-optimized-N-2"
    edition = "ENTERPRISE_PLUS"
  }
}
resource "google_sql_database_instance" "server" {
  name                = "server"
  region              = "asia-south1"
  database_version    = "SQLSERVER_2022_STANDARD"
  root_password       = "not-a-secret"
  deletion_protection = false
  settings {
    tier              = "db-custom-2-7680"
    availability_type = "REGIONAL"
    time_zone         = "India Standard Time"
    collation         = "SQL_Latin1_General_CP1_CI_AS"
    backup_configuration {
      enabled = true
    }
    sql_server_audit_config {
      bucket             = "gs://PROJECT-audit"
      retention_interval = "86400s"
      upload_interval    = "600s"
    }
  }
}
"""

CASES = [
    Case(
        "sql kinds",
        first=_KINDS,
        second=_KINDS.replace("disk_size         = 20", "disk_size         = 30")
        .replace("node_count           = 2", "node_count           = 3")
        .replace('value = "20"', 'value = "30"')
        .replace('"600s"', '"1200s"'),
        updated=frozenset(f"google_sql_database_instance.{name}" for name in ("replica", "pool", "fast", "server")),
        replaced=(('"clone"\n  region', '"copy"\n  region', "google_sql_database_instance.clone"),),
        imports={"google_sql_database_instance.replica": "replica", "google_sql_database_instance.pool": "pool"},
        after_import=frozenset(("deletion_protection",)),
    )
]

"""Data sources of Cloud SQL."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_INSTANCES = """
resource "google_sql_database_instance" "read" {
  name                = "read"
  region              = "asia-south1"
  database_version    = "POSTGRES_15"
  deletion_protection = false
  settings {
    tier        = "db-f1-micro"
    user_labels = { team = "readers" }
    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
    }
    insights_config {
      query_insights_enabled = true
    }
    database_flags {
      name  = "log_connections"
      value = "on"
    }
    ip_configuration {
      authorized_networks {
        name  = "office"
        value = "192.0.2.0/24"
      }
    }
    maintenance_window {
      day  = 7
      hour = 3
    }
  }
}
resource "google_sql_database_instance" "replica" {
  name                 = "replica"
  region               = "asia-south1"
  database_version     = "POSTGRES_15"
  master_instance_name = google_sql_database_instance.read.name
  deletion_protection  = false
  settings {
    tier = "db-f1-micro"
  }
}
resource "google_sql_database_instance" "other" {
  name                = "other"
  region              = "europe-west1"
  database_version    = "MYSQL_8_0"
  deletion_protection = false
  settings {
    tier = "db-g1-small"
  }
}
resource "google_sql_database" "read" {
  name     = "read"
  instance = google_sql_database_instance.read.name
}
data "google_sql_database_instances" "all" {
  depends_on = [google_sql_database_instance.replica, google_sql_database_instance.other]
}
data "google_sql_database_instances" "some" {
  database_version = "MYSQL_8_0"
  region           = "europe-west1"
  zone             = "europe-west1-a"
  tier             = "db-g1-small"
  state            = "RUNNABLE"
  depends_on       = [google_sql_database_instance.replica, google_sql_database_instance.other]
}
data "google_sql_database_instances" "none" {
  tier       = "db-custom-2-7680"
  depends_on = [google_sql_database_instance.replica, google_sql_database_instance.other]
}
data "google_sql_databases" "read" {
  instance   = google_sql_database_instance.read.name
  depends_on = [google_sql_database.read]
}
data "google_sql_ca_certs" "read" {
  instance = google_sql_database_instance.read.name
}
data "google_sql_ca_certs" "linked" {
  instance = google_sql_database_instance.read.self_link
}
"""
_KINDS = """
resource "google_sql_database_instance" "fast" {
  name                = "fast"
  region              = "asia-south1"
  database_version    = "POSTGRES_17"
  deletion_protection = false
  settings {
    tier              = "db-perf-optimized-N-2"
    edition           = "ENTERPRISE_PLUS"
    availability_type = "REGIONAL"
    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
    }
    connection_pool_config {
      connection_pooling_enabled = true
      flags {
        name  = "max_pool_size"
        value = "20"
      }
    }
    data_cache_config {
      data_cache_enabled = true
    }
    deny_maintenance_period {
      start_date = "2026-11-01"
      end_date   = "2027-01-01"
      time       = "00:00:00"
    }
    password_validation_policy {
      enable_password_policy = true
      min_length             = 12
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
        psc_enabled               = true
        allowed_consumer_projects = ["PROJECT"]
      }
    }
  }
}
resource "google_sql_database_instance" "server" {
  name                = "server"
  region              = "asia-south1"
  database_version    = "SQLSERVER_2022_STANDARD"
  root_password       = "not-a-secret"
  deletion_protection = false
  settings {
    tier      = "db-custom-2-7680"
    time_zone = "India Standard Time"
  }
}
data "google_sql_database_instances" "all" {
  depends_on = [
    google_sql_database_instance.pool,
    google_sql_database_instance.connected,
    google_sql_database_instance.server,
  ]
}
"""
CASES = [
    Case("read sql", first=_INSTANCES, second=_INSTANCES),
    Case("read kinds of sql", first=_KINDS, second=_KINDS),
]

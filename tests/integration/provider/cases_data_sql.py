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
CASES = [Case("read sql", first=_INSTANCES, second=_INSTANCES)]

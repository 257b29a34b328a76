"""Cloud SQL: read replicas, Private Service Connect and SQL Server."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_REPLICAS = """
resource "google_sql_database_instance" "primary" {
  name                = "primary"
  region              = "asia-south1"
  database_version    = "MYSQL_8_0"
  deletion_protection = false
  settings {
    tier              = "db-custom-2-7680"
    availability_type = "REGIONAL"
    backup_configuration {
      enabled            = true
      binary_log_enabled = true
    }
  }
}
resource "google_sql_database_instance" "replica" {
  name                 = "replica"
  region               = "asia-south2"
  database_version     = "MYSQL_8_0"
  master_instance_name = google_sql_database_instance.primary.name
  deletion_protection  = false
  replica_configuration {
    failover_target = false
  }
  settings {
    tier        = "db-custom-2-7680"
    user_labels = { of = "first" }
  }
}
resource "google_sql_database_instance" "plain" {
  name                 = "plain"
  region               = "asia-south1"
  database_version     = "MYSQL_8_0"
  master_instance_name = google_sql_database_instance.primary.name
  deletion_protection  = false
  settings {
    tier = "db-f1-micro"
  }
}
resource "google_sql_database" "orders" {
  name     = "orders"
  instance = google_sql_database_instance.primary.name
}
"""
_CONNECTED = """
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
  database_version    = "SQLSERVER_2019_STANDARD"
  root_password       = "not-a-Passw0rd"
  deletion_protection = false
  settings {
    tier      = "db-custom-2-7680"
    collation = "SQL_Latin1_General_CP1_CI_AS"
    time_zone = "India Standard Time"
  }
}
resource "google_sql_database" "orders" {
  name     = "orders"
  instance = google_sql_database_instance.server.name
}
resource "google_sql_user" "orders" {
  name     = "orders"
  instance = google_sql_database_instance.server.name
  password = "not-a-Passw0rd"
}
resource "google_compute_network" "consumer" {
  name                    = "consumer"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "consumer" {
  name          = "consumer"
  network       = google_compute_network.consumer.id
  region        = "asia-south1"
  ip_cidr_range = "10.80.0.0/24"
}
resource "google_compute_address" "consumer" {
  name         = "consumer"
  region       = "asia-south1"
  address_type = "INTERNAL"
  subnetwork   = google_compute_subnetwork.consumer.id
}
resource "google_compute_forwarding_rule" "consumer" {
  name                  = "consumer"
  region                = "asia-south1"
  network               = google_compute_network.consumer.id
  ip_address            = google_compute_address.consumer.id
  load_balancing_scheme = ""
  target                = google_sql_database_instance.connected.psc_service_attachment_link
}
"""
CASES = [
    Case(
        "sql replicas",
        first=_REPLICAS,
        second=_REPLICAS.replace('of = "first"', 'of = "second"').replace('"db-f1-micro"', '"db-g1-small"'),
        updated=frozenset(("google_sql_database_instance.replica", "google_sql_database_instance.plain")),
        imports={
            "google_sql_database_instance.primary": "primary",
            "google_sql_database_instance.replica": "projects/PROJECT/instances/replica",
        },
        after_import=frozenset(("deletion_protection", "replica_configuration")),
    ),
    Case(
        "sql servers and consumers",
        first=_CONNECTED,
        second=_CONNECTED.replace('["PROJECT"]', '["PROJECT", "another-project"]'),
        updated=frozenset(("google_sql_database_instance.connected",)),
        replaced=(('"SQL_Latin1_General_CP1_CI_AS"', '"Latin1_General_CI_AS"', "google_sql_database_instance.server"),),
        imports={
            "google_sql_database_instance.connected": "connected",
            "google_sql_database_instance.server": "server",
        },
        after_import=frozenset(("deletion_protection", "root_password")),
    ),
]

"""Cloud SQL: instances, their databases and their users."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_sql_database_instance" "orders" {
  name                = "orders"
  region              = "asia-south1"
  database_version    = "POSTGRES_17"
  deletion_protection = false
  settings {
    tier                        = "db-custom-1-3840"
    edition                     = "ENTERPRISE"
    availability_type           = "REGIONAL"
    disk_size                   = 20
    disk_autoresize_limit       = 100
    deletion_protection_enabled = false
    user_labels                 = { tier = "one" }
    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
      start_time                     = "18:30"
      transaction_log_retention_days = 5
      backup_retention_settings {
        retained_backups = 14
      }
    }
    ip_configuration {
      ipv4_enabled    = false
      private_network = "projects/PROJECT/global/networks/main"
      ssl_mode        = "ENCRYPTED_ONLY"
    }
    maintenance_window {
      day  = 7
      hour = 20
    }
    insights_config {
      query_insights_enabled = true
      query_string_length    = 1024
    }
    database_flags {
      name  = "cloudsql.iam_authentication"
      value = "on"
    }
  }
}
resource "google_sql_database_instance" "old" {
  name                = "old"
  database_version    = "MYSQL_8_0"
  maintenance_version = "MYSQL_8_0.R20260101.00_00"
  deletion_protection = false
  settings {
    tier    = "db-f1-micro"
    edition = "ENTERPRISE"
    database_flags {
      name  = "cloudsql_iam_authentication"
      value = "on"
    }
  }
}
resource "google_sql_database" "book" {
  name     = "book"
  instance = google_sql_database_instance.orders.name
}
resource "google_sql_database" "old" {
  name      = "old"
  instance  = google_sql_database_instance.old.name
  charset   = "utf8mb4"
  collation = "utf8mb4_0900_ai_ci"
}
resource "google_sql_user" "router" {
  name     = "router@PROJECT.iam"
  type     = "CLOUD_IAM_SERVICE_ACCOUNT"
  instance = google_sql_database_instance.orders.name
}
resource "google_sql_user" "old" {
  name     = "router@PROJECT.iam.gserviceaccount.com"
  type     = "CLOUD_IAM_SERVICE_ACCOUNT"
  instance = google_sql_database_instance.old.name
}
resource "google_sql_user" "forgotten" {
  name                = "forgotten"
  password_wo         = "canary"
  password_wo_version = 1
  instance            = google_sql_database_instance.orders.name
}
"""

SQL = Case(
    "sql",
    first=_FIRST,
    second=_FIRST.replace('"db-custom-1-3840"', '"db-custom-2-7680"')
    .replace("disk_size                   = 20", "disk_size                   = 30")
    .replace("MYSQL_8_0.R20260101.00_00", "MYSQL_8_0.R20260301.00_00")
    .replace("retained_backups = 14", "retained_backups = 7")
    .replace('"utf8mb4_0900_ai_ci"', '"utf8mb4_general_ci"')
    .replace("password_wo_version = 1", "password_wo_version = 2"),
    updated=frozenset(
        (
            *("google_sql_database_instance.orders", "google_sql_database_instance.old"),
            *("google_sql_database.old", "google_sql_user.forgotten"),
        )
    ),
    replaced=(
        ('"orders"\n  region', '"router"\n  region', "google_sql_database_instance.orders"),
        ('"book"\n', '"books"\n', "google_sql_database.book"),
        ('"router@PROJECT.iam"', '"engine@PROJECT.iam"', "google_sql_user.router"),
    ),
    imports={
        "google_sql_database_instance.orders": "projects/PROJECT/instances/orders",
        "google_sql_database_instance.old": "old",
        "google_sql_database.book": "projects/PROJECT/instances/orders/databases/book",
        "google_sql_user.router": "PROJECT/orders/router@PROJECT.iam",
    },
    after_import=frozenset(("deletion_protection", "root_password_wo_version")),
)

CASES = [SQL]

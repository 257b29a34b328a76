"""Spanner's instances, databases and what is beside them."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

_FIRST = """
resource "google_spanner_instance" "main" {
  name                         = "main-here"
  config                       = "regional-asia-south1"
  display_name                 = "Main here"
  num_nodes                    = 1
  edition                      = "ENTERPRISE"
  default_backup_schedule_type = "NONE"
  labels                       = { of = "first" }
}
resource "google_spanner_instance" "scaled" {
  name         = "scaled-here"
  config       = "regional-asia-south1"
  display_name = "Scaled here"
  edition      = "ENTERPRISE"
  autoscaling_config {
    autoscaling_limits {
      min_processing_units = 1000
      max_processing_units = 3000
    }
    autoscaling_targets {
      high_priority_cpu_utilization_percent = 60
      storage_utilization_percent           = 90
    }
  }
}
resource "google_spanner_instance" "wide" {
  name             = "wide-here"
  config           = "nam3"
  display_name     = "Wide here"
  processing_units = 1000
}
resource "google_spanner_instance_partition" "far" {
  name         = "far"
  instance     = google_spanner_instance.wide.name
  config       = "nam8"
  display_name = "Far away"
  node_count   = 1
}
resource "google_spanner_instance_config" "more" {
  name         = "custom-more"
  display_name = "More replicas"
  base_config  = "nam11"
  labels       = { of = "first" }
  replicas {
    location = "us-west1"
    type     = "READ_ONLY"
  }
}
resource "google_spanner_database" "prices" {
  instance                 = google_spanner_instance.main.name
  name                     = "prices"
  deletion_protection      = false
  version_retention_period = "3d"
  default_time_zone        = "Asia/Kolkata"
  ddl = [
    "CREATE TABLE quotes (symbol STRING(20), at TIMESTAMP NOT NULL, price NUMERIC) PRIMARY KEY (symbol, at DESC)",
    "CREATE INDEX by_price ON quotes (price)",
  ]
}
resource "google_spanner_database" "positions" {
  instance            = google_spanner_instance.main.name
  name                = "positions"
  database_dialect    = "POSTGRESQL"
  deletion_protection = false
  ddl                 = ["CREATE TABLE lots (id bigint PRIMARY KEY, symbol varchar(20))"]
}
resource "google_spanner_backup_schedule" "daily" {
  instance           = google_spanner_instance.main.name
  database           = google_spanner_database.prices.name
  name               = "daily"
  retention_duration = "172800s"
  spec {
    cron_spec {
      text = "0 12 * * *"
    }
  }
  full_backup_spec {}
}
resource "google_spanner_backup_schedule" "between" {
  instance           = google_spanner_instance.main.name
  database           = google_spanner_database.prices.name
  name               = "between"
  retention_duration = "604800s"
  spec {
    cron_spec {
      text = "0 0,8,16 * * *"
    }
  }
  incremental_backup_spec {}
  encryption_config {
    encryption_type = "GOOGLE_DEFAULT_ENCRYPTION"
  }
}
resource "google_spanner_instance_iam_member" "viewer" {
  instance = google_spanner_instance.main.name
  role     = "roles/spanner.viewer"
  member   = "user:ana@example.com"
}
resource "google_spanner_database_iam_member" "reader" {
  instance = google_spanner_instance.main.name
  database = google_spanner_database.prices.name
  role     = "roles/spanner.databaseReader"
  member   = "user:ana@example.com"
}
"""
_SEEN = """
resource "google_spanner_instance" "free" {
  name          = "free-here"
  config        = "regional-asia-south1"
  display_name  = "Free here"
  instance_type = "FREE_INSTANCE"
}
resource "google_spanner_database" "prices" {
  instance            = google_spanner_instance.free.name
  name                = "prices"
  deletion_protection = false
}
resource "google_spanner_database_iam_binding" "readers" {
  instance = google_spanner_instance.free.name
  database = google_spanner_database.prices.name
  role     = "roles/spanner.databaseReader"
  members  = ["user:ana@example.com"]
}
resource "google_spanner_instance_iam_policy" "all" {
  instance    = google_spanner_instance.free.name
  policy_data = jsonencode({ bindings = [{ role = "roles/spanner.viewer", members = ["user:ana@example.com"] }] })
}
data "google_spanner_instance" "free" {
  name = google_spanner_instance.free.name
}
data "google_spanner_database" "prices" {
  instance = google_spanner_instance.free.name
  name     = google_spanner_database.prices.name
}
"""
CASES = [
    edited(
        Case(
            "spanner",
            first=_FIRST,
            replaced=(
                ('"nam8"', '"nam10"', "google_spanner_instance_partition.far"),
                ('"us-west1"', '"us-west2"', "google_spanner_instance_config.more"),
                ("price NUMERIC", "price FLOAT64", "google_spanner_database.prices"),
                ("  incremental_backup_spec {}", "  full_backup_spec {}", "google_spanner_backup_schedule.between"),
            ),
            imports={
                "google_spanner_instance.main": "main-here",
                "google_spanner_instance.scaled": "projects/PROJECT/instances/scaled-here",
                "google_spanner_instance_partition.far": "wide-here/far",
                "google_spanner_instance_config.more": "custom-more",
                "google_spanner_database.prices": "main-here/prices",
                "google_spanner_backup_schedule.daily": "main-here/prices/daily",
                "google_spanner_instance_iam_member.viewer": (
                    "PROJECT/main-here roles/spanner.viewer user:ana@example.com"
                ),
                "google_spanner_database_iam_member.reader": (
                    "PROJECT/main-here/prices roles/spanner.databaseReader user:ana@example.com"
                ),
            },
            after_import=frozenset(
                ("labels", "terraform_labels", "ddl", "default_time_zone", "deletion_protection", "num_nodes")
            ),
        ),
        ("num_nodes                    = 1", "num_nodes                    = 2"),
        ('"Main here"', '"Main there"'),
        ('of = "first"', 'of = "second"'),
        ('default_backup_schedule_type = "NONE"', 'default_backup_schedule_type = "AUTOMATIC"'),
        ("max_processing_units = 3000", "max_processing_units = 4000"),
        ("_utilization_percent = 60", "_utilization_percent = 65"),
        ("processing_units = 1000\n}", "processing_units = 2000\n}"),
        ('"Far away"', '"Farther away"'),
        ('"More replicas"', '"Many replicas"'),
        ('"3d"', '"5d"'),
        ('(price)",\n', '(price)",\n    "ALTER TABLE quotes ADD COLUMN size INT64",\n'),
        ('"172800s"', '"345600s"'),
        ('"0 12 * * *"', '"0 18 * * *"'),
        updated={
            "google_spanner_instance.main",
            "google_spanner_instance.scaled",
            "google_spanner_instance.wide",
            "google_spanner_instance_partition.far",
            "google_spanner_instance_config.more",
            "google_spanner_database.prices",
            "google_spanner_backup_schedule.daily",
        },
    ),
    Case(
        "spanner_seen",
        first=_SEEN,
        second=_SEEN.replace('members  = ["user:ana@example.com"]', 'members  = ["user:bo@example.com"]'),
        updated=frozenset(("google_spanner_database_iam_binding.readers",)),
        replaced=(('"FREE_INSTANCE"', '"FREE_INSTANCE"\n  project = "other-project"', "google_spanner_instance.free"),),
        imports={
            "google_spanner_instance_iam_policy.all": "PROJECT/free-here",
            "google_spanner_database_iam_binding.readers": "PROJECT/free-here/prices roles/spanner.databaseReader",
        },
    ),
]

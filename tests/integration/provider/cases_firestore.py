"""Firestore: a database, its indexes and its backups."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_firestore_database" "main" {
  name            = "main"
  location_id     = "asia-south1"
  type            = "FIRESTORE_NATIVE"
  deletion_policy = "DELETE"
}
resource "google_firestore_index" "quotes" {
  database   = google_firestore_database.main.name
  collection = "quotes"
  fields {
    field_path = "symbol"
    order      = "ASCENDING"
  }
  fields {
    field_path = "time"
    order      = "DESCENDING"
  }
}
resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.main.name
  retention = "604800s"
  daily_recurrence {}
}
resource "google_firestore_backup_schedule" "weekly" {
  database  = google_firestore_database.main.name
  retention = "8467200s"
  weekly_recurrence {
    day = "SUNDAY"
  }
}
"""
FIRESTORE = Case(
    "firestore",
    first=_FIRST,
    second=_FIRST.replace("604800s", "1209600s").replace(
        '= "FIRESTORE_NATIVE"',
        '= "FIRESTORE_NATIVE"\n  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"',
    ),
    updated=frozenset(("google_firestore_database.main", "google_firestore_backup_schedule.daily")),
    replaced=(('"DESCENDING"', '"ASCENDING"', "google_firestore_index.quotes"),),
    imports={"google_firestore_database.main": "main"},
)
CASES = [FIRESTORE]

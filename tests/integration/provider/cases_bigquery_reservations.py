"""BigQuery's reservations, assignments, commitments, groups, and what BI Engine has."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

_FIRST = """
resource "google_bigquery_reservation" "slots" {
  name              = "slots"
  location          = "asia-south1"
  slot_capacity     = 100
  edition           = "ENTERPRISE_PLUS"
  ignore_idle_slots = true
  concurrency       = 2
  labels            = { of = "first" }
  autoscale {
    max_slots = 100
  }
}
resource "google_bigquery_reservation" "plain" {
  name          = "plain"
  location      = "asia-south1"
  slot_capacity = 0
}
resource "google_bigquery_reservation_group" "group" {
  name     = "group"
  location = "asia-south1"
}
resource "google_bigquery_reservation_assignment" "queries" {
  assignee    = "projects/PROJECT"
  job_type    = "QUERY"
  reservation = google_bigquery_reservation.slots.id
}
resource "google_bigquery_reservation_assignment" "pipelines" {
  assignee    = "projects/PROJECT"
  job_type    = "PIPELINE"
  location    = "asia-south1"
  reservation = google_bigquery_reservation.plain.name
}
resource "google_bigquery_reservation_assignment" "none" {
  assignee    = "projects/PROJECT"
  job_type    = "BACKGROUND"
  reservation = "projects/PROJECT/locations/asia-south1/reservations/none"
}
resource "google_bigquery_bi_reservation" "bi" {
  location = "asia-south1"
  size     = 3000000000
  preferred_tables {
    project_id = "PROJECT"
    dataset_id = "prices"
    table_id   = "daily"
  }
}
resource "google_bigquery_capacity_commitment" "month" {
  location        = "asia-south1"
  slot_count      = 50
  plan            = "MONTHLY"
  renewal_plan    = "MONTHLY"
  edition         = "ENTERPRISE_PLUS"
  deletion_policy = "ABANDON"
}
"""
CASES = [
    edited(
        Case(
            "bigquery reservations",
            first=_FIRST,
            replaced=(
                ('"ENTERPRISE_PLUS"\n  ignore', '"ENTERPRISE"\n  ignore', "google_bigquery_reservation.slots"),
                ('"PIPELINE"', '"ML_EXTERNAL"', "google_bigquery_reservation_assignment.pipelines"),
                ("slot_count      = 50", "slot_count      = 100", "google_bigquery_capacity_commitment.month"),
            ),
            imports={
                "google_bigquery_reservation.slots": "asia-south1/slots",
                "google_bigquery_reservation_group.group": "asia-south1/group",
                "google_bigquery_bi_reservation.bi": "projects/PROJECT/locations/asia-south1/biReservation",
            },
            after_import=frozenset(("labels", "terraform_labels")),
        ),
        ("slot_capacity     = 100", "slot_capacity     = 200"),
        ('of = "first"', 'of = "second"'),
        ("max_slots = 100", "max_slots = 150"),
        ("size     = 3000000000", "size     = 6000000000"),
        ('"daily"', '"hourly"'),
        (
            'plan            = "MONTHLY"\n  renewal_plan    = "MONTHLY"',
            'plan            = "ANNUAL"\n  renewal_plan    = "ANNUAL"',
        ),
        updated={
            "google_bigquery_reservation.slots",
            "google_bigquery_bi_reservation.bi",
            "google_bigquery_capacity_commitment.month",
        },
    )
]

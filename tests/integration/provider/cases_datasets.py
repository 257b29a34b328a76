"""Datasets, tables and views."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case, edited

BIGQUERY = Case(
    "bigquery",
    first="""
resource "google_bigquery_dataset" "full" {
  dataset_id                  = "trading_data"
  location                    = "asia-south1"
  friendly_name               = "Trading data"
  description                 = "Bars and ticks"
  default_table_expiration_ms = 3600000
  max_time_travel_hours       = "72"
  delete_contents_on_destroy  = true
  labels                      = { subproject = "trading-data-pipeline" }
}
resource "google_bigquery_table" "partitioned" {
  dataset_id          = google_bigquery_dataset.full.dataset_id
  table_id            = "market_data"
  deletion_protection = false
  clustering          = ["symbol", "exchange"]
  labels              = { kind = "bars" }
  time_partitioning {
    type          = "DAY"
    field         = "ts"
    expiration_ms = 157680000000
  }
  require_partition_filter = true
  schema = jsonencode([
    { name = "ts", type = "TIMESTAMP", mode = "REQUIRED" },
    { name = "symbol", type = "STRING", mode = "REQUIRED", description = "NSE symbol" },
    { name = "exchange", type = "STRING" },
  ])
}
resource "google_bigquery_table" "view" {
  dataset_id          = google_bigquery_dataset.full.dataset_id
  table_id            = "latest"
  deletion_protection = false
  view {
    query          = "SELECT symbol FROM `PROJECT.trading_data.market_data`"
    use_legacy_sql = false
  }
  depends_on = [google_bigquery_table.partitioned]
}
resource "google_bigquery_dataset_iam_member" "editor" {
  dataset_id = google_bigquery_dataset.full.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = "user:ann@example.com"
}
resource "google_bigquery_table_iam_member" "viewer" {
  dataset_id = google_bigquery_dataset.full.dataset_id
  table_id   = google_bigquery_table.partitioned.table_id
  role       = "roles/bigquery.dataViewer"
  member     = "user:ann@example.com"
}
""",
    replaced=(
        ('"exchange", type = "STRING"', '"exchange", type = "INTEGER"', "google_bigquery_table.partitioned"),
        ('"asia-south1"', '"EU"', "google_bigquery_dataset.full"),
    ),
    imports={
        "google_bigquery_dataset.full": "trading_data",
        "google_bigquery_table.partitioned": "PROJECT/trading_data/market_data",
        "google_bigquery_dataset_iam_member.editor": "projects/PROJECT/datasets/trading_data "
        "roles/bigquery.dataEditor user:ann@example.com",
        "google_bigquery_table_iam_member.viewer": "projects/PROJECT/datasets/trading_data/tables/market_data "
        "roles/bigquery.dataViewer user:ann@example.com",
    },
    after_import=LABELS | {"deletion_protection", "delete_contents_on_destroy"},
)

CASES = [
    edited(
        BIGQUERY,
        ('"Bars and ticks"', '"Bars"'),
        (
            '{ name = "exchange", type = "STRING" },',
            '{ name = "exchange", type = "STRING" }, { name = "close", type = "NUMERIC" },',
        ),
        ("SELECT symbol FROM", "SELECT symbol, exchange FROM"),
        ('labels              = { kind = "bars" }', ""),
        updated={
            "google_bigquery_dataset.full",
            "google_bigquery_table.partitioned",
            "google_bigquery_table.view",
        },
    )
]

"""BigQuery's jobs: queries, loads, copies and extracts."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_storage_bucket" "files" {
  name          = "PROJECT-files"
  location      = "ASIA-SOUTH1"
  force_destroy = true
}
resource "google_storage_bucket_object" "prices" {
  name    = "prices.csv"
  bucket  = google_storage_bucket.files.name
  content = "symbol,price\\nTCS,1\\n"
}
resource "google_bigquery_dataset" "data" {
  dataset_id                 = "data"
  location                   = "asia-south1"
  friendly_name              = "First"
  delete_contents_on_destroy = true
}
resource "google_bigquery_table" "prices" {
  dataset_id          = google_bigquery_dataset.data.dataset_id
  table_id            = "prices"
  deletion_protection = false
  schema              = jsonencode([{ name = "symbol", type = "STRING" }, { name = "price", type = "INTEGER" }])
}
resource "google_bigquery_table" "copied" {
  dataset_id          = google_bigquery_dataset.data.dataset_id
  table_id            = "copied"
  deletion_protection = false
  schema              = jsonencode([{ name = "symbol", type = "STRING" }, { name = "price", type = "INTEGER" }])
}
resource "google_bigquery_table" "asked" {
  dataset_id          = google_bigquery_dataset.data.dataset_id
  table_id            = "asked"
  deletion_protection = false
  schema              = jsonencode([{ name = "n", type = "INTEGER" }])
}
resource "google_bigquery_job" "loaded" {
  job_id   = "loaded_PROJECT"
  location = "asia-south1"
  labels   = { of = "first" }
  load {
    source_uris       = ["gs://${google_storage_bucket.files.name}/${google_storage_bucket_object.prices.name}"]
    skip_leading_rows = 1
    write_disposition = "WRITE_APPEND"
    destination_table {
      project_id = google_bigquery_table.prices.project
      dataset_id = google_bigquery_table.prices.dataset_id
      table_id   = google_bigquery_table.prices.table_id
    }
  }
}
resource "google_bigquery_job" "asked" {
  job_id   = "asked_PROJECT"
  location = "asia-south1"
  query {
    query             = "SELECT 1 AS n"
    write_disposition = "WRITE_TRUNCATE"
    destination_table {
      table_id = google_bigquery_table.asked.id
    }
    default_dataset {
      dataset_id = google_bigquery_dataset.data.id
    }
    script_options {
      key_result_statement = "LAST"
    }
  }
}
resource "google_bigquery_job" "copied" {
  job_id     = "copied_PROJECT"
  location   = "asia-south1"
  depends_on = [google_bigquery_job.loaded]
  copy {
    write_disposition = "WRITE_TRUNCATE"
    source_tables {
      table_id = google_bigquery_table.prices.id
    }
    destination_table {
      table_id = google_bigquery_table.copied.id
    }
  }
}
resource "google_bigquery_job" "extracted" {
  job_id     = "extracted_PROJECT"
  location   = "asia-south1"
  depends_on = [google_bigquery_job.loaded]
  extract {
    destination_uris   = ["gs://${google_storage_bucket.files.name}/extracted"]
    destination_format = "NEWLINE_DELIMITED_JSON"
    compression        = "GZIP"
    source_table {
      project_id = google_bigquery_table.prices.project
      dataset_id = google_bigquery_table.prices.dataset_id
      table_id   = google_bigquery_table.prices.table_id
    }
  }
}
"""
CASES = [
    Case(
        "bigquery jobs",
        first=_FIRST,
        second=_FIRST.replace('"First"', '"Second"'),
        updated=frozenset(("google_bigquery_dataset.data",)),
        replaced=(('"SELECT 1 AS n"', '"SELECT 2 AS n"', "google_bigquery_job.asked"),),
        imports={"google_bigquery_job.loaded": "projects/PROJECT/jobs/loaded_PROJECT/location/asia-south1"},
        after_import=frozenset(("labels", "terraform_labels")),
        stays="Already Exists",
    )
]

"""BigQuery's tables of files, tables in buckets, and keys that refer to other tables."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FILES = """
resource "google_bigquery_dataset" "raw" {
  dataset_id = "raw_data"
  location   = "asia-south1"
}
resource "google_bigquery_connection" "lake" {
  connection_id = "lake"
  location      = "asia-south1"
  cloud_resource {}
}
resource "google_bigquery_table" "bhavcopy" {
  dataset_id          = google_bigquery_dataset.raw.dataset_id
  table_id            = "bhavcopy"
  description         = "Daily files"
  deletion_protection = false
  schema              = jsonencode([{ name = "symbol", type = "STRING" }])
  external_data_configuration {
    autodetect    = false
    source_format = "CSV"
    source_uris   = ["gs://PROJECT-raw/bhavcopy/*.csv"]
    compression   = "NONE"
    csv_options {
      quote             = "\\""
      skip_leading_rows = 1
    }
  }
}
resource "google_bigquery_table" "events" {
  dataset_id                   = google_bigquery_dataset.raw.dataset_id
  table_id                     = "events"
  deletion_protection          = false
  ignore_auto_generated_schema = true
  max_staleness                = "0-0 0 4:0:0"
  schema                       = jsonencode([{ name = "symbol", type = "STRING" }])
  external_data_configuration {
    autodetect          = false
    source_format       = "PARQUET"
    source_uris         = ["gs://PROJECT-raw/events/*"]
    connection_id       = google_bigquery_connection.lake.name
    metadata_cache_mode = "AUTOMATIC"
    hive_partitioning_options {
      mode              = "CUSTOM"
      source_uri_prefix = "gs://PROJECT-raw/events/{day:DATE}"
    }
    parquet_options {
      enable_list_inference = true
    }
  }
}
resource "google_bigquery_table" "ticks" {
  dataset_id          = google_bigquery_dataset.raw.dataset_id
  table_id            = "ticks"
  deletion_protection = false
  schema              = jsonencode([{ name = "symbol", type = "STRING" }])
  biglake_configuration {
    connection_id = google_bigquery_connection.lake.name
    storage_uri   = "gs://PROJECT-lake/ticks"
    file_format   = "PARQUET"
    table_format  = "ICEBERG"
  }
}
"""

FILES = Case(
    "bigquery_files",
    first=_FILES,
    second=_FILES.replace("Daily files", "Files of a day")
    .replace("skip_leading_rows = 1", "skip_leading_rows = 2")
    .replace("bhavcopy/*.csv", "bhavcopy/*"),
    updated=frozenset({"google_bigquery_table.bhavcopy"}),
    replaced=(
        ("-lake/ticks", "-lake/other", "google_bigquery_table.ticks"),
        ('= "bhavcopy"', '= "bhav"', "google_bigquery_table.bhavcopy"),
    ),
    imports={"google_bigquery_table.bhavcopy": "PROJECT/raw_data/bhavcopy"},
    after_import=frozenset({"deletion_protection"}),
)

_KEYS = """
resource "google_bigquery_dataset" "keys" {
  dataset_id = "keys_data"
  location   = "asia-south1"
}
resource "google_bigquery_table" "instruments" {
  dataset_id          = google_bigquery_dataset.keys.dataset_id
  table_id            = "instruments"
  deletion_protection = false
  schema              = jsonencode([{ name = "symbol", type = "STRING", mode = "REQUIRED" }])
  table_constraints {
    primary_key {
      columns = ["symbol"]
    }
  }
}
resource "google_bigquery_table" "signals" {
  dataset_id          = google_bigquery_dataset.keys.dataset_id
  table_id            = "signals"
  deletion_protection = false
  schema              = jsonencode([{ name = "symbol", type = "STRING" }, { name = "hedge", type = "STRING" }])
  table_constraints {
    foreign_keys {
      name = "of_symbol"
      referenced_table {
        project_id = "PROJECT"
        dataset_id = google_bigquery_dataset.keys.dataset_id
        table_id   = google_bigquery_table.instruments.table_id
      }
      column_references {
        referencing_column = "symbol"
        referenced_column  = "symbol"
      }
    }
  }
}
"""

KEYS = Case(
    "bigquery_keys",
    first=_KEYS,
    second=_KEYS.replace('referencing_column = "symbol"', 'referencing_column = "hedge"'),
    updated=frozenset({"google_bigquery_table.signals"}),
    imports={"google_bigquery_table.signals": "PROJECT/keys_data/signals"},
    after_import=frozenset({"deletion_protection"}),
)

CASES = [FILES, KEYS]

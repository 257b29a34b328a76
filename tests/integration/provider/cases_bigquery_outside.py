"""Routines that BigQuery does not carry out itself: remote functions, and procedures for Spark."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_OUTSIDE = """
resource "google_bigquery_dataset" "functions" {
  dataset_id = "outside_data"
  location   = "asia-south1"
}
resource "google_bigquery_connection" "calls" {
  connection_id = "calls"
  location      = "asia-south1"
  cloud_resource {}
}
resource "google_bigquery_connection" "jobs" {
  connection_id = "jobs"
  location      = "asia-south1"
  spark {}
}
resource "google_bigquery_routine" "score" {
  dataset_id      = google_bigquery_dataset.functions.dataset_id
  routine_id      = "score"
  routine_type    = "SCALAR_FUNCTION"
  definition_body = ""
  return_type     = jsonencode({ typeKind = "FLOAT64" })
  arguments {
    name      = "x"
    data_type = jsonencode({ typeKind = "FLOAT64" })
  }
  remote_function_options {
    endpoint             = "https://score.example.com"
    connection           = google_bigquery_connection.calls.name
    max_batching_rows    = "10"
    user_defined_context = { model = "a" }
  }
}
resource "google_bigquery_routine" "plain" {
  dataset_id      = google_bigquery_dataset.functions.dataset_id
  routine_id      = "plain"
  routine_type    = "SCALAR_FUNCTION"
  definition_body = ""
  return_type     = jsonencode({ typeKind = "STRING" })
  remote_function_options {
    endpoint   = "https://plain.example.com"
    connection = google_bigquery_connection.calls.id
  }
}
resource "google_bigquery_routine" "train" {
  dataset_id      = google_bigquery_dataset.functions.dataset_id
  routine_id      = "train"
  routine_type    = "PROCEDURE"
  language        = "PYTHON"
  definition_body = ""
  spark_options {
    connection      = google_bigquery_connection.jobs.name
    runtime_version = "2.2"
    main_file_uri   = "gs://code/train.py"
    py_file_uris    = ["gs://code/lib.py"]
    properties      = { "spark.executor.instances" = "2" }
  }
}
resource "google_bigquery_routine" "count" {
  dataset_id      = google_bigquery_dataset.functions.dataset_id
  routine_id      = "count"
  routine_type    = "PROCEDURE"
  language        = "SCALA"
  definition_body = ""
  spark_options {
    connection = google_bigquery_connection.jobs.name
    main_class = "Count"
    jar_uris   = ["gs://code/count.jar"]
  }
}
"""

OUTSIDE = Case(
    "bigquery_outside",
    first=_OUTSIDE,
    second=_OUTSIDE.replace('"10"', '"20"')
    .replace('model = "a"', 'model = "b"')
    .replace("https://plain", "https://other")
    .replace('"2.2"', '"2.3"')
    .replace("count.jar", "counts.jar"),
    updated=frozenset(f"google_bigquery_routine.{name}" for name in ("score", "plain", "train", "count")),
    imports={
        "google_bigquery_connection.calls": "asia-south1/calls",
        "google_bigquery_connection.jobs": "PROJECT/asia-south1/jobs",
        "google_bigquery_routine.score": "projects/PROJECT/datasets/outside_data/routines/score",
        "google_bigquery_routine.train": "outside_data/train",
    },
    after_import=frozenset({"delete_contents_on_destroy"}),
)

CASES = [OUTSIDE]

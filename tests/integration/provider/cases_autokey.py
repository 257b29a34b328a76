"""Autokey: where keys are made for a folder and for a project, and a key that was asked for."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_kms_autokey_config" "folder" {
  folder      = "folders/281474009"
  key_project = "projects/atm-autokey-keys"
}
resource "google_kms_project_autokey_config" "own" {
  project                     = "PROJECT-own"
  key_project_resolution_mode = upper("resource_project")
}
resource "google_kms_key_handle" "bucket" {
  project                = google_kms_project_autokey_config.own.project
  name                   = "reports"
  location               = "asia-south1"
  resource_type_selector = "storage.googleapis.com/Bucket"
}
"""

CASES = [
    Case(
        "autokey",
        first=_FIRST,
        second=_FIRST.replace(
            'key_project = "projects/atm-autokey-keys"', 'key_project_resolution_mode = upper("resource_project")'
        ),
        updated=frozenset(("google_kms_autokey_config.folder",)),
        replaced=(
            ("folders/281474009", "folders/281474010", "google_kms_autokey_config.folder"),
            (
                'project                     = "PROJECT-own"',
                'project = "PROJECT-two"',
                "google_kms_project_autokey_config.own",
            ),
            ('"reports"', '"figures"', "google_kms_key_handle.bucket"),
            ("storage.googleapis.com/Bucket", "bigquery.googleapis.com/Dataset", "google_kms_key_handle.bucket"),
        ),
        imports={
            "google_kms_autokey_config.folder": "281474009",
            "google_kms_project_autokey_config.own": "projects/PROJECT-own/autokeyConfig",
            "google_kms_key_handle.bucket": "PROJECT-own/asia-south1/reports",
        },
        stays="already exists",
    )
]

"""Secrets and their versions."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case

SECRETS = Case(
    "secrets",
    first="""
resource "google_secret_manager_secret" "auto" {
  secret_id = "kite_api_key"
  labels    = { subproject = "strategy-engine", tier = "one" }
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret" "regional" {
  secret_id = "database_url"
  replication {
    user_managed {
      replicas {
        location = "asia-south1"
      }
    }
  }
}
resource "google_secret_manager_secret_version" "v" {
  secret      = google_secret_manager_secret.auto.id
  secret_data = "canary"
}
resource "google_secret_manager_secret_version" "write_only" {
  secret                 = google_secret_manager_secret.regional.id
  secret_data_wo         = "canary"
  secret_data_wo_version = 1
}
resource "google_secret_manager_secret_iam_member" "access" {
  secret_id = google_secret_manager_secret.auto.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "user:ann@example.com"
}
""",
    second="""
resource "google_secret_manager_secret" "auto" {
  secret_id   = "kite_api_key"
  labels      = { subproject = "strategy-engine" }
  annotations = { owner = "quant" }
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret" "regional" {
  secret_id           = "database_url"
  version_destroy_ttl = "86400s"
  replication {
    user_managed {
      replicas {
        location = "asia-south1"
      }
    }
  }
}
resource "google_secret_manager_secret_version" "v" {
  secret      = google_secret_manager_secret.auto.id
  secret_data = "canary"
  enabled     = false
}
resource "google_secret_manager_secret_version" "write_only" {
  secret                 = google_secret_manager_secret.regional.id
  secret_data_wo         = "canary"
  secret_data_wo_version = 1
}
resource "google_secret_manager_secret_iam_member" "access" {
  secret_id = google_secret_manager_secret.auto.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "user:ann@example.com"
}
""",
    updated=frozenset(
        (
            "google_secret_manager_secret.auto",
            "google_secret_manager_secret.regional",
            "google_secret_manager_secret_version.v",
        )
    ),
    replaced=(
        ("secret_data_wo_version = 1", "secret_data_wo_version = 2", "google_secret_manager_secret_version.write_only"),
        ('location = "asia-south1"', 'location = "asia-south2"', "google_secret_manager_secret.regional"),
    ),
    imports={
        "google_secret_manager_secret.auto": "kite_api_key",
        "google_secret_manager_secret.regional": "PROJECT/database_url",
        "google_secret_manager_secret_iam_member.access": "projects/PROJECT/secrets/kite_api_key "
        "roles/secretmanager.secretAccessor user:ann@example.com",
    },
    after_import=LABELS,
)

CASES = [SECRETS]

"""Data sources of secrets, of a project and of a location."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_RESOURCES = """
resource "google_secret_manager_secret" "one" {
  secret_id   = "one"
  labels      = { team = "risk" }
  annotations = { owner = "quant" }
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret" "two" {
  secret_id = "two"
  replication {
    user_managed {
      replicas {
        location = "asia-south1"
      }
    }
  }
}
resource "google_secret_manager_secret_version" "one" {
  secret      = google_secret_manager_secret.one.id
  secret_data = "canary"
}
resource "google_secret_manager_secret_version" "off" {
  secret      = google_secret_manager_secret.two.id
  secret_data = "canary"
  enabled     = false
}
resource "google_secret_manager_regional_secret" "one" {
  secret_id = "one"
  location  = "asia-south1"
  labels    = { team = "risk" }
}
resource "google_secret_manager_regional_secret" "two" {
  secret_id           = "two"
  location            = "asia-south1"
  version_destroy_ttl = "86400s"
}
resource "google_secret_manager_regional_secret_version" "one" {
  secret      = google_secret_manager_regional_secret.one.id
  secret_data = "canary"
}
"""
_READ = """
data "google_secret_manager_secret_version" "one" {
  secret     = google_secret_manager_secret.one.secret_id
  depends_on = [google_secret_manager_secret_version.one]
}
data "google_secret_manager_secret_version" "off" {
  secret            = google_secret_manager_secret_version.off.secret
  version           = google_secret_manager_secret_version.off.version
  fetch_secret_data = false
}
data "google_secret_manager_secret_version_access" "one" {
  secret                = google_secret_manager_secret_version.one.secret
  is_secret_data_base64 = true
}
data "google_secret_manager_secret_version_access" "short" {
  secret     = google_secret_manager_secret.one.secret_id
  version    = "1"
  depends_on = [google_secret_manager_secret_version.one]
}
data "google_secret_manager_regional_secret_version" "one" {
  secret = google_secret_manager_regional_secret_version.one.secret
}
data "google_secret_manager_regional_secret_version" "short" {
  secret     = google_secret_manager_regional_secret.one.secret_id
  location   = "asia-south1"
  version    = "1"
  depends_on = [google_secret_manager_regional_secret_version.one]
}
data "google_secret_manager_regional_secret_version_access" "one" {
  secret = google_secret_manager_regional_secret_version.one.secret
}
data "google_secret_manager_secrets" "all" {
  depends_on = [google_secret_manager_secret.one, google_secret_manager_secret.two]
}
data "google_secret_manager_secrets" "some" {
  filter     = "labels.team=risk"
  depends_on = [google_secret_manager_secret.one, google_secret_manager_secret.two]
}
data "google_secret_manager_regional_secrets" "all" {
  location   = "asia-south1"
  depends_on = [google_secret_manager_regional_secret.one, google_secret_manager_regional_secret.two]
}
data "google_secret_manager_regional_secrets" "none" {
  location   = "asia-south1"
  filter     = "labels.team=none"
  depends_on = [google_secret_manager_regional_secret.one, google_secret_manager_regional_secret.two]
}
"""

CASES = [Case("data_secrets", first=_RESOURCES + _READ, second=_RESOURCES + _READ)]

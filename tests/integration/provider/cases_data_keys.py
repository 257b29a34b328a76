"""Data sources of Cloud KMS: lists of what there is, versions of keys, and what keys encrypt."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_kms_key_ring" "ring" {
  name     = "reading"
  location = "asia-south1"
}
resource "google_kms_key_ring" "empty" {
  name     = "empty"
  location = "asia-south2"
}
resource "google_kms_crypto_key" "data" {
  name            = "data"
  key_ring        = google_kms_key_ring.ring.id
  rotation_period = "7776000s"
  labels          = { tier = "one" }
}
resource "google_kms_crypto_key" "orders" {
  name     = "orders"
  key_ring = google_kms_key_ring.ring.id
  purpose  = "ASYMMETRIC_SIGN"
  version_template {
    algorithm        = "EC_SIGN_P256_SHA256"
    protection_level = "HSM"
  }
}
resource "google_kms_crypto_key" "bare" {
  name                          = "bare"
  key_ring                      = google_kms_key_ring.ring.id
  skip_initial_version_creation = true
}
data "google_kms_key_rings" "all" {
  location   = "asia-south1"
  depends_on = [google_kms_key_ring.ring]
}
data "google_kms_key_rings" "none" {
  location   = "asia-south1"
  filter     = "name:nothing"
  depends_on = [google_kms_key_ring.ring]
}
data "google_kms_crypto_keys" "all" {
  key_ring   = google_kms_key_ring.ring.id
  depends_on = [google_kms_crypto_key.data, google_kms_crypto_key.orders, google_kms_crypto_key.bare]
}
data "google_kms_crypto_keys" "some" {
  key_ring   = google_kms_key_ring.ring.id
  filter     = "name:orders"
  depends_on = [google_kms_crypto_key.data, google_kms_crypto_key.orders, google_kms_crypto_key.bare]
}
data "google_kms_crypto_keys" "none" {
  key_ring = google_kms_key_ring.empty.id
}
data "google_kms_crypto_key_version" "data" {
  crypto_key = google_kms_crypto_key.data.id
}
data "google_kms_crypto_key_version" "orders" {
  crypto_key = google_kms_crypto_key.orders.id
  version    = 1
}
data "google_kms_crypto_key_latest_version" "orders" {
  crypto_key = google_kms_crypto_key.orders.id
  filter     = "state:ENABLED"
}
data "google_kms_crypto_key_latest_version" "data" {
  crypto_key = google_kms_crypto_key.data.id
}
data "google_kms_crypto_key_versions" "data" {
  crypto_key = google_kms_crypto_key.data.id
}
data "google_kms_crypto_key_versions" "orders" {
  crypto_key = google_kms_crypto_key.orders.id
  filter     = "state:ENABLED"
}
data "google_kms_crypto_key_versions" "none" {
  crypto_key = google_kms_crypto_key.bare.id
}
data "google_kms_secret_ciphertext" "token" {
  crypto_key = google_kms_crypto_key.data.id
  plaintext  = "canary"
}
data "google_kms_secret" "token" {
  crypto_key = google_kms_crypto_key.data.id
  ciphertext = data.google_kms_secret_ciphertext.token.ciphertext
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
data "google_kms_key_handles" "buckets" {
  project                = google_kms_key_handle.bucket.project
  location               = "asia-south1"
  resource_type_selector = "storage.googleapis.com/Bucket"
}
data "google_kms_key_handles" "none" {
  project                = google_kms_key_handle.bucket.project
  location               = "asia-south1"
  resource_type_selector = "compute.googleapis.com/Disk"
}
"""

CASES = [Case("data_keys", first=_FIRST, second=_FIRST, stays="already exists")]

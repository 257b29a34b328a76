"""Data sources of service accounts: lists of them, keys, tokens."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_service_account" "reader" {
  account_id   = "reader-one"
  display_name = "Reader"
}
resource "google_service_account" "writer" {
  account_id = "writer-one"
}
resource "google_service_account_key" "reader" {
  service_account_id = google_service_account.reader.name
}
data "google_service_accounts" "some" {
  prefix     = "reader"
  depends_on = [google_service_account.reader, google_service_account.writer]
}
data "google_service_accounts" "others" {
  regex      = "^(writer|nobody).*@"
  depends_on = [google_service_account.reader, google_service_account.writer]
}
data "google_service_account_key" "certificate" {
  name = google_service_account_key.reader.name
}
data "google_service_account_key" "alone" {
  name            = google_service_account_key.reader.name
  public_key_type = "TYPE_NONE"
}
data "google_service_account_access_token" "reader" {
  target_service_account = google_service_account.reader.email
  scopes                 = ["cloud-platform", "https://www.googleapis.com/auth/pubsub"]
  lifetime               = "300s"
}
data "google_service_account_access_token" "hour" {
  target_service_account = google_service_account.reader.email
  scopes                 = ["storage-ro"]
}
data "google_service_account_id_token" "reader" {
  target_service_account = google_service_account.reader.email
  target_audience        = "https://orders.example.com"
}
data "google_service_account_jwt" "reader" {
  target_service_account = google_service_account.reader.email
  payload                = jsonencode({ sub = "reader", aud = "orders" })
  expires_in             = 60
}
data "google_service_account_jwt" "endless" {
  target_service_account = google_service_account.reader.email
  payload                = jsonencode({ sub = "reader" })
}
data "google_storage_object_signed_url" "read" {
  bucket      = "PROJECT-orders"
  path        = "2026/orders.csv"
  credentials = base64decode(google_service_account_key.reader.private_key)
}
data "google_storage_object_signed_url" "write" {
  bucket            = "orders.example.com"
  path              = "orders.csv"
  http_method       = "PUT"
  duration          = "90m"
  content_type      = "text/csv"
  extension_headers = { x-goog-if-generation-match = "0" }
  credentials       = base64decode(google_service_account_key.reader.private_key)
}
"""

CASES = [Case("data_credentials", first=_FIRST, second=_FIRST)]

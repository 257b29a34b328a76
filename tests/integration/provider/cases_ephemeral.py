"""What is in no state: ephemeral resources, by what is made of them, and the provider's own functions."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

_SECRETS = """
locals {
  signer = basename(google_service_account.signer.name) # its email is known before it is there
}
resource "google_service_account" "signer" {
  account_id = "signer"
}
resource "google_secret_manager_secret" "kept" {
  secret_id = "kept"
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret_version" "kept" {
  secret      = google_secret_manager_secret.kept.id
  secret_data = "first"
}
ephemeral "google_secret_manager_secret_version" "kept" {
  secret  = google_secret_manager_secret.kept.secret_id
  version = google_secret_manager_secret_version.kept.version
}
ephemeral "google_secret_manager_secret_version" "encoded" {
  secret                = google_secret_manager_secret_version.kept.secret
  is_secret_data_base64 = true
}
ephemeral "google_client_config" "here" {
}
ephemeral "google_service_account_access_token" "signer" {
  target_service_account = local.signer
  scopes                 = ["cloud-platform", "https://www.googleapis.com/auth/pubsub"]
}
ephemeral "google_service_account_id_token" "signer" {
  target_service_account = local.signer
  target_audience        = "https://example.com"
  include_email          = true
}
ephemeral "google_service_account_jwt" "signer" {
  target_service_account = local.signer
  payload                = jsonencode({ sub = "someone" })
  expires_in             = 60
}
ephemeral "google_service_account_key" "signer" {
  service_account_id = google_service_account.signer.name
}
resource "google_secret_manager_secret" "copied" {
  secret_id = "copied"
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret_version" "copied" {
  secret                 = google_secret_manager_secret.copied.id
  secret_data_wo = jsonencode({ # a condition of an ephemeral resource would crash `terraform show -json` of 1.11
    secret      = ephemeral.google_secret_manager_secret_version.kept.secret_data
    enabled     = ephemeral.google_secret_manager_secret_version.kept.enabled
    destroyed   = ephemeral.google_secret_manager_secret_version.kept.destroy_time
    in          = ephemeral.google_secret_manager_secret_version.kept.project
    encoded     = ephemeral.google_secret_manager_secret_version.encoded.secret_data
    here        = ephemeral.google_client_config.here.id
    labels      = ephemeral.google_client_config.here.default_labels
    token       = length(ephemeral.google_service_account_access_token.signer.access_token) > 20
    lifetime    = ephemeral.google_service_account_access_token.signer.lifetime
    id_token    = length(split(".", ephemeral.google_service_account_id_token.signer.id_token))
    jwt         = length(split(".", ephemeral.google_service_account_jwt.signer.jwt))
    key         = strcontains(base64decode(ephemeral.google_service_account_key.signer.private_key), "signer@PROJECT")
    key_type    = ephemeral.google_service_account_key.signer.private_key_type
    public_key  = ephemeral.google_service_account_key.signer.public_key_type
    algorithm   = ephemeral.google_service_account_key.signer.key_algorithm
    public_data = ephemeral.google_service_account_key.signer.public_key_data
  })
  secret_data_wo_version = 1
}
data "google_secret_manager_secret_version" "copied" {
  secret     = google_secret_manager_secret.copied.id
  depends_on = [google_secret_manager_secret_version.copied]
}
"""
_FUNCTIONS = """
resource "google_pubsub_topic" "told" {
  name = "told"
  labels = {
    project  = provider::google::project_from_id("//pubsub.googleapis.com/projects/one/topics/a")
    location = provider::google::location_from_id("projects/p/locations/asia-south1/services/s")
    region   = provider::google::region_from_id("projects/p/regions/asia-south1/subnetworks/s")
    zone     = provider::google::zone_from_id("https://www.googleapis.com/compute/v1/projects/p/zones/asia-south1-a/disks/d")
    name     = provider::google::name_from_id("projects/p/topics/orders")
    of       = provider::google::region_from_zone("asia-south1-a")
    none     = can(provider::google::zone_from_id("projects/p")) || can(provider::google::region_from_zone("asia"))
  }
}
"""
CASES = [
    edited(
        Case("ephemeral", first=_SECRETS),
        ('account_id = "signer"', 'account_id = "signer"\n  display_name = "Signs"'),
        updated={"google_service_account.signer"},
    ),
    edited(
        Case("provider functions", first=_FUNCTIONS),
        ("topics/orders", "topics/fills"),
        updated={"google_pubsub_topic.told"},
    ),
]

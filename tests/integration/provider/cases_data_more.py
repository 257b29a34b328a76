"""Data sources of Compute Engine, builds, functions, clusters and taxonomies."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

_MORE = """
resource "google_service_account" "reader" {
  account_id   = "reader"
  display_name = "Reads"
}
resource "google_compute_network" "read" {
  name                    = "read"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "read" {
  name          = "read"
  network       = google_compute_network.read.id
  region        = "asia-south1"
  ip_cidr_range = "10.70.0.0/24"
}
resource "google_compute_address" "inner" {
  name         = "inner"
  description  = "of the subnetwork"
  region       = "asia-south1"
  address_type = "INTERNAL"
  subnetwork   = google_compute_subnetwork.read.id
  address      = "10.70.0.9"
}
resource "google_compute_address" "outer" {
  name   = "outer"
  region = "us-central1"
}
resource "google_compute_global_address" "range" {
  name          = "range"
  address_type  = "INTERNAL"
  purpose       = "VPC_PEERING"
  prefix_length = 20
  network       = google_compute_network.read.id
}
data "google_compute_addresses" "all" {
  filter     = "name = range" # of several places the real provider has them in an order of chance
  depends_on = [google_compute_address.inner, google_compute_address.outer, google_compute_global_address.range]
}
data "google_compute_addresses" "near" {
  region     = "asia-south1"
  filter     = "name = inner"
  depends_on = [google_compute_address.inner, google_compute_address.outer, google_compute_global_address.range]
}
resource "google_compute_region_instance_template" "read" {
  name         = "read"
  region       = "asia-south1"
  machine_type = "e2-micro"
  labels       = { of = "read" }
  disk {
    source_image = "debian-cloud/debian-12"
    boot         = true
  }
  network_interface {
    subnetwork = google_compute_subnetwork.read.id
  }
}
data "google_compute_region_instance_template" "read" {
  name   = google_compute_region_instance_template.read.name
  region = "asia-south1"
}
data "google_compute_region_instance_template" "filtered" {
  filter      = "name = read"
  most_recent = true
  region      = "asia-south1"
  depends_on  = [google_compute_region_instance_template.read]
}
resource "google_compute_region_security_policy" "read" {
  name        = "read"
  description = "of a region"
  region      = "asia-south1"
  type        = "CLOUD_ARMOR"
}
data "google_compute_region_security_policy" "read" {
  name   = google_compute_region_security_policy.read.name
  region = "asia-south1"
}
resource "google_cloudbuild_trigger" "read" {
  name     = "read"
  location = "asia-south1"
  tags     = ["one"]
  source_to_build {
    uri       = "https://github.com/somebody/something"
    ref       = "refs/heads/main"
    repo_type = "GITHUB"
  }
  build {
    step {
      name = "gcr.io/cloud-builders/gcloud"
      args = ["version"]
    }
  }
}
data "google_cloudbuild_trigger" "read" {
  trigger_id = google_cloudbuild_trigger.read.trigger_id
  location   = "asia-south1"
}
resource "google_redis_cluster" "read" {
  name                        = "read"
  shard_count                 = 3
  region                      = "asia-south1"
  deletion_protection_enabled = false
}
data "google_redis_cluster" "read" {
  name   = google_redis_cluster.read.name
  region = "asia-south1"
}
resource "google_data_catalog_taxonomy" "read" {
  display_name           = "read"
  description            = "What is read."
  region                 = "asia-south1"
  activated_policy_types = ["FINE_GRAINED_ACCESS_CONTROL"]
}
data "google_data_catalog_taxonomy" "read" {
  display_name = google_data_catalog_taxonomy.read.display_name
  region       = "asia-south1"
}
resource "google_storage_bucket" "source" {
  name                        = "PROJECT-source"
  location                    = "asia-south1"
  uniform_bucket_level_access = true
}
resource "google_storage_bucket_object" "source" {
  bucket  = google_storage_bucket.source.name
  name    = "source.zip"
  content = "not a zip"
}
resource "google_cloudfunctions_function" "read" {
  name                  = "read"
  region                = "asia-south1"
  runtime               = "python312"
  entry_point           = "main"
  source_archive_bucket = google_storage_bucket.source.name
  source_archive_object = google_storage_bucket_object.source.name
  trigger_http          = true
  labels                = { of = "read" }
}
data "google_cloudfunctions_function" "read" {
  name   = google_cloudfunctions_function.read.name
  region = "asia-south1"
}
"""
CASES = [
    edited(
        Case("read more", first=_MORE, whole=True),
        ('display_name = "Reads"', 'display_name = "Reads more"'),
        updated={"google_service_account.reader"},
    ),
]

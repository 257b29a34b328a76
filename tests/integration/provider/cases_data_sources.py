"""Data sources: what tells of a resource of the same type, and what is above projects."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_ABOVE = """
resource "google_folder" "above" {
  display_name        = "above-PROJECT"
  parent              = "organizations/281475"
  deletion_protection = false
}
resource "google_folder" "below" {
  display_name        = "below"
  parent              = google_folder.above.name
  deletion_protection = false
}
resource "google_project_iam_custom_role" "reader" {
  role_id     = "reader"
  title       = "Reader"
  stage       = "GA"
  permissions = ["storage.buckets.get", "storage.objects.get"]
}
data "google_folder" "below" {
  folder              = google_folder.below.folder_id
  lookup_organization = true
}
data "google_active_folder" "below" {
  display_name = google_folder.below.display_name
  parent       = google_folder.above.name
  api_method   = "SEARCH"
}
data "google_active_folder" "listed" {
  display_name = google_folder.below.display_name
  parent       = google_folder.above.name
}
data "google_organization" "number" {
  organization = "281475"
}
data "google_organization" "domain" {
  domain = "example.com"
}
data "google_iam_role" "reader" {
  name = google_project_iam_custom_role.reader.id
}
data "google_project_iam_custom_role" "reader" {
  role_id = google_project_iam_custom_role.reader.role_id
}
"""
_LIKE = """
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
resource "google_compute_ha_vpn_gateway" "read" {
  name    = "read"
  region  = "asia-south1"
  network = google_compute_network.read.id
}
data "google_compute_ha_vpn_gateway" "read" {
  name   = google_compute_ha_vpn_gateway.read.name
  region = "asia-south1"
}
resource "google_compute_disk" "read" {
  name   = "read"
  zone   = "asia-south1-a"
  size   = 10
  labels = { of = "read" }
}
data "google_compute_disk" "read" {
  name = google_compute_disk.read.name
  zone = "asia-south1-a"
}
resource "google_compute_region_disk" "read" {
  name          = "read"
  region        = "asia-south1"
  size          = 200
  replica_zones = ["asia-south1-a", "asia-south1-b"]
}
data "google_compute_region_disk" "read" {
  name   = google_compute_region_disk.read.name
  region = "asia-south1"
}
resource "google_compute_resource_policy" "read" {
  name   = "read"
  region = "asia-south1"
  snapshot_schedule_policy {
    schedule {
      daily_schedule {
        days_in_cycle = 1
        start_time    = "04:00"
      }
    }
  }
}
data "google_compute_resource_policy" "read" {
  name   = google_compute_resource_policy.read.name
  region = "asia-south1"
}
resource "google_compute_health_check" "read" {
  name = "read"
  tcp_health_check {
    port = 80
  }
}
data "google_compute_health_check" "read" {
  name = google_compute_health_check.read.name
}
resource "google_compute_ssl_policy" "read" {
  name = "read"
}
data "google_compute_ssl_policy" "read" {
  name = google_compute_ssl_policy.read.name
}
resource "google_storage_bucket" "read" {
  name                        = "PROJECT-read"
  location                    = "ASIA-SOUTH1"
  uniform_bucket_level_access = true
}
resource "google_compute_backend_bucket" "read" {
  name        = "read"
  bucket_name = google_storage_bucket.read.name
}
data "google_compute_backend_bucket" "read" {
  name = google_compute_backend_bucket.read.name
}
resource "google_compute_url_map" "read" {
  name            = "read"
  default_service = google_compute_backend_bucket.read.id
}
resource "google_compute_target_http_proxy" "read" {
  name    = "read"
  url_map = google_compute_url_map.read.id
}
data "google_compute_target_http_proxy" "read" {
  name = google_compute_target_http_proxy.read.name
}
resource "google_compute_global_forwarding_rule" "read" {
  name       = "read"
  target     = google_compute_target_http_proxy.read.id
  port_range = "80"
}
data "google_compute_global_forwarding_rule" "read" {
  name = google_compute_global_forwarding_rule.read.name
}
resource "google_certificate_manager_dns_authorization" "read" {
  name   = "read"
  domain = "read.example.com"
}
data "google_certificate_manager_dns_authorization" "read" {
  name     = google_certificate_manager_dns_authorization.read.name
  location = "global"
  domain = "read.example.com"
}
resource "google_certificate_manager_certificate_map" "read" {
  name = "read"
}
data "google_certificate_manager_certificate_map" "read" {
  name = google_certificate_manager_certificate_map.read.name
}
resource "google_redis_instance" "read" {
  name           = "read"
  region         = "asia-south1"
  memory_size_gb = 1
}
data "google_redis_instance" "read" {
  name   = google_redis_instance.read.name
  region = "asia-south1"
}
resource "google_secret_manager_regional_secret" "read" {
  secret_id = "read"
  location  = "asia-south1"
}
data "google_secret_manager_regional_secret" "read" {
  secret_id = google_secret_manager_regional_secret.read.secret_id
  location  = "asia-south1"
}
resource "google_sql_database_instance" "read" {
  name                = "read"
  region              = "asia-south1"
  database_version    = "POSTGRES_15"
  deletion_protection = false
  settings {
    tier = "db-f1-micro"
  }
}
data "google_sql_database_instance" "read" {
  name = google_sql_database_instance.read.name
}
resource "google_project_service" "read" {
  service = "run.googleapis.com"
}
data "google_project_service" "read" {
  service = google_project_service.read.service
}
"""
CASES = [
    Case("read above projects", first=_ABOVE, second=_ABOVE),
    Case("read like resources", first=_LIKE, second=_LIKE),
]

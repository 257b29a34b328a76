"""Regional secrets, and the grants of what foreign modules put into networks and zones."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_secret_manager_regional_secret" "s" {
  secret_id = "regional"
  location  = "asia-south1"
  labels    = { team = "risk" }
}
resource "google_secret_manager_regional_secret_version" "v" {
  secret      = google_secret_manager_regional_secret.s.id
  secret_data = "not-a-secret"
}
resource "google_secret_manager_regional_secret_iam_member" "reader" {
  secret_id = google_secret_manager_regional_secret.s.secret_id
  location  = "asia-south1"
  role      = "roles/secretmanager.secretAccessor"
  member    = "user:ann@example.com"
}
resource "google_dns_managed_zone" "z" {
  name     = "regional"
  dns_name = "regional.example."
}
resource "google_dns_managed_zone_iam_member" "reader" {
  managed_zone = google_dns_managed_zone.z.name
  role         = "roles/dns.reader"
  member       = "user:ann@example.com"
}
resource "google_compute_network" "n" {
  name                    = "regional"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "n" {
  name          = "regional"
  network       = google_compute_network.n.id
  region        = "asia-south1"
  ip_cidr_range = "10.7.0.0/24"
}
resource "google_compute_global_address" "psa" {
  name          = "regional"
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 16
  network       = google_compute_network.n.id
}
resource "google_service_networking_connection" "psa" {
  network                 = google_compute_network.n.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.psa.name]
}
resource "google_compute_network_peering_routes_config" "psa" {
  peering              = "servicenetworking-googleapis-com"
  network              = google_compute_network.n.name
  export_custom_routes = true
  import_custom_routes = false
  depends_on           = [google_service_networking_connection.psa]
}
resource "google_compute_subnetwork_iam_member" "user" {
  subnetwork = google_compute_subnetwork.n.name
  region     = "asia-south1"
  role       = "roles/compute.networkUser"
  member     = "user:ann@example.com"
}
resource "google_compute_subnetwork_iam_binding" "viewers" {
  subnetwork = google_compute_subnetwork.n.id
  role       = "roles/compute.networkViewer"
  members    = ["user:ann@example.com"]
}
"""

CASES = [
    Case(
        "regional",
        first=_FIRST,
        second=_FIRST.replace('"risk"', '"trading"')
        .replace('"not-a-secret"', '"not-a-secret"\n  enabled     = false')
        .replace("import_custom_routes = false", "import_custom_routes = true")
        .replace('["user:ann@example.com"]', '["user:bob@example.com"]'),
        updated=frozenset(
            (
                "google_secret_manager_regional_secret.s",
                "google_secret_manager_regional_secret_version.v",
                "google_compute_subnetwork_iam_binding.viewers",
                "google_compute_network_peering_routes_config.psa",
            )
        ),
        replaced=(
            ('secret_id = "regional"', 'secret_id = "other"', "google_secret_manager_regional_secret.s"),
            ('"not-a-secret"', '"another"', "google_secret_manager_regional_secret_version.v"),
            ('"roles/dns.reader"', '"roles/dns.admin"', "google_dns_managed_zone_iam_member.reader"),
        ),
        imports={
            "google_secret_manager_regional_secret.s": "projects/PROJECT/locations/asia-south1/secrets/regional",
            "google_secret_manager_regional_secret_iam_member.reader": "projects/PROJECT/locations/asia-south1/secrets/"
            "regional roles/secretmanager.secretAccessor user:ann@example.com",
            "google_compute_network_peering_routes_config.psa": "projects/PROJECT/global/networks/regional/"
            "networkPeerings/servicenetworking-googleapis-com",
            "google_dns_managed_zone_iam_member.reader": "projects/PROJECT/managedZones/regional roles/dns.reader "
            "user:ann@example.com",
            "google_compute_subnetwork_iam_member.user": "projects/PROJECT/regions/asia-south1/subnetworks/regional "
            "roles/compute.networkUser user:ann@example.com",
        },
        after_import=frozenset(("labels", "terraform_labels")),
    )
]

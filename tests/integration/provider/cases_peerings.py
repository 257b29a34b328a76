"""Networks that are each other's peers; a project's default accounts, and those that write its logs."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_compute_network" "a" {
  name                    = "a"
  auto_create_subnetworks = false
}
resource "google_compute_network" "b" {
  name                    = "b"
  auto_create_subnetworks = false
}
resource "google_compute_network_peering" "to_b" {
  name         = "to-b"
  network      = google_compute_network.a.self_link
  peer_network = google_compute_network.b.self_link
}
resource "google_compute_network_peering" "to_a" {
  name                 = "to-a"
  network              = google_compute_network.b.id
  peer_network         = google_compute_network.a.id
  export_custom_routes = true
  depends_on           = [google_compute_network_peering.to_b]
}
resource "google_project_iam_member" "by_full_name" {
  project = "projects/PROJECT"
  role    = "roles/viewer"
  member  = "user:ann@example.com"
}
resource "google_compute_project_default_network_tier" "cheap" {
  network_tier = "STANDARD"
}
resource "google_compute_address" "cheap" {
  name       = "cheap"
  region     = "asia-south1"
  depends_on = [google_compute_project_default_network_tier.cheap]
}
resource "google_project_default_service_accounts" "unprivileged" {
  project = "PROJECT"
  action  = "DEPRIVILEGE"
}
"""
PEERINGS = Case(
    "peerings",
    first=_FIRST,
    second=_FIRST.replace("export_custom_routes = true", "import_custom_routes = true").replace(
        '"STANDARD"', '"PREMIUM"'
    ),
    updated=frozenset(("google_compute_network_peering.to_a", "google_compute_project_default_network_tier.cheap")),
    replaced=(
        ('"to-a"', '"back"', "google_compute_network_peering.to_a"),
        ('"DEPRIVILEGE"', '"DISABLE"', "google_project_default_service_accounts.unprivileged"),
    ),
    imports={
        "google_compute_network.a": "a",
        "google_compute_network.b": "b",
        "google_compute_project_default_network_tier.cheap": "PROJECT",
        "google_compute_network_peering.to_b": "PROJECT/a/to-b",
    },
)
CASES = [PEERINGS]

"""What is published by Private Service Connect, and the endpoint that leads to it."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_compute_network" "producer" {
  name                    = "producer"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "producer" {
  name          = "producer"
  network       = google_compute_network.producer.id
  region        = "asia-south1"
  ip_cidr_range = "10.50.0.0/24"
}
resource "google_compute_subnetwork" "nat" {
  name          = "nat"
  network       = google_compute_network.producer.id
  region        = "asia-south1"
  ip_cidr_range = "10.51.0.0/24"
  purpose       = "PRIVATE_SERVICE_CONNECT"
}
resource "google_compute_subnetwork" "more" {
  name          = "more"
  network       = google_compute_network.producer.id
  region        = "asia-south1"
  ip_cidr_range = "10.52.0.0/24"
  purpose       = "PRIVATE_SERVICE_CONNECT"
}
resource "google_compute_region_health_check" "producer" {
  name   = "producer"
  region = "asia-south1"
  tcp_health_check {
    port = 8080
  }
}
resource "google_compute_region_backend_service" "producer" {
  name                  = "producer"
  region                = "asia-south1"
  load_balancing_scheme = "INTERNAL"
  health_checks         = [google_compute_region_health_check.producer.id]
}
resource "google_compute_forwarding_rule" "producer" {
  name                  = "producer"
  region                = "asia-south1"
  load_balancing_scheme = "INTERNAL"
  backend_service       = google_compute_region_backend_service.producer.id
  all_ports             = true
  network               = google_compute_network.producer.name
  subnetwork            = google_compute_subnetwork.producer.name
}
resource "google_compute_service_attachment" "open" {
  name                  = "open"
  region                = "asia-south1"
  description           = "For everyone"
  enable_proxy_protocol = true
  connection_preference = "ACCEPT_AUTOMATIC"
  nat_subnets           = [google_compute_subnetwork.nat.id]
  target_service        = google_compute_forwarding_rule.producer.id
}
resource "google_compute_service_attachment" "listed" {
  name                  = "listed"
  region                = "asia-south1"
  enable_proxy_protocol = false
  connection_preference = "ACCEPT_MANUAL"
  nat_subnets           = [google_compute_subnetwork.more.self_link]
  target_service        = google_compute_forwarding_rule.producer.self_link
  domain_names          = ["listed.example.com."]
  consumer_reject_lists = ["atm-rejected"]
  consumer_accept_lists {
    project_id_or_num = "atm-consumer"
    connection_limit  = 4
  }
}
resource "google_compute_network" "consumer" {
  name                    = "consumer"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "consumer" {
  name          = "consumer"
  network       = google_compute_network.consumer.id
  region        = "asia-south1"
  ip_cidr_range = "10.53.0.0/24"
}
resource "google_compute_address" "endpoint" {
  name         = "endpoint"
  region       = "asia-south1"
  address_type = "INTERNAL"
  subnetwork   = google_compute_subnetwork.consumer.id
}
resource "google_compute_forwarding_rule" "endpoint" {
  name                  = "endpoint"
  region                = "asia-south1"
  load_balancing_scheme = ""
  network               = google_compute_network.consumer.id
  ip_address            = google_compute_address.endpoint.id
  target                = google_compute_service_attachment.open.id
}
"""
CASES = [
    Case(
        "service attachments",
        first=_FIRST,
        second=_FIRST.replace("For everyone", "For anyone")
        .replace("connection_limit  = 4", "connection_limit  = 5")
        .replace('["atm-rejected"]', "[]"),
        updated=frozenset(("google_compute_service_attachment.open", "google_compute_service_attachment.listed")),
        replaced=(('name                  = "listed"', 'name = "other"', "google_compute_service_attachment.listed"),),
        imports={
            "google_compute_service_attachment.listed": "asia-south1/listed",
            "google_compute_service_attachment.open": "projects/PROJECT/regions/asia-south1/serviceAttachments/open",
        },
    )
]

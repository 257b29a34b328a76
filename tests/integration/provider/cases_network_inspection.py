"""Network Security: profiles, firewall endpoints, what is intercepted or mirrored, and detectors."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case, edited

_PRODUCER = """
resource "google_compute_forwarding_rule" "WORD" {
  name                   = "inline-WORD"
  region                 = "asia-south1"
  network                = google_compute_network.vpc["producer"].name
  subnetwork             = google_compute_subnetwork.producer.name
  backend_service        = google_compute_region_backend_service.inline.id
  load_balancing_scheme  = "INTERNAL"
  ports                  = [6081]
  ip_protocol            = "UDP"
  COLLECTOR
}
resource "google_network_security_WORD_deployment_group" "group" {
  WORD_deployment_group_id = "group"
  location                 = "global"
  network                  = google_compute_network.vpc["producer"].id
  description              = "Of a producer"
  labels                   = { of = "first" }
}
resource "google_network_security_WORD_deployment" "deployment" {
  WORD_deployment_id    = "deployment"
  location              = "asia-south1-a"
  forwarding_rule       = google_compute_forwarding_rule.WORD.id
  WORD_deployment_group = google_network_security_WORD_deployment_group.group.id
  description           = "In a zone"
  labels                = { of = "first" }
}
resource "google_network_security_WORD_endpoint_group" "group" {
  WORD_endpoint_group_id = "group"
  location               = "global"
  WORD_deployment_group  = google_network_security_WORD_deployment_group.group.id
  description            = "Of a consumer"
  labels                 = { of = "first" }
  depends_on             = [google_network_security_WORD_deployment.deployment]
}
resource "google_network_security_WORD_endpoint_group_association" "association" {
  WORD_endpoint_group_association_id = "association"
  location                           = "global"
  network                            = google_compute_network.vpc["consumer"].id
  WORD_endpoint_group                = google_network_security_WORD_endpoint_group.group.id
  labels                             = { of = "first" }
}
resource "google_network_security_security_profile" "WORD" {
  name     = "WORD-PROJECT"
  type     = "CUSTOM_UPPER"
  parent   = "organizations/123456789"
  location = "global"
  custom_WORD_profile {
    WORD_endpoint_group = google_network_security_WORD_endpoint_group.group.id
  }
}
"""


def _producer(word: str, collector: str) -> str:
    return _PRODUCER.replace("WORD", word).replace("UPPER", word.upper()).replace("COLLECTOR", collector)


_FIRST = (
    """
resource "google_compute_network" "vpc" {
  for_each                = toset(["producer", "consumer"])
  name                    = "inline-${each.key}"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "producer" {
  name          = "inline-producer"
  region        = "asia-south1"
  ip_cidr_range = "10.44.0.0/24"
  network       = google_compute_network.vpc["producer"].name
}
resource "google_compute_region_health_check" "inline" {
  name   = "inline"
  region = "asia-south1"
  http_health_check {
    port = 80
  }
}
resource "google_compute_region_backend_service" "inline" {
  name                  = "inline"
  region                = "asia-south1"
  health_checks         = [google_compute_region_health_check.inline.id]
  protocol              = "UDP"
  load_balancing_scheme = "INTERNAL"
}
"""
    + _producer("intercept", "")
    + _producer("mirroring", "is_mirroring_collector = true")
    + """
resource "google_network_security_security_profile" "threats" {
  name        = "threats-PROJECT"
  type        = "THREAT_PREVENTION"
  parent      = "organizations/123456789"
  description = "Threats"
  labels      = { of = "first" }
  threat_prevention_profile {
    severity_overrides {
      action   = "ALLOW"
      severity = "INFORMATIONAL"
    }
    severity_overrides {
      action   = "DENY"
      severity = "HIGH"
    }
    antivirus_overrides {
      action   = "ALERT"
      protocol = "HTTP2"
    }
  }
}
resource "google_network_security_security_profile" "urls" {
  name   = "urls-PROJECT"
  type   = "URL_FILTERING"
  parent = "organizations/123456789"
  url_filtering_profile {
    url_filters {
      priority         = 1
      filtering_action = "ALLOW"
      urls             = ["*example.com", "*about.example.com"]
    }
  }
}
resource "google_network_security_security_profile_group" "group" {
  name                      = "group-PROJECT"
  parent                    = "organizations/123456789"
  description               = "A group"
  threat_prevention_profile = google_network_security_security_profile.threats.id
  url_filtering_profile     = google_network_security_security_profile.urls.id
  labels                    = { of = "first" }
}
resource "google_network_security_firewall_endpoint" "endpoint" {
  name               = "endpoint-PROJECT"
  parent             = "organizations/123456789"
  location           = "asia-south1-a"
  billing_project_id = "PROJECT"
  labels             = { of = "first" }
}
resource "google_network_security_firewall_endpoint_association" "association" {
  name              = "association"
  parent            = "projects/PROJECT"
  location          = "asia-south1-a"
  firewall_endpoint = google_network_security_firewall_endpoint.endpoint.id
  network           = google_compute_network.vpc["consumer"].id
  disabled          = false
  labels            = { of = "first" }
}
resource "google_network_security_dns_threat_detector" "detector" {
  name                     = "detector"
  threat_detector_provider = "INFOBLOX"
  excluded_networks        = [google_compute_network.vpc["producer"].id]
  labels                   = { of = "first" }
}
"""
)
CASES = [
    edited(
        Case(
            "network inspection",
            first=_FIRST,
            replaced=(
                (
                    'name               = "endpoint-PROJECT"',
                    'name               = "other-PROJECT"',
                    "google_network_security_firewall_endpoint.endpoint",
                ),
                (
                    'intercept_deployment_id    = "deployment"',
                    'intercept_deployment_id    = "other"',
                    "google_network_security_intercept_deployment.deployment",
                ),
            ),
            imports={
                'google_compute_network.vpc["producer"]': "inline-producer",
                'google_compute_network.vpc["consumer"]': "inline-consumer",
                "google_network_security_intercept_deployment_group.group": "global/group",
                "google_network_security_intercept_endpoint_group.group": "global/group",
                "google_network_security_intercept_endpoint_group_association.association": "global/association",
                "google_network_security_mirroring_deployment_group.group": "global/group",
                "google_network_security_mirroring_endpoint_group.group": "global/group",
                "google_network_security_security_profile.threats": (
                    "organizations/123456789/locations/global/securityProfiles/threats-PROJECT"
                ),
                "google_network_security_firewall_endpoint.endpoint": (
                    "organizations/123456789/locations/asia-south1-a/firewallEndpoints/endpoint-PROJECT"
                ),
                "google_network_security_dns_threat_detector.detector": "global/detector",
            },
            after_import=LABELS,
        ),
        ("Of a producer", "Of the producer"),
        ("In a zone", "In the zone"),
        ("Of a consumer", "Of the consumer"),
        ('of = "first"', 'of = "second"'),
        ('"Threats"', '"Some threats"'),
        ('"ALERT"', '"DENY"'),
        ('["*example.com", "*about.example.com"]', '["*example.com"]'),
        ("A group", "The group"),
        ("disabled          = false", "disabled          = true"),
        updated={
            *(f"google_network_security_{word}_deployment_group.group" for word in ("intercept", "mirroring")),
            *(f"google_network_security_{word}_deployment.deployment" for word in ("intercept", "mirroring")),
            *(f"google_network_security_{word}_endpoint_group.group" for word in ("intercept", "mirroring")),
            *(
                f"google_network_security_{word}_endpoint_group_association.association"
                for word in ("intercept", "mirroring")
            ),
            "google_network_security_security_profile.threats",
            "google_network_security_security_profile.urls",
            "google_network_security_security_profile_group.group",
            "google_network_security_firewall_endpoint.endpoint",
            "google_network_security_firewall_endpoint_association.association",
            "google_network_security_dns_threat_detector.detector",
        },
    )
]

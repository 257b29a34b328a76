"""Firewall policies of networks, and of folders and organizations."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_RULE = """
  priority        = 1000
  action          = "allow"
  direction       = "INGRESS"
  description     = "The office"
  enable_logging  = true
  match {
    src_ip_ranges = ["203.0.113.0/24"]
    layer4_configs {
      ip_protocol = "tcp"
      ports       = ["443"]
    }
  }
}
"""
_FIRST = f"""
resource "google_compute_network" "main" {{
  name                    = "main"
  auto_create_subnetworks = false
}}
resource "google_folder" "team" {{
  display_name        = "Walled PROJECT"
  parent              = "organizations/281475"
  deletion_protection = false
}}
resource "google_compute_firewall_policy" "above" {{
  parent      = google_folder.team.name
  short_name  = "above"
  description = "Of the folder"
}}
resource "google_compute_firewall_policy_association" "above" {{
  firewall_policy   = google_compute_firewall_policy.above.id
  attachment_target = google_folder.team.name
  name              = "above"
}}
resource "google_compute_firewall_policy_rule" "above" {{
  firewall_policy = google_compute_firewall_policy.above.name{_RULE}
resource "google_compute_network_firewall_policy" "main" {{
  name        = "main"
  description = "Of the network"
}}
resource "google_compute_network_firewall_policy_association" "main" {{
  firewall_policy   = google_compute_network_firewall_policy.main.name
  attachment_target = google_compute_network.main.id
  name              = "main"
}}
resource "google_compute_network_firewall_policy_rule" "main" {{
  firewall_policy = google_compute_network_firewall_policy.main.name
  rule_name       = "office"{_RULE}
resource "google_compute_region_network_firewall_policy" "here" {{
  name   = "here"
  region = "asia-south1"
}}
resource "google_compute_region_network_firewall_policy_association" "here" {{
  firewall_policy   = google_compute_region_network_firewall_policy.here.name
  region            = "asia-south1"
  attachment_target = google_compute_network.main.id
  name              = "here"
}}
resource "google_compute_region_network_firewall_policy_rule" "here" {{
  firewall_policy = google_compute_region_network_firewall_policy.here.name
  region          = "asia-south1"{_RULE}
"""
POLICIES = Case(
    "firewall policies",
    first=_FIRST,
    second=_FIRST.replace('"The office"', '"Offices"').replace('"Of the', '"That of the').replace('["443"]', '["80"]'),
    updated=frozenset(
        (
            "google_compute_firewall_policy.above",
            "google_compute_firewall_policy_rule.above",
            "google_compute_network_firewall_policy.main",
            "google_compute_network_firewall_policy_rule.main",
            "google_compute_region_network_firewall_policy_rule.here",
        )
    ),
    replaced=(
        ('short_name  = "above"', 'short_name  = "over"', "google_compute_firewall_policy.above"),
        (
            'name              = "here"',
            'name = "there"',
            "google_compute_region_network_firewall_policy_association.here",
        ),
    ),
    imports={
        "google_compute_network.main": "main",
        "google_compute_network_firewall_policy.main": "main",
        "google_compute_network_firewall_policy_association.main": "main/main",
        "google_compute_network_firewall_policy_rule.main": "main/1000",
        "google_compute_region_network_firewall_policy.here": "asia-south1/here",
    },
)
CASES = [POLICIES]

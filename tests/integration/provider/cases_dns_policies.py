"""How the names of networks are answered; roles of an organization."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_compute_network" "main" {
  name                    = "main"
  auto_create_subnetworks = false
}
resource "google_compute_network" "other" {
  name                    = "other"
  auto_create_subnetworks = false
}
resource "google_dns_policy" "logged" {
  name           = "logged"
  enable_logging = true
  networks {
    network_url = google_compute_network.main.id
  }
  alternative_name_server_config {
    target_name_servers {
      ipv4_address    = "172.16.1.10"
      forwarding_path = "private"
    }
  }
}
resource "google_dns_response_policy" "instead" {
  response_policy_name = "instead"
  networks {
    network_url = google_compute_network.main.self_link
  }
}
resource "google_dns_response_policy_rule" "www" {
  response_policy = google_dns_response_policy.instead.response_policy_name
  rule_name       = "www"
  dns_name        = "www.example.com."
  local_data {
    local_datas {
      name    = "www.example.com."
      type    = "A"
      ttl     = 300
      rrdatas = ["192.0.2.91"]
    }
  }
}
resource "google_organization_iam_custom_role" "reader" {
  org_id      = "281475"
  role_id     = "reader_${replace("PROJECT", "-", "_")}"
  title       = "Reader"
  permissions = ["storage.objects.get"]
}
"""
POLICIES = Case(
    "dns policies",
    first=_FIRST,
    second=_FIRST.replace("enable_logging = true", "enable_logging = false")
    .replace("google_compute_network.main.self_link", "google_compute_network.other.self_link")
    .replace('["192.0.2.91"]', '["192.0.2.92"]')
    .replace('["storage.objects.get"]', '["storage.objects.get", "storage.objects.list"]'),
    updated=frozenset(
        (
            "google_dns_policy.logged",
            "google_dns_response_policy.instead",
            "google_dns_response_policy_rule.www",
            "google_organization_iam_custom_role.reader",
        )
    ),
    replaced=(
        ('"logged"\n', '"loud"\n', "google_dns_policy.logged"),
        ('= "www"', '= "web"', "google_dns_response_policy_rule.www"),
        ('"reader_$', '"another_$', "google_organization_iam_custom_role.reader"),
    ),
    imports={
        "google_compute_network.main": "main",
        "google_compute_network.other": "other",
        "google_dns_policy.logged": "logged",
        "google_dns_response_policy.instead": "instead",
        "google_dns_response_policy_rule.www": "instead/www",
    },
)
CASES = [POLICIES]

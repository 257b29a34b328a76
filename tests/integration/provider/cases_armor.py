"""Cloud Armor: policies of regions and of networks, and rules by themselves."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_compute_region_security_policy" "web" {
  name        = "web"
  region      = "asia-south1"
  type        = "CLOUD_ARMOR"
  description = "Of the web"
  rules {
    action      = "deny"
    priority    = 1000
    description = "Nobody from there"
    match {
      expr {
        expression = "origin.region_code == 'AQ'"
      }
    }
    preconfigured_waf_config {
      exclusion {
        target_rule_set = "sqli-v33-stable"
        target_rule_ids = ["owasp-crs-v030301-id942110-sqli"]
        request_header {
          operator = "EQUALS"
          value    = "x-trace"
        }
        request_uri {
          operator = "STARTS_WITH"
          value    = "/api"
        }
      }
    }
  }
  rules {
    action   = "throttle"
    priority = 500
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["203.0.113.0/24"]
      }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = 100
        interval_sec = 60
      }
    }
  }
  rules {
    action   = "allow"
    priority = 2147483647
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }
}
resource "google_compute_region_security_policy" "edge" {
  name   = "edge"
  region = "asia-south1"
  type   = "CLOUD_ARMOR_NETWORK"
  ddos_protection_config {
    ddos_protection = "ADVANCED_PREVIEW"
  }
  user_defined_fields {
    name   = "sig1_at_0"
    base   = "UDP"
    offset = 8
    size   = 2
    mask   = "0x8F00"
  }
}
resource "google_compute_region_security_policy_rule" "edge" {
  region          = "asia-south1"
  security_policy = google_compute_region_security_policy.edge.name
  description     = "Of the edge"
  priority        = 100
  action          = "allow"
  preview         = true
  network_match {
    src_ip_ranges = ["203.0.113.0/24"]
    ip_protocols  = ["UDP"]
    src_ports     = ["5228"]
    user_defined_fields {
      name   = "sig1_at_0"
      values = ["0x8F00"]
    }
  }
}
resource "google_compute_security_policy" "all" {
  name = "all"
}
resource "google_compute_security_policy_rule" "first" {
  security_policy = google_compute_security_policy.all.name
  description     = "Of the first"
  priority        = 100
  action          = "throttle"
  match {
    versioned_expr = "SRC_IPS_V1"
    config {
      src_ip_ranges = ["203.0.113.0/24"]
    }
  }
  rate_limit_options {
    conform_action = "allow"
    exceed_action  = "redirect"
    enforce_on_key = "ALL"
    exceed_redirect_options {
      type   = "EXTERNAL_302"
      target = "https://example.com"
    }
    rate_limit_threshold {
      count        = 10
      interval_sec = 60
    }
  }
  header_action {
    request_headers_to_adds {
      header_name  = "x-seen"
      header_value = "yes"
    }
  }
}
resource "google_compute_security_policy_rule" "default" {
  security_policy = google_compute_security_policy.all.name
  description     = "Of everybody else"
  priority        = 2147483647
  action          = "deny(403)"
  match {
    versioned_expr = "SRC_IPS_V1"
    config {
      src_ip_ranges = ["*"]
    }
  }
}
"""
_SECOND = (
    _FIRST.replace('"Of the', '"That of the')
    .replace("count        = 1", "count        = 2")
    .replace('"ADVANCED_PREVIEW"', '"STANDARD"')
    .replace('["5228"]', '["5229", "5230"]')
    .replace("  preview         = true\n", "")
    .replace('"deny(403)"', '"deny(404)"')
    .replace("'AQ'", "'ZZ'")
)
ARMOR = Case(
    "cloud armor's rules and regions",
    first=_FIRST,
    second=_SECOND,
    updated=frozenset(
        (
            "google_compute_region_security_policy.web",
            "google_compute_region_security_policy.edge",
            "google_compute_region_security_policy_rule.edge",
            "google_compute_security_policy_rule.first",
            "google_compute_security_policy_rule.default",
        )
    ),
    replaced=(
        (
            'priority        = 100\n  action          = "allow"',
            'priority        = 101\n  action          = "allow"',
            "google_compute_region_security_policy_rule.edge",
        ),
    ),
    imports={
        "google_compute_region_security_policy.web": "asia-south1/web",
        "google_compute_region_security_policy_rule.edge": "asia-south1/edge/100",
        "google_compute_security_policy_rule.first": "all/100",
    },
)
CASES = [ARMOR]

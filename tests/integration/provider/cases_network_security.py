"""Network Security: address groups with their grants, TLS of servers, clients and backends, and Secure Web Proxy."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case, edited
from tests.integration.provider.cases_balancing import _PEM

_FIRST = """
resource "google_network_security_address_group" "ours" {
  name        = "ours"
  parent      = "projects/PROJECT"
  location    = "asia-south1"
  type        = "IPV4"
  capacity    = 100
  description = "Ours"
  items       = ["208.80.154.224/32"]
  labels      = { of = "first" }
}
resource "google_network_security_address_group" "all" {
  name     = "all-PROJECT"
  parent   = "organizations/123456789"
  location = "global"
  type     = "IPV6"
  capacity = 10
}
resource "google_network_security_address_group_iam_member" "member" {
  name     = google_network_security_address_group.ours.name
  project  = "PROJECT"
  location = "asia-south1"
  role     = "roles/compute.networkAdmin"
  member   = "user:ann@example.com"
}
resource "google_network_security_server_tls_policy" "server" {
  name        = "server"
  description = "Of a mesh"
  allow_open  = true
  labels      = { of = "first" }
  server_certificate {
    certificate_provider_instance {
      plugin_instance = "google_cloud_private_spiffe"
    }
  }
  mtls_policy {
    client_validation_ca {
      grpc_endpoint {
        target_uri = "unix:mypath"
      }
    }
    client_validation_ca {
      certificate_provider_instance {
        plugin_instance = "google_cloud_private_spiffe"
      }
    }
  }
}
resource "google_network_security_server_tls_policy" "balancer" {
  name     = "balancer"
  location = "asia-south1"
  mtls_policy {
    client_validation_mode = "ALLOW_INVALID_OR_MISSING_CLIENT_CERT"
  }
}
resource "google_certificate_manager_trust_config" "trusted" {
  name        = "trusted"
  location    = "asia-south1"
  description = "Whom to trust"
  labels      = { of = "first" }
  trust_stores {
    trust_anchors {
      pem_certificate = <<-PEM
PEM_HERE      PEM
    }
  }
  allowlisted_certificates {
    pem_certificate = <<-PEM
PEM_HERE    PEM
  }
}
resource "google_network_security_server_tls_policy" "mutual" {
  name     = "mutual"
  location = "asia-south1"
  mtls_policy {
    client_validation_mode         = "REJECT_INVALID"
    client_validation_trust_config = google_certificate_manager_trust_config.trusted.id
  }
}
resource "google_network_security_client_tls_policy" "client" {
  name        = "client"
  description = "Of a mesh"
  sni         = "one.example.com"
  labels      = { of = "first" }
  client_certificate {
    certificate_provider_instance {
      plugin_instance = "google_cloud_private_spiffe"
    }
  }
  server_validation_ca {
    grpc_endpoint {
      target_uri = "unix:mypath"
    }
  }
}
resource "google_network_security_backend_authentication_config" "backend" {
  name             = "backend"
  location         = "asia-south1"
  description      = "Public roots"
  well_known_roots = "PUBLIC_ROOTS"
  labels           = { of = "first" }
}
resource "google_privateca_ca_pool" "pool" {
  name     = "swp"
  location = "asia-south1"
  tier     = "DEVOPS"
}
resource "google_network_security_tls_inspection_policy" "inspection" {
  name                  = "inspection"
  location              = "asia-south1"
  description           = "Looked into"
  ca_pool               = google_privateca_ca_pool.pool.id
  exclude_public_ca_set = false
  min_tls_version       = "TLS_1_2"
  tls_feature_profile   = "PROFILE_CUSTOM"
  custom_tls_features   = ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]
}
resource "google_network_security_url_lists" "urls" {
  name        = "urls"
  location    = "asia-south1"
  description = "Some"
  values      = ["www.example.com", "about.example.com/*"]
}
resource "google_network_security_gateway_security_policy" "policy" {
  name                  = "policy"
  location              = "asia-south1"
  description           = "Of a proxy"
  tls_inspection_policy = google_network_security_tls_inspection_policy.inspection.id
}
resource "google_network_security_gateway_security_policy_rule" "rule" {
  name                    = "rule"
  location                = "asia-south1"
  gateway_security_policy = google_network_security_gateway_security_policy.policy.name
  enabled                 = true
  description             = "Lets some through"
  priority                = 10
  session_matcher         = "inUrlList(host(), '${google_network_security_url_lists.urls.id}')"
  application_matcher     = "request.method == 'POST'"
  tls_inspection_enabled  = true
  basic_profile           = "ALLOW"
}
""".replace("PEM_HERE", _PEM)
CASES = [
    edited(
        Case(
            "network security",
            first=_FIRST,
            replaced=(
                (
                    "capacity = 10\n",
                    "capacity = 20\n",
                    "google_network_security_address_group.all",
                ),
                (
                    'name                    = "rule"',
                    'name                    = "other"',
                    "google_network_security_gateway_security_policy_rule.rule",
                ),
            ),
            imports={
                "google_privateca_ca_pool.pool": "asia-south1/swp",
                "google_network_security_address_group.ours": (
                    "projects/PROJECT/locations/asia-south1/addressGroups/ours"
                ),
                "google_network_security_server_tls_policy.server": "global/server",
                "google_network_security_client_tls_policy.client": "global/client",
                "google_certificate_manager_trust_config.trusted": "asia-south1/trusted",
                "google_network_security_backend_authentication_config.backend": "asia-south1/backend",
                "google_network_security_tls_inspection_policy.inspection": "asia-south1/inspection",
                "google_network_security_url_lists.urls": "asia-south1/urls",
                "google_network_security_gateway_security_policy_rule.rule": "asia-south1/policy/rule",
            },
            after_import=LABELS,
        ),
        ('"Ours"', '"Ours and theirs"'),
        ('["208.80.154.224/32"]', '["208.80.154.224/32", "208.80.155.0/24"]'),
        ('of = "first"', 'of = "second"'),
        ("Of a mesh", "Of the mesh"),
        ("Whom to trust", "Whom to trust most"),
        ("one.example.com", "two.example.com"),
        ("Public roots", "The public roots"),
        ("Looked into", "Looked through"),
        ('"TLS_1_2"', '"TLS_1_3"'),
        ("exclude_public_ca_set = false", "exclude_public_ca_set = true"),
        ('"about.example.com/*"', '"contact.example.com/*"'),
        ("Of a proxy", "Of the proxy"),
        ("Lets some through", "Lets few through"),
        ("priority                = 10", "priority                = 20"),
        ("'POST'", "'PUT'"),
        updated={
            "google_network_security_address_group.ours",
            "google_network_security_server_tls_policy.server",
            "google_network_security_client_tls_policy.client",
            "google_certificate_manager_trust_config.trusted",
            "google_network_security_backend_authentication_config.backend",
            "google_network_security_tls_inspection_policy.inspection",
            "google_network_security_url_lists.urls",
            "google_network_security_gateway_security_policy.policy",
            "google_network_security_gateway_security_policy_rule.rule",
        },
    )
]

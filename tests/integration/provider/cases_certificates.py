"""Certificate Manager and Service Directory."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case
from tests.integration.provider.cases_balancing import _KEY, _PEM

_CERTIFICATES = f"""
resource "google_certificate_manager_dns_authorization" "api" {{
  name   = "api"
  domain = "api.example.com"
}}
resource "google_certificate_manager_certificate" "managed" {{
  name        = "managed"
  description = "Google renews it"
  labels      = {{ tier = "one" }}
  managed {{
    domains            = ["api.example.com", "*.api.example.com"]
    dns_authorizations = [google_certificate_manager_dns_authorization.api.id]
  }}
}}
resource "google_certificate_manager_certificate" "own" {{
  name     = "own"
  location = "asia-south1"
  self_managed {{
    pem_certificate = <<-PEM
{_PEM}PEM
    pem_private_key = <<-PEM
{_KEY}PEM
  }}
}}
resource "google_certificate_manager_certificate_map" "main" {{
  name        = "main"
  description = "All"
}}
resource "google_certificate_manager_certificate_map_entry" "api" {{
  name         = "api"
  map          = google_certificate_manager_certificate_map.main.name
  certificates = [google_certificate_manager_certificate.managed.id]
  hostname     = "api.example.com"
}}
resource "google_certificate_manager_certificate_map_entry" "rest" {{
  name         = "rest"
  map          = google_certificate_manager_certificate_map.main.name
  certificates = [google_certificate_manager_certificate.managed.id]
  matcher      = "PRIMARY"
}}
resource "google_certificate_manager_certificate_map" "spare" {{
  name = "spare"
}}
resource "google_compute_url_map" "away" {{
  name = "away"
  default_url_redirect {{
    host_redirect = "www.example.com"
    strip_query   = false
  }}
}}
resource "google_compute_target_https_proxy" "main" {{
  name            = "main"
  url_map         = google_compute_url_map.away.id
  certificate_map = "//certificatemanager.googleapis.com/${{google_certificate_manager_certificate_map.main.id}}"
}}
"""
CERTIFICATES = Case(
    "certificates",
    first=_CERTIFICATES,
    second=_CERTIFICATES.replace('"Google renews it"', '"Google renews it in time"')
    .replace('"All"', '"Everything"')
    .replace(
        "${google_certificate_manager_certificate_map.main.id}",
        "${google_certificate_manager_certificate_map.spare.id}",
    )
    .replace('hostname     = "api.example.com"', 'hostname     = "api.example.com"\n  description  = "The API"')
    .replace('domain = "api.example.com"', 'domain = "api.example.com"\n  description = "Ours"'),
    updated=frozenset(
        (
            "google_certificate_manager_dns_authorization.api",
            "google_certificate_manager_certificate.managed",
            "google_certificate_manager_certificate_map.main",
            "google_certificate_manager_certificate_map_entry.api",
            "google_compute_target_https_proxy.main",
        )
    ),
    replaced=(
        ('"rest"\n  map', '"other"\n  map', "google_certificate_manager_certificate_map_entry.rest"),
        ('location = "asia-south1"', 'location = "us-central1"', "google_certificate_manager_certificate.own"),
    ),
    imports={
        "google_certificate_manager_dns_authorization.api": "global/api",
        "google_certificate_manager_certificate.managed": "global/managed",
        "google_certificate_manager_certificate_map.main": "main",
        "google_certificate_manager_certificate_map_entry.api": "main/api",
    },
    after_import=LABELS,
)
_DIRECTORY = """
resource "google_service_directory_namespace" "main" {
  namespace_id = "main"
  location     = "asia-south1"
  labels       = { tier = "one" }
}
resource "google_service_directory_service" "quotes" {
  service_id = "quotes"
  namespace  = google_service_directory_namespace.main.id
  metadata   = { team = "data" }
}
resource "google_service_directory_endpoint" "one" {
  endpoint_id = "one"
  service     = google_service_directory_service.quotes.id
  address     = "10.0.0.2"
  port        = 8080
}
resource "google_service_directory_namespace_iam_member" "ann" {
  name   = google_service_directory_namespace.main.name
  role   = "roles/servicedirectory.viewer"
  member = "user:ann@example.com"
}
resource "google_service_directory_service_iam_member" "ann" {
  name   = google_service_directory_service.quotes.name
  role   = "roles/servicedirectory.editor"
  member = "user:ann@example.com"
}
"""
_MAIN = "projects/PROJECT/locations/asia-south1/namespaces/main"
DIRECTORY = Case(
    "service directory",
    first=_DIRECTORY,
    second=_DIRECTORY.replace('{ tier = "one" }', '{ tier = "two" }')
    .replace('{ team = "data" }', '{ team = "risk" }')
    .replace("8080", "8081"),
    updated=frozenset(
        (
            "google_service_directory_namespace.main",
            "google_service_directory_service.quotes",
            "google_service_directory_endpoint.one",
        )
    ),
    replaced=(('endpoint_id = "one"', 'endpoint_id = "two"', "google_service_directory_endpoint.one"),),
    imports={
        "google_service_directory_namespace.main": _MAIN,
        "google_service_directory_service.quotes": f"{_MAIN}/services/quotes",
    },
    after_import=LABELS,
)
CASES = [CERTIFICATES, DIRECTORY]

"""Cloud Run's domain mappings."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_cloud_run_v2_service" "mapped" {
  name                = "mapped"
  location            = "asia-south1"
  description         = "First"
  deletion_protection = false
  template {
    containers {
      image = "us-docker.pkg.dev/cloudrun/container/hello"
    }
  }
}
resource "google_cloud_run_domain_mapping" "sub" {
  name     = "www.PROJECT.example.com"
  location = google_cloud_run_v2_service.mapped.location
  metadata {
    namespace   = "PROJECT"
    labels      = { of = "first" }
    annotations = { says = "this" }
  }
  spec {
    route_name = google_cloud_run_v2_service.mapped.name
  }
}
resource "google_cloud_run_domain_mapping" "apex" {
  name     = "PROJECT.com"
  location = "asia-south1"
  metadata {
    namespace = "PROJECT"
  }
  spec {
    route_name       = google_cloud_run_v2_service.mapped.name
    certificate_mode = "NONE"
  }
}
"""
CASES = [
    Case(
        "run domains",
        first=_FIRST,
        second=_FIRST.replace('"First"', '"Second"'),
        updated=frozenset(("google_cloud_run_v2_service.mapped",)),
        replaced=(('"NONE"', '"AUTOMATIC"', "google_cloud_run_domain_mapping.apex"),),
        imports={"google_cloud_run_domain_mapping.apex": "asia-south1/PROJECT.com"},
        after_import=frozenset(("metadata",)),
    )
]

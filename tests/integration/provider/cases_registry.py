"""Repositories of images, and who may pull."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case

REGISTRY = Case(
    "registry",
    first="""
resource "google_artifact_registry_repository" "services" {
  location      = "asia-south1"
  repository_id = "services"
  format        = "DOCKER"
  docker_config {
    immutable_tags = true
  }
  cleanup_policies {
    id     = "keep-10"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }
  cleanup_policies {
    id     = "old"
    action = "DELETE"
    condition {
      older_than = "30d"
    }
  }
}
resource "google_artifact_registry_repository_iam_member" "reader" {
  location   = google_artifact_registry_repository.services.location
  repository = google_artifact_registry_repository.services.name
  role       = "roles/artifactregistry.reader"
  member     = "user:ann@example.com"
}
""",
    second="""
resource "google_artifact_registry_repository" "services" {
  location      = "asia-south1"
  repository_id = "services"
  format        = "DOCKER"
  description   = "Images"
  docker_config {
    immutable_tags = false
  }
  cleanup_policies {
    id     = "old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
      tag_state  = "UNTAGGED"
    }
  }
}
resource "google_artifact_registry_repository_iam_member" "reader" {
  location   = google_artifact_registry_repository.services.location
  repository = google_artifact_registry_repository.services.repository_id
  role       = "roles/artifactregistry.reader"
  member     = "user:ann@example.com"
}
""",
    updated=frozenset(("google_artifact_registry_repository.services",)),
    replaced=(("DOCKER", "PYTHON", "google_artifact_registry_repository.services"),),
    imports={
        "google_artifact_registry_repository.services": "asia-south1/services",
        "google_artifact_registry_repository_iam_member.reader": "projects/PROJECT/locations/asia-south1/repositories/"
        "services roles/artifactregistry.reader user:ann@example.com",
    },
    after_import=LABELS,
)

CASES = [REGISTRY]

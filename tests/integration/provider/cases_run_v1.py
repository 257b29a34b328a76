"""Cloud Run's service as v1 has it."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_service_account" "runs" {
  account_id = "runs-services"
}
resource "google_secret_manager_secret" "key" {
  secret_id = "key"
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret_version" "key" {
  secret      = google_secret_manager_secret.key.id
  secret_data = "a key"
}
resource "google_cloud_run_service" "plain" {
  name     = "plain-one"
  location = "asia-south1"
  template {
    spec {
      containers {
        image = "asia-south1-docker.pkg.dev/cloudrun/container/hello:1"
      }
    }
  }
}
resource "google_cloud_run_service" "auto" {
  name                       = "auto-one"
  location                   = "asia-south1"
  autogenerate_revision_name = true
  template {
    metadata {
      annotations = {
        "autoscaling.knative.dev/maxScale"         = "100"
        "run.googleapis.com/cpu-throttling"        = "true"
        "run.googleapis.com/execution-environment" = "gen2"
        "run.googleapis.com/startup-cpu-boost"     = "true"
      }
    }
    spec {
      containers {
        image = "asia-south1-docker.pkg.dev/cloudrun/container/hello:1"
        startup_probe {
          failure_threshold = 20
          period_seconds    = 2
          tcp_socket {
            port = 8080
          }
        }
      }
    }
  }
}
resource "google_cloud_run_service" "full" {
  name     = "full-one"
  location = "asia-south1"
  metadata {
    labels      = { team = "data" }
    annotations = { "run.googleapis.com/ingress" = "internal" }
  }
  template {
    metadata {
      annotations = {
        "autoscaling.knative.dev/maxScale" = "3"
        "autoscaling.knative.dev/minScale" = "0"
      }
      labels = { part = "one" }
    }
    spec {
      container_concurrency = 20
      timeout_seconds       = 120
      service_account_name  = google_service_account.runs.email
      containers {
        image   = "asia-south1-docker.pkg.dev/cloudrun/container/hello:1"
        args    = ["serve"]
        command = ["python"]
        ports {
          name           = "http1"
          container_port = 8080
        }
        env {
          name  = "MODE"
          value = "one"
        }
        env {
          name = "KEY"
          value_from {
            secret_key_ref {
              name = google_secret_manager_secret.key.secret_id
              key  = "latest"
            }
          }
        }
        resources {
          limits = { cpu = "1000m", memory = "512Mi" }
        }
        volume_mounts {
          name       = "key"
          mount_path = "/secrets"
        }
      }
      volumes {
        name = "key"
        secret {
          secret_name = google_secret_manager_secret.key.secret_id
          items {
            key  = "1"
            path = "key"
          }
        }
      }
    }
  }
  traffic {
    percent         = 100
    latest_revision = true
  }
  depends_on = [google_secret_manager_secret_version.key]
}
resource "google_cloud_run_service_iam_member" "ann" {
  service  = google_cloud_run_service.plain.name
  location = google_cloud_run_service.plain.location
  role     = "roles/run.invoker"
  member   = "user:ann@example.com"
}
"""
RUN_V1 = Case(
    "run_v1",
    first=_FIRST,
    second=_FIRST.replace('value = "one"', 'value = "two"')
    .replace('team = "data"', 'team = "risk"')
    .replace("timeout_seconds       = 120", "timeout_seconds       = 90")
    .replace("failure_threshold = 20", "failure_threshold = 21")
    .replace('maxScale" = "3"', 'maxScale" = "4"'),
    updated=frozenset(("google_cloud_run_service.full", "google_cloud_run_service.auto")),
    replaced=(('"plain-one"', '"plain-two"', "google_cloud_run_service.plain"),),
    imports={
        "google_cloud_run_service.plain": "locations/asia-south1/namespaces/PROJECT/services/plain-one",
        "google_cloud_run_service.auto": "asia-south1/auto-one",
        "google_cloud_run_service.full": "asia-south1/PROJECT/full-one",
        "google_cloud_run_service_iam_member.ann": "projects/PROJECT/locations/asia-south1/services/plain-one "
        "roles/run.invoker user:ann@example.com",
    },
    after_import=frozenset(("metadata", "autogenerate_revision_name")),
)
CASES = [RUN_V1]

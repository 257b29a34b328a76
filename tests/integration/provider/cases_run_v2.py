"""Services, jobs and worker pools of Cloud Run."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case, edited

RUN = Case(
    "run",
    first="""
resource "google_service_account" "a" {
  account_id = "strategy"
}
resource "google_secret_manager_secret" "key" {
  secret_id = "kite_api_key"
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret_version" "key" {
  secret      = google_secret_manager_secret.key.id
  secret_data = "canary"
}
resource "google_cloud_run_v2_service" "plain" {
  name                = "shared-services"
  location            = "asia-south1"
  deletion_protection = false
  template {
    containers {
      image = "asia-south1-docker.pkg.dev/PROJECT/services/shared-services:1"
    }
  }
}
resource "google_cloud_run_v2_service" "full" {
  name                = "strategy-engine"
  location            = "asia-south1"
  ingress             = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  deletion_protection = false
  labels              = { subproject = "strategy-engine" }
  annotations         = { owner = "quant" }
  scaling {
    min_instance_count = 0
  }
  template {
    service_account                  = google_service_account.a.email
    timeout                          = "3600s"
    max_instance_request_concurrency = 10
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    labels                           = { tier = "compute" }
    scaling {
      min_instance_count = 0
      max_instance_count = 10
    }
    containers {
      name  = "app"
      image = "asia-south1-docker.pkg.dev/PROJECT/services/strategy-engine:1"
      ports {
        name           = "http1"
        container_port = 8080
      }
      resources {
        limits            = { cpu = "2", memory = "4Gi" }
        cpu_idle          = true
        startup_cpu_boost = true
      }
      env {
        name  = "LOG_LEVEL"
        value = "INFO"
      }
      env {
        name = "KITE_API_KEY"
        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.key.secret_id
            version = "latest"
          }
        }
      }
      startup_probe {
        period_seconds    = 5
        failure_threshold = 10
        http_get {
          path = "/health/ready"
        }
      }
      liveness_probe {
        period_seconds = 30
        http_get {
          path = "/health/live"
        }
      }
    }
  }
  depends_on = [google_secret_manager_secret_version.key]
}
resource "google_cloud_run_v2_service_iam_member" "invoker" {
  name     = google_cloud_run_v2_service.full.name
  location = google_cloud_run_v2_service.full.location
  role     = "roles/run.invoker"
  member   = google_service_account.a.member
}
resource "google_cloud_run_v2_job" "backtest" {
  name                = "backtest"
  location            = "asia-south1"
  deletion_protection = false
  template {
    parallelism = 4
    task_count  = 16
    template {
      max_retries     = 2
      timeout         = "1800s"
      service_account = google_service_account.a.email
      containers {
        image = "asia-south1-docker.pkg.dev/PROJECT/services/strategy-engine:1"
        env {
          name  = "MODE"
          value = "backtest"
        }
        resources {
          limits = { cpu = "2", memory = "4Gi" }
        }
      }
    }
  }
}
resource "google_cloud_run_v2_job_iam_member" "invoker" {
  name     = google_cloud_run_v2_job.backtest.name
  location = google_cloud_run_v2_job.backtest.location
  role     = "roles/run.invoker"
  member   = google_service_account.a.member
}
""",
    replaced=(('"backtest"\n  location', '"rehearsal"\n  location', "google_cloud_run_v2_job.backtest"),),
    imports={
        "google_cloud_run_v2_service.plain": "asia-south1/shared-services",
        "google_cloud_run_v2_service.full": "projects/PROJECT/locations/asia-south1/services/strategy-engine",
        "google_cloud_run_v2_service_iam_member.invoker": "projects/PROJECT/locations/asia-south1/services/"
        "strategy-engine roles/run.invoker serviceAccount:strategy@PROJECT.iam.gserviceaccount.com",
        "google_cloud_run_v2_job.backtest": "PROJECT/asia-south1/backtest",
        "google_cloud_run_v2_job_iam_member.invoker": "projects/PROJECT/locations/asia-south1/jobs/backtest "
        "roles/run.invoker serviceAccount:strategy@PROJECT.iam.gserviceaccount.com",
    },
    after_import=LABELS | {"deletion_protection"},
)

CASES = [
    edited(
        RUN,
        ("INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_ALL"),
        ('value = "INFO"', 'value = "DEBUG"'),
        ("period_seconds    = 5", "period_seconds    = 6"),
        ('labels              = { subproject = "strategy-engine" }', ""),
        ('annotations         = { owner = "quant" }', 'annotations = { owner = "ops" }'),
        ("task_count  = 16", "task_count  = 8"),
        ("max_instance_count = 10", "max_instance_count = 5"),
        updated={"google_cloud_run_v2_service.full", "google_cloud_run_v2_job.backtest"},
    )
]

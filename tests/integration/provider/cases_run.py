"""Cloud Run with all its parts: side-cars, volumes, probes, traffic; worker pools."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_SHARED = """
resource "google_service_account" "a" {
  account_id = "risk-manager"
}
resource "google_secret_manager_secret" "key" {
  secret_id = "order-key"
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret_version" "key" {
  secret      = google_secret_manager_secret.key.id
  secret_data = "not a secret"
}
"""

_FIRST = (
    _SHARED
    + """
resource "google_cloud_run_v2_service" "risk" {
  name                 = "risk-manager"
  location             = "asia-south1"
  description          = "Checks orders."
  deletion_protection  = false
  default_uri_disabled = false
  invoker_iam_disabled = false
  iap_enabled          = false
  custom_audiences     = ["https://risk.example.com"]
  annotations          = { owner = "quant" }
  client               = "envctl"
  client_version       = "1"
  launch_stage         = "GA"
  binary_authorization {
    use_default = true
  }
  scaling {
    min_instance_count = 0
    max_instance_count = 4
  }
  template {
    revision         = "risk-manager-v1"
    service_account  = google_service_account.a.email
    session_affinity = true
    containers {
      name        = "app"
      image       = "asia-south1-docker.pkg.dev/PROJECT/services/risk-manager:1"
      depends_on  = ["proxy"]
      working_dir = "/srv"
      ports {
        name           = "h2c"
        container_port = 8080
      }
      resources {
        limits   = { cpu = "1", memory = "512Mi" }
        cpu_idle = true
      }
      volume_mounts {
        mount_path = "/secrets"
        name       = "keys"
      }
      volume_mounts {
        mount_path = "/var/scratch"
        name       = "scratch"
        sub_path   = "app"
      }
      startup_probe {
        period_seconds    = 5
        failure_threshold = 12
        tcp_socket {
          port = 8080
        }
      }
      liveness_probe {
        http_get {
          path = "/health/live"
          http_headers {
            name  = "X-Probe"
            value = "live"
          }
        }
      }
      readiness_probe {
        period_seconds    = 5
        failure_threshold = 2
        success_threshold = 1
        grpc {
          service = "risk.v1.Risk"
        }
      }
    }
    containers {
      name  = "proxy"
      image = "asia-south1-docker.pkg.dev/PROJECT/services/proxy:1"
      resources {
        limits   = { cpu = "1", memory = "512Mi" }
        cpu_idle = true
      }
      volume_mounts {
        mount_path = "/var/scratch"
        name       = "scratch"
      }
    }
    vpc_access {
      egress = "ALL_TRAFFIC"
      network_interfaces {
        network    = "projects/PROJECT/global/networks/atm"
        subnetwork = "projects/PROJECT/regions/asia-south1/subnetworks/run"
        tags       = ["run"]
      }
    }
    volumes {
      name = "keys"
      secret {
        secret       = google_secret_manager_secret.key.secret_id
        default_mode = 256
        items {
          path    = "order.key"
          version = "latest"
          mode    = 256
        }
      }
    }
    volumes {
      name = "scratch"
      empty_dir {
        size_limit = "64Mi"
      }
    }
    volumes {
      name = "bars"
      gcs {
        bucket    = "atm-bars"
        read_only = true
      }
    }
    volumes {
      name = "share"
      nfs {
        server    = "10.0.0.2"
        path      = "/exports"
        read_only = false
      }
    }
    volumes {
      name = "sql"
      cloud_sql_instance {
        instances = ["PROJECT:asia-south1:orders"]
      }
    }
  }
  traffic {
    type    = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
    percent = 100
    tag     = "newest"
  }
  depends_on = [google_secret_manager_secret_version.key]
}
resource "google_cloud_run_v2_job" "settle" {
  name                = "settle"
  location            = "asia-south1"
  deletion_protection = false
  template {
    template {
      containers {
        image = "asia-south1-docker.pkg.dev/PROJECT/services/settle:1"
        volume_mounts {
          mount_path = "/var/scratch"
          name       = "scratch"
        }
      }
      vpc_access {
        connector = "projects/PROJECT/locations/asia-south1/connectors/atm"
        egress    = "PRIVATE_RANGES_ONLY"
      }
      volumes {
        name = "scratch"
        empty_dir {
          size_limit = "64Mi"
        }
      }
    }
  }
}
resource "google_cloud_run_v2_worker_pool" "plain" {
  name                = "plain"
  location            = "asia-south1"
  deletion_protection = false
  template {
    containers {
      image = "asia-south1-docker.pkg.dev/PROJECT/services/consumer:1"
    }
  }
}
resource "google_cloud_run_v2_worker_pool" "consumer" {
  name                = "consumer"
  location            = "asia-south1"
  description         = "Takes orders off the queue."
  deletion_protection = false
  labels              = { tier = "queue" }
  scaling {
    scaling_mode          = "MANUAL"
    manual_instance_count = 2
  }
  template {
    revision        = "consumer-v1"
    service_account = google_service_account.a.email
    containers {
      image = "asia-south1-docker.pkg.dev/PROJECT/services/consumer:1"
      resources {
        limits = { cpu = "1", memory = "512Mi" }
      }
      env {
        name  = "QUEUE"
        value = "orders"
      }
      env {
        name = "ORDER_KEY"
        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.key.secret_id
            version = "latest"
          }
        }
      }
      liveness_probe {
        period_seconds = 30
        http_get {
          path = "/health"
          port = 8081
        }
      }
    }
  }
  instance_splits {
    type    = "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST"
    percent = 100
  }
  depends_on = [google_secret_manager_secret_version.key]
}
resource "google_cloud_run_v2_worker_pool_iam_member" "viewer" {
  name     = google_cloud_run_v2_worker_pool.consumer.name
  location = google_cloud_run_v2_worker_pool.consumer.location
  role     = "roles/run.viewer"
  member   = google_service_account.a.member
}
"""
)

_SECOND = (
    _FIRST.replace("risk-manager-v1", "risk-manager-v2")
    .replace('tag     = "newest"', 'tag     = "candidate"')
    .replace('"Checks orders."', '"Checks every order."')
    .replace("consumer-v1", "consumer-v2")
    .replace(
        '"MANUAL"\n    manual_instance_count = 2',
        '"AUTOMATIC"\n    min_instance_count    = 1\n    max_instance_count    = 3',
    )
    .replace(
        'size_limit = "64Mi"\n        }\n      }\n    }\n  }\n}',
        'size_limit = "128Mi"\n        }\n      }\n    }\n  }\n}',
    )
)

CASES = (
    Case(
        "run-parts",
        first=_FIRST,
        second=_SECOND,
        updated=frozenset(
            (
                "google_cloud_run_v2_service.risk",
                "google_cloud_run_v2_job.settle",
                "google_cloud_run_v2_worker_pool.consumer",
            )
        ),
        replaced=(('"consumer"\n  location', '"drain"\n  location', "google_cloud_run_v2_worker_pool.consumer"),),
        imports={
            "google_cloud_run_v2_service.risk": "asia-south1/risk-manager",
            "google_cloud_run_v2_worker_pool.plain": "asia-south1/plain",
            "google_cloud_run_v2_worker_pool.consumer": "projects/PROJECT/locations/asia-south1/workerPools/consumer",
            "google_cloud_run_v2_worker_pool_iam_member.viewer": "projects/PROJECT/locations/asia-south1/workerPools/"
            "consumer roles/run.viewer serviceAccount:risk-manager@PROJECT.iam.gserviceaccount.com",
        },
        after_import=frozenset(("labels", "terraform_labels", "annotations", "deletion_protection", "scaling")),
    ),
)

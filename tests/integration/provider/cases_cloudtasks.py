"""Cloud Tasks, where a deleted queue's name stays taken for days."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_cloud_tasks_queue" "orders" {
  name          = "orders"
  location      = "asia-south1"
  desired_state = "PAUSED"
  rate_limits {
    max_dispatches_per_second = 9.5
    max_concurrent_dispatches = 3
  }
  retry_config {
    max_attempts       = -1
    max_retry_duration = "0s"
    min_backoff        = "0.1s"
    max_backoff        = "60s"
    max_doublings      = 4
  }
  stackdriver_logging_config {
    sampling_ratio = 0.5
  }
  http_target {
    http_method = "PUT"
    uri_override {
      host = "risk.example.com"
      port = "8443"
      path_override {
        path = "/check"
      }
      query_override {
        query_params = "dry=1"
      }
    }
    header_overrides {
      header {
        key   = "X-Kind"
        value = "order"
      }
    }
    header_overrides {
      header {
        key   = "X-Mode"
        value = "live"
      }
    }
    oidc_token {
      service_account_email = "runner@PROJECT.iam.gserviceaccount.com"
      audience              = "https://risk.example.com:8443"
    }
  }
}
resource "google_cloud_tasks_queue" "plain" {
  name     = "plain"
  location = "asia-south1"
}
resource "google_cloud_tasks_queue_iam_member" "add" {
  name     = google_cloud_tasks_queue.plain.name
  location = "asia-south1"
  role     = "roles/cloudtasks.enqueuer"
  member   = "user:ann@example.com"
}
"""

TASKS = Case(
    "cloudtasks",
    first=_FIRST,
    second=_FIRST.replace('"PAUSED"', '"RUNNING"')
    .replace("9.5", "20")
    .replace('"0s"', '"600s"')
    .replace("= 0.5", "= 1")
    .replace("X-Mode", "X-Kinds")
    .replace('"dry=1"', '"dry=2"')
    .replace('"PUT"', '"POST"')
    .replace('"plain"\n  location = "asia-south1"', '"plain"\n  location = "asia-south1"\n  desired_state = "PAUSED"'),
    updated=frozenset(("google_cloud_tasks_queue.orders", "google_cloud_tasks_queue.plain")),
    replaced=(
        ('"orders"\n  location', '"others"\n  location', "google_cloud_tasks_queue.orders"),
        (
            '"orders"\n  location      = "asia-south1"',
            '"orders"\n  location = "us-east1"',
            "google_cloud_tasks_queue.orders",
        ),
        ('"roles/cloudtasks.enqueuer"', '"roles/cloudtasks.viewer"', "google_cloud_tasks_queue_iam_member.add"),
    ),
    imports={
        "google_cloud_tasks_queue.orders": "projects/PROJECT/locations/asia-south1/queues/orders",
        "google_cloud_tasks_queue.plain": "asia-south1/plain",
        "google_cloud_tasks_queue_iam_member.add": "projects/PROJECT/locations/asia-south1/queues/plain "
        "roles/cloudtasks.enqueuer user:ann@example.com",
    },
    after_import=frozenset(("desired_state",)),
    stays="existed too recently",
)

CASES = [TASKS]

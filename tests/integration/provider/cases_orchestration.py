"""Workflows and the schedules that start them."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case

ORCHESTRATION = Case(
    "orchestration",
    first="""
resource "google_service_account" "a" {
  account_id = "workflows"
}
resource "google_workflows_workflow" "daily" {
  name                = "daily-cycle"
  region              = "asia-south1"
  description         = "The trading day"
  service_account     = google_service_account.a.id
  call_log_level      = "LOG_ERRORS_ONLY"
  deletion_protection = false
  labels              = { subproject = "strategy-engine" }
  user_env_vars       = { REGION = "asia-south1" }
  source_contents     = "main:\\n  steps:\\n  - done:\\n      return: 1\\n"
}
resource "google_workflows_workflow" "generated" {
  name_prefix         = "daily-"
  deletion_protection = false
  source_contents     = "main:\\n  steps:\\n  - done:\\n      return: 1\\n"
}
resource "google_cloud_scheduler_job" "http" {
  name             = "strategy-1800"
  schedule         = "0 18 * * 1-5"
  time_zone        = "Asia/Kolkata"
  attempt_deadline = "320s"
  retry_config {
    retry_count          = 3
    min_backoff_duration = "5s"
  }
  http_target {
    uri     = "https://example.com/run"
    body    = base64encode("{}")
    headers = { "Content-Type" = "application/json" }
    oauth_token {
      service_account_email = google_service_account.a.email
    }
  }
}
resource "google_cloud_scheduler_job" "topic" {
  name      = "tick"
  schedule  = "*/5 * * * *"
  time_zone = "Asia/Kolkata"
  pubsub_target {
    topic_name = "projects/PROJECT/topics/orders"
    data       = base64encode("tick")
  }
}
""",
    second="""
resource "google_service_account" "a" {
  account_id = "workflows"
}
resource "google_workflows_workflow" "daily" {
  name                = "daily-cycle"
  region              = "asia-south1"
  description         = "The whole trading day"
  service_account     = google_service_account.a.id
  deletion_protection = false
  labels              = { subproject = "strategy-engine", tier = "two" }
  source_contents     = "main:\\n  steps:\\n  - done:\\n      return: 2\\n"
}
resource "google_workflows_workflow" "generated" {
  name_prefix         = "daily-"
  deletion_protection = false
  source_contents     = "main:\\n  steps:\\n  - done:\\n      return: 1\\n"
}
resource "google_cloud_scheduler_job" "http" {
  name      = "strategy-1800"
  schedule  = "0 19 * * 1-5"
  time_zone = "Asia/Kolkata"
  paused    = true
  http_target {
    uri         = "https://example.com/run"
    http_method = "PUT"
    oidc_token {
      service_account_email = google_service_account.a.email
    }
  }
}
resource "google_cloud_scheduler_job" "topic" {
  name      = "tick"
  schedule  = "*/5 * * * *"
  time_zone = "Asia/Kolkata"
  pubsub_target {
    topic_name = "projects/PROJECT/topics/orders"
    data       = base64encode("tock")
    attributes = { kind = "tick" }
  }
}
""",
    updated=frozenset(
        (
            "google_workflows_workflow.daily",
            "google_cloud_scheduler_job.http",
            "google_cloud_scheduler_job.topic",
        )
    ),
    replaced=(
        ('"tick"\n', '"tack"\n', "google_cloud_scheduler_job.topic"),
        ('"daily-cycle"', '"cycle"', "google_workflows_workflow.daily"),
    ),
    imports={
        "google_cloud_scheduler_job.http": "asia-south1/strategy-1800",
        "google_cloud_scheduler_job.topic": "tick",
    },
    after_import=LABELS | {"deletion_protection", "region"},
)

CASES = [ORCHESTRATION]

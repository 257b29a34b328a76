"""Monitoring, logging and budgets, from creation to import."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FILTER = 'resource.type = \\"cloud_run_revision\\" AND metric.type = \\"run.googleapis.com/request_count\\"'

MONITORING = Case(
    "monitoring",
    first=f"""
resource "google_monitoring_notification_channel" "ops" {{
  display_name = "ops"
  type         = "email"
  labels       = {{ email_address = "ops@example.com" }}
}}
resource "google_monitoring_alert_policy" "errors" {{
  display_name = "errors"
  combiner     = "OR"
  severity     = "ERROR"
  conditions {{
    display_name = "5xx"
    condition_threshold {{
      filter          = "{_FILTER}"
      comparison      = "COMPARISON_GT"
      threshold_value = 0.01
      duration        = "300s"
      aggregations {{
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_RATE"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["resource.label.service_name"]
      }}
      trigger {{
        count = 1
      }}
    }}
  }}
  conditions {{
    display_name = "silent"
    condition_absent {{
      filter   = "{_FILTER}"
      duration = "600s"
    }}
  }}
  notification_channels = [google_monitoring_notification_channel.ops.name]
  documentation {{
    content   = "Look at the runbook."
    mime_type = "text/markdown"
    links {{
      display_name = "Runbook"
      url          = "https://example.com/runbook"
    }}
  }}
  alert_strategy {{
    auto_close = "1800s"
  }}
  user_labels = {{ subproject = "strategy-engine" }}
}}
resource "google_monitoring_alert_policy" "logs" {{
  display_name = "kill switch"
  combiner     = "OR"
  conditions {{
    display_name = "halted"
    condition_matched_log {{
      filter           = "jsonPayload.event=\\"kill_switch\\""
      label_extractors = {{ reason = "EXTRACT(jsonPayload.reason)" }}
    }}
  }}
  alert_strategy {{
    notification_rate_limit {{
      period = "300s"
    }}
  }}
}}
resource "google_monitoring_alert_policy" "promql" {{
  display_name = "slow"
  combiner     = "OR"
  conditions {{
    display_name = "slow"
    condition_prometheus_query_language {{
      query               = "up == 0"
      duration            = "60s"
      evaluation_interval = "30s"
    }}
  }}
}}
resource "google_monitoring_uptime_check_config" "dashboard" {{
  display_name = "dashboard"
  timeout      = "10s"
  period       = "60s"
  http_check {{
    path         = "/health"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }}
  content_matchers {{
    content = "ok"
  }}
  monitored_resource {{
    type   = "uptime_url"
    labels = {{ host = "dashboard.example.com" }}
  }}
}}
resource "google_monitoring_custom_service" "engine" {{
  service_id   = "strategy-engine"
  display_name = "Strategy engine"
}}
resource "google_monitoring_slo" "availability" {{
  service             = google_monitoring_custom_service.engine.service_id
  slo_id              = "availability"
  goal                = 0.999
  rolling_period_days = 28
  request_based_sli {{
    good_total_ratio {{
      good_service_filter  = "{_FILTER} AND metric.label.response_code_class = \\"2xx\\""
      total_service_filter = "{_FILTER}"
    }}
  }}
}}
resource "google_monitoring_slo" "windows" {{
  service         = google_monitoring_custom_service.engine.service_id
  slo_id          = "windows"
  goal            = 0.95
  calendar_period = "WEEK"
  windows_based_sli {{
    window_period = "300s"
    metric_mean_in_range {{
      time_series = "{_FILTER}"
      range {{
        max = 5
      }}
    }}
  }}
}}
resource "google_monitoring_dashboard" "platform" {{
  dashboard_json = jsonencode({{
    displayName = "Platform"
    gridLayout  = {{ widgets = [{{ title = "a < b", blank = {{}} }}] }}
  }})
}}
""",
    imports={},
)
_SECOND = (
    MONITORING.first.replace("ops@example.com", "oncall@example.com")
    .replace("threshold_value = 0.01", "threshold_value = 0.02")
    .replace('period = "300s"', 'period = "600s"')
    .replace("up == 0", "up == 1")
    .replace('content = "ok"', 'content = "up"')
    .replace('display_name = "Strategy engine"', 'display_name = "The engine"')
    .replace("rolling_period_days = 28", "rolling_period_days = 30")
    .replace("max = 5", "max = 6")
    .replace('displayName = "Platform"', 'displayName = "The platform"')
)
MONITORING = Case(
    MONITORING.name,
    MONITORING.first,
    _SECOND,
    updated=frozenset(
        (
            "google_monitoring_notification_channel.ops",
            "google_monitoring_alert_policy.errors",
            "google_monitoring_alert_policy.logs",
            "google_monitoring_alert_policy.promql",
            "google_monitoring_uptime_check_config.dashboard",
            "google_monitoring_custom_service.engine",
            "google_monitoring_slo.availability",
            "google_monitoring_slo.windows",
            "google_monitoring_dashboard.platform",
        )
    ),
    replaced=(
        (
            'host = "dashboard.example.com"',
            'host = "www.example.com"',
            "google_monitoring_uptime_check_config.dashboard",
        ),
        ('slo_id              = "availability"', 'slo_id = "served"', "google_monitoring_slo.availability"),
        ('"strategy-engine"\n  display_name', '"engine"\n  display_name', "google_monitoring_custom_service.engine"),
    ),
    imports={
        "google_monitoring_custom_service.engine": "projects/PROJECT/services/strategy-engine",
    },
    after_import=frozenset(("service", "deletion_policy")),
)

_LOGGING = """
resource "google_logging_metric" "orders" {
  name        = "orders/sent"
  description = "Orders that were sent"
  filter      = "jsonPayload.event=\\"order_sent\\""
  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    labels {
      key = "symbol"
    }
  }
  label_extractors = { symbol = "EXTRACT(jsonPayload.symbol)" }
}
resource "google_logging_metric" "latency" {
  name            = "orders/latency"
  filter          = "jsonPayload.latency_ms>=0"
  value_extractor = "EXTRACT(jsonPayload.latency_ms)"
  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = "ms"
  }
  bucket_options {
    exponential_buckets {
      num_finite_buckets = 20
      growth_factor      = 2
      scale              = 1
    }
  }
}
resource "google_logging_metric" "plain" {
  name   = "plain"
  filter = "severity>=ERROR"
}
resource "google_logging_project_bucket_config" "default" {
  project        = "PROJECT"
  location       = "global"
  bucket_id      = "_Default"
  retention_days = 40
}
resource "google_logging_project_bucket_config" "audit" {
  project          = "PROJECT"
  location         = "asia-south1"
  bucket_id        = "audit"
  description      = "The audit trail"
  retention_days   = 1825
  enable_analytics = true
}
resource "google_logging_log_view" "orders" {
  name        = "orders"
  bucket      = google_logging_project_bucket_config.audit.id
  description = "Orders"
  filter      = "LOG_ID(\\"orders\\")"
}
resource "google_logging_project_sink" "audit" {
  name        = "audit"
  destination = "bigquery.googleapis.com/projects/PROJECT/datasets/audit"
  filter      = "logName:\\"cloudaudit.googleapis.com\\""
  bigquery_options {
    use_partitioned_tables = true
  }
  exclusions {
    name   = "noise"
    filter = "severity<INFO"
  }
}
resource "google_logging_project_sink" "topic" {
  name                   = "topic"
  destination            = "pubsub.googleapis.com/projects/PROJECT/topics/logs"
  unique_writer_identity = true
}
resource "google_project_iam_audit_config" "run" {
  project = "PROJECT"
  service = "run.googleapis.com"
  audit_log_config {
    log_type = "DATA_READ"
  }
  audit_log_config {
    log_type         = "DATA_WRITE"
    exempted_members = ["user:ann@example.com"]
  }
}
resource "google_project_iam_audit_config" "all" {
  project = "PROJECT"
  service = "allServices"
  audit_log_config {
    log_type = "ADMIN_READ"
  }
}
"""
LOGGING = Case(
    "logging",
    first=_LOGGING,
    second=_LOGGING.replace("Orders that were sent", "Orders")
    .replace("num_finite_buckets = 20", "num_finite_buckets = 30")
    .replace("severity>=ERROR", "severity>=WARNING")
    .replace("retention_days = 40", "retention_days = 50")
    .replace('"The audit trail"', '"The trail"')
    .replace('description = "Orders"\n  filter      = "LOG', 'description = "All orders"\n  filter      = "LOG')
    .replace("severity<INFO", "severity<NOTICE")
    .replace("topics/logs", "topics/others")
    .replace("user:ann@example.com", "user:bob@example.com"),
    updated=frozenset(
        (
            "google_logging_metric.orders",
            "google_logging_metric.latency",
            "google_logging_metric.plain",
            "google_logging_project_bucket_config.default",
            "google_logging_project_bucket_config.audit",
            "google_logging_log_view.orders",
            "google_logging_project_sink.audit",
            "google_logging_project_sink.topic",
            "google_project_iam_audit_config.run",
        )
    ),
    replaced=(
        ('bucket_id        = "audit"', 'bucket_id = "trail"', "google_logging_project_bucket_config.audit"),
        ('  name        = "audit"', '  name = "trail"', "google_logging_project_sink.audit"),
        ('"orders"\n  bucket', '"all"\n  bucket', "google_logging_log_view.orders"),
    ),
    imports={
        "google_logging_metric.orders": "orders/sent",
        "google_logging_project_bucket_config.audit": "projects/PROJECT/locations/asia-south1/buckets/audit",
        "google_logging_log_view.orders": "projects/PROJECT/locations/asia-south1/buckets/audit/views/orders",
        "google_logging_project_sink.audit": "projects/PROJECT/sinks/audit",
        "google_project_iam_audit_config.run": "PROJECT run.googleapis.com",
    },
    after_import=frozenset(("deletion_policy", "bucket")),
)

_BUDGET = """
resource "google_billing_budget" "monthly" {
  billing_account = "012345-6789AB-CDEF01"
  display_name    = "platform"
  budget_filter {
    projects = ["projects/123456789012"]
    labels   = { environment = "prod" }
  }
  amount {
    specified_amount {
      currency_code = "INR"
      units         = "20000"
    }
  }
  threshold_rules {
    threshold_percent = 0.8
  }
  threshold_rules {
    threshold_percent = 1.0
    spend_basis       = "FORECASTED_SPEND"
  }
  all_updates_rule {
    pubsub_topic = "projects/PROJECT/topics/budget"
  }
}
resource "google_billing_budget" "bare" {
  billing_account = "012345-6789AB-CDEF01"
  amount {
    last_period_amount = true
  }
}
"""
BUDGET = Case(
    "budget",
    first=_BUDGET,
    second=_BUDGET.replace('"20000"', '"25000"').replace("0.8", "0.9"),
    updated=frozenset(("google_billing_budget.monthly",)),
    replaced=(
        (
            '"012345-6789AB-CDEF01"\n  display_name',
            '"AAAAAA-6789AB-CDEF01"\n  display_name',
            "google_billing_budget.monthly",
        ),
    ),
)

CASES = (MONITORING, LOGGING, BUDGET)

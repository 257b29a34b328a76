"""Cloud Monitoring: groups, descriptors, services of Google's kinds, and projects that another looks at."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

KINDS = Case(
    "monitoring-kinds",
    first="""
resource "google_monitoring_group" "markets" {
  display_name = "markets"
  filter       = "resource.metadata.region=\\"europe-west2\\""
}
resource "google_monitoring_group" "tokyo" {
  display_name = "tokyo"
  filter       = "resource.type = \\"cloud_run_revision\\""
  parent_name  = google_monitoring_group.markets.name
  is_cluster   = true
}
resource "google_monitoring_metric_descriptor" "orders" {
  type         = "custom.googleapis.com/orders/filled"
  metric_kind  = "GAUGE"
  value_type   = "DOUBLE"
  unit         = "{USD}"
  description  = "Orders that were filled."
  display_name = "Filled orders"
  launch_stage = "BETA"
  labels {
    key         = "market"
    value_type  = "STRING"
    description = "The market's code."
  }
  labels {
    key = "venue"
  }
  metadata {
    sample_period = "60s"
    ingest_delay  = "30s"
  }
}
resource "google_monitoring_metric_descriptor" "bare" {
  type        = "custom.googleapis.com/orders/bare"
  metric_kind = "CUMULATIVE"
  value_type  = "INT64"
}
resource "google_monitoring_service" "web" {
  service_id   = "web"
  display_name = "Web"
  user_labels  = { team = "desk" }
  basic_service {
    service_type   = "CLOUD_RUN"
    service_labels = { service_name = "web", location = "asia-south1" }
  }
}
resource "google_monitoring_service" "module" {
  service_id = "module"
  basic_service {
    service_type   = "APP_ENGINE"
    service_labels = { module_id = "default" }
  }
}
resource "google_monitoring_slo" "latency" {
  service         = google_monitoring_service.web.service_id
  slo_id          = "latency"
  goal            = 0.9
  calendar_period = "DAY"
  basic_sli {
    latency {
      threshold = "1s"
    }
  }
}
resource "google_monitoring_slo" "availability" {
  service             = google_monitoring_service.module.service_id
  slo_id              = "availability"
  goal                = 0.99
  rolling_period_days = 7
  basic_sli {
    availability {
    }
  }
}
""",
    imports={
        "google_monitoring_service.web": "web",
        "google_monitoring_service.module": "projects/PROJECT/services/module",
        "google_monitoring_metric_descriptor.bare": "projects/PROJECT/metricDescriptors/"
        "custom.googleapis.com/orders/bare",
    },
    replaced=(
        ('"INT64"', '"DOUBLE"', "google_monitoring_metric_descriptor.bare"),
        ('  labels {\n    key = "venue"\n  }\n', "", "google_monitoring_metric_descriptor.orders"),
        ('module_id = "default"', 'module_id = "admin"', "google_monitoring_service.module"),
    ),
)
SCOPES = Case(
    "metrics-scopes",
    first="""
resource "google_monitoring_monitored_project" "desk" {
  metrics_scope = "PROJECT"
  name          = "PROJECT-desk"
}
resource "google_monitoring_monitored_project" "risk" {
  metrics_scope = "locations/global/metricsScopes/PROJECT"
  name          = "locations/global/metricsScopes/PROJECT/projects/PROJECT-risk"
}
""",
    replaced=(('= "PROJECT"', '= "PROJECT-other"', "google_monitoring_monitored_project.desk"),),
    imports={
        "google_monitoring_monitored_project.desk": "locations/global/metricsScopes/PROJECT/projects/PROJECT-desk",
        "google_monitoring_monitored_project.risk": "PROJECT/PROJECT-risk",
    },
)
CASES = [
    edited(
        KINDS,
        (
            '"markets"\n  filter       = "resource.metadata.region=\\"europe-west2\\""',
            '"Markets"\n  filter = "resource.metadata.region=starts_with(\\"europe\\")"',
        ),
        ("  is_cluster   = true\n", ""),
        ('  description  = "Orders that were filled."\n', ""),
        ('"{USD}"', '"1"'),
        ('{ team = "desk" }', '{ team = "risk", tier = "1" }'),
        ('threshold = "1s"', 'threshold = "2s"'),
        ("0.99", "0.95"),
        updated={
            "google_monitoring_group.markets",
            "google_monitoring_group.tokyo",
            "google_monitoring_metric_descriptor.orders",
            "google_monitoring_service.web",
            "google_monitoring_slo.latency",
            "google_monitoring_slo.availability",
        },
    ),
    edited(SCOPES, updated=set()),
]

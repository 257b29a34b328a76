# locals.tf: what more than one layer asks of the subprojects.

locals {
  # The subprojects that have a kind of thing. A module is called for them only: a call with nothing in it takes as long to plan as one that makes
  # something, and most subprojects have few of the kinds.
  having = {
    for kind in [
      "alert_policies", "bigquery_connections", "buckets", "dashboards", "datasets", "jobs", "kms_keys", "load_balancers", "log_metrics", "push_subscriptions", "queues",
      "redis_instances", "repositories", "scheduled_queries", "schedules", "schemas", "secrets", "services", "slo_services", "sql_instances", "subscriptions", "taxonomies", "topics",
      "triggers", "uptime_checks", "worker_pools", "workflows",
    ] : kind => toset([for key, subproject in var.subprojects : key if length(subproject[kind]) > 0])
  }

  having_views = toset([
    for key, subproject in var.subprojects : key
    if anytrue([for dataset in values(subproject.datasets) : length(dataset.views) + length(dataset.materialized_views) + length(dataset.routines) > 0])
  ])
}

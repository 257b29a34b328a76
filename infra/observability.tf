# observability.tf: who looks at all of it: channels, alerts, objectives, dashboards, logs, the budget. Depends on orchestration.tf.

module "notification_channels" {
  source = "../modules/monitoring"

  project_id            = var.project_id
  project_number        = var.project_number
  notification_channels = var.notification_channels
  labels                = var.labels
  parents               = merge(values(module.topics)[*].parents...)

  depends_on = [module.topics.topics]
}

module "log_metrics" {
  for_each = local.having.log_metrics
  source   = "../modules/logging"

  project_id  = var.project_id
  log_metrics = var.subprojects[each.key].log_metrics

  depends_on = [module.project_services]
}

module "logging" {
  source = "../modules/logging"

  project_id  = var.project_id
  log_sinks   = var.log_sinks
  log_buckets = var.log_buckets
  audit_logs  = var.audit_logs
  parents     = merge([for made in concat(values(module.gcs), values(module.bigquery), values(module.topics)) : made.parents]...)

  depends_on = [module.gcs.parents, module.bigquery.parents, module.topics.parents]
}

module "budget" {
  source = "../modules/budget"

  project_id     = var.project_id
  project_number = var.project_number
  budget         = var.budget
  channel_names  = module.notification_channels.channel_names

  depends_on = [module.topics.topics]
}

# Alerts may look at metrics of the log.
module "monitoring" {
  for_each = setunion(local.having.alert_policies, local.having.uptime_checks, local.having.slo_services, local.having.dashboards)
  source   = "../modules/monitoring"

  project_id     = var.project_id
  channel_names  = module.notification_channels.channel_names
  alert_policies = var.subprojects[each.key].alert_policies
  uptime_checks = {
    for id, check in var.subprojects[each.key].uptime_checks : id => merge(check, {
      host = check.service == null ? check.host : regex("^https?://([^/:]+)", local.service_uris[check.service])[0]
    })
  }
  slo_services = var.subprojects[each.key].slo_services
  dashboards   = var.subprojects[each.key].dashboards
  labels       = merge(var.labels, { subproject = each.key })

  depends_on = [module.project_services, module.log_metrics]
}

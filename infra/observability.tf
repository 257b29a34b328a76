# observability.tf: who looks at all of it: channels, alerts, objectives, dashboards, logs, the budget. Depends on orchestration.tf.

module "notification_channels" {
  source = "../modules/monitoring"

  project_id            = var.project_id
  project_number        = var.project_number
  notification_channels = var.notification_channels
  labels                = var.labels
  parents               = merge(values(module.topics)[*].parents...)

  depends_on = [module.topics]
}

module "log_metrics" {
  for_each = var.subprojects
  source   = "../modules/logging"

  project_id  = var.project_id
  log_metrics = each.value.log_metrics

  depends_on = [module.project_services]
}

module "logging" {
  source = "../modules/logging"

  project_id  = var.project_id
  log_sinks   = var.log_sinks
  log_buckets = var.log_buckets
  audit_logs  = var.audit_logs
  parents     = merge([for made in concat(values(module.gcs), values(module.bigquery), values(module.topics)) : made.parents]...)

  depends_on = [module.gcs, module.bigquery, module.topics]
}

module "budget" {
  source = "../modules/budget"

  project_id     = var.project_id
  project_number = var.project_number
  budget         = var.budget
  channel_names  = module.notification_channels.channel_names

  depends_on = [module.topics]
}

# Alerts may look at metrics of the log.
module "monitoring" {
  for_each = var.subprojects
  source   = "../modules/monitoring"

  project_id     = var.project_id
  channel_names  = module.notification_channels.channel_names
  alert_policies = each.value.alert_policies
  uptime_checks = {
    for id, check in each.value.uptime_checks : id => merge(check, {
      host = check.service == null ? check.host : regex("^https?://([^/:]+)", local.service_uris[check.service])[0]
    })
  }
  slo_services = each.value.slo_services
  dashboards   = each.value.dashboards
  labels       = merge(var.labels, { subproject = each.key })

  depends_on = [module.project_services, module.subscriptions, module.push_subscriptions, module.export_subscriptions, module.log_metrics]
}

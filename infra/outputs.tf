output "environment" {
  description = "The environment's name."
  value       = var.environment
}

output "service_uris" {
  description = "Addresses of the Cloud Run services, by path (\"subproject/service\")."
  value       = local.service_uris
}

output "custom_roles" {
  description = "Full names of the custom roles, by id."
  value       = module.custom_roles.ids
}

output "service_accounts" {
  description = "E-mail addresses of the service accounts, by id."
  value       = module.service_account.emails
}

output "github" {
  description = "What GitHub's workflows name to plan and apply: the provider and the two accounts; null where none is trusted."
  value       = module.github_oidc.workflows
}

output "kms_keys" {
  description = "Full names of the KMS keys, by path (\"subproject/key\")."
  value       = merge([for subproject, call in module.kms : { for id, name in call.ids : "${subproject}/${id}" => name }]...)
}

output "repositories" {
  description = "Where images and packages are pushed and pulled, by path (\"subproject/repository\")."
  value       = merge([for subproject, call in module.artifact_registry : { for id, host in call.hosts : "${subproject}/${id}" => host }]...)
}

output "buckets" {
  description = "gs:// addresses of the buckets, by path (\"subproject/bucket\")."
  value       = merge([for subproject, call in module.gcs : { for id, url in call.urls : "${subproject}/${id}" => url }]...)
}

output "policy_tags" {
  description = "The names that Google gave the policy tags, by \"TAXONOMY/PATH\"."
  value       = merge(values(module.data_catalog)[*].policy_tags...)
}

output "bigquery_connections" {
  description = "Full names of the BigQuery connections, by path (\"subproject/connection\")."
  value       = merge([for subproject, call in module.bigquery_connection : { for id, name in call.ids : "${subproject}/${id}" => name }]...)
}

output "datasets" {
  description = "Ids of the datasets, by subproject."
  value       = { for subproject, call in module.bigquery : subproject => values(call.names.datasets) }
}

output "tables" {
  description = "Tables and views as SQL writes them (\"dataset.table\"), by subproject."
  value = {
    for subproject, call in module.bigquery :
    subproject => flatten([values(call.names.tables), [for key, views in module.bigquery_views : values(views.names.views) if key == subproject]])
  }
}

output "sql_instances" {
  description = "Connection names of the Cloud SQL instances (PROJECT:REGION:INSTANCE), by path (\"subproject/instance\")."
  value       = merge([for subproject, call in module.cloud_sql : { for id, name in call.connection_names : "${subproject}/${id}" => name }]...)
}

output "redis_instances" {
  description = "Addresses of the Redis instances (HOST:PORT), by path (\"subproject/instance\")."
  value       = merge([for subproject, call in module.memorystore : { for id, address in call.addresses : "${subproject}/${id}" => address }]...)
}

output "topics" {
  description = "Full names of the topics, by path (\"subproject/topic\")."
  value       = merge([for subproject, call in module.topics : { for id, name in call.ids.topics : "${subproject}/${id}" => name }]...)
}

output "subscriptions" {
  description = "Full names of the subscriptions, pull and push, by path (\"subproject/subscription\")."
  value = merge(concat(
    [for subproject, call in module.subscriptions : { for id, name in call.ids.subscriptions : "${subproject}/${id}" => name }],
    [{ for id, name in module.export_subscriptions.ids.subscriptions : "${local.exports[id]}/${id}" => name }],
    [for subproject, call in module.push_subscriptions : { for id, name in call.ids.subscriptions : "${subproject}/${id}" => name }],
  )...)
}

output "secrets" {
  description = "Ids of the secrets, by subproject. Their values are nowhere in Terraform."
  value       = { for subproject, call in module.secrets : subproject => values(call.names) }
}

output "jobs" {
  description = "Full names of the Cloud Run jobs, by path (\"subproject/job\")."
  value       = merge([for subproject, call in module.cloud_run : { for id, name in call.ids.jobs : "${subproject}/${id}" => name }]...)
}

output "worker_pools" {
  description = "Full names of the Cloud Run worker pools, by path (\"subproject/pool\")."
  value       = merge([for subproject, call in module.cloud_run : { for id, name in call.ids.worker_pools : "${subproject}/${id}" => name }]...)
}

output "workflows" {
  description = "Full names of the workflows, by path (\"subproject/workflow\")."
  value       = merge([for subproject, call in module.workflows : { for id, name in call.ids : "${subproject}/${id}" => name }]...)
}

output "schedules" {
  description = "Full names of the schedules, by path (\"subproject/schedule\")."
  value       = merge([for subproject, call in module.scheduler : { for id, name in call.ids : "${subproject}/${id}" => name }]...)
}

output "scheduled_queries" {
  description = "The names that Google gave the scheduled queries, by path (\"subproject/query\")."
  value       = merge([for subproject, call in module.bigquery_data_transfer : { for id, name in call.names : "${subproject}/${id}" => name }]...)
}

output "queues" {
  description = "Full names of the Cloud Tasks queues, by path (\"subproject/queue\")."
  value       = merge([for subproject, call in module.cloud_tasks : { for id, name in call.ids : "${subproject}/${id}" => name }]...)
}

output "triggers" {
  description = "Full names of the Eventarc triggers, by path (\"subproject/trigger\")."
  value       = merge([for subproject, call in module.eventarc : { for id, name in call.ids : "${subproject}/${id}" => name }]...)
}

output "network" {
  description = "The network: its full name, its subnets' full names, its reserved addresses; null where there is none."
  value       = one([for call in values(module.network) : { id = call.id, subnets = call.subnets, addresses = call.addresses }])
}

output "notification_channels" {
  description = "Full names of the notification channels, by id."
  value       = module.notification_channels.channel_names
}

output "alert_policies" {
  description = "Full names of the alert policies, by path (\"subproject/alert\")."
  value       = merge([for subproject, call in module.monitoring : { for id, name in call.alert_policies : "${subproject}/${id}" => name }]...)
}

output "slos" {
  description = "Full names of the service level objectives, by path (\"subproject/service/slo\")."
  value       = merge([for subproject, call in module.monitoring : { for id, name in call.slos : "${subproject}/${id}" => name }]...)
}

output "dashboards" {
  description = "Full names of the dashboards, by path (\"subproject/dashboard\")."
  value       = merge([for subproject, call in module.monitoring : { for id, name in call.dashboards : "${subproject}/${id}" => name }]...)
}

output "log_metrics" {
  description = "Types of the log-based metrics, by path (\"subproject/metric\")."
  value       = merge([for subproject, call in module.log_metrics : { for id, type in call.metrics : "${subproject}/${id}" => type }]...)
}

output "log_writers" {
  description = "Who writes for each log sink, by name."
  value       = module.logging.sinks
}

output "budget" {
  description = "The budget's full name; null without one."
  value       = module.budget.name
}

output "load_balancers" {
  description = "Addresses of the load balancers, to which their domains point, by path (\"subproject/load balancer\")."
  value       = merge([for subproject, call in module.load_balancer : { for id, address in call.addresses : "${subproject}/${id}" => address }]...)
}

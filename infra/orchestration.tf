# orchestration.tf: what starts and connects services: deliveries to them, workflows, schedules, queues, triggers. Depends on compute.tf.

locals {
  # Addresses of the services by path, "subproject/service".
  service_uris = merge([
    for subproject, run in module.cloud_run : { for id, uri in run.uris : "${subproject}/${id}" => uri }
  ]...)
}

module "push_subscriptions" {
  for_each = local.having.push_subscriptions
  source   = "../modules/pubsub"

  project_id     = var.project_id
  project_number = var.project_number
  subscriptions = {
    for id, subscription in var.subprojects[each.key].push_subscriptions : id => merge(subscription, {
      push = {
        service_account = subscription.push.service_account
        no_wrapper      = subscription.push.no_wrapper
        endpoint        = subscription.push.service == null ? subscription.push.endpoint : "${local.service_uris[subscription.push.service]}${subscription.push.path}"
        # Cloud Run takes tokens for the service's address, not for a path of it.
        audience = subscription.push.audience != null || subscription.push.service == null ? subscription.push.audience : local.service_uris[subscription.push.service]
      }
    })
  }
  labels = merge(var.labels, { subproject = each.key })

  depends_on = [module.cloud_run]
}

module "workflows" {
  for_each = local.having.workflows
  source   = "../modules/workflows"

  project_id = var.project_id
  region     = var.region
  workflows  = var.subprojects[each.key].workflows
  labels     = merge(var.labels, { subproject = each.key })

  depends_on = [module.cloud_run]
}

module "scheduler" {
  for_each = local.having.schedules
  source   = "../modules/scheduler"

  project_id = var.project_id
  region     = var.region
  schedules = {
    for id, schedule in var.subprojects[each.key].schedules : id => merge(schedule, {
      http = schedule.http == null ? null : merge(schedule.http, {
        uri = schedule.http.service == null ? schedule.http.uri : "${local.service_uris[schedule.http.service]}${schedule.http.path}"
        oidc = schedule.http.oidc == null ? null : {
          service_account = schedule.http.oidc.service_account
          audience        = schedule.http.oidc.audience != null || schedule.http.service == null ? schedule.http.oidc.audience : local.service_uris[schedule.http.service]
        }
      })
    })
  }

  depends_on = [module.workflows]
}

# Here and not with the data, because a queue may send all its tasks to a service.
module "cloud_tasks" {
  for_each = local.having.queues
  source   = "../modules/cloud_tasks"

  project_id = var.project_id
  region     = var.region
  queues = {
    for id, queue in var.subprojects[each.key].queues : id => merge(queue, {
      target = queue.target == null ? null : merge(queue.target, {
        uri = queue.target.service == null ? queue.target.uri : local.service_uris[queue.target.service]
        oidc = queue.target.oidc == null ? null : {
          service_account = queue.target.oidc.service_account
          audience        = queue.target.oidc.audience != null || queue.target.service == null ? queue.target.oidc.audience : local.service_uris[queue.target.service]
        }
      })
    })
  }

  depends_on = [module.cloud_run]
}

# Once for all subprojects: two of them would each grant the agent the same.
module "eventarc_agents" {
  for_each = toset(anytrue(flatten([
    for subproject in values(var.subprojects) : [for trigger in values(subproject.triggers) : startswith(trigger.criteria["type"], "google.cloud.storage.object.v1.")]
  ])) ? ["storage"] : [])
  source = "../modules/eventarc"

  project_id     = var.project_id
  project_number = var.project_number
  region         = var.region
  storage_events = true

  depends_on = [module.project_services]
}

module "eventarc" {
  for_each = local.having.triggers
  source   = "../modules/eventarc"

  project_id = var.project_id
  region     = var.region
  triggers   = var.subprojects[each.key].triggers
  labels     = merge(var.labels, { subproject = each.key })

  depends_on = [module.cloud_run, module.workflows, module.eventarc_agents]
}

module "bigquery_data_transfer" {
  for_each = local.having.scheduled_queries
  source   = "../modules/bigquery_data_transfer"

  project_id        = var.project_id
  scheduled_queries = var.subprojects[each.key].scheduled_queries

  depends_on = [module.bigquery_authorized, module.bigquery_views, module.topics.topics]
}

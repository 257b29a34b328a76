# data.tf: what holds data. Depends on foundation.tf; compute.tf depends on it.
# What may name a thing of another subproject comes in a call of its own, after the call that makes such things.

locals {
  # The topics that any subscription forwards dead letters to: Pub/Sub's agent may publish to them, whoever owns them.
  dead_letter_topics = toset(flatten([
    for subproject in values(var.subprojects) : [
      for subscription in concat(values(subproject.subscriptions), values(subproject.push_subscriptions), values(subproject.export_subscriptions)) : subscription.dead_letter[*].topic
    ]
  ]))

  # The subprojects of subscriptions that Pub/Sub writes to tables and buckets, whose call is one for all.
  exports = merge([for key, subproject in var.subprojects : { for id in keys(subproject.export_subscriptions) : id => key }]...)

  # What may read a dataset without a role, of any subproject, comes in a call of its own.
  nobody = { views = [], datasets = [], routines = [] }
  authorized = merge([
    for key, subproject in var.subprojects : {
      for id, dataset in subproject.datasets : id => merge(dataset, { views = {}, materialized_views = {}, routines = {} }) if length(flatten(values(dataset.authorized))) > 0
    }
  ]...)
}

module "gcs" {
  for_each = local.having.buckets
  source   = "../modules/gcs"

  project_id = var.project_id
  buckets    = var.subprojects[each.key].buckets
  labels     = merge(var.labels, { subproject = each.key })

  depends_on = [module.project_services, module.service_account]
}

module "bigquery_connection" {
  for_each = local.having.bigquery_connections
  source   = "../modules/bigquery_connection"

  project_id           = var.project_id
  bigquery_connections = var.subprojects[each.key].bigquery_connections
  parents              = merge(values(module.gcs)[*].parents...)

  depends_on = [module.project_services, module.service_account, module.kms, module.gcs.names, module.cloud_sql]
}

module "data_catalog" {
  for_each = local.having.taxonomies
  source   = "../modules/data_catalog"

  project_id = var.project_id
  taxonomies = var.subprojects[each.key].taxonomies

  depends_on = [module.project_services, module.service_account]
}

module "bigquery" {
  for_each = local.having.datasets
  source   = "../modules/bigquery"

  project_id = var.project_id
  datasets = {
    for id, dataset in var.subprojects[each.key].datasets : id => merge(dataset, {
      views    = {}, materialized_views = {}, authorized = local.nobody
      routines = { for name, routine in dataset.routines : name => routine if routine.type == "SCALAR_FUNCTION" }
    })
  }
  policy_tags = merge(values(module.data_catalog)[*].policy_tags...)
  labels      = merge(var.labels, { subproject = each.key })

  depends_on = [module.project_services, module.service_account, module.kms, module.gcs.names, module.gcs.objects, module.bigquery_connection]
}

module "bigquery_views" {
  for_each = local.having_views
  source   = "../modules/bigquery"

  project_id = var.project_id
  datasets   = { for id, dataset in var.subprojects[each.key].datasets : id => merge(dataset, { authorized = local.nobody }) }
  views_only = true
  parents    = module.bigquery[each.key].parents
  labels     = merge(var.labels, { subproject = each.key })

  depends_on = [module.bigquery.parents]
}

# A dataset may be read by the views and routines of any subproject, once they are all there.
module "bigquery_authorized" {
  for_each = toset(length(local.authorized) == 0 ? [] : ["all"])
  source   = "../modules/bigquery"

  project_id = var.project_id
  datasets   = local.authorized
  views_only = true
  parents    = merge(concat(values(module.bigquery)[*].parents, values(module.bigquery_views)[*].parents)...)

  depends_on = [module.bigquery_views.parents]
}

module "cloud_sql" {
  for_each = local.having.sql_instances
  source   = "../modules/cloud_sql"

  project_id    = var.project_id
  region        = var.region
  sql_instances = var.subprojects[each.key].sql_instances
  labels        = merge(var.labels, { subproject = each.key })

  depends_on = [module.project_services, module.service_account, module.kms, module.network.private_services]
}

module "memorystore" {
  for_each = local.having.redis_instances
  source   = "../modules/memorystore"

  project_id      = var.project_id
  region          = var.region
  redis_instances = var.subprojects[each.key].redis_instances
  labels          = merge(var.labels, { subproject = each.key })

  depends_on = [module.project_services, module.kms, module.network.private_services]
}

module "schemas" {
  for_each = local.having.schemas
  source   = "../modules/pubsub"

  project_id = var.project_id
  schemas    = var.subprojects[each.key].schemas

  depends_on = [module.project_services, module.service_account]
}

module "topics" {
  for_each = local.having.topics
  source   = "../modules/pubsub"

  project_id         = var.project_id
  project_number     = var.project_number
  topics             = var.subprojects[each.key].topics
  dead_letter_topics = local.dead_letter_topics
  labels             = merge(var.labels, { subproject = each.key })
  parents            = merge(values(module.gcs)[*].parents...)

  depends_on = [module.schemas.schemas, module.kms]
}

module "subscriptions" {
  for_each = local.having.subscriptions
  source   = "../modules/pubsub"

  project_id     = var.project_id
  project_number = var.project_number
  subscriptions  = var.subprojects[each.key].subscriptions
  labels         = merge(var.labels, { subproject = each.key })

  depends_on = [module.topics.topics]
}

# One call for all subprojects: two that write to one table or bucket would each grant the agent the same.
module "export_subscriptions" {
  source = "../modules/pubsub"

  project_id     = var.project_id
  project_number = var.project_number
  subscriptions = merge([
    for key, subproject in var.subprojects : {
      for id, subscription in subproject.export_subscriptions : id => merge(subscription, { labels = merge({ subproject = key }, subscription.labels) })
    }
  ]...)
  labels  = var.labels
  parents = merge([for made in concat(values(module.gcs), values(module.bigquery)) : made.parents]...)

  depends_on = [module.topics.topics]
}

# One call for all subprojects: two that share a topic would each grant the agent the same.
module "bucket_notifications" {
  source = "../modules/gcs"

  project_id     = var.project_id
  project_number = var.project_number
  notifications = merge([
    for key, subproject in var.subprojects : { for id, notification in subproject.bucket_notifications : "${key}/${id}" => notification }
  ]...)
  parents = merge([for made in concat(values(module.gcs), values(module.topics)) : made.parents]...)

  depends_on = [module.topics.topics]
}

# Secret Manager refuses a secret whose topics it can't tell.
module "secrets" {
  for_each = local.having.secrets
  source   = "../modules/secrets"

  project_id = var.project_id
  secrets    = var.subprojects[each.key].secrets
  labels     = merge(var.labels, { subproject = each.key })

  depends_on = [module.topics.topics]
}

# compute.tf: what runs. Depends on data.tf; orchestration.tf depends on it.

locals {
  # Who BigQuery's connections are, by path, "subproject/connection".
  connection_members = merge([
    for subproject, made in module.bigquery_connection : { for id, account in made.accounts : "${subproject}/${id}" => "serviceAccount:${account}" }
  ]...)
  # Names of the services by name: who refers to one comes after it.
  service_names = merge([for run in module.cloud_run : { for name in values(run.names.services) : name => name }]...)
}

module "cloud_run" {
  for_each = setunion(local.having.services, local.having.jobs, local.having.worker_pools)
  source   = "../modules/cloud_run"

  project_id = var.project_id
  region     = var.region
  services = {
    for id, service in var.subprojects[each.key].services : id => merge(service, {
      callers = { for path in service.connections : path => local.connection_members[path] }
    })
  }
  jobs         = var.subprojects[each.key].jobs
  worker_pools = var.subprojects[each.key].worker_pools
  labels       = merge(var.labels, { subproject = each.key })

  depends_on = [
    module.artifact_registry, module.kms, module.network.subnets, module.network.connectors, module.gcs.names, module.bigquery_views.parents, module.subscriptions.subscriptions,
    module.secrets, module.cloud_sql, module.memorystore,
  ]
}

module "load_balancer" {
  for_each = local.having.load_balancers
  source   = "../modules/load_balancer"

  project_id     = var.project_id
  region         = var.region
  load_balancers = var.subprojects[each.key].load_balancers
  services       = local.service_names
  labels         = merge(var.labels, { subproject = each.key })

  depends_on = [module.project_services]
}

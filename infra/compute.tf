# compute.tf: what runs. Depends on data.tf; orchestration.tf depends on it.

locals {
  # Names of the services by name: who refers to one comes after it.
  service_names = merge([for run in module.cloud_run : { for name in values(run.names.services) : name => name }]...)
}

module "cloud_run" {
  for_each = setunion(local.having.services, local.having.jobs, local.having.worker_pools)
  source   = "../modules/cloud_run"

  project_id   = var.project_id
  region       = var.region
  services     = var.subprojects[each.key].services
  jobs         = var.subprojects[each.key].jobs
  worker_pools = var.subprojects[each.key].worker_pools
  labels       = merge(var.labels, { subproject = each.key })

  depends_on = [module.artifact_registry, module.gcs, module.bigquery_views, module.subscriptions, module.secrets, module.cloud_sql, module.memorystore]
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

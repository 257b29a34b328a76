# compute.tf: what runs. Depends on data.tf; orchestration.tf depends on it.

locals {
  # Names of the services by name: who refers to one comes after it.
  service_names = merge([for run in module.cloud_run : { for name in values(run.names.services) : name => name }]...)
}

module "cloud_run" {
  for_each = var.subprojects
  source   = "../modules/cloud_run"

  project_id   = var.project_id
  region       = var.region
  services     = each.value.services
  jobs         = each.value.jobs
  worker_pools = each.value.worker_pools
  labels       = merge(var.labels, { subproject = each.key })

  depends_on = [module.artifact_registry, module.gcs, module.bigquery_views, module.subscriptions, module.secrets, module.cloud_sql, module.memorystore]
}

module "load_balancer" {
  for_each = var.subprojects
  source   = "../modules/load_balancer"

  project_id     = var.project_id
  region         = var.region
  load_balancers = each.value.load_balancers
  services       = local.service_names
  labels         = merge(var.labels, { subproject = each.key })

  depends_on = [module.project_services]
}

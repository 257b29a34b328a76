# compute.tf: what runs. Depends on data.tf; orchestration.tf depends on it.

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
  labels         = merge(var.labels, { subproject = each.key })

  depends_on = [module.cloud_run]
}

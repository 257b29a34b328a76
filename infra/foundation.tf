# foundation.tf: what everything else stands on: APIs, identities, keys, the registry of images.

module "project_services" {
  source = "../modules/project_services"

  project_id = var.project_id
  services   = toset(var.apis)
}

# One call for all subprojects: an account's grants name accounts of the others, which must be there first.
module "service_account" {
  source = "../modules/service_account"

  project_id       = var.project_id
  service_accounts = merge([for subproject in values(var.subprojects) : subproject.service_accounts]...)

  depends_on = [module.project_services]
}

module "kms" {
  for_each = var.subprojects
  source   = "../modules/kms"

  project_id     = var.project_id
  project_number = var.project_number
  region         = var.region
  key_ring       = each.key
  kms_keys       = each.value.kms_keys
  labels         = merge(var.labels, { subproject = each.key })

  depends_on = [module.project_services, module.service_account]
}

module "artifact_registry" {
  for_each = var.subprojects
  source   = "../modules/artifact_registry"

  project_id   = var.project_id
  region       = var.region
  repositories = each.value.repositories
  labels       = merge(var.labels, { subproject = each.key })

  depends_on = [module.project_services, module.service_account]
}

# foundation.tf: what everything else stands on: APIs, identities, keys, the registry of images, the network.

module "project_services" {
  source = "../modules/project_services"

  project_id = var.project_id
  services   = toset(var.apis)
}

# Roles come before whoever is given them.
module "custom_roles" {
  source = "../modules/custom_roles"

  project_id   = var.project_id
  custom_roles = merge([for subproject in values(var.subprojects) : subproject.custom_roles]...)

  depends_on = [module.project_services]
}

module "deny_policy" {
  source = "../modules/deny_policy"

  project_id    = var.project_id
  deny_policies = var.deny_policies

  depends_on = [module.project_services, module.service_account]
}

# One call for all subprojects: an account's grants name accounts of the others, which must be there first.
module "service_account" {
  source = "../modules/service_account"

  project_id       = var.project_id
  service_accounts = merge([for subproject in values(var.subprojects) : subproject.service_accounts]...)

  depends_on = [module.project_services, module.custom_roles]
}

# Who may plan and apply from GitHub. Bootstrap makes it before anything else is applied.
module "github_oidc" {
  source = "../modules/github_oidc"

  project_id     = var.project_id
  project_number = var.project_number
  state_bucket   = var.state.bucket
  state_prefix   = var.state.prefix
  github         = var.github

  depends_on = [module.project_services]
}

module "kms" {
  for_each = local.having.kms_keys
  source   = "../modules/kms"

  project_id     = var.project_id
  project_number = var.project_number
  region         = var.region
  key_ring       = each.key
  kms_keys       = var.subprojects[each.key].kms_keys
  labels         = merge(var.labels, { subproject = each.key })

  depends_on = [module.project_services, module.service_account]
}

module "artifact_registry" {
  for_each = local.having.repositories
  source   = "../modules/artifact_registry"

  project_id   = var.project_id
  region       = var.region
  repositories = var.subprojects[each.key].repositories
  labels       = merge(var.labels, { subproject = each.key })

  depends_on = [module.project_services, module.service_account]
}

module "network" {
  for_each = { for network in var.network[*] : network.name => network }
  source   = "../modules/network"

  project_id             = var.project_id
  region                 = var.region
  labels                 = var.labels
  name                   = each.value.name
  description            = each.value.description
  routing_mode           = each.value.routing_mode
  mtu                    = each.value.mtu
  default_internet_route = each.value.default_internet_route
  subnets                = each.value.subnets
  firewall               = each.value.firewall
  addresses              = each.value.addresses
  nats                   = each.value.nats
  private_services       = each.value.private_services
  routes                 = each.value.routes
  dns_zones              = each.value.dns_zones
  connectors             = each.value.connectors

  depends_on = [module.project_services, module.service_account]
}

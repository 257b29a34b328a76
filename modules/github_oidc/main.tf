locals {
  identities = var.github == null ? {} : { plan = var.github.plan, apply = var.github.apply }
  trusted    = { for github in var.github[*] : "github" => github }

  # CEL over the claims of GitHub's token. A pull request has no other token than its own event's, and none at all from a fork.
  from_repository = { for key, github in local.trusted : key =>
    github.repository_id != null ? "assertion.repository_id == '${github.repository_id}'" : "assertion.repository == '${github.repository}'"
  }
  # What reads: pull requests, and on the main branch what is scheduled or started by hand outside of a GitHub Environment.
  plans = { for key, github in local.trusted : key => join("", [
    "(assertion.event_name == 'pull_request' || (assertion.event_name in ['schedule', 'workflow_dispatch']",
    " && assertion.ref == 'refs/heads/${github.branch}' && !has(assertion.environment)))",
  ]) }
  # `pull_request_target` runs on the default branch, for a pull request: it applies nothing.
  applies = { for key, github in local.trusted : key => join(" && ", [
    "has(assertion.environment)",
    "assertion.environment == '${github.environment}'",
    "assertion.ref == 'refs/heads/${github.branch}'",
    "assertion.event_name != 'pull_request_target'",
  ]) }
}

resource "google_iam_workload_identity_pool" "this" {
  for_each = local.trusted

  project                   = var.project_id
  workload_identity_pool_id = each.value.pool
  display_name              = "GitHub"
  description               = "Workflows of GitHub that plan and apply."
}

resource "google_iam_workload_identity_pool_provider" "this" {
  for_each = local.trusted

  project                            = var.project_id
  workload_identity_pool_id          = google_iam_workload_identity_pool.this[each.key].workload_identity_pool_id
  workload_identity_pool_provider_id = each.value.provider
  display_name                       = "GitHub Actions"
  description                        = each.value.repository
  attribute_condition                = "${local.from_repository[each.key]} && (${local.plans[each.key]} || (${local.applies[each.key]}))"

  attribute_mapping = {
    "google.subject"          = "assertion.sub"
    "attribute.repository_id" = "assertion.repository_id"
    "attribute.access"        = "${local.plans[each.key]} ? 'plan' : ${local.applies[each.key]} ? 'apply' : 'none'"
  }

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account" "this" {
  for_each = local.identities

  project      = var.project_id
  account_id   = each.value.service_account
  display_name = "GitHub: ${each.key}"
}

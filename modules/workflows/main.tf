resource "google_workflows_workflow" "this" {
  for_each = var.workflows

  project                 = var.project_id
  region                  = var.region
  name                    = each.key
  description             = each.value.description
  source_contents         = each.value.source
  service_account         = each.value.service_account
  crypto_key_name         = each.value.kms_key
  call_log_level          = each.value.call_log_level
  execution_history_level = each.value.execution_history_level
  user_env_vars           = each.value.env
  tags                    = length(each.value.tags) == 0 ? null : each.value.tags
  deletion_protection     = each.value.deletion_protection
  labels                  = merge(var.labels, each.value.labels)

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "workflows: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

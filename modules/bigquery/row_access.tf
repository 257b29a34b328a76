locals {
  row_access_policies = merge([
    for key, table in local.tables : {
      for id, policy in table.row_access_policies : "${key}/${id}" => merge(policy, { table = key, id = id })
    }
  ]...)
}

# BigQuery never tells who the grantees are: who was added by hand shows in the policy's IAM policy, not in a plan.
resource "google_bigquery_row_access_policy" "this" {
  for_each = local.row_access_policies

  project          = var.project_id
  dataset_id       = local.made[each.value.table].dataset_id
  table_id         = basename(local.made[each.value.table].id)
  policy_id        = each.value.id
  filter_predicate = each.value.filter
  grantees         = each.value.grantees
}

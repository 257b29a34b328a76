resource "google_service_account" "this" {
  for_each = var.service_accounts

  project      = var.project_id
  account_id   = each.key
  display_name = each.value.display_name
  description  = each.value.description
  disabled     = each.value.disabled
}

resource "google_project_iam_member" "this" {
  for_each = merge(flatten([
    for id, account in var.service_accounts : [
      for role in account.project_roles : { "${id}/${role}" = { account = id, role = role } }
    ]
  ])...)

  project = var.project_id
  role    = each.value.role
  member  = google_service_account.this[each.value.account].member
}

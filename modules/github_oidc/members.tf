# The exact principals: what the provider's mapping calls plan or apply, and nobody else of the pool.
resource "google_service_account_iam_member" "this" {
  for_each = local.identities

  service_account_id = google_service_account.this[each.key].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/projects/${var.project_number}/locations/global/workloadIdentityPools/${var.github.pool}/attribute.access/${each.key}"

  depends_on = [google_iam_workload_identity_pool_provider.this]
}

resource "google_project_iam_member" "this" {
  for_each = merge([
    for key, identity in local.identities : { for role in identity.project_roles : "${key}/${role}" => { identity = key, role = role } }
  ]...)

  project = var.project_id
  role    = each.value.role
  member  = google_service_account.this[each.value.identity].member
}

# The backend reads and lists states, and writes a lock; only who applies writes states.
resource "google_storage_bucket_iam_member" "state" {
  for_each = { for key, role in { plan = "roles/storage.objectViewer", apply = "roles/storage.objectUser" } : key => role if var.github != null }

  bucket = var.state_bucket
  role   = each.value
  member = google_service_account.this[each.key].member
}

resource "google_storage_bucket_iam_member" "lock" {
  for_each = { for key in ["plan"] : key => local.identities[key] if var.github != null }

  bucket = var.state_bucket
  role   = "roles/storage.objectUser"
  member = google_service_account.this[each.key].member

  condition {
    title       = "state-lock"
    description = "The lock that a plan holds, and no state."
    expression  = "resource.name == \"projects/_/buckets/${var.state_bucket}/objects/${var.state_prefix}/default.tflock\""
  }
}

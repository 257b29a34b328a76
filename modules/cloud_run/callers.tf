# Members whom nobody knows before the apply, as the identities that Google makes; so they stand in no key.
resource "google_cloud_run_v2_service_iam_member" "caller" {
  for_each = merge([
    for id, service in var.services : { for name, member in service.callers : "${id}/${name}" => { service = id, member = member } }
  ]...)

  project  = var.project_id
  location = var.region
  name     = basename(google_cloud_run_v2_service.this[each.value.service].id)
  role     = "roles/run.invoker"
  member   = each.value.member

  lifecycle {
    precondition {
      condition     = can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+)$", each.value.member))
      error_message = "services: the caller ${each.key} is ${each.value.member}; a caller is a principal as IAM writes it, such as serviceAccount:bqcx-1-x@gcp-sa-bigquery-condel.iam.gserviceaccount.com."
    }
  }
}

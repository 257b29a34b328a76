output "workflows" {
  description = "What workflows name: the provider's full name and the accounts' e-mail addresses; null where nobody is trusted."
  value = one([for github in var.github[*] : {
    workload_identity_provider = "projects/${var.project_number}/locations/global/workloadIdentityPools/${github.pool}/providers/${github.provider}"
    plan_service_account       = google_service_account.this["plan"].email
    apply_service_account      = google_service_account.this["apply"].email
  }])
  depends_on = [google_service_account_iam_member.this, google_project_iam_member.this, google_storage_bucket_iam_member.state, google_storage_bucket_iam_member.lock]
}

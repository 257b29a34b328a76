output "ids" {
  description = "Full names of the accounts (projects/PROJECT/serviceAccounts/EMAIL), by id."
  value       = { for id, account in google_service_account.this : id => "projects/${account.project}/serviceAccounts/${account.email}" }
  depends_on  = [google_project_iam_member.this, google_service_account_iam_member.this]
}

output "names" {
  description = "Account ids, by id."
  value       = { for id, account in google_service_account.this : id => account.account_id }
  depends_on  = [google_project_iam_member.this, google_service_account_iam_member.this]
}

output "emails" {
  description = "E-mail addresses of the accounts, by id."
  value       = { for id, account in google_service_account.this : id => account.email }
  depends_on  = [google_project_iam_member.this, google_service_account_iam_member.this]
}

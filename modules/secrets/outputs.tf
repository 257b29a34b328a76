output "ids" {
  description = "Full names of the secrets (projects/PROJECT/secrets/SECRET), by id."
  value       = { for id, secret in google_secret_manager_secret.this : id => "projects/${secret.project}/secrets/${secret.secret_id}" }
  depends_on  = [google_secret_manager_secret_iam_member.this, google_secret_manager_secret_version.placeholder]
}

output "names" {
  description = "Secret ids, by id."
  value       = { for id, secret in google_secret_manager_secret.this : id => secret.secret_id }
  depends_on  = [google_secret_manager_secret_iam_member.this, google_secret_manager_secret_version.placeholder]
}

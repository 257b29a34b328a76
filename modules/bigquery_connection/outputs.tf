output "ids" {
  description = "Full names of the connections (projects/PROJECT/locations/LOCATION/connections/ID), by id."
  value = {
    for id, connection in google_bigquery_connection.this :
    id => "projects/${var.project_id}/locations/${connection.location}/connections/${connection.connection_id}"
  }
  depends_on = [google_bigquery_connection_iam_member.this, google_storage_bucket_iam_member.files, google_project_iam_member.cloud_sql]
}

output "accounts" {
  description = "E-mail addresses of the service accounts that Google makes for them, by id."
  value       = local.accounts
}

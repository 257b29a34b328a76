output "ids" {
  description = "Full names of the instances (projects/PROJECT/instances/INSTANCE), by id."
  value       = { for id, instance in google_sql_database_instance.this : id => "projects/${var.project_id}/instances/${instance.name}" }
  depends_on  = [google_sql_database.this, google_sql_user.this]
}

output "names" {
  description = "Names of the instances, by id."
  value       = { for id, instance in google_sql_database_instance.this : id => instance.name }
  depends_on  = [google_sql_database.this, google_sql_user.this]
}

output "connection_names" {
  description = "How connectors call the instances (PROJECT:REGION:INSTANCE), by id."
  value       = { for id, instance in google_sql_database_instance.this : id => "${var.project_id}:${var.region}:${instance.name}" }
  depends_on  = [google_sql_database.this, google_sql_user.this]
}

output "private_addresses" {
  description = "Private addresses of the instances, by id."
  value       = { for id, instance in google_sql_database_instance.this : id => instance.private_ip_address }
  depends_on  = [google_sql_database.this, google_sql_user.this]
}

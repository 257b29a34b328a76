output "ids" {
  description = "Ids of the enabled APIs, by name."
  value       = { for name, service in google_project_service.this : name => "${service.project}/${service.service}" }
}

output "names" {
  description = "Names of the enabled APIs, by name."
  value       = { for name, service in google_project_service.this : name => service.service }
}

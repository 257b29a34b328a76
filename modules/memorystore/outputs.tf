output "ids" {
  description = "Full names of the instances (projects/PROJECT/locations/REGION/instances/INSTANCE), by id."
  value       = { for id, instance in google_redis_instance.this : id => "projects/${var.project_id}/locations/${var.region}/instances/${instance.name}" }
}

output "names" {
  description = "Names of the instances, by id."
  value       = { for id, instance in google_redis_instance.this : id => instance.name }
}

output "addresses" {
  description = "Where the instances answer (HOST:PORT), by id."
  value       = { for id, instance in google_redis_instance.this : id => "${instance.host}:${instance.port}" }
}

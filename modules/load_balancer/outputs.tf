output "addresses" {
  description = "The addresses, to which the domains' A records point, by id."
  value       = { for id, address in google_compute_global_address.this : id => address.address }
  depends_on  = [google_compute_global_forwarding_rule.https, google_compute_global_forwarding_rule.http]
}

output "ids" {
  description = "Full names of the URL maps (projects/PROJECT/global/urlMaps/LOAD_BALANCER), by id."
  value       = { for id, map in google_compute_url_map.this : id => "projects/${map.project}/global/urlMaps/${map.name}" }
  depends_on  = [google_compute_global_forwarding_rule.https, google_compute_global_forwarding_rule.http]
}

output "id" {
  description = "The network's full name (projects/PROJECT/global/networks/NAME)."
  value       = "projects/${google_compute_network.this.project}/global/networks/${google_compute_network.this.name}"
  depends_on  = [google_compute_firewall.this, google_compute_route.this]
}

output "name" {
  description = "The network's name."
  value       = google_compute_network.this.name
  depends_on  = [google_compute_firewall.this, google_compute_route.this]
}

output "subnets" {
  description = "Full names of the subnets (projects/PROJECT/regions/REGION/subnetworks/SUBNET), by id; each with its way out."
  value = {
    for id, subnet in google_compute_subnetwork.this :
    id => "projects/${subnet.project}/regions/${subnet.region}/subnetworks/${subnet.name}"
  }
  depends_on = [google_compute_firewall.this, google_compute_route.this, google_compute_router_nat.this]
}

output "addresses" {
  description = "The reserved addresses themselves, by id."
  value       = { for id, address in google_compute_address.this : id => address.address }
}

output "private_services" {
  description = "The peering with Google's managed services, once it is there; empty where none is declared."
  value       = [for connection in google_service_networking_connection.private_services : connection.peering]
}

output "connectors" {
  description = "Full names of the connectors (projects/PROJECT/locations/REGION/connectors/CONNECTOR), by id."
  value = {
    for id, connector in google_vpc_access_connector.this :
    id => "projects/${connector.project}/locations/${connector.region}/connectors/${connector.name}"
  }
}

output "dns_zones" {
  description = "DNS names of the private zones, by id."
  value       = { for id, zone in google_dns_managed_zone.this : id => zone.dns_name }
  depends_on  = [google_dns_record_set.this]
}

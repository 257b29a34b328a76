# Google's managed services inside the network: Cloud SQL and Memorystore by peering, serverless by a connector.

resource "google_compute_global_address" "private_services" {
  for_each = { for services in var.private_services[*] : services.name => services }

  project       = var.project_id
  name          = each.key
  description   = each.value.description
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  network       = google_compute_network.this.id
  address       = each.value.range == null ? null : split("/", each.value.range)[0]
  prefix_length = each.value.range == null ? each.value.prefix_length : tonumber(split("/", each.value.range)[1])
  labels        = var.labels
}

resource "google_service_networking_connection" "private_services" {
  for_each = google_compute_global_address.private_services

  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [each.value.name]
}

resource "google_vpc_access_connector" "this" {
  for_each = var.connectors

  project       = var.project_id
  name          = each.key
  region        = coalesce(each.value.region, var.region)
  network       = each.value.range == null ? null : google_compute_network.this.name
  ip_cidr_range = each.value.range
  machine_type  = each.value.machine_type
  min_instances = each.value.min_instances
  max_instances = each.value.max_instances

  dynamic "subnet" {
    for_each = each.value.subnet[*]
    content {
      name = google_compute_subnetwork.this[subnet.value].name
    }
  }
}

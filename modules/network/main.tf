resource "google_compute_network" "this" {
  project                         = var.project_id
  name                            = var.name
  description                     = var.description
  auto_create_subnetworks         = false
  routing_mode                    = var.routing_mode
  mtu                             = var.mtu
  delete_default_routes_on_create = !var.default_internet_route
}

resource "google_compute_subnetwork" "this" {
  for_each = var.subnets

  project                  = var.project_id
  name                     = each.key
  network                  = google_compute_network.this.id
  region                   = coalesce(each.value.region, var.region)
  description              = each.value.description
  ip_cidr_range            = each.value.range
  private_ip_google_access = each.value.private_google_access

  # Without it, taking the last secondary range away would be no change.
  send_secondary_ip_range_if_empty = true

  dynamic "secondary_ip_range" {
    for_each = each.value.secondary_ranges
    content {
      range_name    = secondary_ip_range.key
      ip_cidr_range = secondary_ip_range.value
    }
  }

  dynamic "log_config" {
    for_each = each.value.flow_logs[*]
    content {
      aggregation_interval = log_config.value.interval
      flow_sampling        = log_config.value.sampling
      metadata             = log_config.value.metadata
      filter_expr          = log_config.value.filter
    }
  }
}

resource "google_compute_route" "this" {
  for_each = var.routes

  project          = var.project_id
  name             = each.key
  network          = google_compute_network.this.id
  description      = each.value.description
  dest_range       = each.value.range
  priority         = each.value.priority
  tags             = each.value.tags
  next_hop_gateway = each.value.internet ? "default-internet-gateway" : null
  next_hop_ip      = each.value.next_hop_ip

  depends_on = [google_compute_subnetwork.this]
}

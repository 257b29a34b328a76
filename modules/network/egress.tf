# The way out: addresses that stay the same, and a router with a NAT for each way.

resource "google_compute_address" "this" {
  for_each = var.addresses

  project      = var.project_id
  name         = each.key
  region       = coalesce(each.value.region, var.region)
  description  = each.value.description
  address_type = each.value.subnet == null ? "EXTERNAL" : "INTERNAL"
  subnetwork   = each.value.subnet == null ? null : google_compute_subnetwork.this[each.value.subnet].id
  address      = each.value.address
  labels       = merge(var.labels, each.value.labels)

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "addresses: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

resource "google_compute_router" "this" {
  for_each = var.nats

  project = var.project_id
  name    = each.key
  region  = coalesce(each.value.region, var.region)
  network = google_compute_network.this.id
}

resource "google_compute_router_nat" "this" {
  for_each = var.nats

  project = var.project_id
  name    = each.key
  router  = google_compute_router.this[each.key].name
  region  = google_compute_router.this[each.key].region

  nat_ip_allocate_option             = length(each.value.addresses) > 0 ? "MANUAL_ONLY" : "AUTO_ONLY"
  nat_ips                            = length(each.value.addresses) > 0 ? [for name in each.value.addresses : google_compute_address.this[name].self_link] : null
  source_subnetwork_ip_ranges_to_nat = length(each.value.subnets) > 0 ? "LIST_OF_SUBNETWORKS" : "ALL_SUBNETWORKS_ALL_IP_RANGES"

  dynamic "subnetwork" {
    for_each = each.value.subnets
    content {
      name                    = google_compute_subnetwork.this[subnetwork.value].self_link
      source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
    }
  }

  enable_dynamic_port_allocation = each.value.dynamic_ports
  # Google refuses the one with the other.
  enable_endpoint_independent_mapping = false
  min_ports_per_vm                    = each.value.min_ports_per_vm
  max_ports_per_vm                    = each.value.max_ports_per_vm

  udp_idle_timeout_sec             = each.value.udp_idle_seconds
  icmp_idle_timeout_sec            = each.value.icmp_idle_seconds
  tcp_established_idle_timeout_sec = each.value.tcp_established_idle_seconds
  tcp_transitory_idle_timeout_sec  = each.value.tcp_transitory_idle_seconds
  tcp_time_wait_timeout_sec        = each.value.tcp_time_wait_seconds

  dynamic "log_config" {
    for_each = each.value.log == "NONE" ? [] : [each.value.log]
    content {
      enable = true
      filter = log_config.value
    }
  }

  depends_on = [google_compute_subnetwork.this]
}

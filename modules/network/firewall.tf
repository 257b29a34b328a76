# Google denies what comes in and allows what goes out, where no rule says otherwise.
resource "google_compute_firewall" "this" {
  for_each = var.firewall

  project     = var.project_id
  name        = each.key
  network     = google_compute_network.this.id
  description = each.value.description
  direction   = each.value.direction
  priority    = each.value.priority
  disabled    = each.value.disabled

  source_ranges           = each.value.direction == "INGRESS" ? each.value.ranges : null
  destination_ranges      = each.value.direction == "EGRESS" ? each.value.ranges : null
  source_tags             = each.value.source_tags
  source_service_accounts = each.value.source_service_accounts
  target_tags             = each.value.target_tags
  target_service_accounts = each.value.target_service_accounts

  dynamic "allow" {
    for_each = each.value.action == "allow" ? each.value.traffic : []
    content {
      protocol = allow.value.protocol
      ports    = allow.value.ports
    }
  }

  dynamic "deny" {
    for_each = each.value.action == "deny" ? each.value.traffic : []
    content {
      protocol = deny.value.protocol
      ports    = deny.value.ports
    }
  }

  dynamic "log_config" {
    for_each = each.value.logging ? [true] : []
    content {
      metadata = "INCLUDE_ALL_METADATA"
    }
  }
}

# Names that only the network knows.

resource "google_dns_managed_zone" "this" {
  for_each = var.dns_zones

  project     = var.project_id
  name        = each.key
  dns_name    = each.value.dns_name
  description = each.value.description != "" ? each.value.description : null # the provider refuses an empty one
  visibility  = "private"
  labels      = merge(var.labels, each.value.labels)

  private_visibility_config {
    networks {
      network_url = google_compute_network.this.id
    }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "dns_zones: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

locals {
  records = merge([
    for zone, value in var.dns_zones : { for key, record in value.records : "${zone}/${key}" => merge(record, { zone = zone }) }
  ]...)
}

resource "google_dns_record_set" "this" {
  for_each = local.records

  project      = var.project_id
  managed_zone = google_dns_managed_zone.this[each.value.zone].name
  name         = each.value.name
  type         = each.value.type
  ttl          = each.value.ttl
  rrdatas      = each.value.data
}

locals {
  # A ring of the same name in each location that has keys; the region's is by its name, the others by name and location.
  places = { for id, key in var.kms_keys : id => coalesce(key.location, var.region) }
  rings  = { for location in distinct(values(local.places)) : location == var.region ? var.key_ring : "${var.key_ring}/${location}" => location }
}

# Google Cloud has no way to delete a key ring: it stays when Terraform forgets it, and its name with it.
resource "google_kms_key_ring" "this" {
  for_each = local.rings

  project  = var.project_id
  location = each.value
  name     = var.key_ring
}

resource "google_kms_crypto_key" "this" {
  for_each = var.kms_keys

  key_ring                   = google_kms_key_ring.this[local.places[each.key] == var.region ? var.key_ring : "${var.key_ring}/${local.places[each.key]}"].id
  name                       = each.key
  purpose                    = each.value.purpose
  rotation_period            = each.value.rotation_period
  destroy_scheduled_duration = each.value.destroy_scheduled_duration
  labels                     = merge(var.labels, each.value.labels)
  # Destroying a key destroys its versions, and with them all that they encrypted.
  deletion_policy = each.value.deletion_protection ? "PREVENT" : "DELETE"

  version_template {
    algorithm        = coalesce(each.value.algorithm, "GOOGLE_SYMMETRIC_ENCRYPTION")
    protection_level = each.value.protection_level
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "kms_keys: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

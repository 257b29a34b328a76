resource "google_redis_instance" "this" {
  for_each = var.redis_instances

  project                 = var.project_id
  region                  = var.region
  name                    = each.key
  display_name            = each.value.display_name
  tier                    = each.value.tier
  memory_size_gb          = each.value.memory_size_gb
  redis_version           = each.value.version
  redis_configs           = each.value.configs
  auth_enabled            = each.value.auth
  transit_encryption_mode = each.value.tls ? "SERVER_AUTHENTICATION" : "DISABLED"
  authorized_network      = each.value.network
  connect_mode            = "PRIVATE_SERVICE_ACCESS"
  customer_managed_key    = each.value.kms_key
  read_replicas_mode      = each.value.read_replicas > 0 ? "READ_REPLICAS_ENABLED" : "READ_REPLICAS_DISABLED"
  # Without reads from it, the one replica of STANDARD_HA is Memorystore's own affair.
  replica_count       = each.value.read_replicas > 0 ? each.value.read_replicas : null
  deletion_protection = each.value.deletion_protection
  labels              = merge(var.labels, each.value.labels)

  persistence_config {
    persistence_mode    = each.value.snapshot_period == null ? "DISABLED" : "RDB"
    rdb_snapshot_period = each.value.snapshot_period
  }

  dynamic "maintenance_policy" {
    for_each = each.value.maintenance_window[*]
    content {
      weekly_maintenance_window {
        day = maintenance_policy.value.day
        start_time {
          hours = maintenance_policy.value.hour
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "redis_instances: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

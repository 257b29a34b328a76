resource "google_secret_manager_secret" "this" {
  for_each = var.secrets

  project   = var.project_id
  secret_id = each.key
  labels    = merge(var.labels, each.value.labels)

  replication {
    dynamic "auto" {
      for_each = length(each.value.locations) == 0 ? [true] : []
      content {}
    }
    dynamic "user_managed" {
      for_each = length(each.value.locations) > 0 ? [each.value.locations] : []
      content {
        dynamic "replicas" {
          for_each = user_managed.value
          content {
            location = replicas.value
          }
        }
      }
    }
  }

  dynamic "topics" {
    for_each = each.value.topics
    content {
      name = topics.value
    }
  }

  dynamic "rotation" {
    for_each = each.value.rotation[*]
    content {
      rotation_period    = rotation.value.period
      next_rotation_time = rotation.value.next_time
    }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "secrets: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
    # Each rotation moves it on; it is where the rotation began, not a setting to return to.
    ignore_changes = [rotation[0].next_rotation_time]
  }
}

resource "google_secret_manager_secret_version" "placeholder" {
  for_each = { for id, secret in var.secrets : id => secret if secret.placeholder }

  secret      = google_secret_manager_secret.this[each.key].id
  secret_data = "unset" # no secret: it lets a service start before someone puts the value
}

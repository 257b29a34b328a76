resource "google_artifact_registry_repository" "this" {
  for_each = var.repositories

  project       = var.project_id
  location      = coalesce(each.value.location, var.region)
  repository_id = each.key
  format        = each.value.format
  description   = each.value.description
  labels        = merge(var.labels, each.value.labels)

  # Only where it says something: Artifact Registry drops a false, and the provider would plan it again and again.
  dynamic "docker_config" {
    for_each = each.value.immutable_tags ? [true] : []
    content {
      immutable_tags = true
    }
  }

  dynamic "cleanup_policies" {
    for_each = each.value.keep_count[*]
    content {
      id     = "keep-newest"
      action = "KEEP"
      most_recent_versions {
        keep_count = cleanup_policies.value
      }
    }
  }

  dynamic "cleanup_policies" {
    for_each = each.value.delete_older_than[*]
    content {
      id     = "delete-old"
      action = "DELETE"
      condition {
        older_than = cleanup_policies.value
      }
    }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "repositories: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

resource "google_storage_bucket" "this" {
  for_each = var.buckets

  project                     = var.project_id
  name                        = coalesce(each.value.name, "${var.project_id}-${each.key}")
  location                    = each.value.location
  storage_class               = each.value.storage_class
  force_destroy               = each.value.force_destroy
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = merge(var.labels, each.value.labels)

  versioning {
    enabled = each.value.versioning
  }

  soft_delete_policy {
    retention_duration_seconds = each.value.soft_delete_seconds
  }

  dynamic "retention_policy" {
    for_each = each.value.retention[*]
    content {
      retention_period = retention_policy.value.period_seconds
      is_locked        = retention_policy.value.locked
    }
  }

  dynamic "lifecycle_rule" {
    for_each = each.value.lifecycle_rules
    iterator = rule
    content {
      action {
        type          = rule.value.action
        storage_class = rule.value.storage_class
      }
      condition {
        age                        = rule.value.age_days
        num_newer_versions         = rule.value.num_newer_versions
        days_since_noncurrent_time = rule.value.days_since_noncurrent
        with_state                 = rule.value.with_state
        matches_prefix             = rule.value.matches_prefix
        matches_suffix             = rule.value.matches_suffix
        matches_storage_class      = rule.value.matches_storage_class

        # Without these the provider takes a zero for an absent condition.
        send_age_if_zero                        = rule.value.age_days == 0
        send_num_newer_versions_if_zero         = rule.value.num_newer_versions == 0
        send_days_since_noncurrent_time_if_zero = rule.value.days_since_noncurrent == 0
      }
    }
  }

  dynamic "cors" {
    for_each = each.value.cors
    content {
      origin          = cors.value.origins
      method          = cors.value.methods
      response_header = cors.value.response_headers
      max_age_seconds = cors.value.max_age_seconds
    }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))
      ])
      error_message = "buckets: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

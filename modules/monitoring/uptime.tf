resource "google_monitoring_uptime_check_config" "this" {
  for_each = var.uptime_checks

  project          = var.project_id
  display_name     = coalesce(each.value.display_name, each.key)
  period           = each.value.period
  timeout          = each.value.timeout
  selected_regions = each.value.regions
  user_labels      = merge(var.labels, each.value.labels)

  http_check {
    path           = each.value.path
    port           = coalesce(each.value.port, each.value.use_ssl ? 443 : 80)
    use_ssl        = each.value.use_ssl
    validate_ssl   = each.value.use_ssl
    request_method = each.value.method
    headers        = each.value.headers
    body           = each.value.body == null ? null : base64encode(each.value.body)
    content_type   = each.value.body == null ? null : "USER_PROVIDED"

    # A body is sent with its type.
    custom_content_type = each.value.body == null ? null : "application/json"

    dynamic "accepted_response_status_codes" {
      for_each = each.value.status_classes
      content {
        status_class = accepted_response_status_codes.value
      }
    }
    dynamic "service_agent_authentication" {
      for_each = each.value.authenticate ? [true] : []
      content {
        type = "OIDC_TOKEN"
      }
    }
  }

  dynamic "content_matchers" {
    for_each = each.value.content[*]
    content {
      content = content_matchers.value
      matcher = each.value.matcher
    }
  }

  monitored_resource {
    type   = "uptime_url"
    labels = { host = each.value.host, project_id = var.project_id }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "uptime_checks: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

# Two places of the world that fail are an outage; one may be that place's own.
resource "google_monitoring_alert_policy" "uptime" {
  for_each = { for id, check in var.uptime_checks : id => check if length(check.alert_channels) > 0 }

  project               = var.project_id
  display_name          = "${coalesce(each.value.display_name, each.key)} is down"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [for id in each.value.alert_channels : local.channel_names[id] if contains(local.known_channels, id)]
  user_labels           = merge(var.labels, each.value.labels)

  conditions {
    display_name = "fails in two places"
    condition_threshold {
      filter          = "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND resource.type=\"uptime_url\" AND metric.label.check_id=\"${google_monitoring_uptime_check_config.this[each.key].uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "60s"
      aggregations {
        alignment_period     = "1200s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.project_id", "resource.label.host"]
      }
      trigger {
        count = 1
      }
    }
  }

  alert_strategy {
    auto_close = "604800s"
  }

  lifecycle {
    precondition {
      condition     = length(setsubtract(each.value.alert_channels, local.known_channels)) == 0
      error_message = "uptime_checks: ${each.key} tells ${join(", ", setsubtract(each.value.alert_channels, local.known_channels))}, which is in neither notification_channels nor channel_names."
    }
  }
}

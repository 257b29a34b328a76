resource "google_monitoring_alert_policy" "this" {
  for_each = var.alert_policies

  project               = var.project_id
  display_name          = coalesce(each.value.display_name, each.key)
  combiner              = each.value.combiner
  severity              = each.value.severity
  notification_channels = [for id in each.value.channels : local.channel_names[id] if contains(local.known_channels, id)]
  user_labels           = merge(var.labels, each.value.labels)

  dynamic "conditions" {
    for_each = each.value.conditions
    content {
      display_name = conditions.value.name

      dynamic "condition_threshold" {
        for_each = conditions.value.threshold[*]
        content {
          filter                  = condition_threshold.value.filter
          comparison              = condition_threshold.value.comparison
          threshold_value         = condition_threshold.value.value
          duration                = condition_threshold.value.duration
          denominator_filter      = condition_threshold.value.denominator_filter
          evaluation_missing_data = condition_threshold.value.missing_data
          dynamic "aggregations" {
            for_each = condition_threshold.value.aggregations
            content {
              alignment_period     = aggregations.value.alignment_period
              per_series_aligner   = aggregations.value.per_series_aligner
              cross_series_reducer = aggregations.value.cross_series_reducer
              group_by_fields      = aggregations.value.group_by_fields
            }
          }
          dynamic "denominator_aggregations" {
            for_each = condition_threshold.value.denominator_aggregations
            content {
              alignment_period     = denominator_aggregations.value.alignment_period
              per_series_aligner   = denominator_aggregations.value.per_series_aligner
              cross_series_reducer = denominator_aggregations.value.cross_series_reducer
              group_by_fields      = denominator_aggregations.value.group_by_fields
            }
          }
          trigger {
            count = condition_threshold.value.trigger_count
          }
        }
      }

      # Messages that nobody took are a threshold, too.
      dynamic "condition_threshold" {
        for_each = conditions.value.undelivered[*]
        content {
          filter          = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type=\"pubsub_subscription\" AND resource.label.subscription_id=\"${condition_threshold.value.subscription}\""
          comparison      = "COMPARISON_GT"
          threshold_value = condition_threshold.value.more_than
          duration        = condition_threshold.value.duration
          aggregations {
            alignment_period   = "60s"
            per_series_aligner = "ALIGN_MAX"
          }
          trigger {
            count = 1
          }
        }
      }

      dynamic "condition_absent" {
        for_each = conditions.value.absent[*]
        content {
          filter   = condition_absent.value.filter
          duration = condition_absent.value.duration
          dynamic "aggregations" {
            for_each = condition_absent.value.aggregations
            content {
              alignment_period     = aggregations.value.alignment_period
              per_series_aligner   = aggregations.value.per_series_aligner
              cross_series_reducer = aggregations.value.cross_series_reducer
              group_by_fields      = aggregations.value.group_by_fields
            }
          }
          trigger {
            count = 1
          }
        }
      }

      dynamic "condition_matched_log" {
        for_each = conditions.value.log_match[*]
        content {
          filter           = condition_matched_log.value.filter
          label_extractors = condition_matched_log.value.label_extractors
        }
      }

      dynamic "condition_prometheus_query_language" {
        for_each = conditions.value.promql[*]
        content {
          query               = condition_prometheus_query_language.value.query
          duration            = condition_prometheus_query_language.value.duration
          evaluation_interval = condition_prometheus_query_language.value.evaluation_interval
          labels              = condition_prometheus_query_language.value.labels
        }
      }
    }
  }

  alert_strategy {
    auto_close = each.value.auto_close
    dynamic "notification_rate_limit" {
      for_each = each.value.rate_limit[*]
      content {
        period = notification_rate_limit.value
      }
    }
  }

  dynamic "documentation" {
    for_each = each.value.documentation != "" || each.value.runbook != null ? [true] : []
    content {
      content   = each.value.documentation == "" ? null : each.value.documentation
      mime_type = "text/markdown"
      dynamic "links" {
        for_each = each.value.runbook[*]
        content {
          display_name = "Runbook"
          url          = links.value
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = length(setsubtract(each.value.channels, local.known_channels)) == 0
      error_message = "alert_policies: ${each.key} tells ${join(", ", setsubtract(each.value.channels, local.known_channels))}, which is in neither notification_channels nor channel_names."
    }
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "alert_policies: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

resource "google_monitoring_dashboard" "this" {
  for_each = var.dashboards

  project        = var.project_id
  dashboard_json = each.value.json
}

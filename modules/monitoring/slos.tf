locals {
  # One entry an objective, keyed service/slo.
  slos = merge([
    for service, value in var.slo_services : {
      for slo, objective in value.slos : "${service}/${slo}" => merge(objective, { service = service, id = slo })
    }
  ]...)

  run_requests = "metric.type=\"run.googleapis.com/request_count\" AND resource.type=\"cloud_run_revision\""
  run_latency  = "metric.type=\"run.googleapis.com/request_latencies\" AND resource.type=\"cloud_run_revision\""

  # Requests that count, of a Cloud Run service or as they are given.
  ratios = {
    for key, slo in local.slos : key => slo.availability != null ? {
      good  = null
      bad   = "${local.run_requests} AND resource.label.service_name=\"${basename(slo.availability)}\" AND metric.label.response_code_class=\"5xx\""
      total = "${local.run_requests} AND resource.label.service_name=\"${basename(slo.availability)}\""
    } : slo.ratio if slo.availability != null || slo.ratio != null
  }
  cuts = {
    for key, slo in local.slos : key => slo.latency != null ? {
      filter = "${local.run_latency} AND resource.label.service_name=\"${basename(slo.latency.service)}\""
      min    = null
      max    = slo.latency.milliseconds
    } : slo.distribution if slo.latency != null || slo.distribution != null
  }

  # Two speeds of burning the error budget, each over a long and a short window, which ends the alert soon after the
  # trouble ends: the recommended ones of Google's Site Reliability Workbook, chapter 5 (Alerting on SLOs), method 6.
  burn_rates = {
    fast = { rate = 14.4, long = "3600s", short = "300s", severity = "CRITICAL" }
    slow = { rate = 6, long = "21600s", short = "1800s", severity = "ERROR" }
  }
  burn_alerts = merge([
    for key, slo in local.slos : {
      for speed, burn in local.burn_rates : "${key}/${speed}" => merge(burn, { slo = key, speed = speed, channels = slo.burn_alerts.channels, runbook = slo.burn_alerts.runbook })
    } if slo.burn_alerts != null
  ]...)
}

resource "google_monitoring_custom_service" "this" {
  for_each = var.slo_services

  project      = var.project_id
  service_id   = each.key
  display_name = coalesce(each.value.display_name, each.key)
  user_labels  = merge(var.labels, each.value.labels)

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "slo_services: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

resource "google_monitoring_slo" "this" {
  for_each = local.slos

  project             = var.project_id
  service             = google_monitoring_custom_service.this[each.value.service].service_id
  slo_id              = each.value.id
  display_name        = coalesce(each.value.display_name, each.value.id)
  goal                = each.value.goal
  rolling_period_days = each.value.rolling_days
  calendar_period     = each.value.calendar_period
  user_labels         = merge(var.labels, each.value.labels)

  dynamic "request_based_sli" {
    for_each = contains(keys(local.ratios), each.key) || contains(keys(local.cuts), each.key) ? [true] : []
    content {
      dynamic "good_total_ratio" {
        for_each = [for key, ratio in local.ratios : ratio if key == each.key]
        content {
          good_service_filter  = good_total_ratio.value.good
          bad_service_filter   = good_total_ratio.value.bad
          total_service_filter = good_total_ratio.value.total
        }
      }
      dynamic "distribution_cut" {
        for_each = [for key, cut in local.cuts : cut if key == each.key]
        content {
          distribution_filter = distribution_cut.value.filter
          range {
            min = distribution_cut.value.min
            max = distribution_cut.value.max
          }
        }
      }
    }
  }

  dynamic "windows_based_sli" {
    for_each = each.value.windows[*]
    content {
      window_period          = windows_based_sli.value.period
      good_bad_metric_filter = windows_based_sli.value.good_bad_filter
      dynamic "metric_mean_in_range" {
        for_each = windows_based_sli.value.mean_in_range[*]
        content {
          time_series = metric_mean_in_range.value.filter
          range {
            min = metric_mean_in_range.value.min
            max = metric_mean_in_range.value.max
          }
        }
      }
      dynamic "metric_sum_in_range" {
        for_each = windows_based_sli.value.sum_in_range[*]
        content {
          time_series = metric_sum_in_range.value.filter
          range {
            min = metric_sum_in_range.value.min
            max = metric_sum_in_range.value.max
          }
        }
      }
      dynamic "good_total_ratio_threshold" {
        for_each = windows_based_sli.value.ratio[*]
        content {
          threshold = windows_based_sli.value.ratio_threshold
          performance {
            good_total_ratio {
              good_service_filter  = good_total_ratio_threshold.value.good
              bad_service_filter   = good_total_ratio_threshold.value.bad
              total_service_filter = good_total_ratio_threshold.value.total
            }
          }
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "slos: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

resource "google_monitoring_alert_policy" "burn" {
  for_each = local.burn_alerts

  project               = var.project_id
  display_name          = "${each.value.slo} burns its error budget: ${each.value.speed}"
  combiner              = "AND"
  severity              = each.value.severity
  notification_channels = [for id in each.value.channels : local.channel_names[id] if contains(local.known_channels, id)]
  user_labels           = var.labels

  dynamic "conditions" {
    for_each = [each.value.long, each.value.short]
    content {
      display_name = "${each.value.rate} times over ${conditions.value}"
      condition_threshold {
        filter          = "select_slo_burn_rate(\"${google_monitoring_slo.this[each.value.slo].name}\", \"${conditions.value}\")"
        comparison      = "COMPARISON_GT"
        threshold_value = each.value.rate
        duration        = "0s"
        trigger {
          count = 1
        }
      }
    }
  }

  alert_strategy {
    auto_close = "604800s"
  }

  dynamic "documentation" {
    for_each = each.value.runbook[*]
    content {
      mime_type = "text/markdown"
      links {
        display_name = "Runbook"
        url          = documentation.value
      }
    }
  }

  lifecycle {
    precondition {
      condition     = length(setsubtract(each.value.channels, local.known_channels)) == 0
      error_message = "slos: ${each.key} tells ${join(", ", setsubtract(each.value.channels, local.known_channels))}, which is in neither notification_channels nor channel_names."
    }
  }
}

variables {
  project_id     = "atm-dev"
  project_number = "123456789012"
}

# notification_channels: e-mail, SMS, a Pub/Sub topic (Monitoring's agent may publish to it) and Google Chat
run "channels_of_every_kind" {
  command = plan
  variables {
    labels = { environment = "dev" }
    notification_channels = {
      ops   = { email = "ops@example.com", display_name = "Operators" }
      phone = { sms = "+919812345678" }
      queue = { topic = "projects/atm-dev/topics/alerts" }
      chat  = { google_chat = "spaces/AAAA" }
    }
  }
  assert {
    condition     = { for id, channel in google_monitoring_notification_channel.this : id => channel.type } == { ops = "email", phone = "sms", queue = "pubsub", chat = "google_chat" }
    error_message = "Each is of its kind."
  }
  assert {
    condition     = google_monitoring_notification_channel.this["ops"].labels == tomap({ email_address = "ops@example.com" }) && google_monitoring_notification_channel.this["ops"].display_name == "Operators"
    error_message = "It leads where it should."
  }
  assert {
    condition     = google_pubsub_topic_iam_member.channel["queue"].member == "serviceAccount:service-123456789012@gcp-sa-monitoring-notification.iam.gserviceaccount.com"
    error_message = "Monitoring may publish."
  }
}

# existing channels: Slack, PagerDuty and webhooks hold a secret: they are made by hand, and named
run "a_channel_with_a_secret_is_only_named" {
  command = plan
  variables {
    notification_channels = { slack = { existing = "projects/atm-dev/notificationChannels/7" } }
  }
  assert {
    condition     = length(google_monitoring_notification_channel.this) == 0 && output.channel_names == { slack = "projects/atm-dev/notificationChannels/7" }
    error_message = "It is not made, and alerts can tell it."
  }
}

# threshold: a metric beyond a value, or a ratio of two, with aggregations
run "a_threshold_on_a_ratio" {
  command = plan
  variables {
    channel_names = { ops = "projects/atm-dev/notificationChannels/1" }
    alert_policies = {
      errors = {
        severity      = "ERROR"
        channels      = ["ops"]
        documentation = "Look at the log."
        runbook       = "https://example.com/errors"
        auto_close    = "1800s"
        conditions = [{
          name = "5xx"
          threshold = {
            filter                   = "metric.type=\"a\" AND resource.type=\"b\""
            value                    = 0.01
            duration                 = "300s"
            aggregations             = [{ per_series_aligner = "ALIGN_RATE", cross_series_reducer = "REDUCE_SUM" }]
            denominator_filter       = "metric.type=\"a\" AND resource.type=\"b\""
            denominator_aggregations = [{ per_series_aligner = "ALIGN_RATE", cross_series_reducer = "REDUCE_SUM" }]
          }
        }]
      }
    }
  }
  assert {
    condition     = google_monitoring_alert_policy.this["errors"].conditions[0].condition_threshold[0].threshold_value == 0.01
    error_message = "Beyond a hundredth."
  }
  assert {
    condition     = google_monitoring_alert_policy.this["errors"].notification_channels == tolist(["projects/atm-dev/notificationChannels/1"])
    error_message = "The operators are told."
  }
  assert {
    condition     = google_monitoring_alert_policy.this["errors"].documentation[0].links[0].url == "https://example.com/errors" && google_monitoring_alert_policy.this["errors"].alert_strategy[0].auto_close == "1800s"
    error_message = "With the runbook, and closed by itself."
  }
}

# undelivered: messages of a subscription that nobody took, as of a dead-letter pair: one line
# absent: a metric that says nothing any more
# promql: a query in PromQL
run "other_conditions" {
  command = plan
  variables {
    alert_policies = {
      dead   = { conditions = [{ name = "dead letters", undelivered = { subscription = "signals-dead" } }] }
      silent = { conditions = [{ name = "silent", absent = { filter = "metric.type=\"a\" AND resource.type=\"b\"", duration = "600s" } }] }
      slow   = { combiner = "AND", conditions = [{ name = "slow", promql = { query = "up == 0", duration = "60s" } }] }
    }
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.this["dead"].conditions[0].condition_threshold[0].filter, "resource.label.subscription_id=\"signals-dead\"") && google_monitoring_alert_policy.this["dead"].conditions[0].condition_threshold[0].threshold_value == 0
    error_message = "One message is one too many."
  }
  assert {
    condition     = google_monitoring_alert_policy.this["silent"].conditions[0].condition_absent[0].duration == "600s"
    error_message = "Ten minutes of silence."
  }
  assert {
    condition     = google_monitoring_alert_policy.this["slow"].conditions[0].condition_prometheus_query_language[0].query == "up == 0"
    error_message = "PromQL as it is written."
  }
}

# log_match: a log entry as soon as it is there, not more often than rate_limit
run "a_log_match" {
  command = plan
  variables {
    alert_policies = {
      halted = {
        rate_limit = "300s"
        conditions = [{ name = "halted", log_match = { filter = "jsonPayload.event=\"kill_switch\"", label_extractors = { reason = "EXTRACT(jsonPayload.reason)" } } }]
      }
    }
  }
  assert {
    condition     = google_monitoring_alert_policy.this["halted"].alert_strategy[0].notification_rate_limit[0].period == "300s"
    error_message = "Not more often."
  }
}

# uptime_checks: HTTP and HTTPS, headers, body, content, status classes, regions, Monitoring's ID token
# alert of an uptime check: alert_channels are told when two places of the world fail
run "an_uptime_check_with_its_alert" {
  command = plan
  variables {
    channel_names = { ops = "projects/atm-dev/notificationChannels/1" }
    uptime_checks = {
      front = {
        host           = "dashboard.example.com"
        period         = "60s"
        content        = "ok"
        headers        = { Accept = "application/json" }
        status_classes = ["STATUS_CLASS_2XX"]
        regions        = ["USA", "EUROPE", "ASIA_PACIFIC"]
        authenticate   = true
        alert_channels = ["ops"]
      }
      plain = { host = "example.com", use_ssl = false, method = "POST", body = "{}" }
    }
  }
  assert {
    condition     = google_monitoring_uptime_check_config.this["front"].http_check[0].port == 443 && google_monitoring_uptime_check_config.this["plain"].http_check[0].port == 80
    error_message = "The port follows from TLS."
  }
  assert {
    condition     = keys(google_monitoring_alert_policy.uptime) == ["front"]
    error_message = "Only where somebody is told."
  }
  assert {
    condition     = google_monitoring_uptime_check_config.this["front"].http_check[0].service_agent_authentication[0].type == "OIDC_TOKEN"
    error_message = "With a token."
  }
}

# slo_services: objectives for availability and latency of a Cloud Run service, for a ratio, a distribution, or windows
# burn_alerts: two alerts an objective, 14.4 times over 1 h and 5 min, 6 times over 6 h and 30 min (Site Reliability Workbook, chapter 5)
run "objectives_of_every_kind_with_burn_alerts" {
  command = plan
  variables {
    channel_names = { ops = "projects/atm-dev/notificationChannels/1" }
    slo_services = {
      engine = {
        display_name = "Strategy engine"
        slos = {
          served   = { goal = 0.999, rolling_days = 28, availability = "strategy-engine/engine", burn_alerts = { channels = ["ops"], runbook = "https://example.com/slo" } }
          quick    = { goal = 0.95, calendar_period = "WEEK", latency = { service = "strategy-engine/engine", milliseconds = 200 } }
          complete = { goal = 0.998, rolling_days = 28, ratio = { good = "a", total = "b" } }
          small    = { goal = 0.9, rolling_days = 7, distribution = { filter = "c", min = 0, max = 9 } }
          steady   = { goal = 0.9, rolling_days = 7, windows = { mean_in_range = { filter = "d", max = 5 } } }
          good     = { goal = 0.9, rolling_days = 7, windows = { ratio = { good = "a", total = "b" }, ratio_threshold = 0.9 } }
        }
      }
    }
  }
  assert {
    condition     = strcontains(google_monitoring_slo.this["engine/served"].request_based_sli[0].good_total_ratio[0].bad_service_filter, "service_name=\"engine\" AND metric.label.response_code_class=\"5xx\"")
    error_message = "Answers of 500 and above are bad."
  }
  assert {
    condition     = google_monitoring_slo.this["engine/quick"].request_based_sli[0].distribution_cut[0].range[0].max == 200
    error_message = "Fast enough is up to 200 ms."
  }
  assert {
    condition     = google_monitoring_slo.this["engine/steady"].windows_based_sli[0].metric_mean_in_range[0].range[0].max == 5 && google_monitoring_slo.this["engine/good"].windows_based_sli[0].good_total_ratio_threshold[0].threshold == 0.9
    error_message = "Windows by a mean, and by a ratio."
  }
  assert {
    condition     = jsonencode({ for key, policy in google_monitoring_alert_policy.burn : key => policy.conditions[*].condition_threshold[0].threshold_value }) == jsonencode({ "engine/served/fast" = [14.4, 14.4], "engine/served/slow" = [6, 6] })
    error_message = "Fast and slow, each in two windows."
  }
  assert {
    condition     = google_monitoring_alert_policy.burn["engine/served/fast"].combiner == "AND"
    error_message = "Both windows must burn."
  }
}

# dashboards: from JSON
run "a_dashboard" {
  command = plan
  variables {
    dashboards = { main = { json = jsonencode({ displayName = "Main", gridLayout = { widgets = [] } }) } }
  }
  assert {
    condition     = jsondecode(google_monitoring_dashboard.this["main"].dashboard_json).displayName == "Main"
    error_message = "As it is given."
  }
}

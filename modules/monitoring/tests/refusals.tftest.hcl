variables {
  project_id    = "atm-dev"
  channel_names = { ops = "projects/atm-dev/notificationChannels/1" }
}

run "project_ids_have_their_form" {
  command = plan
  variables {
    project_id = "ATM"
  }
  expect_failures = [var.project_id]
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Owner = "quant" }
  }
  expect_failures = [var.labels]
}

run "channels_have_keys_of_their_form" {
  command = plan
  variables {
    notification_channels = { Ops = { email = "ops@example.com" } }
  }
  expect_failures = [var.notification_channels]
}

run "channels_are_of_one_kind" {
  command = plan
  variables {
    notification_channels = { ops = { email = "ops@example.com", sms = "+919812345678" } }
  }
  expect_failures = [var.notification_channels]
}

run "channels_that_are_topics_need_the_project_number" {
  command = plan
  variables {
    notification_channels = { ops = { topic = "projects/atm-dev/topics/alerts" } }
  }
  expect_failures = [google_pubsub_topic_iam_member.channel]
}

run "labels_of_channels_are_lower_case" {
  command = plan
  variables {
    notification_channels = { ops = { email = "ops@example.com", labels = { Owner = "quant" } } }
  }
  expect_failures = [google_monitoring_notification_channel.this]
}

run "alert_policies_have_keys_of_their_form" {
  command = plan
  variables {
    alert_policies = { Thing = { conditions = [{ name = "c", undelivered = { subscription = "s" } }] } }
  }
  expect_failures = [var.alert_policies]
}

run "combiners_are_known" {
  command = plan
  variables {
    alert_policies = { thing = { combiner = "XOR", conditions = [{ name = "c", undelivered = { subscription = "s" } }] } }
  }
  expect_failures = [var.alert_policies]
}

run "severities_are_known" {
  command = plan
  variables {
    alert_policies = { thing = { severity = "BAD", conditions = [{ name = "c", undelivered = { subscription = "s" } }] } }
  }
  expect_failures = [var.alert_policies]
}

run "alert_policies_have_conditions" {
  command = plan
  variables {
    alert_policies = { thing = { conditions = [] } }
  }
  expect_failures = [var.alert_policies]
}

run "conditions_are_of_one_kind" {
  command = plan
  variables {
    alert_policies = { thing = { conditions = [{ name = "c", promql = { query = "up" }, undelivered = { subscription = "s" } }] } }
  }
  expect_failures = [var.alert_policies]
}

run "log_matches_need_a_rate_limit" {
  command = plan
  variables {
    alert_policies = { thing = { conditions = [{ name = "c", log_match = { filter = "x" } }] } }
  }
  expect_failures = [var.alert_policies]
}

run "auto_close_has_its_bounds" {
  command = plan
  variables {
    alert_policies = { thing = { auto_close = "60s", conditions = [{ name = "c", undelivered = { subscription = "s" } }] } }
  }
  expect_failures = [var.alert_policies]
}

run "alert_policies_tell_channels_that_are_there" {
  command = plan
  variables {
    alert_policies = { thing = { channels = ["nobody"], conditions = [{ name = "c", undelivered = { subscription = "s" } }] } }
  }
  expect_failures = [google_monitoring_alert_policy.this]
}

run "labels_of_alert_policies_are_lower_case" {
  command = plan
  variables {
    alert_policies = { thing = { labels = { Owner = "quant" }, conditions = [{ name = "c", undelivered = { subscription = "s" } }] } }
  }
  expect_failures = [google_monitoring_alert_policy.this]
}

run "uptime_checks_have_keys_of_their_form" {
  command = plan
  variables {
    uptime_checks = { Thing = { host = "example.com" } }
  }
  expect_failures = [var.uptime_checks]
}

run "periods_are_known" {
  command = plan
  variables {
    uptime_checks = { thing = { host = "example.com", period = "10s" } }
  }
  expect_failures = [var.uptime_checks]
}

run "timeouts_have_their_bounds" {
  command = plan
  variables {
    uptime_checks = { thing = { host = "example.com", timeout = "90s" } }
  }
  expect_failures = [var.uptime_checks]
}

run "regions_are_three_at_least" {
  command = plan
  variables {
    uptime_checks = { thing = { host = "example.com", regions = ["EUROPE"] } }
  }
  expect_failures = [var.uptime_checks]
}

run "bodies_are_posted" {
  command = plan
  variables {
    uptime_checks = { thing = { host = "example.com", body = "{}" } }
  }
  expect_failures = [var.uptime_checks]
}

run "uptime_checks_tell_channels_that_are_there" {
  command = plan
  variables {
    uptime_checks = { thing = { host = "example.com", alert_channels = ["nobody"] } }
  }
  expect_failures = [google_monitoring_alert_policy.uptime]
}

run "labels_of_uptime_checks_are_lower_case" {
  command = plan
  variables {
    uptime_checks = { thing = { host = "example.com", labels = { Owner = "quant" } } }
  }
  expect_failures = [google_monitoring_uptime_check_config.this]
}

run "slo_services_have_keys_of_their_form" {
  command = plan
  variables {
    slo_services = { Engine = { slos = { served = { goal = 0.99, rolling_days = 28, availability = "a/engine" } } } }
  }
  expect_failures = [var.slo_services]
}

run "goals_have_their_bounds" {
  command = plan
  variables {
    slo_services = { engine = { slos = { served = { goal = 1, rolling_days = 28, availability = "a/engine" } } } }
  }
  expect_failures = [var.slo_services]
}

run "objectives_have_one_period" {
  command = plan
  variables {
    slo_services = { engine = { slos = { served = { goal = 0.99, availability = "a/engine" } } } }
  }
  expect_failures = [var.slo_services]
}

run "objectives_are_for_one_thing" {
  command = plan
  variables {
    slo_services = { engine = { slos = { served = { goal = 0.99, rolling_days = 28, availability = "a/engine", latency = { service = "a/engine", milliseconds = 200 } } } } }
  }
  expect_failures = [var.slo_services]
}

run "burn_alerts_tell_channels_that_are_there" {
  command = plan
  variables {
    slo_services = { engine = { slos = { served = { goal = 0.99, rolling_days = 28, availability = "a/engine", burn_alerts = { channels = ["nobody"] } } } } }
  }
  expect_failures = [google_monitoring_alert_policy.burn]
}

run "labels_of_slo_services_are_lower_case" {
  command = plan
  variables {
    slo_services = { engine = { labels = { Owner = "quant" }, slos = { served = { goal = 0.99, rolling_days = 28, availability = "a/engine" } } } }
  }
  expect_failures = [google_monitoring_custom_service.this]
}

run "labels_of_objectives_are_lower_case" {
  command = plan
  variables {
    slo_services = { engine = { slos = { served = { goal = 0.99, rolling_days = 28, availability = "a/engine", labels = { Owner = "quant" } } } } }
  }
  expect_failures = [google_monitoring_slo.this]
}

run "dashboards_are_json" {
  command = plan
  variables {
    dashboards = { main = { json = "{" } }
  }
  expect_failures = [var.dashboards]
}

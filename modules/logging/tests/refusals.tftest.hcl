variables {
  project_id = "atm-dev"
}

run "project_ids_have_their_form" {
  command = plan
  variables {
    project_id = "ATM"
  }
  expect_failures = [var.project_id]
}

run "metrics_have_names_of_their_form" {
  command = plan
  variables {
    log_metrics = { "a b" = { filter = "x" } }
  }
  expect_failures = [var.log_metrics]
}

run "buckets_are_of_distributions" {
  command = plan
  variables {
    log_metrics = { thing = { filter = "x", buckets = { bounds = [1] } } }
  }
  expect_failures = [var.log_metrics]
}

run "buckets_are_of_one_kind" {
  command = plan
  variables {
    log_metrics = { thing = { filter = "x", value_extractor = "EXTRACT(a)", buckets = { bounds = [1], width = 1 } } }
  }
  expect_failures = [var.log_metrics]
}

run "sinks_have_names_of_their_form" {
  command = plan
  variables {
    log_sinks = { "a b" = { bucket = "x" } }
  }
  expect_failures = [var.log_sinks]
}

run "sinks_go_to_one_place" {
  command = plan
  variables {
    log_sinks = { thing = { bucket = "x", topic = "projects/p/topics/t" } }
  }
  expect_failures = [var.log_sinks]
}

run "log_buckets_have_ids_of_their_form" {
  command = plan
  variables {
    log_buckets = { _Required = {} }
  }
  expect_failures = [var.log_buckets]
}

run "retention_has_its_bounds" {
  command = plan
  variables {
    log_buckets = { thing = { retention_days = 4000 } }
  }
  expect_failures = [var.log_buckets]
}

run "audited_services_have_their_form" {
  command = plan
  variables {
    audit_logs = { run = { log_types = ["DATA_READ"] } }
  }
  expect_failures = [var.audit_logs]
}

run "audit_logs_have_known_types" {
  command = plan
  variables {
    audit_logs = { "run.googleapis.com" = { log_types = ["READ"] } }
  }
  expect_failures = [var.audit_logs]
}

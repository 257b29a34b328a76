variables {
  project_id = "atm-dev"
}

# log_metrics: counters and distributions (explicit, growing or even buckets), labels with their extractors
run "metrics_of_both_kinds" {
  command = plan
  variables {
    log_metrics = {
      "orders/sent" = { filter = "jsonPayload.event=\"order_sent\"", labels = { symbol = { extractor = "EXTRACT(jsonPayload.symbol)" } } }
      "latency"     = { filter = "jsonPayload.ms>0", value_extractor = "EXTRACT(jsonPayload.ms)", unit = "ms", buckets = { growth_factor = 2, scale = 1, count = 20 } }
      "sizes"       = { filter = "x", value_extractor = "EXTRACT(a)", buckets = { bounds = [1, 10, 100] } }
      "even"        = { filter = "x", value_extractor = "EXTRACT(a)", buckets = { offset = 0, width = 5, count = 10 } }
    }
  }
  assert {
    condition     = { for id, metric in google_logging_metric.this : id => metric.metric_descriptor[0].value_type } == { "orders/sent" = "INT64", latency = "DISTRIBUTION", sizes = "DISTRIBUTION", even = "DISTRIBUTION" }
    error_message = "A value makes a distribution."
  }
  assert {
    condition     = google_logging_metric.this["orders/sent"].label_extractors == tomap({ symbol = "EXTRACT(jsonPayload.symbol)" })
    error_message = "By symbol."
  }
  assert {
    condition     = google_logging_metric.this["latency"].bucket_options[0].exponential_buckets[0].growth_factor == 2 && google_logging_metric.this["even"].bucket_options[0].linear_buckets[0].width == 5 && length(google_logging_metric.this["sizes"].bucket_options[0].explicit_buckets[0].bounds) == 3
    error_message = "Buckets of each kind."
  }
}

# log_sinks: to a dataset (partitioned tables), a bucket or a topic, with exclusions and a writer of the project's own
# grants of sinks: the writer may write to the one destination, and nowhere else
run "sinks_to_each_destination" {
  command = plan
  variables {
    log_sinks = {
      audit   = { dataset = "projects/atm-dev/datasets/audit", filter = "logName:\"cloudaudit.googleapis.com\"", exclusions = { noise = { filter = "severity<INFO" } } }
      archive = { bucket = "atm-dev-logs" }
      live    = { topic = "projects/atm-dev/topics/logs" }
      second  = { topic = "projects/atm-dev/topics/logs" }
    }
  }
  assert {
    condition     = { for id, sink in google_logging_project_sink.this : id => sink.destination } == { audit = "bigquery.googleapis.com/projects/atm-dev/datasets/audit", archive = "storage.googleapis.com/atm-dev-logs", live = "pubsub.googleapis.com/projects/atm-dev/topics/logs", second = "pubsub.googleapis.com/projects/atm-dev/topics/logs" }
    error_message = "Each goes where it should."
  }
  assert {
    condition     = google_logging_project_sink.this["audit"].bigquery_options[0].use_partitioned_tables && google_logging_project_sink.this["audit"].exclusions[0].name == "noise"
    error_message = "One partitioned table a log, without the noise."
  }
  assert {
    condition     = google_bigquery_dataset_iam_member.writer["projects/atm-dev/datasets/audit"].dataset_id == "audit" && google_storage_bucket_iam_member.writer["atm-dev-logs"].role == "roles/storage.objectCreator" && length(google_pubsub_topic_iam_member.writer) == 1
    error_message = "The writer may write there, granted once."
  }
}

# log_buckets: retention, analytics, a lock, views; Google's own _Default too
run "log_buckets_with_views" {
  command = plan
  variables {
    log_buckets = {
      _Default = { retention_days = 60 }
      audit    = { location = "asia-south1", retention_days = 1825, analytics = true, locked = true, views = { orders = { filter = "LOG_ID(\"orders\")" } } }
    }
  }
  assert {
    condition     = google_logging_project_bucket_config.this["_Default"].location == "global" && google_logging_project_bucket_config.this["audit"].retention_days == 1825 && google_logging_project_bucket_config.this["audit"].locked
    error_message = "Five years, for ever."
  }
  assert {
    condition     = google_logging_log_view.this["audit/orders"].filter == "LOG_ID(\"orders\")"
    error_message = "A view of orders."
  }
}

# audit_logs: reads and writes of data are recorded, per API, but for some members
run "data_accesses_are_recorded" {
  command = plan
  variables {
    audit_logs = { "bigquery.googleapis.com" = { log_types = ["DATA_READ", "DATA_WRITE"], exempted = ["user:ann@example.com"] } }
  }
  assert {
    condition     = toset([for log in google_project_iam_audit_config.this["bigquery.googleapis.com"].audit_log_config : log.log_type]) == toset(["DATA_READ", "DATA_WRITE"])
    error_message = "Both."
  }
}

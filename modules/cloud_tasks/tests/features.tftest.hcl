variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

# rate limits: dispatches a second, and at once
# retries: attempts, how long, and a backoff that doubles
# paused: made, or brought to rest, without dispatching
# log_sampling_ratio: the share of operations that is logged
# deletion_protection: on by default: with a queue go its tasks, and its name for days
run "a_queue_with_a_pace" {
  command = plan
  variables {
    queues = {
      orders = {
        paused                    = true
        max_dispatches_per_second = 9.5
        max_concurrent_dispatches = 3
        max_attempts              = -1
        max_retry_duration        = "600s"
        min_backoff               = "1s"
        max_backoff               = "60s"
        max_doublings             = 4
        log_sampling_ratio        = 0.5
      }
      plain = { deletion_protection = false }
    }
  }
  assert {
    condition     = google_cloud_tasks_queue.this["orders"].rate_limits[0].max_dispatches_per_second == 9.5 && google_cloud_tasks_queue.this["orders"].rate_limits[0].max_concurrent_dispatches == 3
    error_message = "Its pace."
  }
  assert {
    condition     = google_cloud_tasks_queue.this["orders"].retry_config[0].max_attempts == -1 && google_cloud_tasks_queue.this["orders"].retry_config[0].max_retry_duration == "600s" && google_cloud_tasks_queue.this["orders"].retry_config[0].max_doublings == 4
    error_message = "It tries again."
  }
  assert {
    condition     = google_cloud_tasks_queue.this["orders"].desired_state == "PAUSED" && google_cloud_tasks_queue.this["plain"].desired_state == "RUNNING"
    error_message = "One is paused."
  }
  assert {
    condition     = google_cloud_tasks_queue.this["orders"].stackdriver_logging_config[0].sampling_ratio == 0.5 && length(google_cloud_tasks_queue.this["plain"].stackdriver_logging_config) == 0
    error_message = "Half of what happens is logged."
  }
  assert {
    condition     = google_cloud_tasks_queue.this["orders"].deletion_policy == "PREVENT" && google_cloud_tasks_queue.this["plain"].deletion_policy == "DELETE"
    error_message = "Protected unless said otherwise."
  }
  assert {
    condition     = output.ids["orders"] == "projects/atm-dev/locations/asia-south1/queues/orders" && output.names["orders"] == "orders"
    error_message = "Ids and names are known at plan."
  }
}

# target: all tasks go to one host, with a path, a query, a method and headers where these are given
# target with oidc: an ID token, by default for the host
run "tasks_go_to_one_service" {
  command = plan
  variables {
    queues = {
      orders = {
        target = {
          uri     = "https://risk.example.com:8443"
          path    = "/check"
          query   = "dry=1"
          method  = "PUT"
          headers = { X-Kind = "order" }
          oidc    = { service_account = "runner@atm-dev.iam.gserviceaccount.com" }
        }
      }
      gentle = { target = { uri = "http://example.com", only_if_missing = true } }
    }
  }
  assert {
    condition     = google_cloud_tasks_queue.this["orders"].http_target[0].uri_override[0].scheme == "HTTPS" && google_cloud_tasks_queue.this["orders"].http_target[0].uri_override[0].host == "risk.example.com" && google_cloud_tasks_queue.this["orders"].http_target[0].uri_override[0].port == "8443"
    error_message = "Scheme, host and port of the address."
  }
  assert {
    condition     = google_cloud_tasks_queue.this["orders"].http_target[0].uri_override[0].path_override[0].path == "/check" && google_cloud_tasks_queue.this["orders"].http_target[0].uri_override[0].query_override[0].query_params == "dry=1"
    error_message = "Path and query."
  }
  assert {
    condition     = google_cloud_tasks_queue.this["orders"].http_target[0].http_method == "PUT" && google_cloud_tasks_queue.this["orders"].http_target[0].header_overrides[0].header[0].value == "order"
    error_message = "Method and headers."
  }
  assert {
    condition     = google_cloud_tasks_queue.this["orders"].http_target[0].oidc_token[0].audience == "https://risk.example.com:8443" && google_cloud_tasks_queue.this["orders"].http_target[0].uri_override[0].uri_override_enforce_mode == "ALWAYS"
    error_message = "A token for the host."
  }
  assert {
    condition     = google_cloud_tasks_queue.this["gentle"].http_target[0].uri_override[0].uri_override_enforce_mode == "IF_NOT_EXISTS" && google_cloud_tasks_queue.this["gentle"].http_target[0].uri_override[0].scheme == "HTTP"
    error_message = "Tasks with an address keep it."
  }
}

# target with oauth: an access token, for Google's APIs
run "tasks_call_an_api" {
  command = plan
  variables {
    queues = { runs = { target = { uri = "https://run.googleapis.com", oauth = { service_account = "runner@atm-dev.iam.gserviceaccount.com" } } } }
  }
  assert {
    condition     = google_cloud_tasks_queue.this["runs"].http_target[0].oauth_token[0].scope == "https://www.googleapis.com/auth/cloud-platform" && length(google_cloud_tasks_queue.this["runs"].http_target[0].oidc_token) == 0
    error_message = "Google's APIs take an access token."
  }
}

# grants: additive, one member resource a thing, grant and member; the same role for the same member twice is refused
run "who_may_add_tasks" {
  command = plan
  variables {
    queues = {
      orders = { grants = { add = { role = "roles/cloudtasks.enqueuer", members = ["group:quants@example.com", "user:ann@example.com"] } } }
    }
  }
  assert {
    condition     = google_cloud_tasks_queue_iam_member.this["orders/add/user:ann@example.com"].role == "roles/cloudtasks.enqueuer" && length(google_cloud_tasks_queue_iam_member.this) == 2
    error_message = "One a member."
  }
}

# name: another than the id, while Google keeps the name of a queue that was deleted
run "a_queue_may_have_another_name" {
  command = plan
  variables {
    queues = { orders = { name = "orders-2" } }
  }
  assert {
    condition     = google_cloud_tasks_queue.this["orders"].name == "orders-2" && output.names["orders"] == "orders-2"
    error_message = "Its own."
  }
}

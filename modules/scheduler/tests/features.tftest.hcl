variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

# cron: five fields, each checked, in a time zone
# http with oauth: an access token, for Google's APIs
# retry, attempt_deadline, paused: as Cloud Scheduler has them
run "a_schedule_starts_a_workflow" {
  command = plan
  variables {
    schedules = {
      daily-strategy = {
        cron             = "0 18 * * 1-5"
        time_zone        = "Asia/Kolkata"
        attempt_deadline = "320s"
        retry            = { count = 3, min_backoff = "10s" }
        http = {
          uri     = "https://workflowexecutions.googleapis.com/v1/projects/atm-dev/locations/asia-south1/workflows/daily-strategy/executions"
          body    = jsonencode({ argument = "{}" })
          headers = { "Content-Type" = "application/json" }
          oauth   = { service_account = "scheduler@atm-dev.iam.gserviceaccount.com" }
        }
      }
    }
  }
  assert {
    condition     = google_cloud_scheduler_job.this["daily-strategy"].schedule == "0 18 * * 1-5" && google_cloud_scheduler_job.this["daily-strategy"].time_zone == "Asia/Kolkata" && google_cloud_scheduler_job.this["daily-strategy"].attempt_deadline == "320s"
    error_message = "At six in the evening of India, on working days."
  }
  assert {
    condition     = jsondecode(base64decode(google_cloud_scheduler_job.this["daily-strategy"].http_target[0].body)).argument == "{}" && google_cloud_scheduler_job.this["daily-strategy"].http_target[0].http_method == "POST"
    error_message = "The body is sent in base 64."
  }
  assert {
    condition     = google_cloud_scheduler_job.this["daily-strategy"].http_target[0].oauth_token[0].scope == "https://www.googleapis.com/auth/cloud-platform" && length(google_cloud_scheduler_job.this["daily-strategy"].http_target[0].oidc_token) == 0
    error_message = "Google's APIs take an access token."
  }
  assert {
    condition     = google_cloud_scheduler_job.this["daily-strategy"].retry_config[0].retry_count == 3 && google_cloud_scheduler_job.this["daily-strategy"].retry_config[0].min_backoff_duration == "10s"
    error_message = "Retries."
  }
  assert {
    condition     = output.ids["daily-strategy"] == "projects/atm-dev/locations/asia-south1/jobs/daily-strategy" && output.names["daily-strategy"] == "daily-strategy"
    error_message = "Ids and names are known at plan."
  }
}

# http with oidc: any address, with an ID token
run "a_schedule_calls_a_service" {
  command = plan
  variables {
    schedules = {
      wake = {
        cron   = "*/15 9-15 * JAN,jul mon-fri"
        paused = true
        http   = { uri = "https://dashboard.example.com/wake", method = "GET", oidc = { service_account = "scheduler@atm-dev.iam.gserviceaccount.com" } }
      }
      report = {
        cron = "0 20 1,15 * *"
        http = { uri = "https://dashboard.example.com/report", oidc = { service_account = "scheduler@atm-dev.iam.gserviceaccount.com", audience = "https://dashboard.example.com" } }
      }
    }
  }
  assert {
    condition     = google_cloud_scheduler_job.this["wake"].http_target[0].oidc_token[0].audience == "https://dashboard.example.com/wake" && google_cloud_scheduler_job.this["report"].http_target[0].oidc_token[0].audience == "https://dashboard.example.com"
    error_message = "The audience is the uri, unless it is given."
  }
  assert {
    condition     = google_cloud_scheduler_job.this["wake"].paused && google_cloud_scheduler_job.this["wake"].http_target[0].body == null
    error_message = "Paused, without a body."
  }
}

# pubsub: data and attributes as plain text
run "a_schedule_publishes" {
  command = plan
  variables {
    schedules = {
      tick = { cron = "* * * * *", pubsub = { topic = "projects/atm-dev/topics/ticks", data = "tick", attributes = { source = "scheduler" } } }
    }
  }
  assert {
    condition     = google_cloud_scheduler_job.this["tick"].pubsub_target[0].data == base64encode("tick") && google_cloud_scheduler_job.this["tick"].pubsub_target[0].attributes == tomap({ source = "scheduler" })
    error_message = "The message is in base 64, with its attributes."
  }
}

variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

# criteria, path_patterns: what an event's attributes must equal, or match with * and **
# service: a Cloud Run service of the region, at a path
# location: where the events are, which may be a multi-region or global
# retry: on by default; off, a service gets each event once
# labels: the module's and the thing's own, which win
run "events_of_storage_reach_a_service" {
  command = plan
  variables {
    labels = { team = "quant" }
    triggers = {
      quotes = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        path_patterns   = { subject = "objects/**" }
        service         = "engine"
        path            = "/quotes"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        location        = "eu"
        content_type    = "application/json"
        retry           = false
        labels          = { tier = "gold" }
      }
    }
  }
  assert {
    condition     = length(google_eventarc_trigger.this["quotes"].matching_criteria) == 3 && one([for c in google_eventarc_trigger.this["quotes"].matching_criteria : c.operator if c.attribute == "subject"]) == "match-path-pattern"
    error_message = "Two equal, one matches."
  }
  assert {
    condition     = google_eventarc_trigger.this["quotes"].destination[0].cloud_run_service[0].service == "engine" && google_eventarc_trigger.this["quotes"].destination[0].cloud_run_service[0].path == "/quotes" && google_eventarc_trigger.this["quotes"].destination[0].cloud_run_service[0].region == "asia-south1"
    error_message = "It leads to the service."
  }
  assert {
    condition     = google_eventarc_trigger.this["quotes"].location == "eu" && google_eventarc_trigger.this["quotes"].retry_policy[0].max_attempts == 1
    error_message = "Events of Europe, each once."
  }
  assert {
    condition     = google_eventarc_trigger.this["quotes"].labels == tomap({ team = "quant", tier = "gold" })
    error_message = "Both labels."
  }
  assert {
    condition     = output.ids["quotes"] == "projects/atm-dev/locations/eu/triggers/quotes" && output.names["quotes"] == "quotes"
    error_message = "Ids and names are known at plan."
  }
}

# workflow: started with the event as its argument
# topic: whose messages are the events
run "messages_start_a_workflow" {
  command = plan
  variables {
    triggers = {
      signals = {
        criteria        = { type = "google.cloud.pubsub.topic.v1.messagePublished" }
        topic           = "projects/atm-dev/topics/signals"
        workflow        = "projects/atm-dev/locations/asia-south1/workflows/daily"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  assert {
    condition     = google_eventarc_trigger.this["signals"].destination[0].workflow == "projects/atm-dev/locations/asia-south1/workflows/daily" && google_eventarc_trigger.this["signals"].transport[0].pubsub[0].topic == "projects/atm-dev/topics/signals"
    error_message = "From the topic to the workflow."
  }
  assert {
    condition     = google_eventarc_trigger.this["signals"].location == "asia-south1" && length(google_eventarc_trigger.this["signals"].retry_policy) == 0
    error_message = "In the region, tried again."
  }
}

# storage_events: Cloud Storage's own agent may publish them; Eventarc makes the topic, so the role is the project's
run "storage_may_publish" {
  command = plan
  variables {
    project_number = "123456789012"
    storage_events = true
  }
  assert {
    condition     = google_project_iam_member.storage["roles/pubsub.publisher"].member == "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"
    error_message = "Its own agent."
  }
}

variables {
  project_id = "atm-dev"
}

# default: no API is enabled
run "nothing_by_default" {
  command = plan
  assert {
    condition     = output.ids == {}
    error_message = "No services, no resources."
  }
}

# APIs: a set of names, each checked to be a full one; destroy leaves them enabled
run "enables_each_api_and_leaves_it_enabled" {
  command = plan
  variables {
    services = ["run.googleapis.com", "pubsub.googleapis.com"]
  }
  assert {
    condition     = toset(keys(google_project_service.this)) == toset(["run.googleapis.com", "pubsub.googleapis.com"])
    error_message = "One resource an API."
  }
  assert {
    condition     = alltrue([for service in values(google_project_service.this) : service.disable_on_destroy == false && service.project == "atm-dev"])
    error_message = "Destroy leaves APIs enabled."
  }
  assert {
    condition     = output.ids["run.googleapis.com"] == "atm-dev/run.googleapis.com" && output.names["run.googleapis.com"] == "run.googleapis.com"
    error_message = "Ids and names are known at plan."
  }
}

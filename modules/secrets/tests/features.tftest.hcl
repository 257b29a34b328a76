variables {
  project_id = "atm-dev"
  labels     = { environment = "dev" }
}

# replication: chosen by Google, unless locations are given
run "a_secret_without_settings" {
  command = plan
  variables {
    secrets = { kite_api_key = {} }
  }
  assert {
    condition     = length(google_secret_manager_secret.this["kite_api_key"].replication[0].auto) == 1
    error_message = "Google chooses the replicas."
  }
  assert {
    condition     = length(google_secret_manager_secret_version.placeholder) == 0
    error_message = "No version without a placeholder."
  }
  assert {
    condition     = output.ids == { kite_api_key = "projects/atm-dev/secrets/kite_api_key" } && output.names == { kite_api_key = "kite_api_key" }
    error_message = "Ids and names are known at plan."
  }
}

# locations: the replicas are there, and nowhere else
# rotation: a period and a first time; topics are told
# labels: the module's and the thing's own, which win
run "replicas_rotation_and_labels" {
  command = plan
  variables {
    secrets = {
      database = {
        locations = ["asia-south1", "asia-south2"]
        topics    = ["projects/atm-dev/topics/rotation"]
        rotation  = { period = "2592000s", next_time = "2027-01-01T00:00:00Z" }
        labels    = { environment = "dev-2", owner = "quant" }
      }
    }
  }
  assert {
    condition     = google_secret_manager_secret.this["database"].replication[0].user_managed[0].replicas[*].location == tolist(["asia-south1", "asia-south2"])
    error_message = "One replica a location."
  }
  assert {
    condition     = google_secret_manager_secret.this["database"].rotation[0].rotation_period == "2592000s" && google_secret_manager_secret.this["database"].topics[0].name == "projects/atm-dev/topics/rotation"
    error_message = "The topic is told of rotation."
  }
  assert {
    condition     = google_secret_manager_secret.this["database"].labels == tomap({ environment = "dev-2", owner = "quant" })
    error_message = "A secret's own labels win."
  }
}

# placeholder: a first version that says "unset", so that a service can start
run "a_placeholder_is_a_first_version" {
  command = plan
  variables {
    secrets = { kite_api_key = { placeholder = true }, other = {} }
  }
  assert {
    condition     = keys(google_secret_manager_secret_version.placeholder) == ["kite_api_key"] && nonsensitive(google_secret_manager_secret_version.placeholder["kite_api_key"].secret_data) == "unset"
    error_message = "Only the secret that asks has a version, which says \"unset\"."
  }
}

# grants: additive, one member resource a thing, grant and member; the same role for the same member twice is refused
run "two_secrets_may_share_the_name_of_a_grant" {
  command = plan
  variables {
    secrets = {
      one = { grants = { read = { role = "roles/secretmanager.secretAccessor", members = ["group:quants@example.com"] } } }
      two = { grants = { read = { role = "roles/secretmanager.secretAccessor", members = ["group:quants@example.com"] } } }
    }
  }
  assert {
    condition     = keys(google_secret_manager_secret_iam_member.this) == ["one/read/group:quants@example.com", "two/read/group:quants@example.com"]
    error_message = "Each secret has its grant."
  }
}

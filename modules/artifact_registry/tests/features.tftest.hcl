variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

# formats: DOCKER, PYTHON, NPM, MAVEN, GO, GENERIC
# immutable_tags: a tag of an image never moves (DOCKER)
# clean-up: delete_older_than, except the keep_count newest
# labels: the module's and the thing's own, which win
run "a_repository_of_images" {
  command = plan
  variables {
    labels       = { environment = "dev" }
    repositories = { images = { immutable_tags = true, keep_count = 10, delete_older_than = "2592000s" } }
  }
  assert {
    condition     = google_artifact_registry_repository.this["images"].format == "DOCKER" && google_artifact_registry_repository.this["images"].location == "asia-south1"
    error_message = "DOCKER, in the region, by default."
  }
  assert {
    condition     = google_artifact_registry_repository.this["images"].docker_config[0].immutable_tags
    error_message = "Tags are immutable."
  }
  assert {
    condition     = toset([for policy in google_artifact_registry_repository.this["images"].cleanup_policies : policy.action]) == toset(["KEEP", "DELETE"])
    error_message = "Both clean-up policies are there."
  }
  assert {
    condition     = output.hosts["images"] == "asia-south1-docker.pkg.dev/atm-dev/images" && output.ids["images"] == "projects/atm-dev/locations/asia-south1/repositories/images"
    error_message = "Ids and hosts are known at plan."
  }
  assert {
    condition     = google_artifact_registry_repository.this["images"].labels == tomap({ environment = "dev" })
    error_message = "The module's labels are on it."
  }
}

# location: the module's region, unless given
run "a_repository_elsewhere_of_another_format" {
  command = plan
  variables {
    repositories = { wheels = { format = "PYTHON", location = "asia-south2" } }
  }
  assert {
    condition     = google_artifact_registry_repository.this["wheels"].location == "asia-south2" && length(google_artifact_registry_repository.this["wheels"].docker_config) == 0
    error_message = "Its own location, and nothing of Docker's."
  }
}

# grants: additive, one member resource a thing, grant and member; the same role for the same member twice is refused
run "grants_with_and_without_a_condition" {
  command = plan
  variables {
    repositories = {
      images = {
        grants = {
          pull = { role = "roles/artifactregistry.reader", members = ["serviceAccount:run@atm-dev.iam.gserviceaccount.com"] }
          office = {
            role      = "roles/artifactregistry.reader"
            members   = ["serviceAccount:run@atm-dev.iam.gserviceaccount.com"]
            condition = { title = "this year", expression = "request.time < timestamp(\"2027-01-01T00:00:00Z\")" }
          }
        }
      }
    }
  }
  assert {
    condition     = google_artifact_registry_repository_iam_member.this["images/office/serviceAccount:run@atm-dev.iam.gserviceaccount.com"].condition[0].title == "this year"
    error_message = "The condition is on its grant."
  }
  assert {
    condition     = length(google_artifact_registry_repository_iam_member.this["images/pull/serviceAccount:run@atm-dev.iam.gserviceaccount.com"].condition) == 0
    error_message = "And on no other: what differs in its condition isn't given twice."
  }
}

variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

run "a_project_id_of_google" {
  command = plan
  variables {
    project_id = "1"
  }
  expect_failures = [var.project_id]
}

run "a_region_by_name" {
  command = plan
  variables {
    region = "India"
  }
  expect_failures = [var.region]
}

run "an_id_is_lower_case" {
  command = plan
  variables {
    repositories = {
      Images = {
      }
    }
  }
  expect_failures = [var.repositories]
}

run "a_format_is_known" {
  command = plan
  variables {
    repositories = {
      thing = {
        format = "docker"
      }
    }
  }
  expect_failures = [var.repositories]
}

run "a_location_is_a_region" {
  command = plan
  variables {
    repositories = {
      thing = {
        location = "India"
      }
    }
  }
  expect_failures = [var.repositories]
}

run "immutable_tags_are_for_docker" {
  command = plan
  variables {
    repositories = {
      thing = {
        format         = "PYTHON"
        immutable_tags = true
      }
    }
  }
  expect_failures = [var.repositories]
}

run "keep_count_is_positive" {
  command = plan
  variables {
    repositories = {
      thing = {
        keep_count = 0
      }
    }
  }
  expect_failures = [var.repositories]
}

run "keep_count_is_whole" {
  command = plan
  variables {
    repositories = {
      thing = {
        keep_count = 1.5
      }
    }
  }
  expect_failures = [var.repositories]
}

run "delete_older_than_is_in_seconds" {
  command = plan
  variables {
    repositories = {
      thing = {
        delete_older_than = "30d"
      }
    }
  }
  expect_failures = [var.repositories]
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Owner = "quant" }
  }
  expect_failures = [var.labels]
}

run "labels_of_repositories_are_lower_case" {
  command = plan
  variables {
    repositories = {
      thing = {
        labels = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_artifact_registry_repository.this]
}

run "labels_of_repositories_are_64_at_most" {
  command = plan
  variables {
    repositories = {
      thing = {
        labels = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_artifact_registry_repository.this]
}

run "repositories_grants_have_a_role" {
  command = plan
  variables {
    repositories = {
      thing = {
        grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  expect_failures = [google_artifact_registry_repository_iam_member.this]
}

run "repositories_grants_have_members" {
  command = plan
  variables {
    repositories = {
      thing = {
        grants = { read = { role = "roles/viewer", members = [] } }
      }
    }
  }
  expect_failures = [google_artifact_registry_repository_iam_member.this]
}

run "repositories_grants_have_resolved_members" {
  command = plan
  variables {
    repositories = {
      thing = {
        grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
      }
    }
  }
  expect_failures = [google_artifact_registry_repository_iam_member.this]
}

run "repositories_grants_have_whole_conditions" {
  command = plan
  variables {
    repositories = {
      thing = {
        grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
      }
    }
  }
  expect_failures = [google_artifact_registry_repository_iam_member.this]
}

run "repositories_grants_give_a_role_once" {
  command = plan
  variables {
    repositories = {
      thing = {
        grants = {
          one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
          two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
        }
      }
    }
  }
  expect_failures = [google_artifact_registry_repository_iam_member.this]
}

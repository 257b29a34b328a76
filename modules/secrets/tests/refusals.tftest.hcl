variables {
  project_id = "atm-dev"
}

run "a_project_id_of_google" {
  command = plan
  variables {
    project_id = "1"
  }
  expect_failures = [var.project_id]
}

run "an_id_has_no_dots" {
  command = plan
  variables {
    secrets = {
      "kite.api" = {
      }
    }
  }
  expect_failures = [var.secrets]
}

run "locations_are_regions" {
  command = plan
  variables {
    secrets = {
      thing = {
        locations = ["India"]
      }
    }
  }
  expect_failures = [var.secrets]
}

run "locations_are_there_once" {
  command = plan
  variables {
    secrets = {
      thing = {
        locations = ["asia-south1", "asia-south1"]
      }
    }
  }
  expect_failures = [var.secrets]
}

run "topics_are_ten_at_most" {
  command = plan
  variables {
    secrets = {
      thing = {
        topics = [for n in range(11) : "projects/atm-dev/topics/topic-${n}"]
      }
    }
  }
  expect_failures = [var.secrets]
}

run "topics_are_there_once" {
  command = plan
  variables {
    secrets = {
      thing = {
        topics = ["projects/atm-dev/topics/rotation", "projects/atm-dev/topics/rotation"]
      }
    }
  }
  expect_failures = [var.secrets]
}

run "topics_are_full_names" {
  command = plan
  variables {
    secrets = {
      thing = {
        topics = ["shared-services/rotation"]
      }
    }
  }
  expect_failures = [var.secrets]
}

run "rotation_needs_a_topic" {
  command = plan
  variables {
    secrets = {
      thing = {
        rotation = { period = "86400s", next_time = "2027-01-01T00:00:00Z" }
      }
    }
  }
  expect_failures = [var.secrets]
}

run "rotation_takes_an_hour" {
  command = plan
  variables {
    secrets = {
      thing = {
        topics   = ["projects/atm-dev/topics/rotation"]
        rotation = { period = "60s", next_time = "2027-01-01T00:00:00Z" }
      }
    }
  }
  expect_failures = [var.secrets]
}

run "rotation_period_is_in_seconds" {
  command = plan
  variables {
    secrets = {
      thing = {
        topics   = ["projects/atm-dev/topics/rotation"]
        rotation = { period = "30d", next_time = "2027-01-01T00:00:00Z" }
      }
    }
  }
  expect_failures = [var.secrets]
}

run "next_time_is_in_utc" {
  command = plan
  variables {
    secrets = {
      thing = {
        topics   = ["projects/atm-dev/topics/rotation"]
        rotation = { period = "86400s", next_time = "2027-01-01T00:00:00+05:30" }
      }
    }
  }
  expect_failures = [var.secrets]
}

run "next_time_is_a_time" {
  command = plan
  variables {
    secrets = {
      thing = {
        topics   = ["projects/atm-dev/topics/rotation"]
        rotation = { period = "86400s", next_time = "2027-13-01T00:00:00Z" }
      }
    }
  }
  expect_failures = [var.secrets]
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Owner = "quant" }
  }
  expect_failures = [var.labels]
}

run "labels_of_secrets_are_lower_case" {
  command = plan
  variables {
    secrets = {
      thing = {
        labels = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_secret_manager_secret.this]
}

run "labels_of_secrets_are_64_at_most" {
  command = plan
  variables {
    secrets = {
      thing = {
        labels = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_secret_manager_secret.this]
}

run "secrets_grants_have_a_role" {
  command = plan
  variables {
    secrets = {
      thing = {
        grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  expect_failures = [google_secret_manager_secret_iam_member.this]
}

run "secrets_grants_have_members" {
  command = plan
  variables {
    secrets = {
      thing = {
        grants = { read = { role = "roles/viewer", members = [] } }
      }
    }
  }
  expect_failures = [google_secret_manager_secret_iam_member.this]
}

run "secrets_grants_have_resolved_members" {
  command = plan
  variables {
    secrets = {
      thing = {
        grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
      }
    }
  }
  expect_failures = [google_secret_manager_secret_iam_member.this]
}

run "secrets_grants_have_whole_conditions" {
  command = plan
  variables {
    secrets = {
      thing = {
        grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
      }
    }
  }
  expect_failures = [google_secret_manager_secret_iam_member.this]
}

run "secrets_grants_give_a_role_once" {
  command = plan
  variables {
    secrets = {
      thing = {
        grants = {
          one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
          two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
        }
      }
    }
  }
  expect_failures = [google_secret_manager_secret_iam_member.this]
}

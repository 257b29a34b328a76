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

run "queues_grants_have_a_role" {
  command = plan
  variables {
    queues = {
      thing = {
        grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  expect_failures = [google_cloud_tasks_queue_iam_member.this]
}

run "queues_grants_have_members" {
  command = plan
  variables {
    queues = {
      thing = {
        grants = { read = { role = "roles/viewer", members = [] } }
      }
    }
  }
  expect_failures = [google_cloud_tasks_queue_iam_member.this]
}

run "queues_grants_have_resolved_members" {
  command = plan
  variables {
    queues = {
      thing = {
        grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
      }
    }
  }
  expect_failures = [google_cloud_tasks_queue_iam_member.this]
}

run "queues_grants_have_whole_conditions" {
  command = plan
  variables {
    queues = {
      thing = {
        grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
      }
    }
  }
  expect_failures = [google_cloud_tasks_queue_iam_member.this]
}

run "queues_grants_give_a_role_once" {
  command = plan
  variables {
    queues = {
      thing = {
        grants = {
          one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
          two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
        }
      }
    }
  }
  expect_failures = [google_cloud_tasks_queue_iam_member.this]
}

run "an_id_has_letters_digits_and_hyphens" {
  command = plan
  variables {
    queues = { "a_b" = {} }
  }
  expect_failures = [var.queues]
}

run "dispatches_a_second_are_500_at_most" {
  command = plan
  variables {
    queues = {
      thing = {
        max_dispatches_per_second = 501
      }
    }
  }
  expect_failures = [var.queues]
}

run "concurrent_dispatches_are_whole" {
  command = plan
  variables {
    queues = {
      thing = {
        max_concurrent_dispatches = 1.5
      }
    }
  }
  expect_failures = [var.queues]
}

run "attempts_are_not_none" {
  command = plan
  variables {
    queues = {
      thing = {
        max_attempts = 0
      }
    }
  }
  expect_failures = [var.queues]
}

run "durations_are_in_seconds" {
  command = plan
  variables {
    queues = {
      thing = {
        max_retry_duration = "5m"
      }
    }
  }
  expect_failures = [var.queues]
}

run "backoff_grows" {
  command = plan
  variables {
    queues = {
      thing = {
        min_backoff = "2s"
        max_backoff = "1s"
      }
    }
  }
  expect_failures = [var.queues]
}

run "doublings_are_one_at_least" {
  command = plan
  variables {
    queues = {
      thing = {
        max_doublings = 0
      }
    }
  }
  expect_failures = [var.queues]
}

run "a_sampling_ratio_is_a_share" {
  command = plan
  variables {
    queues = {
      thing = {
        log_sampling_ratio = 1.5
      }
    }
  }
  expect_failures = [var.queues]
}

run "a_target_is_scheme_and_host" {
  command = plan
  variables {
    queues = {
      thing = {
        target = { uri = "https://example.com/path" }
      }
    }
  }
  expect_failures = [var.queues]
}

run "a_path_begins_with_a_slash" {
  command = plan
  variables {
    queues = {
      thing = {
        target = { uri = "https://example.com", path = "run" }
      }
    }
  }
  expect_failures = [var.queues]
}

run "a_query_is_not_empty" {
  command = plan
  variables {
    queues = {
      thing = {
        target = { uri = "https://example.com", query = "" }
      }
    }
  }
  expect_failures = [var.queues]
}

run "a_method_is_known" {
  command = plan
  variables {
    queues = {
      thing = {
        target = { uri = "https://example.com", method = "FETCH" }
      }
    }
  }
  expect_failures = [var.queues]
}

run "a_target_has_one_token" {
  command = plan
  variables {
    queues = {
      thing = {
        target = { uri = "https://example.com", oauth = { service_account = "a@example.com" }, oidc = { service_account = "a@example.com" } }
      }
    }
  }
  expect_failures = [var.queues]
}

run "an_account_is_an_address" {
  command = plan
  variables {
    queues = {
      thing = {
        target = { uri = "https://example.com", oidc = { service_account = "runner" } }
      }
    }
  }
  expect_failures = [var.queues]
}

run "a_name_is_letters_digits_and_hyphens" {
  command = plan
  variables {
    queues = { orders = { name = "orders_2" } }
  }
  expect_failures = [var.queues]
}

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

run "an_id_has_no_dots" {
  command = plan
  variables {
    schedules = {
      "daily.run" = {
        cron = "0 18 * * 1-5"
        http = { uri = "https://example.com/run" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_description_is_short" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron        = "0 18 * * 1-5"
        http        = { uri = "https://example.com/run" }
        description = format("%501s", "x")
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_cron_has_five_fields" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 18 * * 1 2026"
        http = { uri = "https://example.com/run" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_cron_minute_is_below_60" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "60 18 * * *"
        http = { uri = "https://example.com/run" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_cron_hour_is_below_24" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 24 * * *"
        http = { uri = "https://example.com/run" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_cron_day_is_below_32" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 18 32 * *"
        http = { uri = "https://example.com/run" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_cron_month_is_below_13" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 18 * 13 *"
        http = { uri = "https://example.com/run" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_cron_day_of_week_is_below_8" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 18 * * 8"
        http = { uri = "https://example.com/run" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_cron_range_ends_after_it_begins" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 18 * * 5-1"
        http = { uri = "https://example.com/run" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_cron_step_is_positive" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "*/0 18 * * *"
        http = { uri = "https://example.com/run" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_time_zone_is_of_the_tz_database" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron      = "0 18 * * 1-5"
        http      = { uri = "https://example.com/run" }
        time_zone = "India time"
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_deadline_is_half_an_hour_at_most" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron             = "0 18 * * 1-5"
        http             = { uri = "https://example.com/run" }
        attempt_deadline = "1801s"
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_deadline_is_in_seconds" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron             = "0 18 * * 1-5"
        http             = { uri = "https://example.com/run" }
        attempt_deadline = "3m"
      }
    }
  }
  expect_failures = [var.schedules]
}

run "retries_are_five_at_most" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron  = "0 18 * * 1-5"
        http  = { uri = "https://example.com/run" }
        retry = { count = 6 }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_backoff_is_in_seconds" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron  = "0 18 * * 1-5"
        http  = { uri = "https://example.com/run" }
        retry = { min_backoff = "5m" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "backoffs_are_in_order" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron  = "0 18 * * 1-5"
        http  = { uri = "https://example.com/run" }
        retry = { min_backoff = "60s", max_backoff = "30s" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "one_target" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron   = "0 18 * * 1-5"
        http   = { uri = "https://example.com/run" }
        pubsub = { topic = "projects/atm-dev/topics/ticks", data = "x" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_target_at_all" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 18 * * 1-5"
        http = null
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_uri_is_http" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 18 * * 1-5"
        http = { uri = "strategy-engine/daily" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_uri_has_no_unresolved_reference" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 18 * * 1-5"
        http = { uri = "https://$${region}.example.com" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_method_is_known" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 18 * * 1-5"
        http = { uri = "https://example.com/run", method = "FETCH" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_get_has_no_body" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 18 * * 1-5"
        http = { uri = "https://example.com/run", method = "GET", body = "{}" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "one_token" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 18 * * 1-5"
        http = { uri = "https://example.com/run", oauth = { service_account = "scheduler@atm-dev.iam.gserviceaccount.com" }, oidc = { service_account = "scheduler@atm-dev.iam.gserviceaccount.com" } }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_service_account_is_an_email" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron = "0 18 * * 1-5"
        http = { uri = "https://example.com/run", oidc = { service_account = "strategy-engine/scheduler" } }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_topic_is_a_full_name" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron   = "0 18 * * 1-5"
        http   = null
        pubsub = { topic = "shared-services/ticks", data = "x" }
      }
    }
  }
  expect_failures = [var.schedules]
}

run "a_message_is_not_empty" {
  command = plan
  variables {
    schedules = {
      thing = {
        cron   = "0 18 * * 1-5"
        http   = null
        pubsub = { topic = "projects/atm-dev/topics/ticks" }
      }
    }
  }
  expect_failures = [var.schedules]
}

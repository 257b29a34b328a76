variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Owner = "quant" }
  }
  expect_failures = [var.labels]
}

run "labels_of_redis_instances_are_lower_case" {
  command = plan
  variables {
    redis_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        labels  = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_redis_instance.this]
}

run "labels_of_redis_instances_are_64_at_most" {
  command = plan
  variables {
    redis_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        labels  = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_redis_instance.this]
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

run "a_name_is_lower_case" {
  command = plan
  variables {
    redis_instances = {
      Cache = {
        network = "projects/atm-dev/global/networks/main"
      }
    }
  }
  expect_failures = [var.redis_instances]
}

run "a_tier_is_known" {
  command = plan
  variables {
    redis_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        tier    = "HA"
      }
    }
  }
  expect_failures = [var.redis_instances]
}

run "memory_is_in_whole_gb" {
  command = plan
  variables {
    redis_instances = {
      thing = {
        network        = "projects/atm-dev/global/networks/main"
        memory_size_gb = 0.5
      }
    }
  }
  expect_failures = [var.redis_instances]
}

run "a_version_is_known" {
  command = plan
  variables {
    redis_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        version = "REDIS_5_0"
      }
    }
  }
  expect_failures = [var.redis_instances]
}

run "a_display_name_is_short" {
  command = plan
  variables {
    redis_instances = {
      thing = {
        network      = "projects/atm-dev/global/networks/main"
        display_name = join("", [for n in range(81) : "x"])
      }
    }
  }
  expect_failures = [var.redis_instances]
}

run "five_replicas_at_most" {
  command = plan
  variables {
    redis_instances = {
      thing = {
        network        = "projects/atm-dev/global/networks/main"
        tier           = "STANDARD_HA"
        memory_size_gb = 5
        read_replicas  = 6
      }
    }
  }
  expect_failures = [var.redis_instances]
}

run "replicas_are_of_standard_ha" {
  command = plan
  variables {
    redis_instances = {
      thing = {
        network       = "projects/atm-dev/global/networks/main"
        read_replicas = 1
      }
    }
  }
  expect_failures = [var.redis_instances]
}

run "a_snapshot_period_is_known" {
  command = plan
  variables {
    redis_instances = {
      thing = {
        network         = "projects/atm-dev/global/networks/main"
        snapshot_period = "1h"
      }
    }
  }
  expect_failures = [var.redis_instances]
}

run "a_window_is_on_a_day" {
  command = plan
  variables {
    redis_instances = {
      thing = {
        network            = "projects/atm-dev/global/networks/main"
        maintenance_window = { day = "SOMEDAY", hour = 3 }
      }
    }
  }
  expect_failures = [var.redis_instances]
}

run "a_key_is_named_in_full" {
  command = plan
  variables {
    redis_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        kms_key = "data"
      }
    }
  }
  expect_failures = [var.redis_instances]
}

run "a_network_is_named_in_full" {
  command = plan
  variables {
    redis_instances = { thing = { network = "main" } }
  }
  expect_failures = [var.redis_instances]
}

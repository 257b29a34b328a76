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

run "labels_of_sql_instances_are_lower_case" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        labels  = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_sql_database_instance.this]
}

run "labels_of_sql_instances_are_64_at_most" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        labels  = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_sql_database_instance.this]
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
    sql_instances = {
      Orders = {
        network = "projects/atm-dev/global/networks/main"
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_version_is_known" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        version = "POSTGRES_9_6"
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "an_edition_is_known" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        edition = "PLUS"
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_tier_fits_its_edition" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        edition = "ENTERPRISE_PLUS"
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_tier_is_a_machine" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        tier    = "n2-standard-2"
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_disk_type_is_known" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network   = "projects/atm-dev/global/networks/main"
        disk_type = "NVME"
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_disk_has_10_gb" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network      = "projects/atm-dev/global/networks/main"
        disk_size_gb = 5
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_limit_is_whole" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network                  = "projects/atm-dev/global/networks/main"
        disk_autoresize_limit_gb = 0.5
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_start_time_is_a_time" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network           = "projects/atm-dev/global/networks/main"
        backup_start_time = "6pm"
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_backup_location_is_a_place" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network         = "projects/atm-dev/global/networks/main"
        backup_location = "India"
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "one_backup_is_retained" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network          = "projects/atm-dev/global/networks/main"
        backups_retained = 0
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "logs_are_kept_a_week_at_most" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network            = "projects/atm-dev/global/networks/main"
        log_retention_days = 14
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "recovery_needs_backups" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        backups = false
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "high_availability_needs_recovery" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network                = "projects/atm-dev/global/networks/main"
        high_availability      = true
        point_in_time_recovery = false
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_window_is_on_a_day" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network            = "projects/atm-dev/global/networks/main"
        maintenance_window = { day = 0, hour = 3 }
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "insights_have_limits" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network  = "projects/atm-dev/global/networks/main"
        insights = { query_string_length = 10 }
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "the_iam_flag_is_a_switch" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        flags   = { "cloudsql.iam_authentication" = "on" }
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "an_ssl_mode_is_safe" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network  = "projects/atm-dev/global/networks/main"
        ssl_mode = "ALLOW_UNENCRYPTED_AND_ENCRYPTED"
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_key_is_named_in_full" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        kms_key = "data"
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_database_has_a_name" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network   = "projects/atm-dev/global/networks/main"
        databases = { "order book" = {} }
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_user_is_an_account" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        users   = ["postgres"]
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_user_is_there_once" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network = "projects/atm-dev/global/networks/main"
        users   = ["router@atm-dev.iam.gserviceaccount.com", "router@atm-dev.iam.gserviceaccount.com"]
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "users_log_in_by_iam" {
  command = plan
  variables {
    sql_instances = {
      thing = {
        network            = "projects/atm-dev/global/networks/main"
        iam_authentication = false
        users              = ["router@atm-dev.iam.gserviceaccount.com"]
      }
    }
  }
  expect_failures = [var.sql_instances]
}

run "a_network_is_named_in_full" {
  command = plan
  variables {
    sql_instances = { thing = { network = "main" } }
  }
  expect_failures = [var.sql_instances]
}

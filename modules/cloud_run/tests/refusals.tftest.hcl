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

run "a_service_s_id_is_lower_case" {
  command = plan
  variables {
    services = {
      Strategy = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_id_has_49_characters_at_most" {
  command = plan
  variables {
    services = {
      a-name-that-is-just-a-little-longer-than-it-may-be = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_image_has_no_unresolved_reference" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "$${region}-docker.pkg.dev/atm-dev/images/app"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_service_account_is_an_email" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine/strategy-engine"
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_cpu_is_in_vcpus" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "two"
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_memory_has_a_unit" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        memory          = "512M"
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_variable_is_a_name" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { "LOG-LEVEL" = "INFO" }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_port_is_cloud_run_s" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { PORT = "80" }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_variable_is_plain_or_secret" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { KEY = "a" }
        secrets         = { KEY = { secret = "key" } }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_variable_has_no_unresolved_reference" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { PROJECT = "$${project_id}" }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_secret_is_an_id" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        secrets         = { KEY = { secret = "shared services/key" } }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_secret_version_is_a_number" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        secrets         = { KEY = { secret = "key", version = "newest" } }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_has_1_2_4_6_or_8_cpus" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "3"
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service.this]
}

run "a_service_has_80_millis_at_least" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "79m"
        memory          = "128Mi"
        concurrency     = 1
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service.this]
}

run "a_service_with_one_cpu_has_4_gib_at_most" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        memory          = "5Gi"
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service.this]
}

run "a_service_with_four_cpus_has_2_gib_at_least" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "4"
        memory          = "1Gi"
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service.this]
}

run "a_service_below_half_a_cpu_has_512_mib_at_most" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "250m"
        memory          = "1Gi"
        concurrency     = 1
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service.this]
}

run "a_job_s_id_is_lower_case" {
  command = plan
  variables {
    jobs = {
      Strategy = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_id_has_49_characters_at_most" {
  command = plan
  variables {
    jobs = {
      a-name-that-is-just-a-little-longer-than-it-may-be = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_image_has_no_unresolved_reference" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "$${region}-docker.pkg.dev/atm-dev/images/app"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_service_account_is_an_email" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine/strategy-engine"
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_cpu_is_in_vcpus" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "two"
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_memory_has_a_unit" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        memory          = "512M"
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_variable_is_a_name" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { "LOG-LEVEL" = "INFO" }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_port_is_cloud_run_s" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { PORT = "80" }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_variable_is_plain_or_secret" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { KEY = "a" }
        secrets         = { KEY = { secret = "key" } }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_variable_has_no_unresolved_reference" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { PROJECT = "$${project_id}" }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_secret_is_an_id" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        secrets         = { KEY = { secret = "shared services/key" } }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_secret_version_is_a_number" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        secrets         = { KEY = { secret = "key", version = "newest" } }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_has_1_2_4_6_or_8_cpus" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "3"
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job.this]
}

run "a_job_has_80_millis_at_least" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "79m"
        memory          = "128Mi"
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job.this]
}

run "a_job_with_one_cpu_has_4_gib_at_most" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        memory          = "5Gi"
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job.this]
}

run "a_job_with_four_cpus_has_2_gib_at_least" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "4"
        memory          = "1Gi"
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job.this]
}

run "a_job_below_half_a_cpu_has_512_mib_at_most" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "250m"
        memory          = "1Gi"
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job.this]
}

run "concurrency_above_1_needs_a_cpu" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "0.5"
        concurrency     = 50
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service.this]
}

run "cpu_always_needs_a_cpu" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "500m"
        concurrency     = 1
        cpu_idle        = false
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service.this]
}

run "a_port_is_a_port" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        port            = 65536
      }
    }
  }
  expect_failures = [var.services]
}

run "max_instances_is_positive" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        max_instances   = 0
      }
    }
  }
  expect_failures = [var.services]
}

run "max_instances_is_1000_at_most" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        max_instances   = 1001
      }
    }
  }
  expect_failures = [var.services]
}

run "min_is_at_most_max" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        min_instances   = 2
      }
    }
  }
  expect_failures = [var.services]
}

run "a_concurrency_is_1000_at_most" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        concurrency     = 1001
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_timeout_is_an_hour_at_most" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        timeout         = "3601s"
      }
    }
  }
  expect_failures = [var.services]
}

run "an_ingress_is_known" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        ingress         = "public"
      }
    }
  }
  expect_failures = [var.services]
}

run "a_startup_probe_s_path_begins_with_a_slash" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        startup_probe   = { path = "health" }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_startup_probe_waits_240_seconds_at_most" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        startup_probe   = { path = "/health", initial_delay_seconds = 241 }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_startup_probe_fails_once_at_least" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        startup_probe   = { path = "/health", failure_threshold = 0 }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_startup_probe_times_out_within_its_period" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        startup_probe   = { path = "/health", timeout_seconds = 20, period_seconds = 10 }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_liveness_probe_s_path_begins_with_a_slash" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        liveness_probe  = { path = "health" }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_liveness_probe_waits_240_seconds_at_most" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        liveness_probe  = { path = "/health", initial_delay_seconds = 241 }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_liveness_probe_fails_once_at_least" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        liveness_probe  = { path = "/health", failure_threshold = 0 }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_liveness_probe_times_out_within_its_period" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        liveness_probe  = { path = "/health", timeout_seconds = 20, period_seconds = 10 }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_startup_probe_s_period_is_240_at_most" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        startup_probe   = { path = "/health", period_seconds = 241 }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_job_has_a_task" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        tasks           = 0
      }
    }
  }
  expect_failures = [var.jobs]
}

run "parallelism_is_tasks_at_most" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        tasks           = 2
        parallelism     = 3
      }
    }
  }
  expect_failures = [var.jobs]
}

run "retries_are_ten_at_most" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        max_retries     = 11
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_timeout_is_a_week_at_most" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        timeout         = "604801s"
      }
    }
  }
  expect_failures = [var.jobs]
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Owner = "quant" }
  }
  expect_failures = [var.labels]
}

run "labels_of_services_are_lower_case" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        labels          = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service.this]
}

run "labels_of_services_are_64_at_most" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        labels          = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service.this]
}

run "services_grants_have_a_role" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants          = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service_iam_member.this]
}

run "services_grants_have_members" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants          = { read = { role = "roles/viewer", members = [] } }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service_iam_member.this]
}

run "services_grants_have_resolved_members" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants          = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service_iam_member.this]
}

run "services_callers_are_resolved_members" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        callers         = { functions = "allUsers" }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service_iam_member.caller]
}

run "services_grants_have_whole_conditions" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants          = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service_iam_member.this]
}

run "services_grants_give_a_role_once" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants = {
          one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
          two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
        }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service_iam_member.this]
}

run "labels_of_jobs_are_lower_case" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        labels          = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job.this]
}

run "labels_of_jobs_are_64_at_most" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        labels          = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job.this]
}

run "jobs_grants_have_a_role" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants          = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job_iam_member.this]
}

run "jobs_grants_have_members" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants          = { read = { role = "roles/viewer", members = [] } }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job_iam_member.this]
}

run "jobs_grants_have_resolved_members" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants          = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job_iam_member.this]
}

run "jobs_grants_have_whole_conditions" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants          = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job_iam_member.this]
}

run "jobs_grants_give_a_role_once" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants = {
          one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
          two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
        }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job_iam_member.this]
}

run "a_service_s_side_car_is_not_the_main_container" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        sidecars        = { app = { image = "proxy:1" } }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_waits_for_a_container_that_is_there" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        depends_on      = ["proxy"]
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_mounts_a_volume_that_is_there" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        mounts          = { "/keys" = { volume = "keys" } }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_volume_is_of_one_kind" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        volumes         = { keys = {} }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_secret_files_have_an_octal_mode" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        volumes         = { keys = { secret = { secret = "a", mode = "444" } } }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_goes_into_the_vpc_in_one_way" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        vpc_access      = { egress = "all-traffic" }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_egress_is_one_of_two" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        vpc_access      = { connector = "c", egress = "all" }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_gpu_is_one_that_cloud_run_has" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "4"
        memory          = "16Gi"
        cpu_idle        = false
        gpu             = { type = "nvidia-t4" }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_gpu_needs_room" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu_idle        = false
        gpu             = {}
      }
    }
  }
  expect_failures = [google_cloud_run_v2_service.this["thing"]]
}

run "a_service_s_launch_stage_is_one_of_three" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        launch_stage    = "EARLY"
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_annotations_are_its_own" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        annotations     = { "run.googleapis.com/ingress" = "all" }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_binary_authorization_policy_is_of_cloud_run" {
  command = plan
  variables {
    services = {
      thing = {
        image                = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account      = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        binary_authorization = { policy = "default" }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_key_has_a_full_name" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        kms_key         = "main/disk"
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_description_is_short" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        description     = join("", [for n in range(513) : "x"])
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_scales_by_hand_or_by_itself" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        service_scaling = { manual_instances = 2, max_instances = 3 }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_execution_environment_is_one_of_two" {
  command = plan
  variables {
    services = {
      thing = {
        image                 = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account       = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        execution_environment = "gen3"
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_of_the_first_generation_mounts_no_bucket" {
  command = plan
  variables {
    services = {
      thing = {
        image                 = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account       = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        execution_environment = "gen1"
        volumes               = { data = { bucket = { bucket = "atm-dev-data" } } }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_is_not_opened_to_the_world" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        ingress         = "all"
        invoker_check   = false
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_with_a_gpu_keeps_its_cpu" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "4"
        memory          = "16Gi"
        gpu             = {}
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_revision_is_named_by_its_end" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        revision        = "V1"
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_traffic_is_all_of_it" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        traffic         = { latest = { percent = 90 } }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_tag_is_given_once" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        traffic         = { latest = { percent = 100, tag = "a" }, v1 = { tag = "a" } }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_probe_asks_in_one_way" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        startup_probe   = { path = "/", tcp = true }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_side_car_s_probe_says_the_port" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        sidecars        = { proxy = { image = "proxy:1", startup_probe = { path = "/" } } }
      }
    }
  }
  expect_failures = [var.services]
}

run "a_service_s_readiness_probe_asks_in_one_way" {
  command = plan
  variables {
    services = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        readiness_probe = {}
      }
    }
  }
  expect_failures = [var.services]
}

run "a_job_s_side_car_is_not_the_main_container" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        sidecars        = { app = { image = "proxy:1" } }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_waits_for_a_container_that_is_there" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        depends_on      = ["proxy"]
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_mounts_a_volume_that_is_there" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        mounts          = { "/keys" = { volume = "keys" } }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_volume_is_of_one_kind" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        volumes         = { keys = {} }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_secret_files_have_an_octal_mode" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        volumes         = { keys = { secret = { secret = "a", mode = "444" } } }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_goes_into_the_vpc_in_one_way" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        vpc_access      = { egress = "all-traffic" }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_egress_is_one_of_two" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        vpc_access      = { connector = "c", egress = "all" }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_gpu_is_one_that_cloud_run_has" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "4"
        memory          = "16Gi"
        gpu             = { type = "nvidia-t4" }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_gpu_needs_room" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        gpu             = {}
      }
    }
  }
  expect_failures = [google_cloud_run_v2_job.this["thing"]]
}

run "a_job_s_launch_stage_is_one_of_three" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        launch_stage    = "EARLY"
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_annotations_are_its_own" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        annotations     = { "run.googleapis.com/ingress" = "all" }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_binary_authorization_policy_is_of_cloud_run" {
  command = plan
  variables {
    jobs = {
      thing = {
        image                = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account      = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        binary_authorization = { policy = "default" }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_key_has_a_full_name" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        kms_key         = "main/disk"
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_execution_environment_is_one_of_two" {
  command = plan
  variables {
    jobs = {
      thing = {
        image                 = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account       = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        execution_environment = "gen3"
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_has_no_liveness_probes" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        sidecars        = { proxy = { image = "proxy:1", liveness_probe = { path = "/", port = 80 } } }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_probe_asks_in_one_way" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        sidecars        = { proxy = { image = "proxy:1", startup_probe = { port = 80 } } }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_probe_path_is_a_path" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        sidecars        = { proxy = { image = "proxy:1", startup_probe = { path = "health", port = 80 } } }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_probe_takes_some_time" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        sidecars        = { proxy = { image = "proxy:1", startup_probe = { path = "/", port = 80, failure_threshold = 0 } } }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_probe_times_out_within_its_period" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        sidecars        = { proxy = { image = "proxy:1", startup_probe = { path = "/", port = 80, timeout_seconds = 11 } } }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_job_s_side_car_s_probe_says_the_port" {
  command = plan
  variables {
    jobs = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        sidecars        = { proxy = { image = "proxy:1", startup_probe = { path = "/" } } }
      }
    }
  }
  expect_failures = [var.jobs]
}

run "a_pool_s_id_is_lower_case" {
  command = plan
  variables {
    worker_pools = {
      Consumer = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_image_has_no_unresolved_reference" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "$${region}-docker.pkg.dev/atm-dev/images/app"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_service_account_is_an_email" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine/strategy-engine"
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_cpu_is_in_vcpus" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "two"
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_memory_has_a_unit" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        memory          = "512M"
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_variable_is_a_name" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { "LOG-LEVEL" = "INFO" }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_variable_is_not_cloud_run_s" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { PORT = "1" }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_variable_is_plain_or_a_secret" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { A = "1" }
        secrets         = { A = { secret = "a" } }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_variable_has_no_unresolved_reference" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { A = "$${region}" }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_secret_has_a_version" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        secrets         = { A = { secret = "a", version = "newest" } }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_labels_are_lower_case" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        labels          = { Tier = "x" }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_worker_pool.this["thing"]]
}

run "a_pool_s_cpu_is_one_that_cloud_run_has" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "3"
        memory          = "1Gi"
      }
    }
  }
  expect_failures = [google_cloud_run_v2_worker_pool.this["thing"]]
}

run "a_pool_s_memory_goes_with_its_cpu" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        memory          = "8Gi"
      }
    }
  }
  expect_failures = [google_cloud_run_v2_worker_pool.this["thing"]]
}

run "a_pool_s_grant_has_a_role" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants          = { g = { role = "run.viewer", members = ["serviceAccount:a@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_worker_pool_iam_member.this["thing/g/serviceAccount:a@atm-dev.iam.gserviceaccount.com"]]
}

run "a_pool_s_grant_has_members" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants          = { g = { role = "roles/run.viewer", members = ["ann"] } }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_worker_pool_iam_member.this["thing/g/ann"]]
}

run "a_pool_s_condition_has_an_expression" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants          = { g = { role = "roles/run.viewer", members = ["serviceAccount:a@atm-dev.iam.gserviceaccount.com"], condition = { title = "t", expression = "" } } }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_worker_pool_iam_member.this["thing/g/serviceAccount:a@atm-dev.iam.gserviceaccount.com"]]
}

run "a_pool_s_role_is_given_once" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        grants = {
          g = { role = "roles/run.viewer", members = ["serviceAccount:a@atm-dev.iam.gserviceaccount.com"] }
          h = { role = "roles/run.viewer", members = ["serviceAccount:a@atm-dev.iam.gserviceaccount.com"] }
        }
      }
    }
  }
  expect_failures = [google_cloud_run_v2_worker_pool_iam_member.this["thing/g/serviceAccount:a@atm-dev.iam.gserviceaccount.com"], google_cloud_run_v2_worker_pool_iam_member.this["thing/h/serviceAccount:a@atm-dev.iam.gserviceaccount.com"]]
}

run "a_pool_s_description_is_short" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        description     = join("", [for n in range(513) : "x"])
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_has_a_whole_number_of_instances" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        instances       = 1.5
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_revision_is_named_by_its_end" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        revision        = "V1"
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_splits_are_all_of_it" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        splits          = { latest = 90 }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_probe_asks_in_one_way" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        startup_probe   = { port = 80 }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_probe_path_is_a_path" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        startup_probe   = { path = "health", port = 80 }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_probe_takes_some_time" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        startup_probe   = { path = "/", port = 80, failure_threshold = 0 }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_probe_times_out_within_its_period" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        startup_probe   = { path = "/", port = 80, timeout_seconds = 11 }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_probe_says_the_port" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        startup_probe   = { path = "/" }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_side_car_is_not_the_main_container" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        sidecars        = { app = { image = "proxy:1" } }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_waits_for_a_container_that_is_there" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        depends_on      = ["proxy"]
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_mounts_a_volume_that_is_there" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        mounts          = { "/keys" = { volume = "keys" } }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_volume_is_of_one_kind" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        volumes         = { keys = {} }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_secret_files_have_an_octal_mode" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        volumes         = { keys = { secret = { secret = "a", mode = "444" } } }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_goes_into_the_vpc_in_one_way" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        vpc_access      = { egress = "all-traffic" }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_egress_is_one_of_two" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        vpc_access      = { connector = "c", egress = "all" }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_gpu_is_one_that_cloud_run_has" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "4"
        memory          = "16Gi"
        gpu             = { type = "nvidia-t4" }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_gpu_needs_room" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        gpu             = {}
      }
    }
  }
  expect_failures = [google_cloud_run_v2_worker_pool.this["thing"]]
}

run "a_pool_s_launch_stage_is_one_of_three" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        launch_stage    = "EARLY"
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_annotations_are_its_own" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        annotations     = { "run.googleapis.com/ingress" = "all" }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_binary_authorization_policy_is_of_cloud_run" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image                = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account      = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        binary_authorization = { policy = "default" }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "a_pool_s_key_has_a_full_name" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        kms_key         = "main/disk"
      }
    }
  }
  expect_failures = [var.worker_pools]
}

run "iap_grants_have_a_role" {
  command = plan
  variables {
    services = { thing = { image = "asia-south1-docker.pkg.dev/atm-dev/services/pricing:1", service_account = "pricing@atm-dev.iam.gserviceaccount.com", iap = { grants = { read = { role = "accessor", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } } } } }
  }
  expect_failures = [google_iap_web_cloud_run_service_iam_member.this]
}

run "iap_grants_have_members" {
  command = plan
  variables {
    services = { thing = { image = "asia-south1-docker.pkg.dev/atm-dev/services/pricing:1", service_account = "pricing@atm-dev.iam.gserviceaccount.com", iap = { grants = { read = { role = "roles/iap.httpsResourceAccessor", members = [] } } } } }
  }
  expect_failures = [google_iap_web_cloud_run_service_iam_member.this]
}

run "iap_grants_have_whole_conditions" {
  command = plan
  variables {
    services = { thing = { image = "asia-south1-docker.pkg.dev/atm-dev/services/pricing:1", service_account = "pricing@atm-dev.iam.gserviceaccount.com", iap = { grants = { read = { role = "roles/iap.httpsResourceAccessor", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } } } } }
  }
  expect_failures = [google_iap_web_cloud_run_service_iam_member.this]
}

run "iap_grants_give_a_role_once" {
  command = plan
  variables {
    services = { thing = { image = "asia-south1-docker.pkg.dev/atm-dev/services/pricing:1", service_account = "pricing@atm-dev.iam.gserviceaccount.com", iap = { grants = { one = { role = "roles/iap.httpsResourceAccessor", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }, two = { role = "roles/iap.httpsResourceAccessor", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } } } } }
  }
  expect_failures = [google_iap_web_cloud_run_service_iam_member.this]
}

run "a_pool_is_scaled_up" {
  command = plan
  variables {
    worker_pools = {
      thing = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        scaling         = { min_instances = 3, max_instances = 2 }
      }
    }
  }
  expect_failures = [var.worker_pools]
}

variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

# scaling: from zero, to one instance unless given
# deletion_protection: on by default
run "a_service_is_small_closed_and_protected" {
  command = plan
  variables {
    services = {
      shared-services = { image = "asia-south1-docker.pkg.dev/atm-dev/images/shared-services:1", service_account = "shared-services@atm-dev.iam.gserviceaccount.com" }
    }
  }
  assert {
    condition     = google_cloud_run_v2_service.this["shared-services"].ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY" && google_cloud_run_v2_service.this["shared-services"].deletion_protection && length(google_cloud_run_v2_service_iam_member.this) == 0
    error_message = "Reached from inside, by nobody, and not deleted by accident."
  }
  assert {
    condition     = google_cloud_run_v2_service.this["shared-services"].template[0].scaling[0].min_instance_count == 0 && google_cloud_run_v2_service.this["shared-services"].template[0].scaling[0].max_instance_count == 1
    error_message = "Scales to zero."
  }
  assert {
    condition     = google_cloud_run_v2_service.this["shared-services"].template[0].containers[0].resources[0].limits == tomap({ cpu = "1", memory = "512Mi" }) && google_cloud_run_v2_service.this["shared-services"].template[0].containers[0].resources[0].cpu_idle
    error_message = "One vCPU while a request is handled."
  }
  assert {
    condition     = output.ids.services["shared-services"] == "projects/atm-dev/locations/asia-south1/services/shared-services" && output.names.services["shared-services"] == "shared-services"
    error_message = "Ids and names are known at plan."
  }
}

# variables: plain, and from Secret Manager
# probes: startup and liveness, by HTTP
# labels: the module's and the thing's own, which win
# grants: additive, one member resource a thing, grant and member; the same role for the same member twice is refused
run "a_service_with_everything" {
  command = plan
  variables {
    labels = { environment = "dev" }
    services = {
      strategy-engine = {
        image               = "asia-south1-docker.pkg.dev/atm-dev/images/strategy-engine@sha256:0000000000000000000000000000000000000000000000000000000000000000"
        service_account     = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu                 = "2"
        memory              = "4Gi"
        command             = ["python"]
        args                = ["-m", "services.strategy_engine"]
        port                = 9000
        min_instances       = 1
        max_instances       = 10
        concurrency         = 1
        timeout             = "3600s"
        cpu_idle            = false
        startup_cpu_boost   = true
        ingress             = "internal-and-cloud-load-balancing"
        env                 = { LOG_LEVEL = "INFO", ENVIRONMENT = "dev" }
        secrets             = { KITE_API_KEY = { secret = "kite_api_key" }, DATABASE_URL = { secret = "database", version = "3" } }
        startup_probe       = { path = "/health/ready", period_seconds = 5, failure_threshold = 10 }
        liveness_probe      = { path = "/health/live" }
        deletion_protection = false
        labels              = { tier = "compute" }
        grants              = { call = { role = "roles/run.invoker", members = ["serviceAccount:scheduler@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  assert {
    condition     = { for variable in google_cloud_run_v2_service.this["strategy-engine"].template[0].containers[0].env : variable.name => variable.value if length(variable.value_source) == 0 } == { ENVIRONMENT = "dev", LOG_LEVEL = "INFO" }
    error_message = "Plain variables."
  }
  assert {
    condition = {
      for variable in google_cloud_run_v2_service.this["strategy-engine"].template[0].containers[0].env :
      variable.name => "${variable.value_source[0].secret_key_ref[0].secret}:${variable.value_source[0].secret_key_ref[0].version}" if length(variable.value_source) > 0
    } == { DATABASE_URL = "database:3", KITE_API_KEY = "kite_api_key:latest" }
    error_message = "Variables of Secret Manager."
  }
  assert {
    condition     = google_cloud_run_v2_service.this["strategy-engine"].ingress == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" && google_cloud_run_v2_service.this["strategy-engine"].labels == tomap({ environment = "dev", tier = "compute" })
    error_message = "The ingress in the API's word, and both kinds of labels."
  }
  assert {
    condition = alltrue([
      google_cloud_run_v2_service.this["strategy-engine"].template[0].timeout == "3600s",
      google_cloud_run_v2_service.this["strategy-engine"].template[0].max_instance_request_concurrency == 1,
      google_cloud_run_v2_service.this["strategy-engine"].template[0].scaling[0].max_instance_count == 10,
      google_cloud_run_v2_service.this["strategy-engine"].template[0].containers[0].ports[0].container_port == 9000,
      google_cloud_run_v2_service.this["strategy-engine"].template[0].containers[0].resources[0].startup_cpu_boost,
      !google_cloud_run_v2_service.this["strategy-engine"].template[0].containers[0].resources[0].cpu_idle,
      google_cloud_run_v2_service.this["strategy-engine"].template[0].containers[0].args == tolist(["-m", "services.strategy_engine"]),
    ])
    error_message = "The template is as it is asked for."
  }
  assert {
    condition     = google_cloud_run_v2_service.this["strategy-engine"].template[0].containers[0].startup_probe[0].http_get[0].path == "/health/ready" && google_cloud_run_v2_service.this["strategy-engine"].template[0].containers[0].startup_probe[0].failure_threshold == 10 && google_cloud_run_v2_service.this["strategy-engine"].template[0].containers[0].liveness_probe[0].period_seconds == 10
    error_message = "Both probes."
  }
  assert {
    condition     = google_cloud_run_v2_service_iam_member.this["strategy-engine/call/serviceAccount:scheduler@atm-dev.iam.gserviceaccount.com"].role == "roles/run.invoker"
    error_message = "The grant opens it."
  }
}

# sizes: cpu and memory that Cloud Run has together; a concurrency above 1 needs a whole vCPU
run "sizes_that_cloud_run_has" {
  command = plan
  variables {
    services = {
      for cpu, memory in { "0.08" = "128Mi", ".5" = "1Gi", "500m" = "512Mi", "1000m" = "4Gi", "4" = "2Gi", "8" = "32Gi" } :
      "service-${replace(cpu, ".", "-")}" => {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/app:1"
        service_account = "app@atm-dev.iam.gserviceaccount.com"
        cpu             = cpu
        memory          = memory
        concurrency     = 1
      }
    }
  }
  assert {
    condition     = length(google_cloud_run_v2_service.this) == 6
    error_message = "Each is accepted."
  }
}

# jobs: tasks, parallelism, retries
run "a_job" {
  command = plan
  variables {
    jobs = {
      backtest = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/strategy-engine:1"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        cpu             = "2"
        memory          = "4Gi"
        tasks           = 16
        parallelism     = 4
        max_retries     = 1
        timeout         = "1800s"
        env             = { MODE = "backtest" }
        secrets         = { KITE_API_KEY = { secret = "kite_api_key" } }
        grants          = { run = { role = "roles/run.invoker", members = ["group:quants@example.com"] } }
      }
    }
  }
  assert {
    condition     = google_cloud_run_v2_job.this["backtest"].template[0].task_count == 16 && google_cloud_run_v2_job.this["backtest"].template[0].parallelism == 4 && google_cloud_run_v2_job.this["backtest"].template[0].template[0].max_retries == 1
    error_message = "Tasks, at once, tried again."
  }
  assert {
    condition     = toset([for variable in google_cloud_run_v2_job.this["backtest"].template[0].template[0].containers[0].env : variable.name]) == toset(["MODE", "KITE_API_KEY"])
    error_message = "Plain and secret variables."
  }
  assert {
    condition     = keys(google_cloud_run_v2_job_iam_member.this) == ["backtest/run/group:quants@example.com"] && output.ids.jobs["backtest"] == "projects/atm-dev/locations/asia-south1/jobs/backtest"
    error_message = "The grant and the id."
  }
}

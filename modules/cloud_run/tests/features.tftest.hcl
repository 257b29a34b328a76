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
# probes: startup and liveness, by HTTP, gRPC or TCP
# labels: the module's and the thing's own, which win
# grants: additive, one member resource a thing, grant and member; the same role for the same member twice is refused
# callers: who may call a service, by a name that is known before they are, such as the identity of a connection of BigQuery
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
        callers             = { functions = "serviceAccount:bqcx-1-ab12@gcp-sa-bigquery-condel.iam.gserviceaccount.com" }
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
  assert {
    condition = (
      google_cloud_run_v2_service_iam_member.caller["strategy-engine/functions"].role == "roles/run.invoker" &&
      google_cloud_run_v2_service_iam_member.caller["strategy-engine/functions"].member == "serviceAccount:bqcx-1-ab12@gcp-sa-bigquery-condel.iam.gserviceaccount.com"
    )
    error_message = "The caller may call it."
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

# side-cars: containers beside the main one, started in the order of depends_on
# volumes: secrets as files, memory, buckets, NFS, Cloud SQL, mounted where each container says
# VPC: direct egress from a subnet with network tags, or a connector
# readiness probe: no requests while it fails; by HTTP or gRPC
# HTTP/2: h2c to the container, for gRPC
run "a_service_with_parts" {
  command = plan
  variables {
    services = {
      risk = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/risk:1"
        service_account = "risk@atm-dev.iam.gserviceaccount.com"
        http2           = true
        working_dir     = "/srv"
        depends_on      = ["proxy"]
        volumes = {
          bars    = { bucket = { bucket = "atm-dev-bars", mount_options = ["implicit-dirs"] } }
          keys    = { secret = { secret = "order-key", mode = "0440", items = { "order.key" = { version = "3", mode = "0400" } } } }
          scratch = { memory = { size_limit = "64Mi" } }
          share   = { nfs = { server = "10.0.0.2", path = "/exports" } }
          sql     = { cloud_sql = ["atm-dev:asia-south1:orders"] }
        }
        mounts = { "/secrets" = { volume = "keys" }, "/var/scratch" = { volume = "scratch", sub_path = "app" } }
        sidecars = {
          proxy = {
            image         = "asia-south1-docker.pkg.dev/atm-dev/images/proxy:1"
            cpu           = "500m"
            env           = { LEVEL = "warn" }
            mounts        = { "/var/scratch" = { volume = "scratch" } }
            startup_probe = { tcp = true, port = 9001 }
          }
        }
        vpc_access      = { subnet = "projects/atm-dev/regions/asia-south1/subnetworks/run", egress = "all-traffic", tags = ["run"] }
        startup_probe   = { grpc = "" }
        liveness_probe  = { tcp = true }
        readiness_probe = { grpc = "risk.v1.Risk", success_threshold = 1 }
      }
    }
  }
  assert {
    condition     = [for container in google_cloud_run_v2_service.this["risk"].template[0].containers : container.name] == ["app", "proxy"] && google_cloud_run_v2_service.this["risk"].template[0].containers[0].depends_on == tolist(["proxy"])
    error_message = "The main container waits for the side-car."
  }
  assert {
    condition     = google_cloud_run_v2_service.this["risk"].template[0].containers[0].ports[0].name == "h2c"
    error_message = "HTTP/2 without TLS."
  }
  assert {
    condition     = [for volume in google_cloud_run_v2_service.this["risk"].template[0].volumes : volume.name] == ["bars", "keys", "scratch", "share", "sql"] && google_cloud_run_v2_service.this["risk"].template[0].volumes[0].gcs[0].read_only && google_cloud_run_v2_service.this["risk"].template[0].volumes[1].secret[0].items[0].mode == 256 && google_cloud_run_v2_service.this["risk"].template[0].volumes[1].secret[0].default_mode == 288
    error_message = "Each kind of volume; buckets are read, and modes are octal."
  }
  assert {
    condition     = { for mount in google_cloud_run_v2_service.this["risk"].template[0].containers[0].volume_mounts : mount.mount_path => "${mount.name}:${mount.sub_path == null ? "" : mount.sub_path}" } == { "/secrets" = "keys:", "/var/scratch" = "scratch:app" }
    error_message = "Mounted where the container says."
  }
  assert {
    condition     = google_cloud_run_v2_service.this["risk"].template[0].vpc_access[0].egress == "ALL_TRAFFIC" && google_cloud_run_v2_service.this["risk"].template[0].vpc_access[0].network_interfaces[0].subnetwork == "projects/atm-dev/regions/asia-south1/subnetworks/run"
    error_message = "Out through the subnet."
  }
  assert {
    condition     = google_cloud_run_v2_service.this["risk"].template[0].containers[0].startup_probe[0].grpc[0].service == "" && google_cloud_run_v2_service.this["risk"].template[0].containers[0].liveness_probe[0].tcp_socket[0].port == 8080 && google_cloud_run_v2_service.this["risk"].template[0].containers[0].readiness_probe[0].grpc[0].service == "risk.v1.Risk"
    error_message = "By gRPC and TCP, at the container's port unless another is named."
  }
}

# traffic: split between revisions by their suffix, with tags; all to the newest, said outright, where nothing is declared
# revisions: named, or numbered by Cloud Run
# service scaling: least and most instances over all revisions, or a number by hand
# default URL: can be turned off, for what is reached through a load balancer
# IAP: Identity-Aware Proxy in front of the service, and who comes through
# GPU: of a type, with or without redundancy in a second zone
# CMEK: a key of Cloud KMS
# binary authorization: the project's policy, or one that is named
run "a_service_that_is_rolled_out_by_hand" {
  command = plan
  variables {
    services = {
      pricing = {
        image                 = "asia-south1-docker.pkg.dev/atm-dev/images/pricing:2"
        service_account       = "pricing@atm-dev.iam.gserviceaccount.com"
        description           = "Prices options."
        cpu                   = "4"
        memory                = "16Gi"
        cpu_idle              = false
        gpu                   = {}
        revision              = "v2"
        traffic               = { latest = { percent = 10, tag = "candidate" }, v1 = { percent = 90 } }
        service_scaling       = { manual_instances = 2 }
        session_affinity      = true
        execution_environment = "gen2"
        default_url           = false
        iap                   = { grants = { staff = { role = "roles/iap.httpsResourceAccessor", members = ["group:quants@example.com"] } } }
        custom_audiences      = ["https://pricing.example.com"]
        kms_key               = "projects/atm-dev/locations/asia-south1/keyRings/pricing/cryptoKeys/images"
        binary_authorization  = { policy = "projects/atm-dev/platforms/cloudRun/policies/signed" }
        client                = { name = "envctl", version = "1" }
        annotations           = { owner = "quants" }
        tags                  = { "tagKeys/1" = "tagValues/2" }
      }
      plain = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/plain:1"
        service_account = "plain@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  assert {
    condition     = [for target in google_cloud_run_v2_service.this["pricing"].traffic : "${target.revision == null ? "newest" : target.revision} ${target.percent}"] == ["newest 10", "pricing-v1 90"]
    error_message = "Revisions by the service's name and their suffix."
  }
  assert {
    condition     = google_cloud_run_v2_service.this["plain"].traffic[0].type == "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST" && google_cloud_run_v2_service.this["plain"].traffic[0].percent == 100
    error_message = "A split that is taken out of the configuration ends."
  }
  assert {
    condition     = google_cloud_run_v2_service.this["pricing"].template[0].revision == "pricing-v2" && google_cloud_run_v2_service.this["plain"].template[0].revision == null
    error_message = "Named where it is asked for."
  }
  assert {
    condition     = google_cloud_run_v2_service.this["pricing"].scaling[0].scaling_mode == "MANUAL" && google_cloud_run_v2_service.this["pricing"].scaling[0].manual_instance_count == 2
    error_message = "By hand."
  }
  assert {
    condition     = google_cloud_run_v2_service.this["pricing"].default_uri_disabled && google_cloud_run_v2_service.this["pricing"].iap_enabled && !google_cloud_run_v2_service.this["pricing"].invoker_iam_disabled && !google_cloud_run_v2_service.this["plain"].default_uri_disabled
    error_message = "Closed further; the check of the caller stays."
  }
  assert {
    condition     = google_iap_web_cloud_run_service_iam_member.this["pricing/staff/group:quants@example.com"].role == "roles/iap.httpsResourceAccessor" && !google_cloud_run_v2_service.this["plain"].iap_enabled
    error_message = "The group comes through the proxy."
  }
  assert {
    condition     = google_cloud_run_v2_service.this["pricing"].template[0].node_selector[0].accelerator == "nvidia-l4" && google_cloud_run_v2_service.this["pricing"].template[0].gpu_zonal_redundancy_disabled && google_cloud_run_v2_service.this["pricing"].template[0].containers[0].resources[0].limits["nvidia.com/gpu"] == "1"
    error_message = "A GPU."
  }
  assert {
    condition     = endswith(google_cloud_run_v2_service.this["pricing"].template[0].encryption_key, "/cryptoKeys/images") && google_cloud_run_v2_service.this["pricing"].binary_authorization[0].policy == "projects/atm-dev/platforms/cloudRun/policies/signed"
    error_message = "Encrypted, and signed."
  }
}

# worker pools: containers that always run and take no requests, with as many instances as are given, split by revision
run "a_worker_pool" {
  command = plan
  variables {
    labels = { environment = "dev" }
    worker_pools = {
      consumer = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/images/consumer:1"
        service_account = "consumer@atm-dev.iam.gserviceaccount.com"
        instances       = 2
        revision        = "v2"
        splits          = { latest = 50, v1 = 50 }
        liveness_probe  = { path = "/health", port = 8081 }
        grants          = { see = { role = "roles/run.viewer", members = ["group:quants@example.com"] } }
      }
    }
  }
  assert {
    condition     = google_cloud_run_v2_worker_pool.this["consumer"].scaling[0].manual_instance_count == 2 && google_cloud_run_v2_worker_pool.this["consumer"].deletion_protection && google_cloud_run_v2_worker_pool.this["consumer"].labels == tomap({ environment = "dev" })
    error_message = "Two instances, protected."
  }
  assert {
    condition     = [for split in google_cloud_run_v2_worker_pool.this["consumer"].instance_splits : split.percent] == [50, 50] && google_cloud_run_v2_worker_pool.this["consumer"].instance_splits[1].revision == "consumer-v1"
    error_message = "Half of them of each revision."
  }
  assert {
    condition     = keys(google_cloud_run_v2_worker_pool_iam_member.this) == ["consumer/see/group:quants@example.com"] && output.ids.worker_pools["consumer"] == "projects/atm-dev/locations/asia-south1/workerPools/consumer"
    error_message = "The grant and the id."
  }
}

# scaling of worker pools: by their load, between two bounds
run "a_worker_pool_that_is_scaled" {
  command = plan
  variables {
    worker_pools = {
      consumer = {
        image           = "asia-south1-docker.pkg.dev/atm-dev/services/consumer:1"
        service_account = "consumer@atm-dev.iam.gserviceaccount.com"
        scaling         = { min_instances = 1, max_instances = 4 }
      }
    }
  }
  assert {
    condition     = google_cloud_run_v2_worker_pool.this["consumer"].scaling[0].scaling_mode == "AUTOMATIC" && google_cloud_run_v2_worker_pool.this["consumer"].scaling[0].min_instance_count == 1 && google_cloud_run_v2_worker_pool.this["consumer"].scaling[0].max_instance_count == 4
    error_message = "One to four run."
  }
}

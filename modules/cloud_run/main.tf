locals {
  # vCPUs and MiB as numbers, by kind and id.
  sizes = {
    for kind, things in { services = var.services, jobs = var.jobs } : kind => {
      for id, thing in things : id => {
        vcpus     = endswith(thing.cpu, "m") ? tonumber(trimsuffix(thing.cpu, "m")) / 1000 : tonumber("0${thing.cpu}")
        mebibytes = tonumber(substr(thing.memory, 0, length(thing.memory) - 2)) * (endswith(thing.memory, "Gi") ? 1024 : 1)
      }
    }
  }
  # The memory that Cloud Run allows, in MiB by vCPUs; below one vCPU it depends on the half.
  smallest = { "4" = 2048, "6" = 4096, "8" = 4096 }
  largest  = { "1" = 4096, "2" = 8192, "4" = 16384, "6" = 24576, "8" = 32768 }
  memory = {
    for kind, sizes in local.sizes : kind => {
      for id, size in sizes : id => {
        smallest = lookup(local.smallest, tostring(size.vcpus), 128)
        largest  = lookup(local.largest, tostring(size.vcpus), size.vcpus < 0.5 ? 512 : 1024)
      }
    }
  }
  ingress = {
    all                               = "INGRESS_TRAFFIC_ALL"
    internal                          = "INGRESS_TRAFFIC_INTERNAL_ONLY"
    internal-and-cloud-load-balancing = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  }
}

resource "google_cloud_run_v2_service" "this" {
  for_each = var.services

  project             = var.project_id
  location            = var.region
  name                = each.key
  ingress             = local.ingress[each.value.ingress]
  deletion_protection = each.value.deletion_protection
  labels              = merge(var.labels, each.value.labels)

  template {
    service_account                  = each.value.service_account
    timeout                          = each.value.timeout
    max_instance_request_concurrency = each.value.concurrency

    scaling {
      min_instance_count = each.value.min_instances
      max_instance_count = each.value.max_instances
    }

    containers {
      image   = each.value.image
      command = each.value.command
      args    = each.value.args

      ports {
        container_port = each.value.port
      }

      resources {
        limits            = { cpu = each.value.cpu, memory = each.value.memory }
        cpu_idle          = each.value.cpu_idle
        startup_cpu_boost = each.value.startup_cpu_boost
      }

      dynamic "env" {
        for_each = each.value.env
        content {
          name  = env.key
          value = env.value
        }
      }
      dynamic "env" {
        for_each = each.value.secrets
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = env.value.secret
              version = env.value.version
            }
          }
        }
      }

      dynamic "startup_probe" {
        for_each = each.value.startup_probe[*]
        content {
          initial_delay_seconds = startup_probe.value.initial_delay_seconds
          timeout_seconds       = startup_probe.value.timeout_seconds
          period_seconds        = startup_probe.value.period_seconds
          failure_threshold     = startup_probe.value.failure_threshold
          http_get {
            path = startup_probe.value.path
          }
        }
      }

      dynamic "liveness_probe" {
        for_each = each.value.liveness_probe[*]
        content {
          initial_delay_seconds = liveness_probe.value.initial_delay_seconds
          timeout_seconds       = liveness_probe.value.timeout_seconds
          period_seconds        = liveness_probe.value.period_seconds
          failure_threshold     = liveness_probe.value.failure_threshold
          http_get {
            path = liveness_probe.value.path
          }
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))
      ])
      error_message = "services: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
    precondition {
      condition     = contains([1, 2, 4, 6, 8], local.sizes.services[each.key].vcpus) || (local.sizes.services[each.key].vcpus >= 0.08 && local.sizes.services[each.key].vcpus < 1)
      error_message = "services: ${each.key} has cpu ${each.value.cpu}; Cloud Run has 0.08 to 1, 2, 4, 6 or 8."
    }
    precondition {
      condition     = local.sizes.services[each.key].mebibytes >= local.memory.services[each.key].smallest && local.sizes.services[each.key].mebibytes <= local.memory.services[each.key].largest
      error_message = "services: ${each.key} has memory ${each.value.memory}; with cpu ${each.value.cpu} Cloud Run has ${local.memory.services[each.key].smallest}Mi to ${local.memory.services[each.key].largest}Mi."
    }
    precondition {
      condition     = each.value.concurrency == 1 || local.sizes.services[each.key].vcpus >= 1
      error_message = "services: ${each.key} has cpu ${each.value.cpu} and concurrency ${each.value.concurrency}; Cloud Run refuses a concurrency above 1 below one vCPU, so cpu is at least 1 or concurrency 1."
    }
    precondition {
      condition     = each.value.cpu_idle || local.sizes.services[each.key].vcpus >= 1
      error_message = "services: ${each.key} has cpu ${each.value.cpu} and cpu_idle false, which Cloud Run refuses below one vCPU."
    }
  }
}

resource "google_cloud_run_v2_job" "this" {
  for_each = var.jobs

  project             = var.project_id
  location            = var.region
  name                = each.key
  deletion_protection = each.value.deletion_protection
  labels              = merge(var.labels, each.value.labels)

  template {
    task_count  = each.value.tasks
    parallelism = each.value.parallelism

    template {
      service_account = each.value.service_account
      timeout         = each.value.timeout
      max_retries     = each.value.max_retries

      containers {
        image   = each.value.image
        command = each.value.command
        args    = each.value.args

        resources {
          limits = { cpu = each.value.cpu, memory = each.value.memory }
        }

        dynamic "env" {
          for_each = each.value.env
          content {
            name  = env.key
            value = env.value
          }
        }
        dynamic "env" {
          for_each = each.value.secrets
          content {
            name = env.key
            value_source {
              secret_key_ref {
                secret  = env.value.secret
                version = env.value.version
              }
            }
          }
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))
      ])
      error_message = "jobs: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
    precondition {
      condition     = contains([1, 2, 4, 6, 8], local.sizes.jobs[each.key].vcpus) || (local.sizes.jobs[each.key].vcpus >= 0.08 && local.sizes.jobs[each.key].vcpus < 1)
      error_message = "jobs: ${each.key} has cpu ${each.value.cpu}; Cloud Run has 0.08 to 1, 2, 4, 6 or 8."
    }
    precondition {
      condition     = local.sizes.jobs[each.key].mebibytes >= local.memory.jobs[each.key].smallest && local.sizes.jobs[each.key].mebibytes <= local.memory.jobs[each.key].largest
      error_message = "jobs: ${each.key} has memory ${each.value.memory}; with cpu ${each.value.cpu} Cloud Run has ${local.memory.jobs[each.key].smallest}Mi to ${local.memory.jobs[each.key].largest}Mi."
    }
  }
}

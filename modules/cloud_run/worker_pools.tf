resource "google_cloud_run_v2_worker_pool" "this" {
  for_each = var.worker_pools

  project             = var.project_id
  location            = var.region
  name                = each.key
  description         = each.value.description
  deletion_protection = each.value.deletion_protection
  labels              = merge(var.labels, each.value.labels)
  annotations         = each.value.annotations
  client              = each.value.client == null ? null : each.value.client.name
  client_version      = each.value.client == null ? null : each.value.client.version
  launch_stage        = each.value.launch_stage

  dynamic "binary_authorization" {
    for_each = each.value.binary_authorization[*]
    content {
      use_default              = binary_authorization.value.policy == null ? true : null
      policy                   = binary_authorization.value.policy
      breakglass_justification = binary_authorization.value.breakglass_justification
    }
  }

  scaling {
    scaling_mode          = each.value.scaling == null ? "MANUAL" : "AUTOMATIC"
    manual_instance_count = each.value.scaling == null ? each.value.instances : null
    min_instance_count    = each.value.scaling == null ? null : each.value.scaling.min_instances
    max_instance_count    = each.value.scaling == null ? null : each.value.scaling.max_instances
  }

  template {
    revision                      = each.value.revision == null ? null : "${each.key}-${each.value.revision}"
    service_account               = each.value.service_account
    encryption_key                = each.value.kms_key
    gpu_zonal_redundancy_disabled = each.value.gpu == null ? null : !each.value.gpu.zonal_redundancy

    dynamic "node_selector" {
      for_each = each.value.gpu[*]
      content {
        accelerator = node_selector.value.type
      }
    }
    dynamic "vpc_access" {
      for_each = each.value.vpc_access[*]
      content {
        connector = vpc_access.value.connector
        egress    = local.egress[vpc_access.value.egress]

        dynamic "network_interfaces" {
          for_each = vpc_access.value.subnet[*]
          content {
            subnetwork = network_interfaces.value
            tags       = vpc_access.value.tags
          }
        }
      }
    }
    dynamic "volumes" {
      for_each = each.value.volumes
      content {
        name = volumes.key

        dynamic "secret" {
          for_each = volumes.value.secret[*]
          content {
            secret       = secret.value.secret
            default_mode = secret.value.mode == null ? null : parseint(secret.value.mode, 8)

            dynamic "items" {
              for_each = secret.value.items
              content {
                path    = items.key
                version = items.value.version
                mode    = items.value.mode == null ? null : parseint(items.value.mode, 8)
              }
            }
          }
        }
        dynamic "empty_dir" {
          for_each = volumes.value.memory[*]
          content {
            medium     = "MEMORY"
            size_limit = empty_dir.value.size_limit
          }
        }
        dynamic "gcs" {
          for_each = volumes.value.bucket[*]
          content {
            bucket        = gcs.value.bucket
            read_only     = gcs.value.read_only
            mount_options = gcs.value.mount_options
          }
        }
        dynamic "nfs" {
          for_each = volumes.value.nfs[*]
          content {
            server    = nfs.value.server
            path      = nfs.value.path
            read_only = nfs.value.read_only
          }
        }
        dynamic "cloud_sql_instance" {
          for_each = volumes.value.cloud_sql == null ? [] : [volumes.value.cloud_sql]
          content {
            instances = cloud_sql_instance.value
          }
        }
      }
    }
    dynamic "containers" {
      for_each = local.containers.worker_pools[each.key]
      content {
        name        = containers.value.name
        image       = containers.value.image
        command     = containers.value.command
        args        = containers.value.args
        working_dir = containers.value.working_dir
        depends_on  = containers.value.depends_on

        resources {
          limits = containers.value.limits
        }

        dynamic "env" {
          for_each = containers.value.env
          content {
            name  = env.key
            value = env.value
          }
        }
        dynamic "env" {
          for_each = containers.value.secrets
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

        dynamic "volume_mounts" {
          for_each = containers.value.mounts
          content {
            mount_path = volume_mounts.key
            name       = volume_mounts.value.volume
            sub_path   = volume_mounts.value.sub_path
          }
        }

        dynamic "startup_probe" {
          for_each = containers.value.startup_probe[*]
          content {
            initial_delay_seconds = startup_probe.value.initial_delay_seconds
            timeout_seconds       = startup_probe.value.timeout_seconds
            period_seconds        = startup_probe.value.period_seconds
            failure_threshold     = startup_probe.value.failure_threshold

            dynamic "http_get" {
              for_each = startup_probe.value.path[*]
              content {
                path = http_get.value
                port = startup_probe.value.port

                dynamic "http_headers" {
                  for_each = startup_probe.value.headers
                  content {
                    name  = http_headers.key
                    value = http_headers.value
                  }
                }
              }
            }
            dynamic "grpc" {
              for_each = startup_probe.value.grpc[*]
              content {
                service = grpc.value
                port    = startup_probe.value.port
              }
            }
            dynamic "tcp_socket" {
              for_each = startup_probe.value.tcp ? [startup_probe.value.port] : []
              content {
                port = tcp_socket.value
              }
            }
          }
        }

        dynamic "liveness_probe" {
          for_each = containers.value.liveness_probe[*]
          content {
            initial_delay_seconds = liveness_probe.value.initial_delay_seconds
            timeout_seconds       = liveness_probe.value.timeout_seconds
            period_seconds        = liveness_probe.value.period_seconds
            failure_threshold     = liveness_probe.value.failure_threshold

            dynamic "http_get" {
              for_each = liveness_probe.value.path[*]
              content {
                path = http_get.value
                port = liveness_probe.value.port

                dynamic "http_headers" {
                  for_each = liveness_probe.value.headers
                  content {
                    name  = http_headers.key
                    value = http_headers.value
                  }
                }
              }
            }
            dynamic "grpc" {
              for_each = liveness_probe.value.grpc[*]
              content {
                service = grpc.value
                port    = liveness_probe.value.port
              }
            }
            dynamic "tcp_socket" {
              for_each = liveness_probe.value.tcp ? [liveness_probe.value.port] : []
              content {
                port = tcp_socket.value
              }
            }
          }
        }
      }
    }
  }

  # Said in full always: what is left out stays as it was.
  dynamic "instance_splits" {
    for_each = length(each.value.splits) == 0 ? { latest = 100 } : each.value.splits
    content {
      type     = instance_splits.key == "latest" ? "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST" : "INSTANCE_SPLIT_ALLOCATION_TYPE_REVISION"
      revision = instance_splits.key == "latest" ? null : "${each.key}-${instance_splits.key}"
      percent  = instance_splits.value
    }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "worker_pools: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
    precondition {
      condition = alltrue([
        for size in local.sizes.worker_pools[each.key] : contains([1, 2, 4, 6, 8], size.vcpus) || (size.vcpus >= 0.08 && size.vcpus < 1)
      ])
      error_message = "worker_pools: ${each.key} has cpu ${join(", ", local.sizes.worker_pools[each.key][*].cpu)}; Cloud Run has 0.08 to 1, 2, 4, 6 or 8."
    }
    precondition {
      condition = alltrue([
        for size in local.sizes.worker_pools[each.key] : size.mebibytes >= size.smallest && size.mebibytes <= size.largest
      ])
      error_message = "worker_pools: ${each.key} has memory ${join(", ", local.sizes.worker_pools[each.key][*].memory)}; with cpu ${join(", ", local.sizes.worker_pools[each.key][*].cpu)} Cloud Run has ${join(", ", [for size in local.sizes.worker_pools[each.key] : "${size.smallest}Mi to ${size.largest}Mi"])}."
    }
    precondition {
      condition     = each.value.gpu == null || (local.sizes.worker_pools[each.key][0].vcpus >= 4 && local.sizes.worker_pools[each.key][0].mebibytes >= 16384)
      error_message = "worker_pools: ${each.key} has cpu ${each.value.cpu} and memory ${each.value.memory}; a GPU needs at least 4 vCPUs and 16Gi."
    }
  }
}

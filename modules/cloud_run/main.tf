locals {
  # The containers of each thing, the main one first; it has a name only where others may wait for it.
  containers = {
    for kind, things in { services = var.services, jobs = var.jobs, worker_pools = var.worker_pools } : kind => {
      for id, thing in things : id => concat(
        [{
          main            = true
          name            = length(thing.sidecars) == 0 ? null : "app"
          image           = thing.image
          command         = thing.command
          args            = thing.args
          working_dir     = thing.working_dir
          depends_on      = thing.depends_on
          env             = thing.env
          secrets         = thing.secrets
          mounts          = thing.mounts
          limits          = merge({ cpu = thing.cpu, memory = thing.memory }, thing.gpu == null ? {} : { "nvidia.com/gpu" = "1" })
          startup_probe   = kind == "jobs" ? null : thing.startup_probe
          liveness_probe  = kind == "jobs" ? null : thing.liveness_probe
          readiness_probe = kind == "services" ? thing.readiness_probe : null
        }],
        [
          for name, sidecar in thing.sidecars : {
            main            = false
            name            = name
            image           = sidecar.image
            command         = sidecar.command
            args            = sidecar.args
            working_dir     = sidecar.working_dir
            depends_on      = sidecar.depends_on
            env             = sidecar.env
            secrets         = sidecar.secrets
            mounts          = sidecar.mounts
            limits          = { cpu = sidecar.cpu, memory = sidecar.memory }
            startup_probe   = sidecar.startup_probe
            liveness_probe  = sidecar.liveness_probe
            readiness_probe = null
          }
        ]
      )
    }
  }

  # vCPUs and MiB of each container as numbers, with the memory that Cloud Run allows.
  sizes = {
    for kind, things in local.numbers : kind => {
      for id, sizes in things : id => [
        for size in sizes : merge(size, {
          smallest = lookup(local.smallest, tostring(size.vcpus), 128)
          largest  = lookup(local.largest, tostring(size.vcpus), size.vcpus < 0.5 ? 512 : 1024)
        })
      ]
    }
  }
  numbers = {
    for kind, things in local.containers : kind => {
      for id, containers in things : id => [
        for container in containers : {
          cpu       = container.limits.cpu
          memory    = container.limits.memory
          vcpus     = endswith(container.limits.cpu, "m") ? tonumber(trimsuffix(container.limits.cpu, "m")) / 1000 : tonumber("0${container.limits.cpu}")
          mebibytes = tonumber(substr(container.limits.memory, 0, length(container.limits.memory) - 2)) * (endswith(container.limits.memory, "Gi") ? 1024 : 1)
        }
      ]
    }
  }
  # In MiB by vCPUs; below one vCPU it depends on the half.
  smallest = { "4" = 2048, "6" = 4096, "8" = 4096 }
  largest  = { "1" = 4096, "2" = 8192, "4" = 16384, "6" = 24576, "8" = 32768 }

  ingress = {
    all                               = "INGRESS_TRAFFIC_ALL"
    internal                          = "INGRESS_TRAFFIC_INTERNAL_ONLY"
    internal-and-cloud-load-balancing = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  }
  egress = {
    private-ranges-only = "PRIVATE_RANGES_ONLY"
    all-traffic         = "ALL_TRAFFIC"
  }
}

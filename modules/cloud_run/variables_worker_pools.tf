variable "worker_pools" {
  description = "Worker pools by id, which is their name: containers that always run and take no requests."
  type = map(object({
    image           = string
    cpu             = optional(string, "1")
    memory          = optional(string, "512Mi")
    command         = optional(list(string), [])
    args            = optional(list(string), [])
    working_dir     = optional(string)
    env             = optional(map(string), {})
    secrets         = optional(map(object({ secret = string, version = optional(string, "latest") })), {})
    mounts          = optional(map(object({ volume = string, sub_path = optional(string) })), {})
    depends_on      = optional(list(string), []) # containers that have started before
    service_account = string                     # e-mail
    sidecars = optional(map(object({
      image       = string
      cpu         = optional(string, "1")
      memory      = optional(string, "512Mi")
      command     = optional(list(string), [])
      args        = optional(list(string), [])
      working_dir = optional(string)
      env         = optional(map(string), {})
      secrets     = optional(map(object({ secret = string, version = optional(string, "latest") })), {})
      mounts      = optional(map(object({ volume = string, sub_path = optional(string) })), {})
      depends_on  = optional(list(string), []) # containers that have started before
      startup_probe = optional(object({
        path                  = optional(string)
        grpc                  = optional(string) # a gRPC health service, "" for the server
        port                  = optional(number)
        timeout_seconds       = optional(number, 1)
        period_seconds        = optional(number, 10)
        failure_threshold     = optional(number, 3)
        tcp                   = optional(bool, false)
        headers               = optional(map(string), {})
        initial_delay_seconds = optional(number, 0)
      }))
      liveness_probe = optional(object({
        path                  = optional(string)
        grpc                  = optional(string) # a gRPC health service, "" for the server
        port                  = optional(number)
        timeout_seconds       = optional(number, 1)
        period_seconds        = optional(number, 10)
        failure_threshold     = optional(number, 3)
        tcp                   = optional(bool, false)
        headers               = optional(map(string), {})
        initial_delay_seconds = optional(number, 0)
      }))
    })), {})
    volumes = optional(map(object({
      secret = optional(object({
        secret = string
        items = optional(map(object({
          version = optional(string, "latest")
          mode    = optional(string) # octal, such as "0444"
        })), {})
        mode = optional(string) # octal, such as "0444"
      }))
      memory    = optional(object({ size_limit = optional(string) }))
      bucket    = optional(object({ bucket = string, read_only = optional(bool, true), mount_options = optional(list(string), []) }))
      nfs       = optional(object({ server = string, path = optional(string, "/"), read_only = optional(bool, false) }))
      cloud_sql = optional(list(string)) # connection names
    })), {})
    vpc_access = optional(object({
      subnet    = optional(string) # full name
      connector = optional(string)
      egress    = optional(string, "private-ranges-only") # private-ranges-only or all-traffic
      tags      = optional(list(string), [])
    }))
    gpu                  = optional(object({ type = optional(string, "nvidia-l4"), zonal_redundancy = optional(bool, false) }))
    kms_key              = optional(string) # full name
    binary_authorization = optional(object({ policy = optional(string), breakglass_justification = optional(string) }))
    client               = optional(object({ name = string, version = optional(string) }))
    launch_stage         = optional(string, "GA") # GA, BETA or ALPHA
    annotations          = optional(map(string), {})
    deletion_protection  = optional(bool, true)
    labels               = optional(map(string), {})
    grants = optional(map(object({
      role      = string
      members   = list(string)
      condition = optional(object({ title = string, expression = string, description = optional(string) }))
    })), {})
    description = optional(string, "")
    instances   = optional(number, 1)                                                               # how many run, always
    scaling     = optional(object({ min_instances = optional(number, 0), max_instances = number })) # by load, in place of instances
    revision    = optional(string)                                                                  # the end of the revision's name
    splits      = optional(map(number), {})                                                         # percents by the revision's suffix, or "latest"
    startup_probe = optional(object({
      path                  = optional(string)
      grpc                  = optional(string) # a gRPC health service, "" for the server
      port                  = optional(number)
      timeout_seconds       = optional(number, 1)
      period_seconds        = optional(number, 10)
      failure_threshold     = optional(number, 3)
      tcp                   = optional(bool, false)
      headers               = optional(map(string), {})
      initial_delay_seconds = optional(number, 0)
    }))
    liveness_probe = optional(object({
      path                  = optional(string)
      grpc                  = optional(string) # a gRPC health service, "" for the server
      port                  = optional(number)
      timeout_seconds       = optional(number, 1)
      period_seconds        = optional(number, 10)
      failure_threshold     = optional(number, 3)
      tcp                   = optional(bool, false)
      headers               = optional(map(string), {})
      initial_delay_seconds = optional(number, 0)
    }))
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : length(id) <= 49 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "worker_pools: an id is 1 to 49 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(length(id) <= 49 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for c in concat([pool], values(pool.sidecars)) : can(regex("^[a-z0-9][^\\s$]*$", c.image))])
    ])
    error_message = "worker_pools[*].image is an image, such as \"asia-south1-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG\"; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for c in concat([pool], values(pool.sidecars)) : can(regex("^[a-z0-9][^\\s$]*$", c.image))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", pool.service_account))
    ])
    error_message = "worker_pools[*].service_account is an e-mail address; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", pool.service_account)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for c in concat([pool], values(pool.sidecars)) : can(regex("^([1-9][0-9]*m|[1-9][0-9]*|0?\\.[0-9]+)$", c.cpu))])
    ])
    error_message = "worker_pools[*].cpu is vCPUs such as \"1\", \"2\" or \"500m\"; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for c in concat([pool], values(pool.sidecars)) : can(regex("^([1-9][0-9]*m|[1-9][0-9]*|0?\\.[0-9]+)$", c.cpu))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for c in concat([pool], values(pool.sidecars)) : can(regex("^[1-9][0-9]*(Mi|Gi)$", c.memory))])
    ])
    error_message = "worker_pools[*].memory is such as \"512Mi\" or \"4Gi\"; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for c in concat([pool], values(pool.sidecars)) : can(regex("^[1-9][0-9]*(Mi|Gi)$", c.memory))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for c in concat([pool], values(pool.sidecars)) : alltrue([for name in setunion(keys(c.env), keys(c.secrets)) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))])])
    ])
    error_message = "worker_pools[*]: a variable of env or secrets is named by letters, digits and _, not begun by a digit; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for c in concat([pool], values(pool.sidecars)) : alltrue([for name in setunion(keys(c.env), keys(c.secrets)) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for c in concat([pool], values(pool.sidecars)) : alltrue([for name in setunion(keys(c.env), keys(c.secrets)) : !contains(["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"], name) && !startswith(name, "X_GOOGLE_")])])
    ])
    error_message = "worker_pools[*]: PORT, K_SERVICE, K_REVISION, K_CONFIGURATION, CLOUD_RUN_JOB, CLOUD_RUN_EXECUTION and X_GOOGLE_* are set by Cloud Run itself; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for c in concat([pool], values(pool.sidecars)) : alltrue([for name in setunion(keys(c.env), keys(c.secrets)) : !contains(["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"], name) && !startswith(name, "X_GOOGLE_")])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for c in concat([pool], values(pool.sidecars)) : length(setintersection(keys(c.env), keys(c.secrets))) == 0])
    ])
    error_message = "worker_pools[*]: a variable is in env or in secrets; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for c in concat([pool], values(pool.sidecars)) : length(setintersection(keys(c.env), keys(c.secrets))) == 0]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for c in concat([pool], values(pool.sidecars)) : alltrue([for value in values(c.env) : !strcontains(value, "$${")])])
    ])
    error_message = "worker_pools[*].env has every $${…} replaced; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for c in concat([pool], values(pool.sidecars)) : alltrue([for value in values(c.env) : !strcontains(value, "$${")])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for c in concat([pool], values(pool.sidecars)) : alltrue([for variable in values(c.secrets) : length(basename(variable.secret)) <= 255 && can(regex("^(projects/[a-z0-9-]+/secrets/)?[A-Za-z0-9_-]+$", variable.secret)) && can(regex("^(latest|[1-9][0-9]*)$", variable.version))])])
    ])
    error_message = "worker_pools[*].secrets: secret is a secret's id, version \"latest\" or a number; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for c in concat([pool], values(pool.sidecars)) : alltrue([for variable in values(c.secrets) : length(basename(variable.secret)) <= 255 && can(regex("^(projects/[a-z0-9-]+/secrets/)?[A-Za-z0-9_-]+$", variable.secret)) && can(regex("^(latest|[1-9][0-9]*)$", variable.version))])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for name in concat(keys(pool.sidecars), keys(pool.volumes)) : length(name) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", name)) && name != "app"])
    ])
    error_message = "worker_pools[*]: a side-car or a volume is named by 1 to 63 lower-case letters, digits or -, and not app; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for name in concat(keys(pool.sidecars), keys(pool.volumes)) : length(name) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", name)) && name != "app"]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for c in concat([pool], values(pool.sidecars)) : alltrue([for name in c.depends_on : contains(concat(["app"], keys(pool.sidecars)), name)])])
    ])
    error_message = "worker_pools[*].depends_on names containers: app or a side-car; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for c in concat([pool], values(pool.sidecars)) : alltrue([for name in c.depends_on : contains(concat(["app"], keys(pool.sidecars)), name)])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for c in concat([pool], values(pool.sidecars)) : alltrue([for path, mount in c.mounts : can(regex("^(/[A-Za-z0-9._-]+)+$", path)) && contains(keys(pool.volumes), mount.volume)])])
    ])
    error_message = "worker_pools[*].mounts: a full path, and a volume that is there; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for c in concat([pool], values(pool.sidecars)) : alltrue([for path, mount in c.mounts : can(regex("^(/[A-Za-z0-9._-]+)+$", path)) && contains(keys(pool.volumes), mount.volume)])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for v in values(pool.volumes) : length([for part in [v.secret, v.memory, v.bucket, v.nfs, v.cloud_sql] : part if part != null]) == 1])
    ])
    error_message = "worker_pools[*].volumes: a volume is of one kind: secret, memory, bucket, nfs or cloud_sql; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for v in values(pool.volumes) : length([for part in [v.secret, v.memory, v.bucket, v.nfs, v.cloud_sql] : part if part != null]) == 1]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for v in values(pool.volumes) : v.secret == null ? true : alltrue([for mode in concat([v.secret.mode], values(v.secret.items)[*].mode) : mode == null ? true : can(regex("^0[0-7]{3}$", mode))])])
    ])
    error_message = "worker_pools[*].volumes: the mode of a secret file is octal, such as \"0444\"; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for v in values(pool.volumes) : v.secret == null ? true : alltrue([for mode in concat([v.secret.mode], values(v.secret.items)[*].mode) : mode == null ? true : can(regex("^0[0-7]{3}$", mode))])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : pool.vpc_access == null ? true : ((pool.vpc_access.subnet == null) != (pool.vpc_access.connector == null)) && (pool.vpc_access.subnet == null ? length(pool.vpc_access.tags) == 0 : can(regex("^projects/[^/]+/regions/[^/]+/subnetworks/[^/]+$", pool.vpc_access.subnet)))
    ])
    error_message = "worker_pools[*].vpc_access has the full name of a subnet (projects/PROJECT/regions/REGION/subnetworks/SUBNET) with tags, or a connector; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(pool.vpc_access == null ? true : ((pool.vpc_access.subnet == null) != (pool.vpc_access.connector == null)) && (pool.vpc_access.subnet == null ? length(pool.vpc_access.tags) == 0 : can(regex("^projects/[^/]+/regions/[^/]+/subnetworks/[^/]+$", pool.vpc_access.subnet))))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : pool.vpc_access == null ? true : contains(["private-ranges-only", "all-traffic"], pool.vpc_access.egress)
    ])
    error_message = "worker_pools[*].vpc_access.egress is private-ranges-only or all-traffic; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(pool.vpc_access == null ? true : contains(["private-ranges-only", "all-traffic"], pool.vpc_access.egress))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : pool.gpu == null ? true : contains(["nvidia-l4", "nvidia-rtx-pro-6000"], pool.gpu.type)
    ])
    error_message = "worker_pools[*].gpu.type is nvidia-l4 or nvidia-rtx-pro-6000; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(pool.gpu == null ? true : contains(["nvidia-l4", "nvidia-rtx-pro-6000"], pool.gpu.type))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : contains(["GA", "BETA", "ALPHA"], pool.launch_stage)
    ])
    error_message = "worker_pools[*].launch_stage is GA, BETA or ALPHA; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(contains(["GA", "BETA", "ALPHA"], pool.launch_stage))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for name in keys(pool.annotations) : !can(regex("^(run.googleapis.com|cloud.googleapis.com|(serving|autoscaling).knative.dev)/", name))])
    ])
    error_message = "worker_pools[*].annotations: those of Google's own are fields of Cloud Run; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for name in keys(pool.annotations) : !can(regex("^(run.googleapis.com|cloud.googleapis.com|(serving|autoscaling).knative.dev)/", name))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : pool.binary_authorization == null ? true : pool.binary_authorization.policy == null ? true : can(regex("^projects/[^/]+/platforms/cloudRun/policies/[^/]+$", pool.binary_authorization.policy))
    ])
    error_message = "worker_pools[*].binary_authorization.policy is such as projects/PROJECT/platforms/cloudRun/policies/POLICY; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(pool.binary_authorization == null ? true : pool.binary_authorization.policy == null ? true : can(regex("^projects/[^/]+/platforms/cloudRun/policies/[^/]+$", pool.binary_authorization.policy)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : pool.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", pool.kms_key))
    ])
    error_message = "worker_pools[*].kms_key is a full name, such as projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/KEY; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(pool.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", pool.kms_key)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : length(pool.description) <= 512
    ])
    error_message = "worker_pools[*].description has at most 512 characters; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(length(pool.description) <= 512)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : pool.instances >= 0 && pool.instances <= 1000 && floor(pool.instances) == pool.instances
    ])
    error_message = "worker_pools[*].instances is a whole number from 0 to 1000; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(pool.instances >= 0 && pool.instances <= 1000 && floor(pool.instances) == pool.instances)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : pool.scaling == null ? true : pool.scaling.min_instances >= 0 && pool.scaling.min_instances <= pool.scaling.max_instances && pool.scaling.max_instances >= 1 && pool.scaling.max_instances <= 1000 && floor(pool.scaling.min_instances) == pool.scaling.min_instances && floor(pool.scaling.max_instances) == pool.scaling.max_instances
    ])
    error_message = "worker_pools[*].scaling has whole numbers: min_instances from 0 to max_instances, and that from 1 to 1000; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(pool.scaling == null ? true : pool.scaling.min_instances >= 0 && pool.scaling.min_instances <= pool.scaling.max_instances && pool.scaling.max_instances >= 1 && pool.scaling.max_instances <= 1000 && floor(pool.scaling.min_instances) == pool.scaling.min_instances && floor(pool.scaling.max_instances) == pool.scaling.max_instances)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : pool.revision == null ? true : can(regex("^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$", pool.revision))
    ])
    error_message = "worker_pools[*].revision is the end of a revision's name: lower-case letters, digits or - (at most 22); not ${join(", ", [
      for id, pool in var.worker_pools : id if !(pool.revision == null ? true : can(regex("^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$", pool.revision)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : length(pool.splits) == 0 || sum(concat([0], values(pool.splits))) == 100
    ])
    error_message = "worker_pools[*].splits adds up to 100 percent; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(length(pool.splits) == 0 || sum(concat([0], values(pool.splits))) == 100)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for probe in flatten([for c in concat([pool], values(pool.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : length([for way in [probe.path != null, probe.grpc != null, probe.tcp] : way if way]) == 1])
    ])
    error_message = "worker_pools[*]: a probe asks in one way: path, grpc or tcp; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for probe in flatten([for c in concat([pool], values(pool.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : length([for way in [probe.path != null, probe.grpc != null, probe.tcp] : way if way]) == 1]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for probe in flatten([for c in concat([pool], values(pool.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.path == null ? length(probe.headers) == 0 : startswith(probe.path, "/")])
    ])
    error_message = "worker_pools[*]: the path of a probe begins with /, and headers go with a path; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for probe in flatten([for c in concat([pool], values(pool.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.path == null ? length(probe.headers) == 0 : startswith(probe.path, "/")]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for probe in flatten([for c in concat([pool], values(pool.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.initial_delay_seconds >= 0 && probe.initial_delay_seconds <= 240 && probe.timeout_seconds >= 1 && probe.period_seconds >= 1 && probe.period_seconds <= 3600 && probe.failure_threshold >= 1])
    ])
    error_message = "worker_pools[*]: a probe has initial_delay_seconds from 0 to 240, period_seconds from 1 to 3600, timeout_seconds and failure_threshold of at least 1; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for probe in flatten([for c in concat([pool], values(pool.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.initial_delay_seconds >= 0 && probe.initial_delay_seconds <= 240 && probe.timeout_seconds >= 1 && probe.period_seconds >= 1 && probe.period_seconds <= 3600 && probe.failure_threshold >= 1]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for probe in flatten([for c in concat([pool], values(pool.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.timeout_seconds <= probe.period_seconds])
    ])
    error_message = "worker_pools[*]: the timeout_seconds of a probe is at most its period_seconds; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for probe in flatten([for c in concat([pool], values(pool.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.timeout_seconds <= probe.period_seconds]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, pool in var.worker_pools : alltrue([for probe in flatten([for c in concat([pool], values(pool.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.port != null])
    ])
    error_message = "worker_pools[*]: a probe of what has no port of its own says which; not ${join(", ", [
      for id, pool in var.worker_pools : id if !(alltrue([for probe in flatten([for c in concat([pool], values(pool.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.port != null]))
    ])}."
  }
}

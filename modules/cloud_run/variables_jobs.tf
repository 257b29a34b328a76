variable "jobs" {
  description = "Jobs by id, which is their name."
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
    tasks                 = optional(number, 1)
    parallelism           = optional(number, 0) # tasks at once; 0 lets Cloud Run choose
    max_retries           = optional(number, 3)
    timeout               = optional(string, "600s")
    execution_environment = optional(string) # gen1 or gen2
    tags                  = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, job in var.jobs : length(id) <= 49 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "jobs: an id is 1 to 49 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id, job in var.jobs : id if !(length(id) <= 49 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for c in concat([job], values(job.sidecars)) : can(regex("^[a-z0-9][^\\s$]*$", c.image))])
    ])
    error_message = "jobs[*].image is an image, such as \"asia-south1-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG\"; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for c in concat([job], values(job.sidecars)) : can(regex("^[a-z0-9][^\\s$]*$", c.image))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", job.service_account))
    ])
    error_message = "jobs[*].service_account is an e-mail address; not ${join(", ", [
      for id, job in var.jobs : id if !(can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", job.service_account)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for c in concat([job], values(job.sidecars)) : can(regex("^([1-9][0-9]*m|[1-9][0-9]*|0?\\.[0-9]+)$", c.cpu))])
    ])
    error_message = "jobs[*].cpu is vCPUs such as \"1\", \"2\" or \"500m\"; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for c in concat([job], values(job.sidecars)) : can(regex("^([1-9][0-9]*m|[1-9][0-9]*|0?\\.[0-9]+)$", c.cpu))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for c in concat([job], values(job.sidecars)) : can(regex("^[1-9][0-9]*(Mi|Gi)$", c.memory))])
    ])
    error_message = "jobs[*].memory is such as \"512Mi\" or \"4Gi\"; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for c in concat([job], values(job.sidecars)) : can(regex("^[1-9][0-9]*(Mi|Gi)$", c.memory))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for c in concat([job], values(job.sidecars)) : alltrue([for name in setunion(keys(c.env), keys(c.secrets)) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))])])
    ])
    error_message = "jobs[*]: a variable of env or secrets is named by letters, digits and _, not begun by a digit; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for c in concat([job], values(job.sidecars)) : alltrue([for name in setunion(keys(c.env), keys(c.secrets)) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for c in concat([job], values(job.sidecars)) : alltrue([for name in setunion(keys(c.env), keys(c.secrets)) : !contains(["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"], name) && !startswith(name, "X_GOOGLE_")])])
    ])
    error_message = "jobs[*]: PORT, K_SERVICE, K_REVISION, K_CONFIGURATION, CLOUD_RUN_JOB, CLOUD_RUN_EXECUTION and X_GOOGLE_* are set by Cloud Run itself; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for c in concat([job], values(job.sidecars)) : alltrue([for name in setunion(keys(c.env), keys(c.secrets)) : !contains(["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"], name) && !startswith(name, "X_GOOGLE_")])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for c in concat([job], values(job.sidecars)) : length(setintersection(keys(c.env), keys(c.secrets))) == 0])
    ])
    error_message = "jobs[*]: a variable is in env or in secrets; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for c in concat([job], values(job.sidecars)) : length(setintersection(keys(c.env), keys(c.secrets))) == 0]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for c in concat([job], values(job.sidecars)) : alltrue([for value in values(c.env) : !strcontains(value, "$${")])])
    ])
    error_message = "jobs[*].env has every $${…} replaced; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for c in concat([job], values(job.sidecars)) : alltrue([for value in values(c.env) : !strcontains(value, "$${")])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for c in concat([job], values(job.sidecars)) : alltrue([for variable in values(c.secrets) : length(basename(variable.secret)) <= 255 && can(regex("^(projects/[a-z0-9-]+/secrets/)?[A-Za-z0-9_-]+$", variable.secret)) && can(regex("^(latest|[1-9][0-9]*)$", variable.version))])])
    ])
    error_message = "jobs[*].secrets: secret is a secret's id, version \"latest\" or a number; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for c in concat([job], values(job.sidecars)) : alltrue([for variable in values(c.secrets) : length(basename(variable.secret)) <= 255 && can(regex("^(projects/[a-z0-9-]+/secrets/)?[A-Za-z0-9_-]+$", variable.secret)) && can(regex("^(latest|[1-9][0-9]*)$", variable.version))])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for name in concat(keys(job.sidecars), keys(job.volumes)) : length(name) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", name)) && name != "app"])
    ])
    error_message = "jobs[*]: a side-car or a volume is named by 1 to 63 lower-case letters, digits or -, and not app; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for name in concat(keys(job.sidecars), keys(job.volumes)) : length(name) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", name)) && name != "app"]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for c in concat([job], values(job.sidecars)) : alltrue([for name in c.depends_on : contains(concat(["app"], keys(job.sidecars)), name)])])
    ])
    error_message = "jobs[*].depends_on names containers: app or a side-car; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for c in concat([job], values(job.sidecars)) : alltrue([for name in c.depends_on : contains(concat(["app"], keys(job.sidecars)), name)])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for c in concat([job], values(job.sidecars)) : alltrue([for path, mount in c.mounts : can(regex("^(/[A-Za-z0-9._-]+)+$", path)) && contains(keys(job.volumes), mount.volume)])])
    ])
    error_message = "jobs[*].mounts: a full path, and a volume that is there; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for c in concat([job], values(job.sidecars)) : alltrue([for path, mount in c.mounts : can(regex("^(/[A-Za-z0-9._-]+)+$", path)) && contains(keys(job.volumes), mount.volume)])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for v in values(job.volumes) : length([for part in [v.secret, v.memory, v.bucket, v.nfs, v.cloud_sql] : part if part != null]) == 1])
    ])
    error_message = "jobs[*].volumes: a volume is of one kind: secret, memory, bucket, nfs or cloud_sql; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for v in values(job.volumes) : length([for part in [v.secret, v.memory, v.bucket, v.nfs, v.cloud_sql] : part if part != null]) == 1]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for v in values(job.volumes) : v.secret == null ? true : alltrue([for mode in concat([v.secret.mode], values(v.secret.items)[*].mode) : mode == null ? true : can(regex("^0[0-7]{3}$", mode))])])
    ])
    error_message = "jobs[*].volumes: the mode of a secret file is octal, such as \"0444\"; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for v in values(job.volumes) : v.secret == null ? true : alltrue([for mode in concat([v.secret.mode], values(v.secret.items)[*].mode) : mode == null ? true : can(regex("^0[0-7]{3}$", mode))])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : job.vpc_access == null ? true : ((job.vpc_access.subnet == null) != (job.vpc_access.connector == null)) && (job.vpc_access.subnet == null ? length(job.vpc_access.tags) == 0 : can(regex("^projects/[^/]+/regions/[^/]+/subnetworks/[^/]+$", job.vpc_access.subnet)))
    ])
    error_message = "jobs[*].vpc_access has the full name of a subnet (projects/PROJECT/regions/REGION/subnetworks/SUBNET) with tags, or a connector; not ${join(", ", [
      for id, job in var.jobs : id if !(job.vpc_access == null ? true : ((job.vpc_access.subnet == null) != (job.vpc_access.connector == null)) && (job.vpc_access.subnet == null ? length(job.vpc_access.tags) == 0 : can(regex("^projects/[^/]+/regions/[^/]+/subnetworks/[^/]+$", job.vpc_access.subnet))))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : job.vpc_access == null ? true : contains(["private-ranges-only", "all-traffic"], job.vpc_access.egress)
    ])
    error_message = "jobs[*].vpc_access.egress is private-ranges-only or all-traffic; not ${join(", ", [
      for id, job in var.jobs : id if !(job.vpc_access == null ? true : contains(["private-ranges-only", "all-traffic"], job.vpc_access.egress))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : job.gpu == null ? true : contains(["nvidia-l4", "nvidia-rtx-pro-6000"], job.gpu.type)
    ])
    error_message = "jobs[*].gpu.type is nvidia-l4 or nvidia-rtx-pro-6000; not ${join(", ", [
      for id, job in var.jobs : id if !(job.gpu == null ? true : contains(["nvidia-l4", "nvidia-rtx-pro-6000"], job.gpu.type))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : contains(["GA", "BETA", "ALPHA"], job.launch_stage)
    ])
    error_message = "jobs[*].launch_stage is GA, BETA or ALPHA; not ${join(", ", [
      for id, job in var.jobs : id if !(contains(["GA", "BETA", "ALPHA"], job.launch_stage))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for name in keys(job.annotations) : !can(regex("^(run.googleapis.com|cloud.googleapis.com|(serving|autoscaling).knative.dev)/", name))])
    ])
    error_message = "jobs[*].annotations: those of Google's own are fields of Cloud Run; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for name in keys(job.annotations) : !can(regex("^(run.googleapis.com|cloud.googleapis.com|(serving|autoscaling).knative.dev)/", name))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : job.binary_authorization == null ? true : job.binary_authorization.policy == null ? true : can(regex("^projects/[^/]+/platforms/cloudRun/policies/[^/]+$", job.binary_authorization.policy))
    ])
    error_message = "jobs[*].binary_authorization.policy is such as projects/PROJECT/platforms/cloudRun/policies/POLICY; not ${join(", ", [
      for id, job in var.jobs : id if !(job.binary_authorization == null ? true : job.binary_authorization.policy == null ? true : can(regex("^projects/[^/]+/platforms/cloudRun/policies/[^/]+$", job.binary_authorization.policy)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : job.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", job.kms_key))
    ])
    error_message = "jobs[*].kms_key is a full name, such as projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/KEY; not ${join(", ", [
      for id, job in var.jobs : id if !(job.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", job.kms_key)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : job.tasks >= 1 && job.tasks <= 10000 && floor(job.tasks) == job.tasks
    ])
    error_message = "jobs[*].tasks is a whole number from 1 to 10000; not ${join(", ", [
      for id, job in var.jobs : id if !(job.tasks >= 1 && job.tasks <= 10000 && floor(job.tasks) == job.tasks)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : job.parallelism >= 0 && job.parallelism <= job.tasks && floor(job.parallelism) == job.parallelism
    ])
    error_message = "jobs[*].parallelism is a whole number from 0 to tasks; not ${join(", ", [
      for id, job in var.jobs : id if !(job.parallelism >= 0 && job.parallelism <= job.tasks && floor(job.parallelism) == job.parallelism)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : job.max_retries >= 0 && job.max_retries <= 10 && floor(job.max_retries) == job.max_retries
    ])
    error_message = "jobs[*].max_retries is a whole number from 0 to 10; not ${join(", ", [
      for id, job in var.jobs : id if !(job.max_retries >= 0 && job.max_retries <= 10 && floor(job.max_retries) == job.max_retries)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", job.timeout)) ? tonumber(trimsuffix(job.timeout, "s")) >= 1 && tonumber(trimsuffix(job.timeout, "s")) <= 604800 : false
    ])
    error_message = "jobs[*].timeout is between \"1s\" and \"604800s\" (7 days); not ${join(", ", [
      for id, job in var.jobs : id if !(can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", job.timeout)) ? tonumber(trimsuffix(job.timeout, "s")) >= 1 && tonumber(trimsuffix(job.timeout, "s")) <= 604800 : false)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : job.execution_environment == null ? true : contains(["gen1", "gen2"], job.execution_environment)
    ])
    error_message = "jobs[*].execution_environment is gen1 or gen2; not ${join(", ", [
      for id, job in var.jobs : id if !(job.execution_environment == null ? true : contains(["gen1", "gen2"], job.execution_environment))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for c in values(job.sidecars) : c.liveness_probe == null])
    ])
    error_message = "jobs[*].sidecars: a job has no liveness probes; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for c in values(job.sidecars) : c.liveness_probe == null]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for probe in flatten(values(job.sidecars)[*].startup_probe[*]) : length([for way in [probe.path != null, probe.grpc != null, probe.tcp] : way if way]) == 1])
    ])
    error_message = "jobs[*]: a probe asks in one way: path, grpc or tcp; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for probe in flatten(values(job.sidecars)[*].startup_probe[*]) : length([for way in [probe.path != null, probe.grpc != null, probe.tcp] : way if way]) == 1]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for probe in flatten(values(job.sidecars)[*].startup_probe[*]) : probe.path == null ? length(probe.headers) == 0 : startswith(probe.path, "/")])
    ])
    error_message = "jobs[*]: the path of a probe begins with /, and headers go with a path; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for probe in flatten(values(job.sidecars)[*].startup_probe[*]) : probe.path == null ? length(probe.headers) == 0 : startswith(probe.path, "/")]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for probe in flatten(values(job.sidecars)[*].startup_probe[*]) : probe.initial_delay_seconds >= 0 && probe.initial_delay_seconds <= 240 && probe.timeout_seconds >= 1 && probe.period_seconds >= 1 && probe.period_seconds <= 3600 && probe.failure_threshold >= 1])
    ])
    error_message = "jobs[*]: a probe has initial_delay_seconds from 0 to 240, period_seconds from 1 to 3600, timeout_seconds and failure_threshold of at least 1; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for probe in flatten(values(job.sidecars)[*].startup_probe[*]) : probe.initial_delay_seconds >= 0 && probe.initial_delay_seconds <= 240 && probe.timeout_seconds >= 1 && probe.period_seconds >= 1 && probe.period_seconds <= 3600 && probe.failure_threshold >= 1]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for probe in flatten(values(job.sidecars)[*].startup_probe[*]) : probe.timeout_seconds <= probe.period_seconds])
    ])
    error_message = "jobs[*]: the timeout_seconds of a probe is at most its period_seconds; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for probe in flatten(values(job.sidecars)[*].startup_probe[*]) : probe.timeout_seconds <= probe.period_seconds]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : alltrue([for probe in flatten(values(job.sidecars)[*].startup_probe[*]) : probe.port != null])
    ])
    error_message = "jobs[*]: a probe of what has no port of its own says which; not ${join(", ", [
      for id, job in var.jobs : id if !(alltrue([for probe in flatten(values(job.sidecars)[*].startup_probe[*]) : probe.port != null]))
    ])}."
  }
}

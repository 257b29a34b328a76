variable "services" {
  description = "Services by id, which is their name. Closed to the world unless a grant and the ingress open them."
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
    description           = optional(string, "")
    port                  = optional(number, 8080)
    http2                 = optional(bool, false) # h2c, which gRPC needs
    min_instances         = optional(number, 0)
    max_instances         = optional(number, 1)
    service_scaling       = optional(object({ min_instances = optional(number), max_instances = optional(number), manual_instances = optional(number) }))
    concurrency           = optional(number, 80) # requests one instance handles at once
    timeout               = optional(string, "300s")
    session_affinity      = optional(bool, false)
    cpu_idle              = optional(bool, true) # CPU only while a request is handled
    startup_cpu_boost     = optional(bool, false)
    execution_environment = optional(string)             # gen1 or gen2
    ingress               = optional(string, "internal") # all, internal or internal-and-cloud-load-balancing
    default_url           = optional(bool, true)         # false: through a load balancer only
    invoker_check         = optional(bool, true)         # false: whoever reaches it may call it
    iap = optional(object({                              # Identity-Aware Proxy signs people in, and lets the members through
      grants = optional(map(object({
        role      = string # roles/iap.httpsResourceAccessor
        members   = list(string)
        condition = optional(object({ title = string, expression = string, description = optional(string) }))
      })), {})
    }))
    callers          = optional(map(string), {}) # members that may call it, by names of yours: they may be unknown at plan
    custom_audiences = optional(list(string), [])
    revision         = optional(string) # the end of the revision's name
    traffic          = optional(map(object({ percent = optional(number, 0), tag = optional(string) })), {})
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
    readiness_probe = optional(object({
      path              = optional(string)
      grpc              = optional(string) # a gRPC health service, "" for the server
      port              = optional(number)
      timeout_seconds   = optional(number, 1)
      period_seconds    = optional(number, 10)
      failure_threshold = optional(number, 3)
      success_threshold = optional(number, 2)
    }))
    tags = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, service in var.services : length(id) <= 49 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "services: an id is 1 to 49 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id, service in var.services : id if !(length(id) <= 49 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for c in concat([service], values(service.sidecars)) : can(regex("^[a-z0-9][^\\s$]*$", c.image))])
    ])
    error_message = "services[*].image is an image, such as \"asia-south1-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG\"; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for c in concat([service], values(service.sidecars)) : can(regex("^[a-z0-9][^\\s$]*$", c.image))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", service.service_account))
    ])
    error_message = "services[*].service_account is an e-mail address; not ${join(", ", [
      for id, service in var.services : id if !(can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", service.service_account)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for c in concat([service], values(service.sidecars)) : can(regex("^([1-9][0-9]*m|[1-9][0-9]*|0?\\.[0-9]+)$", c.cpu))])
    ])
    error_message = "services[*].cpu is vCPUs such as \"1\", \"2\" or \"500m\"; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for c in concat([service], values(service.sidecars)) : can(regex("^([1-9][0-9]*m|[1-9][0-9]*|0?\\.[0-9]+)$", c.cpu))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for c in concat([service], values(service.sidecars)) : can(regex("^[1-9][0-9]*(Mi|Gi)$", c.memory))])
    ])
    error_message = "services[*].memory is such as \"512Mi\" or \"4Gi\"; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for c in concat([service], values(service.sidecars)) : can(regex("^[1-9][0-9]*(Mi|Gi)$", c.memory))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for c in concat([service], values(service.sidecars)) : alltrue([for name in setunion(keys(c.env), keys(c.secrets)) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))])])
    ])
    error_message = "services[*]: a variable of env or secrets is named by letters, digits and _, not begun by a digit; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for c in concat([service], values(service.sidecars)) : alltrue([for name in setunion(keys(c.env), keys(c.secrets)) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for c in concat([service], values(service.sidecars)) : alltrue([for name in setunion(keys(c.env), keys(c.secrets)) : !contains(["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"], name) && !startswith(name, "X_GOOGLE_")])])
    ])
    error_message = "services[*]: PORT, K_SERVICE, K_REVISION, K_CONFIGURATION, CLOUD_RUN_JOB, CLOUD_RUN_EXECUTION and X_GOOGLE_* are set by Cloud Run itself; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for c in concat([service], values(service.sidecars)) : alltrue([for name in setunion(keys(c.env), keys(c.secrets)) : !contains(["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"], name) && !startswith(name, "X_GOOGLE_")])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for c in concat([service], values(service.sidecars)) : length(setintersection(keys(c.env), keys(c.secrets))) == 0])
    ])
    error_message = "services[*]: a variable is in env or in secrets; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for c in concat([service], values(service.sidecars)) : length(setintersection(keys(c.env), keys(c.secrets))) == 0]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for c in concat([service], values(service.sidecars)) : alltrue([for value in values(c.env) : !strcontains(value, "$${")])])
    ])
    error_message = "services[*].env has every $${…} replaced; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for c in concat([service], values(service.sidecars)) : alltrue([for value in values(c.env) : !strcontains(value, "$${")])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for c in concat([service], values(service.sidecars)) : alltrue([for variable in values(c.secrets) : length(basename(variable.secret)) <= 255 && can(regex("^(projects/[a-z0-9-]+/secrets/)?[A-Za-z0-9_-]+$", variable.secret)) && can(regex("^(latest|[1-9][0-9]*)$", variable.version))])])
    ])
    error_message = "services[*].secrets: secret is a secret's id, version \"latest\" or a number; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for c in concat([service], values(service.sidecars)) : alltrue([for variable in values(c.secrets) : length(basename(variable.secret)) <= 255 && can(regex("^(projects/[a-z0-9-]+/secrets/)?[A-Za-z0-9_-]+$", variable.secret)) && can(regex("^(latest|[1-9][0-9]*)$", variable.version))])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for name in concat(keys(service.sidecars), keys(service.volumes)) : length(name) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", name)) && name != "app"])
    ])
    error_message = "services[*]: a side-car or a volume is named by 1 to 63 lower-case letters, digits or -, and not app; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for name in concat(keys(service.sidecars), keys(service.volumes)) : length(name) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", name)) && name != "app"]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for c in concat([service], values(service.sidecars)) : alltrue([for name in c.depends_on : contains(concat(["app"], keys(service.sidecars)), name)])])
    ])
    error_message = "services[*].depends_on names containers: app or a side-car; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for c in concat([service], values(service.sidecars)) : alltrue([for name in c.depends_on : contains(concat(["app"], keys(service.sidecars)), name)])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for c in concat([service], values(service.sidecars)) : alltrue([for path, mount in c.mounts : can(regex("^(/[A-Za-z0-9._-]+)+$", path)) && contains(keys(service.volumes), mount.volume)])])
    ])
    error_message = "services[*].mounts: a full path, and a volume that is there; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for c in concat([service], values(service.sidecars)) : alltrue([for path, mount in c.mounts : can(regex("^(/[A-Za-z0-9._-]+)+$", path)) && contains(keys(service.volumes), mount.volume)])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for v in values(service.volumes) : length([for part in [v.secret, v.memory, v.bucket, v.nfs, v.cloud_sql] : part if part != null]) == 1])
    ])
    error_message = "services[*].volumes: a volume is of one kind: secret, memory, bucket, nfs or cloud_sql; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for v in values(service.volumes) : length([for part in [v.secret, v.memory, v.bucket, v.nfs, v.cloud_sql] : part if part != null]) == 1]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for v in values(service.volumes) : v.secret == null ? true : alltrue([for mode in concat([v.secret.mode], values(v.secret.items)[*].mode) : mode == null ? true : can(regex("^0[0-7]{3}$", mode))])])
    ])
    error_message = "services[*].volumes: the mode of a secret file is octal, such as \"0444\"; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for v in values(service.volumes) : v.secret == null ? true : alltrue([for mode in concat([v.secret.mode], values(v.secret.items)[*].mode) : mode == null ? true : can(regex("^0[0-7]{3}$", mode))])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.vpc_access == null ? true : ((service.vpc_access.subnet == null) != (service.vpc_access.connector == null)) && (service.vpc_access.subnet == null ? length(service.vpc_access.tags) == 0 : can(regex("^projects/[^/]+/regions/[^/]+/subnetworks/[^/]+$", service.vpc_access.subnet)))
    ])
    error_message = "services[*].vpc_access has the full name of a subnet (projects/PROJECT/regions/REGION/subnetworks/SUBNET) with tags, or a connector; not ${join(", ", [
      for id, service in var.services : id if !(service.vpc_access == null ? true : ((service.vpc_access.subnet == null) != (service.vpc_access.connector == null)) && (service.vpc_access.subnet == null ? length(service.vpc_access.tags) == 0 : can(regex("^projects/[^/]+/regions/[^/]+/subnetworks/[^/]+$", service.vpc_access.subnet))))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.vpc_access == null ? true : contains(["private-ranges-only", "all-traffic"], service.vpc_access.egress)
    ])
    error_message = "services[*].vpc_access.egress is private-ranges-only or all-traffic; not ${join(", ", [
      for id, service in var.services : id if !(service.vpc_access == null ? true : contains(["private-ranges-only", "all-traffic"], service.vpc_access.egress))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.gpu == null ? true : contains(["nvidia-l4", "nvidia-rtx-pro-6000"], service.gpu.type)
    ])
    error_message = "services[*].gpu.type is nvidia-l4 or nvidia-rtx-pro-6000; not ${join(", ", [
      for id, service in var.services : id if !(service.gpu == null ? true : contains(["nvidia-l4", "nvidia-rtx-pro-6000"], service.gpu.type))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : contains(["GA", "BETA", "ALPHA"], service.launch_stage)
    ])
    error_message = "services[*].launch_stage is GA, BETA or ALPHA; not ${join(", ", [
      for id, service in var.services : id if !(contains(["GA", "BETA", "ALPHA"], service.launch_stage))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for name in keys(service.annotations) : !can(regex("^(run.googleapis.com|cloud.googleapis.com|(serving|autoscaling).knative.dev)/", name))])
    ])
    error_message = "services[*].annotations: those of Google's own are fields of Cloud Run; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for name in keys(service.annotations) : !can(regex("^(run.googleapis.com|cloud.googleapis.com|(serving|autoscaling).knative.dev)/", name))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.binary_authorization == null ? true : service.binary_authorization.policy == null ? true : can(regex("^projects/[^/]+/platforms/cloudRun/policies/[^/]+$", service.binary_authorization.policy))
    ])
    error_message = "services[*].binary_authorization.policy is such as projects/PROJECT/platforms/cloudRun/policies/POLICY; not ${join(", ", [
      for id, service in var.services : id if !(service.binary_authorization == null ? true : service.binary_authorization.policy == null ? true : can(regex("^projects/[^/]+/platforms/cloudRun/policies/[^/]+$", service.binary_authorization.policy)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", service.kms_key))
    ])
    error_message = "services[*].kms_key is a full name, such as projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/KEY; not ${join(", ", [
      for id, service in var.services : id if !(service.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", service.kms_key)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : length(service.description) <= 512
    ])
    error_message = "services[*].description has at most 512 characters; not ${join(", ", [
      for id, service in var.services : id if !(length(service.description) <= 512)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.port >= 1 && service.port <= 65535 && floor(service.port) == service.port
    ])
    error_message = "services[*].port is a whole number from 1 to 65535; not ${join(", ", [
      for id, service in var.services : id if !(service.port >= 1 && service.port <= 65535 && floor(service.port) == service.port)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.min_instances >= 0 && floor(service.min_instances) == service.min_instances && service.max_instances >= 1 && service.max_instances <= 1000 && floor(service.max_instances) == service.max_instances
    ])
    error_message = "services[*]: min_instances is a whole number of at least 0, max_instances one from 1 to 1000; not ${join(", ", [
      for id, service in var.services : id if !(service.min_instances >= 0 && floor(service.min_instances) == service.min_instances && service.max_instances >= 1 && service.max_instances <= 1000 && floor(service.max_instances) == service.max_instances)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.min_instances <= service.max_instances
    ])
    error_message = "services[*].min_instances is at most max_instances; not ${join(", ", [
      for id, service in var.services : id if !(service.min_instances <= service.max_instances)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.service_scaling == null ? true : service.service_scaling.manual_instances == null || (service.service_scaling.min_instances == null && service.service_scaling.max_instances == null)
    ])
    error_message = "services[*].service_scaling has manual_instances, or min_instances and max_instances; not ${join(", ", [
      for id, service in var.services : id if !(service.service_scaling == null ? true : service.service_scaling.manual_instances == null || (service.service_scaling.min_instances == null && service.service_scaling.max_instances == null))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.concurrency >= 1 && service.concurrency <= 1000 && floor(service.concurrency) == service.concurrency
    ])
    error_message = "services[*].concurrency is a whole number from 1 to 1000; not ${join(", ", [
      for id, service in var.services : id if !(service.concurrency >= 1 && service.concurrency <= 1000 && floor(service.concurrency) == service.concurrency)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", service.timeout)) ? tonumber(trimsuffix(service.timeout, "s")) >= 1 && tonumber(trimsuffix(service.timeout, "s")) <= 3600 : false
    ])
    error_message = "services[*].timeout is between \"1s\" and \"3600s\"; not ${join(", ", [
      for id, service in var.services : id if !(can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", service.timeout)) ? tonumber(trimsuffix(service.timeout, "s")) >= 1 && tonumber(trimsuffix(service.timeout, "s")) <= 3600 : false)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.execution_environment == null ? true : contains(["gen1", "gen2"], service.execution_environment)
    ])
    error_message = "services[*].execution_environment is gen1 or gen2; not ${join(", ", [
      for id, service in var.services : id if !(service.execution_environment == null ? true : contains(["gen1", "gen2"], service.execution_environment))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.execution_environment == null ? true : service.execution_environment != "gen1" || alltrue([for v in values(service.volumes) : v.bucket == null && v.nfs == null])
    ])
    error_message = "services[*]: gen1 mounts no buckets and no NFS; not ${join(", ", [
      for id, service in var.services : id if !(service.execution_environment == null ? true : service.execution_environment != "gen1" || alltrue([for v in values(service.volumes) : v.bucket == null && v.nfs == null]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : contains(["all", "internal", "internal-and-cloud-load-balancing"], service.ingress)
    ])
    error_message = "services[*].ingress is all, internal or internal-and-cloud-load-balancing; not ${join(", ", [
      for id, service in var.services : id if !(contains(["all", "internal", "internal-and-cloud-load-balancing"], service.ingress))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.invoker_check || service.ingress != "all"
    ])
    error_message = "services[*]: invoker_check false with ingress all would open it to the world; not ${join(", ", [
      for id, service in var.services : id if !(service.invoker_check || service.ingress != "all")
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.gpu == null || !service.cpu_idle
    ])
    error_message = "services[*]: a GPU needs cpu_idle false; not ${join(", ", [
      for id, service in var.services : id if !(service.gpu == null || !service.cpu_idle)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.revision == null ? true : can(regex("^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$", service.revision))
    ])
    error_message = "services[*].revision is the end of a revision's name: lower-case letters, digits or - (at most 22); not ${join(", ", [
      for id, service in var.services : id if !(service.revision == null ? true : can(regex("^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$", service.revision)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : length(service.traffic) == 0 || sum(concat([0], values(service.traffic)[*].percent)) == 100
    ])
    error_message = "services[*].traffic adds up to 100 percent; not ${join(", ", [
      for id, service in var.services : id if !(length(service.traffic) == 0 || sum(concat([0], values(service.traffic)[*].percent)) == 100)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for name in keys(service.traffic) : can(regex("^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$", name))]) && length(distinct(compact(values(service.traffic)[*].tag))) == length(compact(values(service.traffic)[*].tag))
    ])
    error_message = "services[*].traffic is by latest or the end of a revision's name, and a tag is given once; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for name in keys(service.traffic) : can(regex("^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$", name))]) && length(distinct(compact(values(service.traffic)[*].tag))) == length(compact(values(service.traffic)[*].tag)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for probe in flatten([for c in concat([service], values(service.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : length([for way in [probe.path != null, probe.grpc != null, probe.tcp] : way if way]) == 1])
    ])
    error_message = "services[*]: a probe asks in one way: path, grpc or tcp; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for probe in flatten([for c in concat([service], values(service.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : length([for way in [probe.path != null, probe.grpc != null, probe.tcp] : way if way]) == 1]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for probe in flatten([for c in concat([service], values(service.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.path == null ? length(probe.headers) == 0 : startswith(probe.path, "/")])
    ])
    error_message = "services[*]: the path of a probe begins with /, and headers go with a path; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for probe in flatten([for c in concat([service], values(service.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.path == null ? length(probe.headers) == 0 : startswith(probe.path, "/")]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for probe in flatten([for c in concat([service], values(service.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.initial_delay_seconds >= 0 && probe.initial_delay_seconds <= 240 && probe.timeout_seconds >= 1 && probe.period_seconds >= 1 && probe.period_seconds <= 3600 && probe.failure_threshold >= 1])
    ])
    error_message = "services[*]: a probe has initial_delay_seconds from 0 to 240, period_seconds from 1 to 3600, timeout_seconds and failure_threshold of at least 1; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for probe in flatten([for c in concat([service], values(service.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.initial_delay_seconds >= 0 && probe.initial_delay_seconds <= 240 && probe.timeout_seconds >= 1 && probe.period_seconds >= 1 && probe.period_seconds <= 3600 && probe.failure_threshold >= 1]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for probe in flatten([for c in concat([service], values(service.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.timeout_seconds <= probe.period_seconds])
    ])
    error_message = "services[*]: the timeout_seconds of a probe is at most its period_seconds; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for probe in flatten([for c in concat([service], values(service.sidecars)) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.timeout_seconds <= probe.period_seconds]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for probe in flatten([for c in values(service.sidecars) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.port != null])
    ])
    error_message = "services[*]: a probe of what has no port of its own says which; not ${join(", ", [
      for id, service in var.services : id if !(alltrue([for probe in flatten([for c in values(service.sidecars) : concat(c.startup_probe[*], c.liveness_probe[*])]) : probe.port != null]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.startup_probe == null ? true : service.startup_probe.period_seconds <= 240
    ])
    error_message = "services[*].startup_probe.period_seconds is at most 240; not ${join(", ", [
      for id, service in var.services : id if !(service.startup_probe == null ? true : service.startup_probe.period_seconds <= 240)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : service.readiness_probe == null ? true : ((service.readiness_probe.path == null) != (service.readiness_probe.grpc == null)) && service.readiness_probe.timeout_seconds <= service.readiness_probe.period_seconds && service.readiness_probe.success_threshold >= 1
    ])
    error_message = "services[*].readiness_probe asks by path or grpc, with timeout_seconds of at most period_seconds; not ${join(", ", [
      for id, service in var.services : id if !(service.readiness_probe == null ? true : ((service.readiness_probe.path == null) != (service.readiness_probe.grpc == null)) && service.readiness_probe.timeout_seconds <= service.readiness_probe.period_seconds && service.readiness_probe.success_threshold >= 1)
    ])}."
  }
}

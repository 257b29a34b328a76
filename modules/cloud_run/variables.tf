variable "project_id" {
  description = "The project that holds everything this module makes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits or -, begun by a letter; not \"${var.project_id}\"."
  }
}

variable "region" {
  description = "Where the services and jobs run."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a region's name, such as \"asia-south1\"; not \"${var.region}\"."
  }
}

variable "labels" {
  description = "Labels of everything this module makes; a thing's own labels win."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for key, value in var.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))
    ])
    error_message = "labels: a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty; not ${join(", ", [
      for key, value in var.labels : key if !(can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value)))
    ])}."
  }
}

variable "services" {
  description = "Services by id, which is their name. Closed to the world unless a grant and the ingress open them."
  type = map(object({
    image               = string
    service_account     = string                # e-mail
    cpu                 = optional(string, "1") # vCPUs: "0.08" to "1", "2", "4", "6" or "8", or millis such as "500m"
    memory              = optional(string, "512Mi")
    command             = optional(list(string), [])
    args                = optional(list(string), [])
    env                 = optional(map(string), {})
    secrets             = optional(map(object({ secret = string, version = optional(string, "latest") })), {}) # variables from Secret Manager
    deletion_protection = optional(bool, true)
    labels              = optional(map(string), {})
    grants = optional(map(object({
      role      = string
      members   = list(string)
      condition = optional(object({ title = string, expression = string, description = optional(string) }))
    })), {})
    port              = optional(number, 8080)
    min_instances     = optional(number, 0)
    max_instances     = optional(number, 1)
    concurrency       = optional(number, 80) # requests one instance handles at once
    timeout           = optional(string, "300s")
    cpu_idle          = optional(bool, true) # CPU only while a request is handled
    startup_cpu_boost = optional(bool, false)
    ingress           = optional(string, "internal") # all, internal or internal-and-cloud-load-balancing
    startup_probe = optional(object({
      path                  = string
      initial_delay_seconds = optional(number, 0)
      timeout_seconds       = optional(number, 1)
      period_seconds        = optional(number, 10)
      failure_threshold     = optional(number, 3)
    }))
    liveness_probe = optional(object({
      path                  = string
      initial_delay_seconds = optional(number, 0)
      timeout_seconds       = optional(number, 1)
      period_seconds        = optional(number, 10)
      failure_threshold     = optional(number, 3)
    }))
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.services) : can(regex("^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$", id))
    ])
    error_message = "services: an id is 1 to 49 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id in keys(var.services) : id if !can(regex("^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$", id))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : can(regex("^[a-z0-9][^\\s$]*$", service.image))
    ])
    error_message = "services[*].image is an image, such as \"asia-south1-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG\"; not ${join(", ", [
      for id, service in var.services : "${id}: ${service.image}" if !can(regex("^[a-z0-9][^\\s$]*$", service.image))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", service.service_account))
    ])
    error_message = "services[*].service_account is an e-mail address; not ${join(", ", [
      for id, service in var.services : "${id}: ${service.service_account}" if !can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", service.service_account))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : can(regex("^([1-9][0-9]*m|[1-9][0-9]*|0?\\.[0-9]+)$", service.cpu))
    ])
    error_message = "services[*].cpu is vCPUs such as \"1\", \"2\" or \"500m\"; not ${join(", ", [
      for id, service in var.services : "${id}: ${service.cpu}" if !can(regex("^([1-9][0-9]*m|[1-9][0-9]*|0?\\.[0-9]+)$", service.cpu))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : can(regex("^[1-9][0-9]*(Mi|Gi)$", service.memory))
    ])
    error_message = "services[*].memory is such as \"512Mi\" or \"4Gi\"; not ${join(", ", [
      for id, service in var.services : "${id}: ${service.memory}" if !can(regex("^[1-9][0-9]*(Mi|Gi)$", service.memory))
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, service in var.services : [
        for name in setunion(keys(service.env), keys(service.secrets)) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))
      ]
    ]))
    error_message = "services[*]: a variable of env or secrets is named by letters, digits and _, not begun by a digit; not ${join(", ", flatten([
      for id, service in var.services : [
        for name in setunion(keys(service.env), keys(service.secrets)) : "${id}: ${name}" if !can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, service in var.services : [
        for name in setunion(keys(service.env), keys(service.secrets)) : !contains(["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"], name) && !startswith(name, "X_GOOGLE_")
      ]
    ]))
    error_message = "services[*]: PORT, K_SERVICE, K_REVISION, K_CONFIGURATION, CLOUD_RUN_JOB, CLOUD_RUN_EXECUTION and X_GOOGLE_* are set by Cloud Run itself; not ${join(", ", flatten([
      for id, service in var.services : [
        for name in setunion(keys(service.env), keys(service.secrets)) : "${id}: ${name}" if !(!contains(["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"], name) && !startswith(name, "X_GOOGLE_"))
      ]
    ]))}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : length(setintersection(keys(service.env), keys(service.secrets))) == 0
    ])
    error_message = "services[*]: a variable is in env or in secrets; not ${join(", ", [
      for id, service in var.services : "${id}: ${join(" ", setintersection(keys(service.env), keys(service.secrets)))}" if !(length(setintersection(keys(service.env), keys(service.secrets))) == 0)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, service in var.services : [
        for name, value in service.env : !strcontains(value, "$${")
      ]
    ]))
    error_message = "services[*].env has every $${…} replaced; not ${join(", ", flatten([
      for id, service in var.services : [
        for name, value in service.env : "${id}: ${name}" if !(!strcontains(value, "$${"))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, service in var.services : [
        for name, variable in service.secrets : can(regex("^(projects/[a-z0-9-]+/secrets/)?[A-Za-z0-9_-]{1,255}$", variable.secret)) && can(regex("^(latest|[1-9][0-9]*)$", variable.version))
      ]
    ]))
    error_message = "services[*].secrets: secret is a secret's id, version \"latest\" or a number; not ${join(", ", flatten([
      for id, service in var.services : [
        for name, variable in service.secrets : "${id}: ${name}" if !(can(regex("^(projects/[a-z0-9-]+/secrets/)?[A-Za-z0-9_-]{1,255}$", variable.secret)) && can(regex("^(latest|[1-9][0-9]*)$", variable.version)))
      ]
    ]))}."
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
      for id, service in var.services : service.min_instances >= 0 && service.max_instances >= 1 && service.max_instances <= 1000 && floor(service.min_instances) == service.min_instances && floor(service.max_instances) == service.max_instances
    ])
    error_message = "services[*]: min_instances is a whole number of at least 0, max_instances one from 1 to 1000; not ${join(", ", [
      for id, service in var.services : id if !(service.min_instances >= 0 && service.max_instances >= 1 && service.max_instances <= 1000 && floor(service.min_instances) == service.min_instances && floor(service.max_instances) == service.max_instances)
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
      for id, service in var.services : contains(["all", "internal", "internal-and-cloud-load-balancing"], service.ingress)
    ])
    error_message = "services[*].ingress is all, internal or internal-and-cloud-load-balancing; not ${join(", ", [
      for id, service in var.services : id if !contains(["all", "internal", "internal-and-cloud-load-balancing"], service.ingress)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for probe in concat(service.startup_probe[*], service.liveness_probe[*]) : startswith(probe.path, "/")])
    ])
    error_message = "services[*]: the path of a probe begins with /; not ${join(", ", [
      for id, service in var.services : id if !alltrue([for probe in concat(service.startup_probe[*], service.liveness_probe[*]) : startswith(probe.path, "/")])
    ])}."
  }

  validation {
    condition = alltrue([
      for id, service in var.services : alltrue([for probe in concat(service.startup_probe[*], service.liveness_probe[*]) : probe.initial_delay_seconds >= 0 && probe.initial_delay_seconds <= 240 && probe.timeout_seconds >= 1 && probe.period_seconds >= 1 && probe.period_seconds <= 3600 && probe.failure_threshold >= 1])
    ])
    error_message = "services[*]: a probe has initial_delay_seconds from 0 to 240, period_seconds from 1 to 3600, timeout_seconds and failure_threshold of at least 1; not ${join(", ", [
      for id, service in var.services : id if !alltrue([for probe in concat(service.startup_probe[*], service.liveness_probe[*]) : probe.initial_delay_seconds >= 0 && probe.initial_delay_seconds <= 240 && probe.timeout_seconds >= 1 && probe.period_seconds >= 1 && probe.period_seconds <= 3600 && probe.failure_threshold >= 1])
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
      for id, service in var.services : alltrue([for probe in concat(service.startup_probe[*], service.liveness_probe[*]) : probe.timeout_seconds <= probe.period_seconds])
    ])
    error_message = "services[*]: the timeout_seconds of a probe is at most its period_seconds; not ${join(", ", [
      for id, service in var.services : id if !alltrue([for probe in concat(service.startup_probe[*], service.liveness_probe[*]) : probe.timeout_seconds <= probe.period_seconds])
    ])}."
  }
}

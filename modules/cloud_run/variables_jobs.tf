variable "jobs" {
  description = "Jobs by id, which is their name."
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
    tasks       = optional(number, 1)
    parallelism = optional(number, 0) # tasks at once; 0 lets Cloud Run choose
    max_retries = optional(number, 3)
    timeout     = optional(string, "600s")
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.jobs) : can(regex("^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$", id))
    ])
    error_message = "jobs: an id is 1 to 49 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id in keys(var.jobs) : id if !can(regex("^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$", id))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : can(regex("^[a-z0-9][^\\s$]*$", job.image))
    ])
    error_message = "jobs[*].image is an image, such as \"asia-south1-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG\"; not ${join(", ", [
      for id, job in var.jobs : "${id}: ${job.image}" if !can(regex("^[a-z0-9][^\\s$]*$", job.image))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", job.service_account))
    ])
    error_message = "jobs[*].service_account is an e-mail address; not ${join(", ", [
      for id, job in var.jobs : "${id}: ${job.service_account}" if !can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", job.service_account))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : can(regex("^([1-9][0-9]*m|[1-9][0-9]*|0?\\.[0-9]+)$", job.cpu))
    ])
    error_message = "jobs[*].cpu is vCPUs such as \"1\", \"2\" or \"500m\"; not ${join(", ", [
      for id, job in var.jobs : "${id}: ${job.cpu}" if !can(regex("^([1-9][0-9]*m|[1-9][0-9]*|0?\\.[0-9]+)$", job.cpu))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : can(regex("^[1-9][0-9]*(Mi|Gi)$", job.memory))
    ])
    error_message = "jobs[*].memory is such as \"512Mi\" or \"4Gi\"; not ${join(", ", [
      for id, job in var.jobs : "${id}: ${job.memory}" if !can(regex("^[1-9][0-9]*(Mi|Gi)$", job.memory))
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, job in var.jobs : [
        for name in setunion(keys(job.env), keys(job.secrets)) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))
      ]
    ]))
    error_message = "jobs[*]: a variable of env or secrets is named by letters, digits and _, not begun by a digit; not ${join(", ", flatten([
      for id, job in var.jobs : [
        for name in setunion(keys(job.env), keys(job.secrets)) : "${id}: ${name}" if !can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, job in var.jobs : [
        for name in setunion(keys(job.env), keys(job.secrets)) : !contains(["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"], name) && !startswith(name, "X_GOOGLE_")
      ]
    ]))
    error_message = "jobs[*]: PORT, K_SERVICE, K_REVISION, K_CONFIGURATION, CLOUD_RUN_JOB, CLOUD_RUN_EXECUTION and X_GOOGLE_* are set by Cloud Run itself; not ${join(", ", flatten([
      for id, job in var.jobs : [
        for name in setunion(keys(job.env), keys(job.secrets)) : "${id}: ${name}" if !(!contains(["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"], name) && !startswith(name, "X_GOOGLE_"))
      ]
    ]))}."
  }

  validation {
    condition = alltrue([
      for id, job in var.jobs : length(setintersection(keys(job.env), keys(job.secrets))) == 0
    ])
    error_message = "jobs[*]: a variable is in env or in secrets; not ${join(", ", [
      for id, job in var.jobs : "${id}: ${join(" ", setintersection(keys(job.env), keys(job.secrets)))}" if !(length(setintersection(keys(job.env), keys(job.secrets))) == 0)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, job in var.jobs : [
        for name, value in job.env : !strcontains(value, "$${")
      ]
    ]))
    error_message = "jobs[*].env has every $${…} replaced; not ${join(", ", flatten([
      for id, job in var.jobs : [
        for name, value in job.env : "${id}: ${name}" if !(!strcontains(value, "$${"))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, job in var.jobs : [
        for name, variable in job.secrets : can(regex("^(projects/[a-z0-9-]+/secrets/)?[A-Za-z0-9_-]{1,255}$", variable.secret)) && can(regex("^(latest|[1-9][0-9]*)$", variable.version))
      ]
    ]))
    error_message = "jobs[*].secrets: secret is a secret's id, version \"latest\" or a number; not ${join(", ", flatten([
      for id, job in var.jobs : [
        for name, variable in job.secrets : "${id}: ${name}" if !(can(regex("^(projects/[a-z0-9-]+/secrets/)?[A-Za-z0-9_-]{1,255}$", variable.secret)) && can(regex("^(latest|[1-9][0-9]*)$", variable.version)))
      ]
    ]))}."
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
}

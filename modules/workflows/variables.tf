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
  description = "Where the workflows run."
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
      for key, value in var.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
    ])
    error_message = "labels: a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty; not ${join(", ", [
      for key, value in var.labels : key if !(length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}")))
    ])}."
  }
}

variable "workflows" {
  description = "Workflows by id, which is their name."
  type = map(object({
    description             = optional(string, "")
    source                  = string                              # in the syntax of Workflows: YAML, or JSON
    service_account         = string                              # e-mail
    call_log_level          = optional(string, "LOG_ERRORS_ONLY") # LOG_ALL_CALLS, LOG_ERRORS_ONLY or LOG_NONE
    execution_history_level = optional(string)                    # EXECUTION_HISTORY_BASIC or EXECUTION_HISTORY_DETAILED
    env                     = optional(map(string), {})
    deletion_protection     = optional(bool, true)
    labels                  = optional(map(string), {})
    kms_key                 = optional(string)          # full name
    tags                    = optional(map(string), {}) # of Resource Manager
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.workflows) : length(id) <= 64 && can(regex("^[A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9])?$", id))
    ])
    error_message = "workflows: an id is 1 to 64 letters, digits, - or _, begun by a letter, ended by a letter or digit; not ${join(", ", [
      for id in keys(var.workflows) : id if !(length(id) <= 64 && can(regex("^[A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, workflow in var.workflows : length(workflow.description) <= 1000
    ])
    error_message = "workflows[*].description has at most 1000 characters; not ${join(", ", [
      for id, workflow in var.workflows : id if !(length(workflow.description) <= 1000)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, workflow in var.workflows : can(keys(yamldecode(workflow.source))) || can(yamldecode(workflow.source)[0])
    ])
    error_message = "workflows[*].source is YAML or JSON: a map with main, or a list of steps; not ${join(", ", [
      for id, workflow in var.workflows : id if !(can(keys(yamldecode(workflow.source))) || can(yamldecode(workflow.source)[0]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, workflow in var.workflows : can(keys(yamldecode(workflow.source))) ? contains(keys(yamldecode(workflow.source)), "main") : true
    ])
    error_message = "workflows[*].source has a workflow named main; not ${join(", ", [
      for id, workflow in var.workflows : id if !(can(keys(yamldecode(workflow.source))) ? contains(keys(yamldecode(workflow.source)), "main") : true)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, workflow in var.workflows : length(base64encode(workflow.source)) <= 174764
    ])
    error_message = "workflows[*].source has at most 128 KiB; not ${join(", ", [
      for id, workflow in var.workflows : id if !(length(base64encode(workflow.source)) <= 174764)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, workflow in var.workflows : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", workflow.service_account))
    ])
    error_message = "workflows[*].service_account is an e-mail address; not ${join(", ", [
      for id, workflow in var.workflows : "${id}: ${workflow.service_account}" if !can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", workflow.service_account))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, workflow in var.workflows : contains(["LOG_ALL_CALLS", "LOG_ERRORS_ONLY", "LOG_NONE"], workflow.call_log_level)
    ])
    error_message = "workflows[*].call_log_level is LOG_ALL_CALLS, LOG_ERRORS_ONLY or LOG_NONE; not ${join(", ", [
      for id, workflow in var.workflows : id if !contains(["LOG_ALL_CALLS", "LOG_ERRORS_ONLY", "LOG_NONE"], workflow.call_log_level)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, workflow in var.workflows : workflow.execution_history_level == null ? true : contains(["EXECUTION_HISTORY_BASIC", "EXECUTION_HISTORY_DETAILED"], workflow.execution_history_level)
    ])
    error_message = "workflows[*].execution_history_level is EXECUTION_HISTORY_BASIC or EXECUTION_HISTORY_DETAILED; not ${join(", ", [
      for id, workflow in var.workflows : id if !(workflow.execution_history_level == null ? true : contains(["EXECUTION_HISTORY_BASIC", "EXECUTION_HISTORY_DETAILED"], workflow.execution_history_level))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, workflow in var.workflows : alltrue([for key, value in workflow.tags : can(regex("^(tagKeys/[0-9]+|[^/\\s]+/[^/\\s]+)$", key)) && can(regex("^(tagValues/[0-9]+|[^/\\s]+)$", value))])
    ])
    error_message = "workflows[*].tags is by key, such as tagKeys/123 = tagValues/456; not ${join(", ", [
      for id, workflow in var.workflows : id if !alltrue([for key, value in workflow.tags : can(regex("^(tagKeys/[0-9]+|[^/\\s]+/[^/\\s]+)$", key)) && can(regex("^(tagValues/[0-9]+|[^/\\s]+)$", value))])
    ])}."
  }

  validation {
    condition = alltrue([
      for id, workflow in var.workflows : workflow.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", workflow.kms_key))
    ])
    error_message = "workflows[*].kms_key is a full name, such as projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/KEY; not ${join(", ", [
      for id, workflow in var.workflows : id if !(workflow.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", workflow.kms_key)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, workflow in var.workflows : length(workflow.env) <= 20
    ])
    error_message = "workflows[*].env has at most 20 variables; not ${join(", ", [
      for id, workflow in var.workflows : id if !(length(workflow.env) <= 20)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, workflow in var.workflows : [
        for name in keys(workflow.env) : length(name) <= 40 && can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name)) && !startswith(name, "GOOGLE") && !startswith(name, "WORKFLOWS")
      ]
    ]))
    error_message = "workflows[*].env: a name is 1 to 40 letters, digits or _, not begun by a digit, GOOGLE or WORKFLOWS; not ${join(", ", flatten([
      for id, workflow in var.workflows : [
        for name in keys(workflow.env) : "${id}: ${name}" if !(length(name) <= 40 && can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name)) && !startswith(name, "GOOGLE") && !startswith(name, "WORKFLOWS"))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, workflow in var.workflows : [
        for name, value in workflow.env : !strcontains(value, "$${")
      ]
    ]))
    error_message = "workflows[*].env has every $${…} replaced; not ${join(", ", flatten([
      for id, workflow in var.workflows : [
        for name, value in workflow.env : "${id}: ${name}" if !(!strcontains(value, "$${"))
      ]
    ]))}."
  }
}

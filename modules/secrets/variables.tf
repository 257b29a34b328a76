variable "project_id" {
  description = "The project that holds everything this module makes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits or -, begun by a letter; not \"${var.project_id}\"."
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

variable "secrets" {
  description = "Secrets by id. Their values are never here: people and rotation put them in Secret Manager."
  type = map(object({
    locations   = optional(list(string), [])                                # replicas; empty lets Google choose
    topics      = optional(list(string), [])                                # full names; told of rotation and of new versions
    rotation    = optional(object({ period = string, next_time = string })) # "2592000s", and RFC 3339 in UTC
    placeholder = optional(bool, false)                                     # a first version that says "unset"
    labels      = optional(map(string), {})
    grants = optional(map(object({
      role      = string
      members   = list(string)
      condition = optional(object({ title = string, expression = string, description = optional(string) }))
    })), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.secrets) : length(id) <= 255 && can(regex("^[A-Za-z0-9_-]+$", id))
    ])
    error_message = "secrets: an id is 1 to 255 letters, digits, - or _; not ${join(", ", [
      for id in keys(var.secrets) : id if !(length(id) <= 255 && can(regex("^[A-Za-z0-9_-]+$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, secret in var.secrets : length(distinct(secret.locations)) == length(secret.locations) && alltrue([for place in secret.locations : can(regex("^[a-z]+-[a-z]+[0-9]+$", place))])
    ])
    error_message = "secrets[*].locations are regions such as \"asia-south1\", each of them once; not ${join(", ", [
      for id, secret in var.secrets : id if !(length(distinct(secret.locations)) == length(secret.locations) && alltrue([for place in secret.locations : can(regex("^[a-z]+-[a-z]+[0-9]+$", place))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, secret in var.secrets : length(secret.topics) <= 10 && length(distinct(secret.topics)) == length(secret.topics)
    ])
    error_message = "secrets[*].topics are at most 10, each of them once; not ${join(", ", [
      for id, secret in var.secrets : id if !(length(secret.topics) <= 10 && length(distinct(secret.topics)) == length(secret.topics))
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, secret in var.secrets : [
        for topic in secret.topics : length(basename(topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", topic))
      ]
    ]))
    error_message = "secrets[*].topics are full names, such as \"projects/PROJECT/topics/TOPIC\"; not ${join(", ", flatten([
      for id, secret in var.secrets : [
        for topic in secret.topics : "${id}: ${topic}" if !(length(basename(topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", topic)))
      ]
    ]))}."
  }

  validation {
    condition = alltrue([
      for id, secret in var.secrets : secret.rotation == null || length(secret.topics) > 0
    ])
    error_message = "secrets[*].rotation needs a topic that is told; not ${join(", ", [
      for id, secret in var.secrets : id if !(secret.rotation == null || length(secret.topics) > 0)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, secret in var.secrets : secret.rotation == null ? true : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", secret.rotation.period)) ? tonumber(trimsuffix(secret.rotation.period, "s")) >= 3600 && tonumber(trimsuffix(secret.rotation.period, "s")) <= 3153600000 : false
    ])
    error_message = "secrets[*].rotation.period is between \"3600s\" and \"3153600000s\"; not ${join(", ", [
      for id, secret in var.secrets : id if !(secret.rotation == null ? true : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", secret.rotation.period)) ? tonumber(trimsuffix(secret.rotation.period, "s")) >= 3600 && tonumber(trimsuffix(secret.rotation.period, "s")) <= 3153600000 : false)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, secret in var.secrets : secret.rotation == null ? true : can(regex("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$", secret.rotation.next_time)) && can(timeadd(secret.rotation.next_time, "0s"))
    ])
    error_message = "secrets[*].rotation.next_time is RFC 3339 in UTC, such as \"2027-01-01T00:00:00Z\"; not ${join(", ", [
      for id, secret in var.secrets : id if !(secret.rotation == null ? true : can(regex("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$", secret.rotation.next_time)) && can(timeadd(secret.rotation.next_time, "0s")))
    ])}."
  }
}

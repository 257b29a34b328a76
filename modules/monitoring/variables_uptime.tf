variable "uptime_checks" {
  description = "Requests from several places of the world, by id."
  type = map(object({
    display_name   = optional(string) # by default the id
    host           = string
    path           = optional(string, "/health")
    port           = optional(number) # by default 443, or 80 without TLS
    use_ssl        = optional(bool, true)
    authenticate   = optional(bool, false) # with an ID token of Monitoring's own agent
    method         = optional(string, "GET")
    body           = optional(string)
    headers        = optional(map(string), {})
    status_classes = optional(list(string), [])
    content        = optional(string) # what the answer holds
    matcher        = optional(string, "CONTAINS_STRING")
    period         = optional(string, "300s")
    timeout        = optional(string, "10s")
    regions        = optional(list(string), []) # at least three; none is all
    alert_channels = optional(list(string), []) # who is told when two places fail
    labels         = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, check in var.uptime_checks : length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "uptime_checks: a key is 1 to 63 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id, check in var.uptime_checks : id if !(length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, check in var.uptime_checks : contains(["60s", "300s", "600s", "900s"], check.period)
    ])
    error_message = "uptime_checks[*].period is 60s, 300s, 600s or 900s; not ${join(", ", [
      for id, check in var.uptime_checks : id if !(contains(["60s", "300s", "600s", "900s"], check.period))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, check in var.uptime_checks : can(regex("^([1-9]|[1-5][0-9]|60)s$", check.timeout))
    ])
    error_message = "uptime_checks[*].timeout is \"1s\" to \"60s\"; not ${join(", ", [
      for id, check in var.uptime_checks : id if !(can(regex("^([1-9]|[1-5][0-9]|60)s$", check.timeout)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, check in var.uptime_checks : length(check.regions) == 0 || length(distinct(check.regions)) >= 3
    ])
    error_message = "uptime_checks[*].regions are three at least, or none, which is all; not ${join(", ", [
      for id, check in var.uptime_checks : id if !(length(check.regions) == 0 || length(distinct(check.regions)) >= 3)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, check in var.uptime_checks : check.body == null || check.method == "POST"
    ])
    error_message = "uptime_checks[*].body is for the method POST; not ${join(", ", [
      for id, check in var.uptime_checks : id if !(check.body == null || check.method == "POST")
    ])}."
  }
}

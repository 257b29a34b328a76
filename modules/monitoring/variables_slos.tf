variable "slo_services" {
  description = "What objectives are for, by id, with the objectives."
  type = map(object({
    display_name = optional(string) # by default the id
    slos = map(object({
      display_name    = optional(string) # by default the id
      goal            = number
      rolling_days    = optional(number)
      calendar_period = optional(string)                                              # DAY, WEEK, FORTNIGHT or MONTH
      availability    = optional(string)                                              # a Cloud Run service
      latency         = optional(object({ service = string, milliseconds = number })) # answers of a Cloud Run service that are fast enough
      ratio           = optional(object({ good = optional(string), bad = optional(string), total = optional(string) }))
      distribution    = optional(object({ filter = string, min = optional(number), max = optional(number) }))
      windows = optional(object({
        period          = optional(string, "300s")
        good_bad_filter = optional(string)
        mean_in_range   = optional(object({ filter = string, min = optional(number), max = optional(number) }))
        sum_in_range    = optional(object({ filter = string, min = optional(number), max = optional(number) }))
        ratio           = optional(object({ good = optional(string), bad = optional(string), total = optional(string) }))
        ratio_threshold = optional(number, 0.99)
      }))
      burn_alerts = optional(object({ channels = optional(list(string), []), runbook = optional(string) }))
      labels      = optional(map(string), {})
    }))
    labels = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, service in var.slo_services : length(id) <= 63 && can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "slo_services: a key is 1 to 63 lower-case letters, digits or -, not begun or ended by -; not ${join(", ", [
      for id, service in var.slo_services : id if !(length(id) <= 63 && can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, service in var.slo_services : [for slo, objective in service.slos : objective.goal > 0 && objective.goal <= 0.9999]
    ]))
    error_message = "slo_services[*].slos[*].goal is more than 0 and at most 0.9999; not ${join(", ", flatten([
      for id, service in var.slo_services : [for slo, objective in service.slos : "${id}/${slo}" if !(objective.goal > 0 && objective.goal <= 0.9999)]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, service in var.slo_services : [for slo, objective in service.slos : (objective.rolling_days == null) != (objective.calendar_period == null)]
    ]))
    error_message = "slo_services[*].slos[*] has rolling_days or calendar_period; not ${join(", ", flatten([
      for id, service in var.slo_services : [for slo, objective in service.slos : "${id}/${slo}" if !((objective.rolling_days == null) != (objective.calendar_period == null))]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, service in var.slo_services : [for slo, objective in service.slos : length([for value in [objective.availability != null, objective.latency != null, objective.ratio != null, objective.distribution != null, objective.windows != null] : value if value]) == 1]
    ]))
    error_message = "slo_services[*].slos[*] is for one of availability, latency, ratio, distribution and windows; not ${join(", ", flatten([
      for id, service in var.slo_services : [for slo, objective in service.slos : "${id}/${slo}" if !(length([for value in [objective.availability != null, objective.latency != null, objective.ratio != null, objective.distribution != null, objective.windows != null] : value if value]) == 1)]
    ]))}."
  }
}

variable "project_id" {
  description = "The project that holds everything this module makes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits or -, begun by a letter; not \"${var.project_id}\"."
  }
}

variable "scheduled_queries" {
  description = "Queries that run by a schedule, by key, which is their display name."
  type = map(object({
    query              = string                             # GoogleSQL; tables are named with their project
    schedule           = string                             # BigQuery's own, in UTC, such as "every day 12:30"
    service_account    = string                             # e-mail address
    dataset            = optional(string)                   # full name
    table              = optional(string)                   # may hold {run_date}
    write              = optional(string, "WRITE_TRUNCATE") # or WRITE_APPEND
    partitioning_field = optional(string)
    location           = string
    email_on_failure   = optional(bool, false)
    topic              = optional(string) # full name, told of each run's end
    start_time         = optional(string)
    end_time           = optional(string)
    kms_key            = optional(string)
    paused             = optional(bool, false)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for key, one in var.scheduled_queries : trimspace(one.query) != "" && !strcontains(one.query, "$${")])
    error_message = "scheduled_queries[*].query is a statement in GoogleSQL, every $${…} replaced; not ${join(", ", [for key, one in var.scheduled_queries : key if !(trimspace(one.query) != "" && !strcontains(one.query, "$${"))])}."
  }

  validation {
    condition     = alltrue([for key, one in var.scheduled_queries : can(regex("^(every|first|second|third|fourth|last)[ ,]|^[0-9].* of ", one.schedule))])
    error_message = "scheduled_queries[*].schedule is BigQuery's, such as \"every day 12:30\" or \"1st monday of month 09:00\"; not ${join(", ", [for key, one in var.scheduled_queries : key if !(can(regex("^(every|first|second|third|fourth|last)[ ,]|^[0-9].* of ", one.schedule)))])}."
  }

  validation {
    condition     = alltrue([for key, one in var.scheduled_queries : (one.dataset == null) == (one.table == null) && (one.partitioning_field == null || one.table != null)])
    error_message = "scheduled_queries[*] has a dataset and a table, or neither; a partitioning_field with them only; not ${join(", ", [for key, one in var.scheduled_queries : key if !((one.dataset == null) == (one.table == null) && (one.partitioning_field == null || one.table != null))])}."
  }

  validation {
    condition     = alltrue([for key, one in var.scheduled_queries : contains(["WRITE_TRUNCATE", "WRITE_APPEND"], one.write)])
    error_message = "scheduled_queries[*].write is WRITE_TRUNCATE or WRITE_APPEND; not ${join(", ", [for key, one in var.scheduled_queries : key if !(contains(["WRITE_TRUNCATE", "WRITE_APPEND"], one.write))])}."
  }

  validation {
    condition     = alltrue([for key, one in var.scheduled_queries : can(regex("^[^@ ]+@[^@ ]+$", one.service_account))])
    error_message = "scheduled_queries[*].service_account is an e-mail address; not ${join(", ", [for key, one in var.scheduled_queries : key if !(can(regex("^[^@ ]+@[^@ ]+$", one.service_account)))])}."
  }
}

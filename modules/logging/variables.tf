variable "project_id" {
  description = "The project that holds everything this module makes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits or -, begun by a letter; not \"${var.project_id}\"."
  }
}

variable "log_metrics" {
  description = "Metrics made of log entries, by name."
  type = map(object({
    description     = optional(string, "")
    filter          = string
    value_extractor = optional(string) # with it, a distribution
    unit            = optional(string, "1")
    labels = optional(map(object({
      extractor   = string # EXTRACT(field) or REGEXP_EXTRACT(field, regex)
      value_type  = optional(string, "STRING")
      description = optional(string, "")
    })), {})
    buckets = optional(object({
      bounds        = optional(list(number), [])
      count         = optional(number)
      scale         = optional(number)
      growth_factor = optional(number)
      offset        = optional(number)
      width         = optional(number)
    }))
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, metric in var.log_metrics : length(id) <= 100 && can(regex("^[A-Za-z0-9_][A-Za-z0-9_./-]*$", id))
    ])
    error_message = "log_metrics: a name is 1 to 100 letters, digits or _./-; not ${join(", ", [
      for id, metric in var.log_metrics : id if !(length(id) <= 100 && can(regex("^[A-Za-z0-9_][A-Za-z0-9_./-]*$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, metric in var.log_metrics : metric.buckets == null || metric.value_extractor != null
    ])
    error_message = "log_metrics[*].buckets go with value_extractor; not ${join(", ", [
      for id, metric in var.log_metrics : id if !(metric.buckets == null || metric.value_extractor != null)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, metric in var.log_metrics : metric.buckets == null ? true : length([for value in [length(metric.buckets.bounds) > 0, metric.buckets.growth_factor != null, metric.buckets.width != null] : value if value]) == 1
    ])
    error_message = "log_metrics[*].buckets have bounds, growth_factor or width; not ${join(", ", [
      for id, metric in var.log_metrics : id if !(metric.buckets == null ? true : length([for value in [length(metric.buckets.bounds) > 0, metric.buckets.growth_factor != null, metric.buckets.width != null] : value if value]) == 1)
    ])}."
  }
}

variable "log_sinks" {
  description = "Where log entries go, by name: to a dataset, a bucket or a topic."
  type = map(object({
    description = optional(string, "")
    filter      = optional(string, "") # empty is everything
    dataset     = optional(string)     # projects/PROJECT/datasets/DATASET
    bucket      = optional(string)     # its name
    topic       = optional(string)     # projects/PROJECT/topics/TOPIC
    partitioned = optional(bool, true) # with dataset
    exclusions  = optional(map(object({ filter = string, description = optional(string, "") })), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, sink in var.log_sinks : length(id) <= 100 && can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]*$", id))
    ])
    error_message = "log_sinks: a name is 1 to 100 letters, digits or _.-; not ${join(", ", [
      for id, sink in var.log_sinks : id if !(length(id) <= 100 && can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]*$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, sink in var.log_sinks : length([for target in [sink.dataset, sink.bucket, sink.topic] : target if target != null]) == 1
    ])
    error_message = "log_sinks[*] goes to one of dataset, bucket and topic; not ${join(", ", [
      for id, sink in var.log_sinks : id if !(length([for target in [sink.dataset, sink.bucket, sink.topic] : target if target != null]) == 1)
    ])}."
  }
}

variable "log_buckets" {
  description = "Where log entries are kept, by id; _Default is Google's own."
  type = map(object({
    description    = optional(string, "")
    location       = optional(string, "global")
    retention_days = optional(number, 30)
    analytics      = optional(bool, false) # can't be switched off again
    locked         = optional(bool, false) # for ever
    views          = optional(map(object({ filter = optional(string, ""), description = optional(string, "") })), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, bucket in var.log_buckets : can(regex("^([A-Za-z0-9][A-Za-z0-9_-]{0,99}|_Default)$", id))
    ])
    error_message = "log_buckets: an id is 1 to 100 letters, digits, - or _, or _Default; not ${join(", ", [
      for id, bucket in var.log_buckets : id if !(can(regex("^([A-Za-z0-9][A-Za-z0-9_-]{0,99}|_Default)$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, bucket in var.log_buckets : bucket.retention_days >= 1 && bucket.retention_days <= 3650 && floor(bucket.retention_days) == bucket.retention_days
    ])
    error_message = "log_buckets[*].retention_days is 1 to 3650; not ${join(", ", [
      for id, bucket in var.log_buckets : id if !(bucket.retention_days >= 1 && bucket.retention_days <= 3650 && floor(bucket.retention_days) == bucket.retention_days)
    ])}."
  }
}

variable "audit_logs" {
  description = "Which accesses to data are recorded, by API; allServices is all."
  type = map(object({
    log_types = list(string) # ADMIN_READ, DATA_READ, DATA_WRITE
    exempted  = optional(list(string), [])
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, log in var.audit_logs : can(regex("^([a-z][a-z0-9-]*\\.googleapis\\.com|allServices)$", id))
    ])
    error_message = "audit_logs: a key is an API such as run.googleapis.com, or allServices; not ${join(", ", [
      for id, log in var.audit_logs : id if !(can(regex("^([a-z][a-z0-9-]*\\.googleapis\\.com|allServices)$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, log in var.audit_logs : length(log.log_types) >= 1 && alltrue([for kind in log.log_types : contains(["ADMIN_READ", "DATA_READ", "DATA_WRITE"], kind)])
    ])
    error_message = "audit_logs[*].log_types are some of ADMIN_READ, DATA_READ and DATA_WRITE; not ${join(", ", [
      for id, log in var.audit_logs : id if !(length(log.log_types) >= 1 && alltrue([for kind in log.log_types : contains(["ADMIN_READ", "DATA_READ", "DATA_WRITE"], kind)]))
    ])}."
  }
}

variable "parents" {
  description = "Ids of datasets, buckets and topics that other calls make, by name, as their output of this name has them: what hangs on one that is replaced is made again in the same apply. One that isn't here is taken by its name."
  type        = map(string)
  default     = {}
  nullable    = false
}

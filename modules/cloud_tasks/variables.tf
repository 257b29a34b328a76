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
  description = "Where the queues are."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a region's name, such as \"asia-south1\"; not \"${var.region}\"."
  }
}

variable "queues" {
  description = "Queues by id, which is their name."
  type = map(object({
    name                      = optional(string) # by default its id; another while Google keeps the name of a deleted queue
    paused                    = optional(bool, false)
    max_dispatches_per_second = optional(number, 500)  # at most 500
    max_concurrent_dispatches = optional(number, 1000) # at most 5000
    max_attempts              = optional(number, 100)  # -1: without end
    max_retry_duration        = optional(string, "0s") # 0s: as often as max_attempts says
    min_backoff               = optional(string, "0.1s")
    max_backoff               = optional(string, "3600s")
    max_doublings             = optional(number, 16)
    log_sampling_ratio        = optional(number, 0) # the share of operations that is logged
    target = optional(object({
      uri             = string                # scheme and host, maybe a port: where all tasks go, whatever their own address is
      path            = optional(string)      # by default each task's own
      query           = optional(string)      # by default each task's own
      only_if_missing = optional(bool, false) # leave tasks alone that say where they go
      method          = optional(string)      # by default each task's own
      headers         = optional(map(string), {})
      oauth           = optional(object({ service_account = string, scope = optional(string, "https://www.googleapis.com/auth/cloud-platform") })) # for Google's APIs
      oidc            = optional(object({ service_account = string, audience = optional(string) }))                                                # for everyone else; the audience is the uri by default
    }))
    deletion_protection = optional(bool, true)
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
      for q in values(var.queues) : q.name == null ? true : length(q.name) <= 100 && can(regex("^[A-Za-z0-9-]+$", q.name))
    ])
    error_message = "queues[*].name is 1 to 100 letters, digits or -; not of ${join(", ", [
      for id, q in var.queues : id if !(q.name == null ? true : length(q.name) <= 100 && can(regex("^[A-Za-z0-9-]+$", q.name)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id in keys(var.queues) : length(id) <= 100 && can(regex("^[A-Za-z0-9-]+$", id))
    ])
    error_message = "queues: an id is 1 to 100 letters, digits or -; not ${join(", ", [
      for id in keys(var.queues) : id if !(length(id) <= 100 && can(regex("^[A-Za-z0-9-]+$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : q.max_dispatches_per_second > 0 && q.max_dispatches_per_second <= 500
    ])
    error_message = "queues[*].max_dispatches_per_second is above 0, 500 at most; not ${join(", ", [
      for id, q in var.queues : id if !(q.max_dispatches_per_second > 0 && q.max_dispatches_per_second <= 500)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : q.max_concurrent_dispatches >= 1 && q.max_concurrent_dispatches <= 5000 && floor(q.max_concurrent_dispatches) == q.max_concurrent_dispatches
    ])
    error_message = "queues[*].max_concurrent_dispatches is a whole number, 1 to 5000; not ${join(", ", [
      for id, q in var.queues : id if !(q.max_concurrent_dispatches >= 1 && q.max_concurrent_dispatches <= 5000 && floor(q.max_concurrent_dispatches) == q.max_concurrent_dispatches)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : (q.max_attempts == -1 || q.max_attempts >= 1) && floor(q.max_attempts) == q.max_attempts
    ])
    error_message = "queues[*].max_attempts is -1, or a whole number of at least 1; not ${join(", ", [
      for id, q in var.queues : id if !((q.max_attempts == -1 || q.max_attempts >= 1) && floor(q.max_attempts) == q.max_attempts)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : alltrue([for duration in [q.max_retry_duration, q.min_backoff, q.max_backoff] : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", duration))])
    ])
    error_message = "queues[*]: durations are seconds with an s, such as \"5s\"; not ${join(", ", [
      for id, q in var.queues : id if !(alltrue([for duration in [q.max_retry_duration, q.min_backoff, q.max_backoff] : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", duration))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : can(tonumber(trimsuffix(q.min_backoff, "s")) + tonumber(trimsuffix(q.max_backoff, "s"))) ? tonumber(trimsuffix(q.min_backoff, "s")) <= tonumber(trimsuffix(q.max_backoff, "s")) : true
    ])
    error_message = "queues[*].min_backoff is at most max_backoff; not ${join(", ", [
      for id, q in var.queues : id if !(can(tonumber(trimsuffix(q.min_backoff, "s")) + tonumber(trimsuffix(q.max_backoff, "s"))) ? tonumber(trimsuffix(q.min_backoff, "s")) <= tonumber(trimsuffix(q.max_backoff, "s")) : true)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : q.max_doublings >= 1 && floor(q.max_doublings) == q.max_doublings
    ])
    error_message = "queues[*].max_doublings is a whole number of at least 1; not ${join(", ", [
      for id, q in var.queues : id if !(q.max_doublings >= 1 && floor(q.max_doublings) == q.max_doublings)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : q.log_sampling_ratio >= 0 && q.log_sampling_ratio <= 1
    ])
    error_message = "queues[*].log_sampling_ratio is 0 to 1; not ${join(", ", [
      for id, q in var.queues : id if !(q.log_sampling_ratio >= 0 && q.log_sampling_ratio <= 1)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : q.target == null ? true : can(regex("^https?://[A-Za-z0-9._-]+(:[0-9]+)?$", q.target.uri))
    ])
    error_message = "queues[*].target.uri is a scheme and a host, maybe with a port, such as \"https://example.com\"; not ${join(", ", [
      for id, q in var.queues : id if !(q.target == null ? true : can(regex("^https?://[A-Za-z0-9._-]+(:[0-9]+)?$", q.target.uri)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : q.target == null ? true : q.target.path == null ? true : startswith(q.target.path, "/")
    ])
    error_message = "queues[*].target.path begins with /; not ${join(", ", [
      for id, q in var.queues : id if !(q.target == null ? true : q.target.path == null ? true : startswith(q.target.path, "/"))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : q.target == null ? true : q.target.query == null ? true : q.target.query != ""
    ])
    error_message = "queues[*].target.query is not empty; not ${join(", ", [
      for id, q in var.queues : id if !(q.target == null ? true : q.target.query == null ? true : q.target.query != "")
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : q.target == null ? true : q.target.method == null ? true : contains(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"], q.target.method)
    ])
    error_message = "queues[*].target.method is GET, POST, PUT, DELETE, PATCH, HEAD or OPTIONS; not ${join(", ", [
      for id, q in var.queues : id if !(q.target == null ? true : q.target.method == null ? true : contains(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"], q.target.method))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : q.target == null ? true : q.target.oauth == null || q.target.oidc == null
    ])
    error_message = "queues[*].target has oauth or oidc, not both; not ${join(", ", [
      for id, q in var.queues : id if !(q.target == null ? true : q.target.oauth == null || q.target.oidc == null)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, q in var.queues : q.target == null ? true : alltrue([for account in concat(q.target.oauth[*].service_account, q.target.oidc[*].service_account) : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", account))])
    ])
    error_message = "queues[*].target: a service_account is an e-mail address; not ${join(", ", [
      for id, q in var.queues : id if !(q.target == null ? true : alltrue([for account in concat(q.target.oauth[*].service_account, q.target.oidc[*].service_account) : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", account))]))
    ])}."
  }
}

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
  description = "Where the schedules run."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a region's name, such as \"asia-south1\"; not \"${var.region}\"."
  }
}

variable "schedules" {
  description = "Schedules by id, which is their name: each makes one request or publishes one message."
  type = map(object({
    description      = optional(string, "")
    cron             = string # Unix cron, such as "0 18 * * 1-5"
    time_zone        = optional(string, "Etc/UTC")
    paused           = optional(bool, false)
    attempt_deadline = optional(string, "180s") # http only: "15s" to "1800s"
    retry = optional(object({
      count         = optional(number, 0)
      max_duration  = optional(string, "0s")
      min_backoff   = optional(string, "5s")
      max_backoff   = optional(string, "3600s")
      max_doublings = optional(number, 5)
    }))
    http = optional(object({
      uri     = string
      method  = optional(string, "POST")
      body    = optional(string) # text, such as JSON
      headers = optional(map(string), {})
      oauth   = optional(object({ service_account = string, scope = optional(string, "https://www.googleapis.com/auth/cloud-platform") })) # for Google's APIs
      oidc    = optional(object({ service_account = string, audience = optional(string) }))                                                # for everyone else; the audience is the uri by default
    }))
    pubsub = optional(object({
      topic      = string # full name
      data       = optional(string, "")
      attributes = optional(map(string), {})
    }))
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.schedules) : length(id) <= 500 && can(regex("^[A-Za-z0-9_-]+$", id))
    ])
    error_message = "schedules: an id is 1 to 500 letters, digits, - or _; not ${join(", ", [
      for id in keys(var.schedules) : id if !(length(id) <= 500 && can(regex("^[A-Za-z0-9_-]+$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : length(schedule.description) <= 500
    ])
    error_message = "schedules[*].description has at most 500 characters; not ${join(", ", [
      for id, schedule in var.schedules : id if !(length(schedule.description) <= 500)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : length(split(" ", schedule.cron)) == 5
    ])
    error_message = "schedules[*].cron has five fields with a space between: minute hour day-of-month month day-of-week; not ${join(", ", [
      for id, schedule in var.schedules : "${id}: ${schedule.cron}" if !(length(split(" ", schedule.cron)) == 5)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : can(regex("(?i)^(\\*|[0-5]?[0-9](-[0-5]?[0-9])?)(/[1-9][0-9]*)?(,(\\*|[0-5]?[0-9](-[0-5]?[0-9])?)(/[1-9][0-9]*)?)*$", split(" ", schedule.cron)[0]))
    ])
    error_message = "schedules[*].cron: the minute is 0 to 59, a range, a list or a step such as */5; not ${join(", ", [
      for id, schedule in var.schedules : "${id}: ${schedule.cron}" if !can(regex("(?i)^(\\*|[0-5]?[0-9](-[0-5]?[0-9])?)(/[1-9][0-9]*)?(,(\\*|[0-5]?[0-9](-[0-5]?[0-9])?)(/[1-9][0-9]*)?)*$", split(" ", schedule.cron)[0]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : can(regex("(?i)^(\\*|([01]?[0-9]|2[0-3])(-([01]?[0-9]|2[0-3]))?)(/[1-9][0-9]*)?(,(\\*|([01]?[0-9]|2[0-3])(-([01]?[0-9]|2[0-3]))?)(/[1-9][0-9]*)?)*$", split(" ", schedule.cron)[1]))
    ])
    error_message = "schedules[*].cron: the hour is 0 to 23, a range, a list or a step such as */5; not ${join(", ", [
      for id, schedule in var.schedules : "${id}: ${schedule.cron}" if !can(regex("(?i)^(\\*|([01]?[0-9]|2[0-3])(-([01]?[0-9]|2[0-3]))?)(/[1-9][0-9]*)?(,(\\*|([01]?[0-9]|2[0-3])(-([01]?[0-9]|2[0-3]))?)(/[1-9][0-9]*)?)*$", split(" ", schedule.cron)[1]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : can(regex("(?i)^(\\*|(0?[1-9]|[12][0-9]|3[01])(-(0?[1-9]|[12][0-9]|3[01]))?)(/[1-9][0-9]*)?(,(\\*|(0?[1-9]|[12][0-9]|3[01])(-(0?[1-9]|[12][0-9]|3[01]))?)(/[1-9][0-9]*)?)*$", split(" ", schedule.cron)[2]))
    ])
    error_message = "schedules[*].cron: the day of month is 1 to 31, a range, a list or a step such as */5; not ${join(", ", [
      for id, schedule in var.schedules : "${id}: ${schedule.cron}" if !can(regex("(?i)^(\\*|(0?[1-9]|[12][0-9]|3[01])(-(0?[1-9]|[12][0-9]|3[01]))?)(/[1-9][0-9]*)?(,(\\*|(0?[1-9]|[12][0-9]|3[01])(-(0?[1-9]|[12][0-9]|3[01]))?)(/[1-9][0-9]*)?)*$", split(" ", schedule.cron)[2]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : can(regex("(?i)^(\\*|(0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(-(0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))?)(/[1-9][0-9]*)?(,(\\*|(0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(-(0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))?)(/[1-9][0-9]*)?)*$", split(" ", schedule.cron)[3]))
    ])
    error_message = "schedules[*].cron: the month is 1 to 12 or jan to dec, a range, a list or a step such as */5; not ${join(", ", [
      for id, schedule in var.schedules : "${id}: ${schedule.cron}" if !can(regex("(?i)^(\\*|(0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(-(0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))?)(/[1-9][0-9]*)?(,(\\*|(0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(-(0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))?)(/[1-9][0-9]*)?)*$", split(" ", schedule.cron)[3]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : can(regex("(?i)^(\\*|(0?[0-7]|sun|mon|tue|wed|thu|fri|sat)(-(0?[0-7]|sun|mon|tue|wed|thu|fri|sat))?)(/[1-9][0-9]*)?(,(\\*|(0?[0-7]|sun|mon|tue|wed|thu|fri|sat)(-(0?[0-7]|sun|mon|tue|wed|thu|fri|sat))?)(/[1-9][0-9]*)?)*$", split(" ", schedule.cron)[4]))
    ])
    error_message = "schedules[*].cron: the day of week is 0 to 7 or sun to sat, a range, a list or a step such as */5; not ${join(", ", [
      for id, schedule in var.schedules : "${id}: ${schedule.cron}" if !can(regex("(?i)^(\\*|(0?[0-7]|sun|mon|tue|wed|thu|fri|sat)(-(0?[0-7]|sun|mon|tue|wed|thu|fri|sat))?)(/[1-9][0-9]*)?(,(\\*|(0?[0-7]|sun|mon|tue|wed|thu|fri|sat)(-(0?[0-7]|sun|mon|tue|wed|thu|fri|sat))?)(/[1-9][0-9]*)?)*$", split(" ", schedule.cron)[4]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : alltrue([for range in regexall("([0-9]+)-([0-9]+)", schedule.cron) : tonumber(range[0]) <= tonumber(range[1])])
    ])
    error_message = "schedules[*].cron: a range ends after it begins; not ${join(", ", [
      for id, schedule in var.schedules : "${id}: ${schedule.cron}" if !alltrue([for range in regexall("([0-9]+)-([0-9]+)", schedule.cron) : tonumber(range[0]) <= tonumber(range[1])])
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : can(regex("^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$", schedule.time_zone))
    ])
    error_message = "schedules[*].time_zone is a zone of the tz database, such as \"Asia/Kolkata\"; not ${join(", ", [
      for id, schedule in var.schedules : "${id}: ${schedule.time_zone}" if !can(regex("^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$", schedule.time_zone))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", schedule.attempt_deadline)) ? tonumber(trimsuffix(schedule.attempt_deadline, "s")) >= 15 && tonumber(trimsuffix(schedule.attempt_deadline, "s")) <= 1800 : false
    ])
    error_message = "schedules[*].attempt_deadline is between \"15s\" and \"1800s\"; not ${join(", ", [
      for id, schedule in var.schedules : id if !(can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", schedule.attempt_deadline)) ? tonumber(trimsuffix(schedule.attempt_deadline, "s")) >= 15 && tonumber(trimsuffix(schedule.attempt_deadline, "s")) <= 1800 : false)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : schedule.retry == null ? true : schedule.retry.count >= 0 && schedule.retry.count <= 5 && floor(schedule.retry.count) == schedule.retry.count && schedule.retry.max_doublings >= 0 && floor(schedule.retry.max_doublings) == schedule.retry.max_doublings
    ])
    error_message = "schedules[*].retry: count is a whole number from 0 to 5, max_doublings one of at least 0; not ${join(", ", [
      for id, schedule in var.schedules : id if !(schedule.retry == null ? true : schedule.retry.count >= 0 && schedule.retry.count <= 5 && floor(schedule.retry.count) == schedule.retry.count && schedule.retry.max_doublings >= 0 && floor(schedule.retry.max_doublings) == schedule.retry.max_doublings)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : schedule.retry == null ? true : alltrue([for duration in [schedule.retry.max_duration, schedule.retry.min_backoff, schedule.retry.max_backoff] : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", duration))])
    ])
    error_message = "schedules[*].retry: durations are seconds with an s, such as \"5s\"; not ${join(", ", [
      for id, schedule in var.schedules : id if !(schedule.retry == null ? true : alltrue([for duration in [schedule.retry.max_duration, schedule.retry.min_backoff, schedule.retry.max_backoff] : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", duration))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : can(tonumber(trimsuffix(schedule.retry.min_backoff, "s")) + tonumber(trimsuffix(schedule.retry.max_backoff, "s"))) ? tonumber(trimsuffix(schedule.retry.min_backoff, "s")) <= tonumber(trimsuffix(schedule.retry.max_backoff, "s")) : true
    ])
    error_message = "schedules[*].retry: min_backoff is at most max_backoff; not ${join(", ", [
      for id, schedule in var.schedules : id if !(can(tonumber(trimsuffix(schedule.retry.min_backoff, "s")) + tonumber(trimsuffix(schedule.retry.max_backoff, "s"))) ? tonumber(trimsuffix(schedule.retry.min_backoff, "s")) <= tonumber(trimsuffix(schedule.retry.max_backoff, "s")) : true)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : (schedule.http == null) != (schedule.pubsub == null)
    ])
    error_message = "schedules[*] has one target: http or pubsub; not ${join(", ", [
      for id, schedule in var.schedules : id if !((schedule.http == null) != (schedule.pubsub == null))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : schedule.http == null ? true : can(regex("^https?://[^\\s$]+$", schedule.http.uri))
    ])
    error_message = "schedules[*].http.uri begins with https:// or http://; not ${join(", ", [
      for id, schedule in var.schedules : id if !(schedule.http == null ? true : can(regex("^https?://[^\\s$]+$", schedule.http.uri)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : schedule.http == null ? true : contains(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"], schedule.http.method)
    ])
    error_message = "schedules[*].http.method is GET, POST, PUT, DELETE, PATCH, HEAD or OPTIONS; not ${join(", ", [
      for id, schedule in var.schedules : id if !(schedule.http == null ? true : contains(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"], schedule.http.method))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : schedule.http == null ? true : schedule.http.body == null || contains(["POST", "PUT", "PATCH"], schedule.http.method)
    ])
    error_message = "schedules[*].http.body goes with POST, PUT and PATCH; not ${join(", ", [
      for id, schedule in var.schedules : id if !(schedule.http == null ? true : schedule.http.body == null || contains(["POST", "PUT", "PATCH"], schedule.http.method))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : schedule.http == null ? true : schedule.http.oauth == null || schedule.http.oidc == null
    ])
    error_message = "schedules[*].http has oauth or oidc, not both; not ${join(", ", [
      for id, schedule in var.schedules : id if !(schedule.http == null ? true : schedule.http.oauth == null || schedule.http.oidc == null)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : schedule.http == null ? true : alltrue([for account in concat(schedule.http.oauth[*].service_account, schedule.http.oidc[*].service_account) : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", account))])
    ])
    error_message = "schedules[*].http: a service_account is an e-mail address; not ${join(", ", [
      for id, schedule in var.schedules : id if !(schedule.http == null ? true : alltrue([for account in concat(schedule.http.oauth[*].service_account, schedule.http.oidc[*].service_account) : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", account))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : schedule.pubsub == null ? true : length(basename(schedule.pubsub.topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", schedule.pubsub.topic))
    ])
    error_message = "schedules[*].pubsub.topic is a full name, such as \"projects/PROJECT/topics/TOPIC\"; not ${join(", ", [
      for id, schedule in var.schedules : id if !(schedule.pubsub == null ? true : length(basename(schedule.pubsub.topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", schedule.pubsub.topic)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schedule in var.schedules : schedule.pubsub == null ? true : schedule.pubsub.data != "" || length(schedule.pubsub.attributes) > 0
    ])
    error_message = "schedules[*].pubsub has data or attributes; not ${join(", ", [
      for id, schedule in var.schedules : id if !(schedule.pubsub == null ? true : schedule.pubsub.data != "" || length(schedule.pubsub.attributes) > 0)
    ])}."
  }
}

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
      for key, value in var.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))
    ])
    error_message = "labels: a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty; not ${join(", ", [
      for key, value in var.labels : key if !(can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value)))
    ])}."
  }
}

variable "buckets" {
  description = "Buckets by id, with uniform access and public access prevention, always."
  type = map(object({
    name                = optional(string) # by default the project id and the id: unique in the world
    location            = string           # a region such as "asia-south1", or a multi-region
    storage_class       = optional(string, "STANDARD")
    versioning          = optional(bool, true)
    soft_delete_seconds = optional(number, 604800) # 0, or 7 to 90 days
    force_destroy       = optional(bool, false)    # let destroy remove a bucket that holds objects
    lifecycle_rules = optional(list(object({
      action                = string           # Delete, SetStorageClass or AbortIncompleteMultipartUpload
      storage_class         = optional(string) # with SetStorageClass: the class to move to
      age_days              = optional(number)
      num_newer_versions    = optional(number)
      days_since_noncurrent = optional(number)
      with_state            = optional(string) # LIVE, ARCHIVED or ANY
      matches_prefix        = optional(list(string), [])
      matches_suffix        = optional(list(string), [])
      matches_storage_class = optional(list(string), [])
    })), [])
    retention = optional(object({
      period_seconds = number
      locked         = optional(bool, false) # a locked policy can never be shortened or removed
    }))
    cors = optional(list(object({
      origins          = list(string)
      methods          = list(string)
      response_headers = optional(list(string), [])
      max_age_seconds  = optional(number, 3600)
    })), [])
    labels = optional(map(string), {})
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
      for id in keys(var.buckets) : can(regex("^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$", id))
    ])
    error_message = "buckets: an id is lower-case letters, digits, - or _, begun and ended by a letter or digit; not ${join(", ", [
      for id in keys(var.buckets) : id if !can(regex("^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$", id))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, bucket in var.buckets : can(regex("^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$", coalesce(bucket.name, "${var.project_id}-${id}"))) && !can(regex("^goog|google", coalesce(bucket.name, "${var.project_id}-${id}")))
    ])
    error_message = "buckets[*].name is 3 to 63 lower-case letters, digits, - or _, begun and ended by a letter or digit, without google, not begun by goog; not ${join(", ", [
      for id, bucket in var.buckets : "${id}: ${coalesce(bucket.name, "${var.project_id}-${id}")}" if !(can(regex("^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$", coalesce(bucket.name, "${var.project_id}-${id}"))) && !can(regex("^goog|google", coalesce(bucket.name, "${var.project_id}-${id}"))))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, bucket in var.buckets : can(regex("^([A-Za-z]+-[A-Za-z]+[0-9]+|[A-Za-z]+[0-9]*)$", bucket.location))
    ])
    error_message = "buckets[*].location is a region such as \"asia-south1\", or a multi-region such as \"asia\"; not ${join(", ", [
      for id, bucket in var.buckets : id if !can(regex("^([A-Za-z]+-[A-Za-z]+[0-9]+|[A-Za-z]+[0-9]*)$", bucket.location))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, bucket in var.buckets : contains(["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"], bucket.storage_class)
    ])
    error_message = "buckets[*].storage_class is STANDARD, NEARLINE, COLDLINE or ARCHIVE; not ${join(", ", [
      for id, bucket in var.buckets : id if !contains(["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"], bucket.storage_class)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, bucket in var.buckets : bucket.soft_delete_seconds == 0 || (bucket.soft_delete_seconds >= 604800 && bucket.soft_delete_seconds <= 7776000)
    ])
    error_message = "buckets[*].soft_delete_seconds is 0, or 604800 (7 days) to 7776000 (90 days); not ${join(", ", [
      for id, bucket in var.buckets : id if !(bucket.soft_delete_seconds == 0 || (bucket.soft_delete_seconds >= 604800 && bucket.soft_delete_seconds <= 7776000))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, bucket in var.buckets : length(bucket.lifecycle_rules) <= 100
    ])
    error_message = "buckets[*].lifecycle_rules are at most 100; not ${join(", ", [
      for id, bucket in var.buckets : id if !(length(bucket.lifecycle_rules) <= 100)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : contains(["Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"], rule.action)
      ]
    ]))
    error_message = "buckets[*].lifecycle_rules: an action is Delete, SetStorageClass or AbortIncompleteMultipartUpload; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : "${id}[${index}]" if !contains(["Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"], rule.action)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : (rule.action == "SetStorageClass") == (rule.storage_class != null)
      ]
    ]))
    error_message = "buckets[*].lifecycle_rules: storage_class goes with the action SetStorageClass, and only with it; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : "${id}[${index}]" if !((rule.action == "SetStorageClass") == (rule.storage_class != null))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : alltrue([for class in concat(rule.storage_class[*], rule.matches_storage_class) : contains(["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"], class)])
      ]
    ]))
    error_message = "buckets[*].lifecycle_rules: a storage class is STANDARD, NEARLINE, COLDLINE or ARCHIVE; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : "${id}[${index}]" if !alltrue([for class in concat(rule.storage_class[*], rule.matches_storage_class) : contains(["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"], class)])
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : alltrue([for number in [rule.age_days, rule.num_newer_versions, rule.days_since_noncurrent] : number == null ? true : number >= 0 && floor(number) == number])
      ]
    ]))
    error_message = "buckets[*].lifecycle_rules: age_days, num_newer_versions and days_since_noncurrent are whole numbers of at least 0; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : "${id}[${index}]" if !alltrue([for number in [rule.age_days, rule.num_newer_versions, rule.days_since_noncurrent] : number == null ? true : number >= 0 && floor(number) == number])
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : rule.with_state == null ? true : contains(["LIVE", "ARCHIVED", "ANY"], rule.with_state)
      ]
    ]))
    error_message = "buckets[*].lifecycle_rules: with_state is LIVE, ARCHIVED or ANY; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : "${id}[${index}]" if !(rule.with_state == null ? true : contains(["LIVE", "ARCHIVED", "ANY"], rule.with_state))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : rule.age_days != null || rule.num_newer_versions != null || rule.days_since_noncurrent != null || rule.with_state != null || length(concat(rule.matches_prefix, rule.matches_suffix, rule.matches_storage_class)) > 0
      ]
    ]))
    error_message = "buckets[*].lifecycle_rules: a rule has a condition, such as age_days; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : "${id}[${index}]" if !(rule.age_days != null || rule.num_newer_versions != null || rule.days_since_noncurrent != null || rule.with_state != null || length(concat(rule.matches_prefix, rule.matches_suffix, rule.matches_storage_class)) > 0)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : rule.action != "AbortIncompleteMultipartUpload" || (rule.num_newer_versions == null && rule.days_since_noncurrent == null && rule.with_state == null && length(rule.matches_storage_class) == 0)
      ]
    ]))
    error_message = "buckets[*].lifecycle_rules: AbortIncompleteMultipartUpload knows the conditions age_days, matches_prefix and matches_suffix only; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : "${id}[${index}]" if !(rule.action != "AbortIncompleteMultipartUpload" || (rule.num_newer_versions == null && rule.days_since_noncurrent == null && rule.with_state == null && length(rule.matches_storage_class) == 0))
      ]
    ]))}."
  }

  validation {
    condition = alltrue([
      for id, bucket in var.buckets : bucket.retention == null ? true : bucket.retention.period_seconds >= 1 && bucket.retention.period_seconds <= 3155760000 && floor(bucket.retention.period_seconds) == bucket.retention.period_seconds
    ])
    error_message = "buckets[*].retention.period_seconds is a whole number from 1 to 3155760000 (100 years); not ${join(", ", [
      for id, bucket in var.buckets : id if !(bucket.retention == null ? true : bucket.retention.period_seconds >= 1 && bucket.retention.period_seconds <= 3155760000 && floor(bucket.retention.period_seconds) == bucket.retention.period_seconds)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, bucket in var.buckets : bucket.retention == null || !bucket.versioning
    ])
    error_message = "buckets[*]: retention and versioning exclude each other, so versioning is false with a retention; not ${join(", ", [
      for id, bucket in var.buckets : id if !(bucket.retention == null || !bucket.versioning)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.cors : length(rule.origins) > 0
      ]
    ]))
    error_message = "buckets[*].cors: a rule has an origin; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.cors : "${id}[${index}]" if !(length(rule.origins) > 0)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.cors : length(rule.methods) > 0 && alltrue([for method in rule.methods : contains(["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "*"], method)])
      ]
    ]))
    error_message = "buckets[*].cors: methods are GET, HEAD, PUT, POST, DELETE, OPTIONS or *, one at least; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.cors : "${id}[${index}]" if !(length(rule.methods) > 0 && alltrue([for method in rule.methods : contains(["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "*"], method)]))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.cors : rule.max_age_seconds >= 0 && floor(rule.max_age_seconds) == rule.max_age_seconds
      ]
    ]))
    error_message = "buckets[*].cors: max_age_seconds is a whole number of at least 0; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.cors : "${id}[${index}]" if !(rule.max_age_seconds >= 0 && floor(rule.max_age_seconds) == rule.max_age_seconds)
      ]
    ]))}."
  }
}

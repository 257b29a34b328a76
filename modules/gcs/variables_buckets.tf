variable "buckets" {
  description = "Buckets by id, with uniform access; closed to the public unless public_access opens one."
  type = map(object({
    name                   = optional(string)           # by default the project id and the id: unique in the world
    location               = string                     # a region such as "asia-south1", or a multi-region
    regions                = optional(list(string), []) # two, of a dual region within the multi-region location
    rpo                    = optional(string)           # DEFAULT or, for dual regions, ASYNC_TURBO
    storage_class          = optional(string, "STANDARD")
    autoclass              = optional(object({ terminal_storage_class = optional(string, "NEARLINE") })) # NEARLINE or ARCHIVE
    versioning             = optional(bool, true)
    soft_delete_seconds    = optional(number, 604800) # 0, or 7 to 90 days
    force_destroy          = optional(bool, false)    # let destroy remove a bucket that holds objects
    hierarchical_namespace = optional(bool, false)    # only when new
    requester_pays         = optional(bool, false)
    event_based_hold       = optional(bool, false)      # new objects are held
    object_retention       = optional(bool, false)      # objects may have retentions of their own; only when new
    public_access          = optional(bool, false)      # let grants name allUsers
    kms_key                = optional(string)           # full name; encrypts new objects
    refused_encryption     = optional(list(string), []) # google_managed, customer_managed, customer_supplied
    lifecycle_rules = optional(list(object({
      action                 = string           # Delete, SetStorageClass or AbortIncompleteMultipartUpload
      storage_class          = optional(string) # with SetStorageClass: the class to move to
      age_days               = optional(number)
      num_newer_versions     = optional(number)
      days_since_noncurrent  = optional(number)
      days_since_custom_time = optional(number)
      created_before         = optional(string) # days such as "2026-01-31"
      custom_time_before     = optional(string)
      noncurrent_time_before = optional(string)
      size_above_bytes       = optional(number)
      size_below_bytes       = optional(number)
      with_state             = optional(string) # LIVE, ARCHIVED or ANY
      matches_prefix         = optional(list(string), [])
      matches_suffix         = optional(list(string), [])
      matches_storage_class  = optional(list(string), [])
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
    logging = optional(object({ bucket = string, prefix = optional(string) })) # name of the bucket that takes the logs
    website = optional(object({ main_page = optional(string), not_found_page = optional(string) }))
    ip_filter = optional(object({
      mode                 = optional(string, "Enabled")
      public_ranges        = optional(list(string), [])
      vpc_sources          = optional(list(object({ network = string, ranges = list(string) })), []) # projects/PROJECT/global/networks/NETWORK
      allow_cross_org_vpcs = optional(bool, false)
      allow_service_agents = optional(bool, false)
    }))
    managed_folders = optional(map(object({ # by name, with a slash at its end
      force_destroy = optional(bool, false)
      grants = optional(map(object({
        role      = string
        members   = list(string)
        condition = optional(object({ title = string, expression = string, description = optional(string) }))
      })), {})
    })), {})
    objects = optional(map(object({ # by name
      content       = string
      content_type  = optional(string)
      cache_control = optional(string)
      storage_class = optional(string)
      metadata      = optional(map(string), {})
    })), {})
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
      for id, bucket in var.buckets : length(coalesce(bucket.name, "${var.project_id}-${id}")) <= 63 && can(regex("^[a-z0-9][a-z0-9_-]+[a-z0-9]$", coalesce(bucket.name, "${var.project_id}-${id}"))) && !can(regex("^goog|google", coalesce(bucket.name, "${var.project_id}-${id}")))
    ])
    error_message = "buckets[*].name is 3 to 63 lower-case letters, digits, - or _, begun and ended by a letter or digit, without google, not begun by goog; not ${join(", ", [
      for id, bucket in var.buckets : "${id}: ${coalesce(bucket.name, "${var.project_id}-${id}")}" if !(length(coalesce(bucket.name, "${var.project_id}-${id}")) <= 63 && can(regex("^[a-z0-9][a-z0-9_-]+[a-z0-9]$", coalesce(bucket.name, "${var.project_id}-${id}"))) && !can(regex("^goog|google", coalesce(bucket.name, "${var.project_id}-${id}"))))
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
        for index, rule in bucket.lifecycle_rules : alltrue([for number in [rule.age_days, rule.num_newer_versions, rule.days_since_noncurrent, rule.days_since_custom_time, rule.size_above_bytes, rule.size_below_bytes] : number == null ? true : number >= 0 && floor(number) == number])
      ]
    ]))
    error_message = "buckets[*].lifecycle_rules: ages, versions, days and sizes are whole numbers of at least 0; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : "${id}[${index}]" if !alltrue([for number in [rule.age_days, rule.num_newer_versions, rule.days_since_noncurrent, rule.days_since_custom_time, rule.size_above_bytes, rule.size_below_bytes] : number == null ? true : number >= 0 && floor(number) == number])
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
        for index, rule in bucket.lifecycle_rules : length(compact([rule.age_days, rule.num_newer_versions, rule.days_since_noncurrent, rule.days_since_custom_time, rule.size_above_bytes, rule.size_below_bytes, rule.created_before, rule.custom_time_before, rule.noncurrent_time_before, rule.with_state])) + length(concat(rule.matches_prefix, rule.matches_suffix, rule.matches_storage_class)) > 0
      ]
    ]))
    error_message = "buckets[*].lifecycle_rules: a rule has a condition, such as age_days; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : "${id}[${index}]" if !(length(compact([rule.age_days, rule.num_newer_versions, rule.days_since_noncurrent, rule.days_since_custom_time, rule.size_above_bytes, rule.size_below_bytes, rule.created_before, rule.custom_time_before, rule.noncurrent_time_before, rule.with_state])) + length(concat(rule.matches_prefix, rule.matches_suffix, rule.matches_storage_class)) > 0)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : rule.action != "AbortIncompleteMultipartUpload" || (length(compact([rule.num_newer_versions, rule.days_since_noncurrent, rule.days_since_custom_time, rule.size_above_bytes, rule.size_below_bytes, rule.created_before, rule.custom_time_before, rule.noncurrent_time_before, rule.with_state])) + length(rule.matches_storage_class) == 0)
      ]
    ]))
    error_message = "buckets[*].lifecycle_rules: AbortIncompleteMultipartUpload knows the conditions age_days, matches_prefix and matches_suffix only; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : "${id}[${index}]" if !(rule.action != "AbortIncompleteMultipartUpload" || (length(compact([rule.num_newer_versions, rule.days_since_noncurrent, rule.days_since_custom_time, rule.size_above_bytes, rule.size_below_bytes, rule.created_before, rule.custom_time_before, rule.noncurrent_time_before, rule.with_state])) + length(rule.matches_storage_class) == 0))
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

  validation {
    condition = alltrue(flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : alltrue([for day in compact([rule.created_before, rule.custom_time_before, rule.noncurrent_time_before]) : can(formatdate("YYYY", "${day}T00:00:00Z"))])
      ]
    ]))
    error_message = "buckets[*].lifecycle_rules: a day is such as \"2026-01-31\"; not ${join(", ", flatten([
      for id, bucket in var.buckets : [
        for index, rule in bucket.lifecycle_rules : "${id}[${index}]" if !alltrue([for day in compact([rule.created_before, rule.custom_time_before, rule.noncurrent_time_before]) : can(formatdate("YYYY", "${day}T00:00:00Z"))])
      ]
    ]))}."
  }
}

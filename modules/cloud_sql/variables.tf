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
  description = "Where the instances are."
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

variable "sql_instances" {
  description = "Cloud SQL instances by id, which is their name."
  type = map(object({
    version                  = optional(string, "POSTGRES_17") # POSTGRES_15 to POSTGRES_17, MYSQL_8_0 or MYSQL_8_4
    edition                  = optional(string, "ENTERPRISE")  # ENTERPRISE or ENTERPRISE_PLUS
    tier                     = optional(string, "db-custom-1-3840")
    high_availability        = optional(bool, false)
    disk_type                = optional(string, "PD_SSD") # PD_SSD or PD_HDD
    disk_size_gb             = optional(number, 10)
    disk_autoresize          = optional(bool, true)
    disk_autoresize_limit_gb = optional(number, 0) # 0: as far as Google goes
    backups                  = optional(bool, true)
    backup_start_time        = optional(string, "18:30") # UTC
    backup_location          = optional(string)          # by default the nearest multi-region
    backups_retained         = optional(number, 7)
    point_in_time_recovery   = optional(bool, true)
    log_retention_days       = optional(number, 7)
    maintenance_window       = optional(object({ day = number, hour = number, track = optional(string, "stable") }))
    insights = optional(object({
      query_string_length     = optional(number, 1024)
      query_plans_per_minute  = optional(number, 5)
      record_application_tags = optional(bool, false)
      record_client_address   = optional(bool, false)
    }))
    flags               = optional(map(string), {})
    iam_authentication  = optional(bool, true)
    network             = string                             # projects/PROJECT/global/networks/NETWORK, with private service access
    ssl_mode            = optional(string, "ENCRYPTED_ONLY") # or TRUSTED_CLIENT_CERTIFICATE_REQUIRED
    kms_key             = optional(string)                   # a key's full name, which Cloud SQL's agent may use
    databases           = optional(map(object({ charset = optional(string), collation = optional(string) })), {})
    users               = optional(list(string), []) # addresses of service accounts
    deletion_protection = optional(bool, true)
    labels              = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.sql_instances) : length(id) <= 62 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "sql_instances: a name is 1 to 62 lower-case letters, digits or -, begun by a letter; not ${join(", ", [
      for id in keys(var.sql_instances) : id if !(length(id) <= 62 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : contains(["POSTGRES_15", "POSTGRES_16", "POSTGRES_17", "MYSQL_8_0", "MYSQL_8_4"], i.version)
    ])
    error_message = "sql_instances[*].version is POSTGRES_15, POSTGRES_16, POSTGRES_17, MYSQL_8_0 or MYSQL_8_4; not ${join(", ", [
      for id, i in var.sql_instances : id if !(contains(["POSTGRES_15", "POSTGRES_16", "POSTGRES_17", "MYSQL_8_0", "MYSQL_8_4"], i.version))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : contains(["ENTERPRISE", "ENTERPRISE_PLUS"], i.edition)
    ])
    error_message = "sql_instances[*].edition is ENTERPRISE or ENTERPRISE_PLUS; not ${join(", ", [
      for id, i in var.sql_instances : id if !(contains(["ENTERPRISE", "ENTERPRISE_PLUS"], i.edition))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : can(regex(i.edition == "ENTERPRISE_PLUS" ? "^db-perf-optimized-[A-Z]-[0-9]+$" : "^(db-f1-micro|db-g1-small|db-custom-[0-9]+-[0-9]+)$", i.tier)) || !contains(["ENTERPRISE", "ENTERPRISE_PLUS"], i.edition)
    ])
    error_message = "sql_instances[*].tier is db-f1-micro, db-g1-small or db-custom-VCPUS-MEGABYTES with ENTERPRISE, db-perf-optimized-N-VCPUS with ENTERPRISE_PLUS; not ${join(", ", [
      for id, i in var.sql_instances : id if !(can(regex(i.edition == "ENTERPRISE_PLUS" ? "^db-perf-optimized-[A-Z]-[0-9]+$" : "^(db-f1-micro|db-g1-small|db-custom-[0-9]+-[0-9]+)$", i.tier)) || !contains(["ENTERPRISE", "ENTERPRISE_PLUS"], i.edition))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : contains(["PD_SSD", "PD_HDD"], i.disk_type)
    ])
    error_message = "sql_instances[*].disk_type is PD_SSD or PD_HDD; not ${join(", ", [
      for id, i in var.sql_instances : id if !(contains(["PD_SSD", "PD_HDD"], i.disk_type))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : i.disk_size_gb >= 10 && i.disk_size_gb <= 65536 && floor(i.disk_size_gb) == i.disk_size_gb
    ])
    error_message = "sql_instances[*].disk_size_gb is a whole number, 10 to 65536; not ${join(", ", [
      for id, i in var.sql_instances : id if !(i.disk_size_gb >= 10 && i.disk_size_gb <= 65536 && floor(i.disk_size_gb) == i.disk_size_gb)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : i.disk_autoresize_limit_gb >= 0 && i.disk_autoresize_limit_gb <= 65536 && floor(i.disk_autoresize_limit_gb) == i.disk_autoresize_limit_gb
    ])
    error_message = "sql_instances[*].disk_autoresize_limit_gb is a whole number, 0 to 65536; not ${join(", ", [
      for id, i in var.sql_instances : id if !(i.disk_autoresize_limit_gb >= 0 && i.disk_autoresize_limit_gb <= 65536 && floor(i.disk_autoresize_limit_gb) == i.disk_autoresize_limit_gb)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", i.backup_start_time))
    ])
    error_message = "sql_instances[*].backup_start_time is HH:MM, in UTC; not ${join(", ", [
      for id, i in var.sql_instances : id if !(can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", i.backup_start_time)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : i.backup_location == null ? true : can(regex("^([a-z]+-[a-z]+[0-9]+|asia|eu|us)$", i.backup_location))
    ])
    error_message = "sql_instances[*].backup_location is a region such as \"asia-south1\", or asia, eu or us; not ${join(", ", [
      for id, i in var.sql_instances : id if !(i.backup_location == null ? true : can(regex("^([a-z]+-[a-z]+[0-9]+|asia|eu|us)$", i.backup_location)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : i.backups_retained >= 1 && i.backups_retained <= 365 && floor(i.backups_retained) == i.backups_retained
    ])
    error_message = "sql_instances[*].backups_retained is a whole number, 1 to 365; not ${join(", ", [
      for id, i in var.sql_instances : id if !(i.backups_retained >= 1 && i.backups_retained <= 365 && floor(i.backups_retained) == i.backups_retained)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : i.log_retention_days >= 1 && i.log_retention_days <= (i.edition == "ENTERPRISE_PLUS" ? 35 : 7) && floor(i.log_retention_days) == i.log_retention_days
    ])
    error_message = "sql_instances[*].log_retention_days is a whole number, 1 to 7, and to 35 with ENTERPRISE_PLUS; not ${join(", ", [
      for id, i in var.sql_instances : id if !(i.log_retention_days >= 1 && i.log_retention_days <= (i.edition == "ENTERPRISE_PLUS" ? 35 : 7) && floor(i.log_retention_days) == i.log_retention_days)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : !i.point_in_time_recovery || i.backups
    ])
    error_message = "sql_instances[*].point_in_time_recovery needs backups; not ${join(", ", [
      for id, i in var.sql_instances : id if !(!i.point_in_time_recovery || i.backups)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : !i.high_availability || i.point_in_time_recovery
    ])
    error_message = "sql_instances[*].high_availability needs point_in_time_recovery; not ${join(", ", [
      for id, i in var.sql_instances : id if !(!i.high_availability || i.point_in_time_recovery)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : alltrue([for w in i.maintenance_window[*] : contains(range(1, 8), w.day) && contains(range(24), w.hour) && contains(["canary", "stable", "week5"], w.track)])
    ])
    error_message = "sql_instances[*].maintenance_window has a day, 1 (Monday) to 7, an hour, 0 to 23, and a track of canary, stable and week5; not ${join(", ", [
      for id, i in var.sql_instances : id if !(alltrue([for w in i.maintenance_window[*] : contains(range(1, 8), w.day) && contains(range(24), w.hour) && contains(["canary", "stable", "week5"], w.track)]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : alltrue([for w in i.insights[*] : w.query_string_length >= 256 && w.query_string_length <= 4500 && w.query_plans_per_minute >= 0 && w.query_plans_per_minute <= 20])
    ])
    error_message = "sql_instances[*].insights has a query_string_length of 256 to 4500 and query_plans_per_minute of 0 to 20; not ${join(", ", [
      for id, i in var.sql_instances : id if !(alltrue([for w in i.insights[*] : w.query_string_length >= 256 && w.query_string_length <= 4500 && w.query_plans_per_minute >= 0 && w.query_plans_per_minute <= 20]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : !contains(keys(i.flags), "cloudsql.iam_authentication") && !contains(keys(i.flags), "cloudsql_iam_authentication")
    ])
    error_message = "sql_instances[*].flags has no flag of IAM authentication, which iam_authentication sets; not ${join(", ", [
      for id, i in var.sql_instances : id if !(!contains(keys(i.flags), "cloudsql.iam_authentication") && !contains(keys(i.flags), "cloudsql_iam_authentication"))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : can(regex("^projects/[a-z][a-z0-9-]*/global/networks/[a-z]([a-z0-9-]*[a-z0-9])?$", i.network))
    ])
    error_message = "sql_instances[*].network is a network's full name, such as \"projects/atm-dev/global/networks/main\"; not ${join(", ", [
      for id, i in var.sql_instances : id if !(can(regex("^projects/[a-z][a-z0-9-]*/global/networks/[a-z]([a-z0-9-]*[a-z0-9])?$", i.network)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : contains(["ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"], i.ssl_mode)
    ])
    error_message = "sql_instances[*].ssl_mode is ENCRYPTED_ONLY or TRUSTED_CLIENT_CERTIFICATE_REQUIRED; not ${join(", ", [
      for id, i in var.sql_instances : id if !(contains(["ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"], i.ssl_mode))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : i.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", i.kms_key))
    ])
    error_message = "sql_instances[*].kms_key is a key's full name; not ${join(", ", [
      for id, i in var.sql_instances : id if !(i.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", i.kms_key)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : alltrue([for name in keys(i.databases) : length(name) <= 63 && can(regex("^[A-Za-z_][A-Za-z0-9_-]*$", name))])
    ])
    error_message = "sql_instances[*].databases: a name is 1 to 63 letters, digits, _ or -, begun by a letter or _; not ${join(", ", [
      for id, i in var.sql_instances : id if !(alltrue([for name in keys(i.databases) : length(name) <= 63 && can(regex("^[A-Za-z_][A-Za-z0-9_-]*$", name))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : alltrue([for account in i.users : can(regex("^[a-z][a-z0-9-]*@[a-z0-9.-]+\\.gserviceaccount\\.com$", account))]) && length(distinct(i.users)) == length(i.users)
    ])
    error_message = "sql_instances[*].users are addresses of service accounts, each once; not ${join(", ", [
      for id, i in var.sql_instances : id if !(alltrue([for account in i.users : can(regex("^[a-z][a-z0-9-]*@[a-z0-9.-]+\\.gserviceaccount\\.com$", account))]) && length(distinct(i.users)) == length(i.users))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.sql_instances : length(i.users) == 0 || i.iam_authentication
    ])
    error_message = "sql_instances[*].users log in by IAM, so iam_authentication has to be true; not ${join(", ", [
      for id, i in var.sql_instances : id if !(length(i.users) == 0 || i.iam_authentication)
    ])}."
  }
}

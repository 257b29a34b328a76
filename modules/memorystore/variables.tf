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

variable "redis_instances" {
  description = "Redis instances by id, which is their name."
  type = map(object({
    tier                = optional(string, "BASIC") # BASIC or STANDARD_HA
    memory_size_gb      = optional(number, 1)
    version             = optional(string, "REDIS_7_2") # REDIS_6_X, REDIS_7_0 or REDIS_7_2
    display_name        = optional(string, "")
    auth                = optional(bool, true)
    tls                 = optional(bool, true)
    network             = string # projects/PROJECT/global/networks/NETWORK, with private service access
    configs             = optional(map(string), {})
    read_replicas       = optional(number, 0) # with STANDARD_HA and 5 GB or more
    snapshot_period     = optional(string)    # ONE_HOUR, SIX_HOURS, TWELVE_HOURS or TWENTY_FOUR_HOURS
    maintenance_window  = optional(object({ day = string, hour = number }))
    kms_key             = optional(string) # a key's full name, which Memorystore's agent may use
    deletion_protection = optional(bool, true)
    labels              = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.redis_instances) : length(id) <= 40 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "redis_instances: a name is 1 to 40 lower-case letters, digits or -, begun by a letter; not ${join(", ", [
      for id in keys(var.redis_instances) : id if !(length(id) <= 40 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.redis_instances : contains(["BASIC", "STANDARD_HA"], i.tier)
    ])
    error_message = "redis_instances[*].tier is BASIC or STANDARD_HA; not ${join(", ", [
      for id, i in var.redis_instances : id if !(contains(["BASIC", "STANDARD_HA"], i.tier))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.redis_instances : i.memory_size_gb >= 1 && i.memory_size_gb <= 300 && floor(i.memory_size_gb) == i.memory_size_gb
    ])
    error_message = "redis_instances[*].memory_size_gb is a whole number, 1 to 300; not ${join(", ", [
      for id, i in var.redis_instances : id if !(i.memory_size_gb >= 1 && i.memory_size_gb <= 300 && floor(i.memory_size_gb) == i.memory_size_gb)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.redis_instances : contains(["REDIS_6_X", "REDIS_7_0", "REDIS_7_2"], i.version)
    ])
    error_message = "redis_instances[*].version is REDIS_6_X, REDIS_7_0 or REDIS_7_2; not ${join(", ", [
      for id, i in var.redis_instances : id if !(contains(["REDIS_6_X", "REDIS_7_0", "REDIS_7_2"], i.version))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.redis_instances : length(i.display_name) <= 80
    ])
    error_message = "redis_instances[*].display_name has 80 characters at most; not ${join(", ", [
      for id, i in var.redis_instances : id if !(length(i.display_name) <= 80)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.redis_instances : can(regex("^projects/[a-z][a-z0-9-]*/global/networks/[a-z]([a-z0-9-]*[a-z0-9])?$", i.network))
    ])
    error_message = "redis_instances[*].network is a network's full name, such as \"projects/atm-dev/global/networks/main\"; not ${join(", ", [
      for id, i in var.redis_instances : id if !(can(regex("^projects/[a-z][a-z0-9-]*/global/networks/[a-z]([a-z0-9-]*[a-z0-9])?$", i.network)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.redis_instances : i.read_replicas >= 0 && i.read_replicas <= 5 && floor(i.read_replicas) == i.read_replicas
    ])
    error_message = "redis_instances[*].read_replicas is a whole number, 0 to 5; not ${join(", ", [
      for id, i in var.redis_instances : id if !(i.read_replicas >= 0 && i.read_replicas <= 5 && floor(i.read_replicas) == i.read_replicas)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.redis_instances : i.read_replicas <= 0 || (i.tier == "STANDARD_HA" && i.memory_size_gb >= 5)
    ])
    error_message = "redis_instances[*].read_replicas need STANDARD_HA and a memory_size_gb of 5 or more; not ${join(", ", [
      for id, i in var.redis_instances : id if !(i.read_replicas <= 0 || (i.tier == "STANDARD_HA" && i.memory_size_gb >= 5))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.redis_instances : i.snapshot_period == null ? true : contains(["ONE_HOUR", "SIX_HOURS", "TWELVE_HOURS", "TWENTY_FOUR_HOURS"], i.snapshot_period)
    ])
    error_message = "redis_instances[*].snapshot_period is ONE_HOUR, SIX_HOURS, TWELVE_HOURS or TWENTY_FOUR_HOURS; not ${join(", ", [
      for id, i in var.redis_instances : id if !(i.snapshot_period == null ? true : contains(["ONE_HOUR", "SIX_HOURS", "TWELVE_HOURS", "TWENTY_FOUR_HOURS"], i.snapshot_period))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.redis_instances : alltrue([for w in i.maintenance_window[*] : contains(["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"], w.day) && contains(range(24), w.hour)])
    ])
    error_message = "redis_instances[*].maintenance_window has a day such as SUNDAY and an hour, 0 to 23; not ${join(", ", [
      for id, i in var.redis_instances : id if !(alltrue([for w in i.maintenance_window[*] : contains(["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"], w.day) && contains(range(24), w.hour)]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, i in var.redis_instances : i.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", i.kms_key))
    ])
    error_message = "redis_instances[*].kms_key is a key's full name; not ${join(", ", [
      for id, i in var.redis_instances : id if !(i.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", i.kms_key)))
    ])}."
  }
}

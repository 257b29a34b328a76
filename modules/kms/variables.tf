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
  description = "Where the key ring is."
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

variable "project_number" {
  description = "The project's number, which names the products' own agents; needed with used_by only."
  type        = string
  default     = null

  validation {
    condition     = var.project_number == null ? true : can(regex("^[1-9][0-9]*$", var.project_number))
    error_message = "project_number is a number, such as \"123456789012\"."
  }
}

variable "key_ring" {
  description = "The key ring that holds the keys; it is made when there are any."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.key_ring) <= 63 && can(regex("^[A-Za-z0-9_-]+$", var.key_ring))
    error_message = "key_ring is 1 to 63 letters, digits, - or _; not \"${var.key_ring}\"."
  }
}

variable "kms_keys" {
  description = "Keys by id."
  type = map(object({
    location                   = optional(string)                    # where what it encrypts is; by default the region
    purpose                    = optional(string, "ENCRYPT_DECRYPT") # ENCRYPT_DECRYPT, ASYMMETRIC_SIGN, ASYMMETRIC_DECRYPT or MAC
    algorithm                  = optional(string)                    # by default GOOGLE_SYMMETRIC_ENCRYPTION, with ENCRYPT_DECRYPT only
    protection_level           = optional(string, "SOFTWARE")        # SOFTWARE or HSM
    rotation_period            = optional(string)                    # seconds with an s; with ENCRYPT_DECRYPT only
    destroy_scheduled_duration = optional(string, "2592000s")        # how long a destroyed version can still be restored
    deletion_protection        = optional(bool, true)
    used_by                    = optional(list(string), []) # products whose own agents may use it: storage, bigquery, pubsub, ...
    labels                     = optional(map(string), {})
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
      for key in values(var.kms_keys) : key.location == null ? true : can(regex("^[a-z]+[0-9]*(-[a-z]+[0-9]+)?$", key.location))
    ])
    error_message = "kms_keys[*].location is a location of KMS, such as asia-south1, europe or global; not of ${join(", ", [
      for id, key in var.kms_keys : id if !(key.location == null ? true : can(regex("^[a-z]+[0-9]*(-[a-z]+[0-9]+)?$", key.location)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id in keys(var.kms_keys) : length(id) <= 63 && can(regex("^[A-Za-z0-9_-]+$", id))
    ])
    error_message = "kms_keys: an id is 1 to 63 letters, digits, - or _; not ${join(", ", [
      for id in keys(var.kms_keys) : id if !(length(id) <= 63 && can(regex("^[A-Za-z0-9_-]+$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, key in var.kms_keys : contains(["ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC"], key.purpose)
    ])
    error_message = "kms_keys[*].purpose is ENCRYPT_DECRYPT, ASYMMETRIC_SIGN, ASYMMETRIC_DECRYPT or MAC; not ${join(", ", [
      for id, key in var.kms_keys : id if !(contains(["ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC"], key.purpose))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, key in var.kms_keys : !contains(["ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC"], key.purpose) || can(regex({ ENCRYPT_DECRYPT = "^GOOGLE_SYMMETRIC_ENCRYPTION$", ASYMMETRIC_SIGN = "^(EC|RSA)_SIGN_", ASYMMETRIC_DECRYPT = "^RSA_DECRYPT_", MAC = "^HMAC_" }[key.purpose], coalesce(key.algorithm, "GOOGLE_SYMMETRIC_ENCRYPTION")))
    ])
    error_message = "kms_keys[*].algorithm begins with EC_SIGN_ or RSA_SIGN_ for ASYMMETRIC_SIGN, RSA_DECRYPT_ for ASYMMETRIC_DECRYPT, HMAC_ for MAC, and is GOOGLE_SYMMETRIC_ENCRYPTION or left out for ENCRYPT_DECRYPT; not ${join(", ", [
      for id, key in var.kms_keys : id if !(!contains(["ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC"], key.purpose) || can(regex({ ENCRYPT_DECRYPT = "^GOOGLE_SYMMETRIC_ENCRYPTION$", ASYMMETRIC_SIGN = "^(EC|RSA)_SIGN_", ASYMMETRIC_DECRYPT = "^RSA_DECRYPT_", MAC = "^HMAC_" }[key.purpose], coalesce(key.algorithm, "GOOGLE_SYMMETRIC_ENCRYPTION"))))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, key in var.kms_keys : contains(["SOFTWARE", "HSM"], key.protection_level)
    ])
    error_message = "kms_keys[*].protection_level is SOFTWARE or HSM; not ${join(", ", [
      for id, key in var.kms_keys : id if !(contains(["SOFTWARE", "HSM"], key.protection_level))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, key in var.kms_keys : key.rotation_period == null ? true : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", key.rotation_period)) ? tonumber(trimsuffix(key.rotation_period, "s")) >= 86400 : false
    ])
    error_message = "kms_keys[*].rotation_period is seconds with an s, \"86400s\" (a day) at least; not ${join(", ", [
      for id, key in var.kms_keys : id if !(key.rotation_period == null ? true : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", key.rotation_period)) ? tonumber(trimsuffix(key.rotation_period, "s")) >= 86400 : false)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, key in var.kms_keys : key.rotation_period == null || key.purpose == "ENCRYPT_DECRYPT"
    ])
    error_message = "kms_keys[*].rotation_period is for the purpose ENCRYPT_DECRYPT; not ${join(", ", [
      for id, key in var.kms_keys : id if !(key.rotation_period == null || key.purpose == "ENCRYPT_DECRYPT")
    ])}."
  }

  validation {
    condition = alltrue([
      for id, key in var.kms_keys : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", key.destroy_scheduled_duration)) ? tonumber(trimsuffix(key.destroy_scheduled_duration, "s")) >= 86400 && tonumber(trimsuffix(key.destroy_scheduled_duration, "s")) <= 10368000 : false
    ])
    error_message = "kms_keys[*].destroy_scheduled_duration is seconds with an s, \"86400s\" to \"10368000s\"; not ${join(", ", [
      for id, key in var.kms_keys : id if !(can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", key.destroy_scheduled_duration)) ? tonumber(trimsuffix(key.destroy_scheduled_duration, "s")) >= 86400 && tonumber(trimsuffix(key.destroy_scheduled_duration, "s")) <= 10368000 : false)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, key in var.kms_keys : alltrue([for product in key.used_by : contains(["artifact_registry", "bigquery", "pubsub", "redis", "run", "secret_manager", "sql", "storage", "workflows"], product)]) && length(distinct(key.used_by)) == length(key.used_by)
    ])
    error_message = "kms_keys[*].used_by is of artifact_registry, bigquery, pubsub, redis, run, secret_manager, sql, storage and workflows, each once; not ${join(", ", [
      for id, key in var.kms_keys : id if !(alltrue([for product in key.used_by : contains(["artifact_registry", "bigquery", "pubsub", "redis", "run", "secret_manager", "sql", "storage", "workflows"], product)]) && length(distinct(key.used_by)) == length(key.used_by))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, key in var.kms_keys : length(key.used_by) == 0 || var.project_number != null
    ])
    error_message = "kms_keys[*].used_by needs project_number, whose agents use the key; not ${join(", ", [
      for id, key in var.kms_keys : id if !(length(key.used_by) == 0 || var.project_number != null)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, key in var.kms_keys : length(key.used_by) == 0 || key.purpose == "ENCRYPT_DECRYPT"
    ])
    error_message = "kms_keys[*].used_by is for the purpose ENCRYPT_DECRYPT; not ${join(", ", [
      for id, key in var.kms_keys : id if !(length(key.used_by) == 0 || key.purpose == "ENCRYPT_DECRYPT")
    ])}."
  }
}

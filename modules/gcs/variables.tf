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
      for key, value in var.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
    ])
    error_message = "labels: a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty; not ${join(", ", [
      for key, value in var.labels : key if !(length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}")))
    ])}."
  }
}

variable "project_number" {
  description = "The project's number, which names Cloud Storage's own agent; needed for notifications only."
  type        = string
  default     = null

  validation {
    condition     = var.project_number == null ? true : can(regex("^[0-9]+$", var.project_number))
    error_message = "project_number is digits; not \"${coalesce(var.project_number, "null")}\"."
  }
}

variable "notifications" {
  description = "Messages on topics when objects change, by id; buckets and topics of this call or any other."
  type = map(object({
    bucket         = string                                      # its name
    topic          = string                                      # full name
    events         = optional(list(string), ["OBJECT_FINALIZE"]) # OBJECT_FINALIZE, OBJECT_METADATA_UPDATE, OBJECT_DELETE, OBJECT_ARCHIVE
    prefix         = optional(string)                            # only objects whose names begin so
    payload_format = optional(string, "JSON_API_V1")             # or NONE
    attributes     = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, n in var.notifications : length(basename(n.topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", n.topic))
    ])
    error_message = "notifications[*].topic is a full name, such as \"projects/PROJECT/topics/TOPIC\"; not ${join(", ", [
      for id, n in var.notifications : id if !(length(basename(n.topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", n.topic)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, n in var.notifications : length(n.events) > 0 && alltrue([for event in n.events : contains(["OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE"], event)])
    ])
    error_message = "notifications[*].events are OBJECT_FINALIZE, OBJECT_METADATA_UPDATE, OBJECT_DELETE or OBJECT_ARCHIVE, one at least; not ${join(", ", [
      for id, n in var.notifications : id if !(length(n.events) > 0 && alltrue([for event in n.events : contains(["OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE"], event)]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, n in var.notifications : contains(["JSON_API_V1", "NONE"], n.payload_format)
    ])
    error_message = "notifications[*].payload_format is JSON_API_V1 or NONE; not ${join(", ", [
      for id, n in var.notifications : id if !(contains(["JSON_API_V1", "NONE"], n.payload_format))
    ])}."
  }

  validation {
    condition = alltrue([
      for id in keys(var.notifications) : var.project_number != null
    ])
    error_message = "notifications need project_number, whose agent publishes the messages; not ${join(", ", [
      for id in keys(var.notifications) : id if !(var.project_number != null)
    ])}."
  }
}

variable "parents" {
  description = "Ids of buckets and topics that other calls make, by name, as their output of this name has them: what hangs on one that is replaced is made again in the same apply. One that isn't here is taken by its name."
  type        = map(string)
  default     = {}
  nullable    = false
}

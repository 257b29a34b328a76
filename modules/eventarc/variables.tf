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
  description = "Where the services are, and events that name no other place."
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
  description = "The project's number, which names Cloud Storage's own agent; needed with storage_events."
  type        = string
  default     = null

  validation {
    condition     = var.project_number == null ? true : can(regex("^[1-9][0-9]*$", var.project_number))
    error_message = "project_number is a number, such as \"123456789012\"."
  }
}

variable "storage_events" {
  description = "Let Cloud Storage's own agent publish, which triggers of its events need: in one call of a project, before those that have such triggers."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.storage_events || var.project_number != null
    error_message = "storage_events needs project_number, which names Cloud Storage's own agent."
  }
}

variable "triggers" {
  description = "Triggers by id, which is their name."
  type = map(object({
    criteria        = map(string)               # what an event's attributes must equal; type at least
    path_patterns   = optional(map(string), {}) # what attributes must match, with * and **
    service         = optional(string)          # name of a Cloud Run service
    path            = optional(string)          # with service; / by default
    workflow        = optional(string)          # full name
    topic           = optional(string)          # full name; whose messages are the events
    service_account = string                    # e-mail
    location        = optional(string)          # of the events; by default the region
    content_type    = optional(string)          # application/json or application/protobuf
    retry           = optional(bool, true)      # false, with service: each event once
    labels          = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.triggers) : length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "triggers: an id is 1 to 63 lower-case letters, digits or -, begun by a letter; not ${join(", ", [
      for id in keys(var.triggers) : id if !(length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, t in var.triggers : contains(keys(t.criteria), "type")
    ])
    error_message = "triggers[*].criteria have the type of the event; not ${join(", ", [
      for id, t in var.triggers : id if !(contains(keys(t.criteria), "type"))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, t in var.triggers : length(setintersection(keys(t.criteria), keys(t.path_patterns))) == 0
    ])
    error_message = "triggers[*].path_patterns name no attribute of criteria; not ${join(", ", [
      for id, t in var.triggers : id if !(length(setintersection(keys(t.criteria), keys(t.path_patterns))) == 0)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, t in var.triggers : (t.service == null) != (t.workflow == null)
    ])
    error_message = "triggers[*] lead to a service or to a workflow; not ${join(", ", [
      for id, t in var.triggers : id if !((t.service == null) != (t.workflow == null))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, t in var.triggers : t.service == null ? true : length(t.service) <= 49 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", t.service))
    ])
    error_message = "triggers[*].service is the name of a Cloud Run service; not ${join(", ", [
      for id, t in var.triggers : id if !(t.service == null ? true : length(t.service) <= 49 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", t.service)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, t in var.triggers : t.path == null ? true : startswith(t.path, "/") && t.service != null
    ])
    error_message = "triggers[*].path begins with /, and is for a service; not ${join(", ", [
      for id, t in var.triggers : id if !(t.path == null ? true : startswith(t.path, "/") && t.service != null)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, t in var.triggers : t.workflow == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/workflows/[^/]+$", t.workflow))
    ])
    error_message = "triggers[*].workflow is a full name, such as projects/PROJECT/locations/REGION/workflows/WORKFLOW; not ${join(", ", [
      for id, t in var.triggers : id if !(t.workflow == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/workflows/[^/]+$", t.workflow)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, t in var.triggers : (t.topic != null) == (lookup(t.criteria, "type", "") == "google.cloud.pubsub.topic.v1.messagePublished")
    ])
    error_message = "triggers[*].topic goes with events of the type google.cloud.pubsub.topic.v1.messagePublished; not ${join(", ", [
      for id, t in var.triggers : id if !((t.topic != null) == (lookup(t.criteria, "type", "") == "google.cloud.pubsub.topic.v1.messagePublished"))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, t in var.triggers : t.topic == null ? true : length(basename(t.topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", t.topic))
    ])
    error_message = "triggers[*].topic is a full name, such as projects/PROJECT/topics/TOPIC; not ${join(", ", [
      for id, t in var.triggers : id if !(t.topic == null ? true : length(basename(t.topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", t.topic)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, t in var.triggers : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", t.service_account))
    ])
    error_message = "triggers[*].service_account is an e-mail address; not ${join(", ", [
      for id, t in var.triggers : id if !(can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", t.service_account)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, t in var.triggers : t.location == null ? true : can(regex("^([a-z]+|[a-z]+-[a-z]+[0-9]+|[a-z]+[0-9])$", t.location))
    ])
    error_message = "triggers[*].location is a region, a multi-region such as eu, or global; not ${join(", ", [
      for id, t in var.triggers : id if !(t.location == null ? true : can(regex("^([a-z]+|[a-z]+-[a-z]+[0-9]+|[a-z]+[0-9])$", t.location)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, t in var.triggers : t.content_type == null ? true : contains(["application/json", "application/protobuf"], t.content_type)
    ])
    error_message = "triggers[*].content_type is application/json or application/protobuf; not ${join(", ", [
      for id, t in var.triggers : id if !(t.content_type == null ? true : contains(["application/json", "application/protobuf"], t.content_type))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, t in var.triggers : t.retry || t.service != null
    ])
    error_message = "triggers[*].retry is switched off for services only; not ${join(", ", [
      for id, t in var.triggers : id if !(t.retry || t.service != null)
    ])}."
  }
}

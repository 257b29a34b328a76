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
  description = "The project's number, which names Monitoring's own agent; needed for channels that are topics only."
  type        = string
  default     = null
}

variable "channel_names" {
  description = "Full names of notification channels that are made elsewhere, by the ids that alerts know them by."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "notification_channels" {
  description = "Whom alerts tell, by id. A channel with a secret is made by hand and named by existing."
  type = map(object({
    display_name = optional(string) # by default the id
    email        = optional(string)
    sms          = optional(string) # such as +919812345678
    topic        = optional(string) # projects/PROJECT/topics/TOPIC
    google_chat  = optional(string) # spaces/SPACE
    existing     = optional(string) # projects/PROJECT/notificationChannels/CHANNEL
    labels       = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, channel in var.notification_channels : length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "notification_channels: a key is 1 to 63 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id, channel in var.notification_channels : id if !(length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, channel in var.notification_channels : length([for value in [channel.email != null, channel.sms != null, channel.topic != null, channel.google_chat != null, channel.existing != null] : value if value]) == 1
    ])
    error_message = "notification_channels[*] is one of email, sms, topic, google_chat and existing; not ${join(", ", [
      for id, channel in var.notification_channels : id if !(length([for value in [channel.email != null, channel.sms != null, channel.topic != null, channel.google_chat != null, channel.existing != null] : value if value]) == 1)
    ])}."
  }
}

variable "dashboards" {
  description = "Dashboards, by id."
  type = map(object({
    json = string # as the API writes it
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, dashboard in var.dashboards : can(jsondecode(dashboard.json).displayName)
    ])
    error_message = "dashboards[*].json is JSON with a displayName; not ${join(", ", [
      for id, dashboard in var.dashboards : id if !(can(jsondecode(dashboard.json).displayName))
    ])}."
  }
}

variable "parents" {
  description = "Ids of topics that other calls make, by name, as their output of this name has them: what hangs on one that is replaced is made again in the same apply. One that isn't here is taken by its name."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "subscriptions" {
  description = "Subscriptions by id, to topics of this call or any other."
  type = map(object({
    topic                        = string # full name
    ack_deadline_seconds         = optional(number, 10)
    retention                    = optional(string, "604800s") # "600s" to "2678400s"
    retain_acked_messages        = optional(bool, false)
    enable_message_ordering      = optional(bool, false)
    enable_exactly_once_delivery = optional(bool, false) # pull only
    filter                       = optional(string, "")
    expiration_ttl               = optional(string, "") # empty: never expires; else at least "86400s"
    retry = optional(object({
      minimum_backoff = optional(string, "10s")
      maximum_backoff = optional(string, "600s")
    }))
    dead_letter = optional(object({
      topic                 = string # full name
      max_delivery_attempts = optional(number, 5)
    }))
    push = optional(object({
      endpoint        = string
      service_account = string           # e-mail; signs the ID token of each delivery
      audience        = optional(string) # of the ID token; by default the endpoint
      no_wrapper      = optional(object({ write_metadata = optional(bool, false) }))
    }))
    bigquery = optional(object({
      dataset             = string # full name
      table               = string
      use_topic_schema    = optional(bool, false)
      use_table_schema    = optional(bool, false)
      write_metadata      = optional(bool, false)
      drop_unknown_fields = optional(bool, false)
    }))
    cloud_storage = optional(object({
      bucket          = string # its name
      prefix          = optional(string, "")
      suffix          = optional(string, "")
      datetime_format = optional(string)
      max_duration    = optional(string, "300s") # "60s" to "600s"
      max_bytes       = optional(number)
      max_messages    = optional(number)
      avro            = optional(object({ write_metadata = optional(bool, false), use_topic_schema = optional(bool, false) })) # text without it
    }))
    transforms = optional(list(object({ code = string, function = string, disabled = optional(bool, false) })), [])
    tags       = optional(map(string), {}) # of Resource Manager
    labels     = optional(map(string), {})
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
      for id in keys(var.subscriptions) : length(id) <= 255 && can(regex("^[A-Za-z][A-Za-z0-9._~+%-]{2,}$", id)) && !startswith(id, "goog")
    ])
    error_message = "subscriptions: an id is 3 to 255 letters, digits or -._~+%, begun by a letter, not by goog; not ${join(", ", [
      for id in keys(var.subscriptions) : id if !(length(id) <= 255 && can(regex("^[A-Za-z][A-Za-z0-9._~+%-]{2,}$", id)) && !startswith(id, "goog"))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : length(basename(subscription.topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", subscription.topic))
    ])
    error_message = "subscriptions[*].topic is a full name, such as \"projects/PROJECT/topics/TOPIC\"; not ${join(", ", [
      for id, subscription in var.subscriptions : "${id}: ${subscription.topic}" if !(length(basename(subscription.topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", subscription.topic)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.ack_deadline_seconds >= 10 && subscription.ack_deadline_seconds <= 600 && floor(subscription.ack_deadline_seconds) == subscription.ack_deadline_seconds
    ])
    error_message = "subscriptions[*].ack_deadline_seconds is a whole number from 10 to 600; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.ack_deadline_seconds >= 10 && subscription.ack_deadline_seconds <= 600 && floor(subscription.ack_deadline_seconds) == subscription.ack_deadline_seconds)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", subscription.retention)) ? tonumber(trimsuffix(subscription.retention, "s")) >= 600 && tonumber(trimsuffix(subscription.retention, "s")) <= 2678400 : false
    ])
    error_message = "subscriptions[*].retention is between \"600s\" and \"2678400s\" (31 days); not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", subscription.retention)) ? tonumber(trimsuffix(subscription.retention, "s")) >= 600 && tonumber(trimsuffix(subscription.retention, "s")) <= 2678400 : false)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : length(subscription.filter) <= 256
    ])
    error_message = "subscriptions[*].filter has at most 256 characters; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(length(subscription.filter) <= 256)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.expiration_ttl == "" ? true : can(regex("^[0-9]+s$", subscription.expiration_ttl)) ? tonumber(trimsuffix(subscription.expiration_ttl, "s")) >= 86400 : false
    ])
    error_message = "subscriptions[*].expiration_ttl is empty (never), or at least \"86400s\"; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.expiration_ttl == "" ? true : can(regex("^[0-9]+s$", subscription.expiration_ttl)) ? tonumber(trimsuffix(subscription.expiration_ttl, "s")) >= 86400 : false)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.retry == null ? true : alltrue([for backoff in [subscription.retry.minimum_backoff, subscription.retry.maximum_backoff] : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", backoff)) ? tonumber(trimsuffix(backoff, "s")) >= 0 && tonumber(trimsuffix(backoff, "s")) <= 600 : false])
    ])
    error_message = "subscriptions[*].retry: backoffs are between \"0s\" and \"600s\"; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.retry == null ? true : alltrue([for backoff in [subscription.retry.minimum_backoff, subscription.retry.maximum_backoff] : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", backoff)) ? tonumber(trimsuffix(backoff, "s")) >= 0 && tonumber(trimsuffix(backoff, "s")) <= 600 : false]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : can(tonumber(trimsuffix(subscription.retry.minimum_backoff, "s")) + tonumber(trimsuffix(subscription.retry.maximum_backoff, "s"))) ? tonumber(trimsuffix(subscription.retry.minimum_backoff, "s")) <= tonumber(trimsuffix(subscription.retry.maximum_backoff, "s")) : true
    ])
    error_message = "subscriptions[*].retry: minimum_backoff is at most maximum_backoff; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(can(tonumber(trimsuffix(subscription.retry.minimum_backoff, "s")) + tonumber(trimsuffix(subscription.retry.maximum_backoff, "s"))) ? tonumber(trimsuffix(subscription.retry.minimum_backoff, "s")) <= tonumber(trimsuffix(subscription.retry.maximum_backoff, "s")) : true)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.dead_letter == null ? true : length(basename(subscription.dead_letter.topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", subscription.dead_letter.topic))
    ])
    error_message = "subscriptions[*].dead_letter.topic is a full name, such as \"projects/PROJECT/topics/TOPIC\"; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.dead_letter == null ? true : length(basename(subscription.dead_letter.topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", subscription.dead_letter.topic)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.dead_letter == null ? true : subscription.dead_letter.max_delivery_attempts >= 5 && subscription.dead_letter.max_delivery_attempts <= 100 && floor(subscription.dead_letter.max_delivery_attempts) == subscription.dead_letter.max_delivery_attempts
    ])
    error_message = "subscriptions[*].dead_letter.max_delivery_attempts is a whole number from 5 to 100; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.dead_letter == null ? true : subscription.dead_letter.max_delivery_attempts >= 5 && subscription.dead_letter.max_delivery_attempts <= 100 && floor(subscription.dead_letter.max_delivery_attempts) == subscription.dead_letter.max_delivery_attempts)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.dead_letter == null || var.project_number != null
    ])
    error_message = "subscriptions[*].dead_letter needs project_number, whose agent forwards the messages; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.dead_letter == null || var.project_number != null)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.push == null ? true : can(regex("^(https://[^\\s$]+|http://([a-z0-9-]+\\.)*(localhost|127\\.0\\.0\\.1)[:/][^\\s$]*)$", subscription.push.endpoint))
    ])
    error_message = "subscriptions[*].push.endpoint begins with https://, or is on this machine; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.push == null ? true : can(regex("^(https://[^\\s$]+|http://([a-z0-9-]+\\.)*(localhost|127\\.0\\.0\\.1)[:/][^\\s$]*)$", subscription.push.endpoint)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.push == null ? true : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", subscription.push.service_account))
    ])
    error_message = "subscriptions[*].push.service_account is an e-mail address; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.push == null ? true : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", subscription.push.service_account)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : !subscription.enable_exactly_once_delivery || (subscription.push == null && subscription.bigquery == null && subscription.cloud_storage == null)
    ])
    error_message = "subscriptions[*].enable_exactly_once_delivery is for pull subscriptions; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(!subscription.enable_exactly_once_delivery || (subscription.push == null && subscription.bigquery == null && subscription.cloud_storage == null))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : length([for delivery in [subscription.push != null, subscription.bigquery != null, subscription.cloud_storage != null] : delivery if delivery]) <= 1
    ])
    error_message = "subscriptions: push, bigquery or cloud_storage, one of them at most; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(length([for delivery in [subscription.push != null, subscription.bigquery != null, subscription.cloud_storage != null] : delivery if delivery]) <= 1)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.bigquery == null ? true : can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/datasets/[A-Za-z0-9_]+$", subscription.bigquery.dataset)) && can(regex("^[A-Za-z0-9_-]+$", subscription.bigquery.table))
    ])
    error_message = "subscriptions[*].bigquery is a dataset's full name, such as \"projects/PROJECT/datasets/DATASET\", and a table's id; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.bigquery == null ? true : can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/datasets/[A-Za-z0-9_]+$", subscription.bigquery.dataset)) && can(regex("^[A-Za-z0-9_-]+$", subscription.bigquery.table)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.bigquery == null ? true : !(subscription.bigquery.use_topic_schema && subscription.bigquery.use_table_schema)
    ])
    error_message = "subscriptions[*].bigquery has use_topic_schema or use_table_schema, not both; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.bigquery == null ? true : !(subscription.bigquery.use_topic_schema && subscription.bigquery.use_table_schema))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.bigquery == null ? true : !subscription.bigquery.drop_unknown_fields || subscription.bigquery.use_topic_schema || subscription.bigquery.use_table_schema
    ])
    error_message = "subscriptions[*].bigquery.drop_unknown_fields needs use_topic_schema or use_table_schema; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.bigquery == null ? true : !subscription.bigquery.drop_unknown_fields || subscription.bigquery.use_topic_schema || subscription.bigquery.use_table_schema)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.cloud_storage == null ? true : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", subscription.cloud_storage.max_duration)) ? tonumber(trimsuffix(subscription.cloud_storage.max_duration, "s")) >= 60 && tonumber(trimsuffix(subscription.cloud_storage.max_duration, "s")) <= 600 : false
    ])
    error_message = "subscriptions[*].cloud_storage.max_duration is between \"60s\" and \"600s\"; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.cloud_storage == null ? true : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", subscription.cloud_storage.max_duration)) ? tonumber(trimsuffix(subscription.cloud_storage.max_duration, "s")) >= 60 && tonumber(trimsuffix(subscription.cloud_storage.max_duration, "s")) <= 600 : false)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.cloud_storage == null ? true : (subscription.cloud_storage.max_bytes == null ? true : subscription.cloud_storage.max_bytes >= 1000 && subscription.cloud_storage.max_bytes <= 10737418240) && (subscription.cloud_storage.max_messages == null ? true : subscription.cloud_storage.max_messages >= 1000)
    ])
    error_message = "subscriptions[*].cloud_storage: max_bytes is from 1000 to 10737418240, max_messages at least 1000; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.cloud_storage == null ? true : (subscription.cloud_storage.max_bytes == null ? true : subscription.cloud_storage.max_bytes >= 1000 && subscription.cloud_storage.max_bytes <= 10737418240) && (subscription.cloud_storage.max_messages == null ? true : subscription.cloud_storage.max_messages >= 1000))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : subscription.cloud_storage == null ? true : !endswith(subscription.cloud_storage.suffix, "/")
    ])
    error_message = "subscriptions[*].cloud_storage.suffix is not ended by a slash; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(subscription.cloud_storage == null ? true : !endswith(subscription.cloud_storage.suffix, "/"))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : (subscription.bigquery == null && subscription.cloud_storage == null) || var.project_number != null
    ])
    error_message = "subscriptions[*].bigquery and cloud_storage need project_number, whose agent writes; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !((subscription.bigquery == null && subscription.cloud_storage == null) || var.project_number != null)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subscription in var.subscriptions : length(subscription.transforms) <= 5 && alltrue([for transform in subscription.transforms : length(transform.code) <= 20480 && can(regex("^[A-Za-z_$][A-Za-z0-9_$]*$", transform.function))])
    ])
    error_message = "subscriptions[*].transforms are five at most, of 20 KB of code each and the name of a function in it; not ${join(", ", [
      for id, subscription in var.subscriptions : id if !(length(subscription.transforms) <= 5 && alltrue([for transform in subscription.transforms : length(transform.code) <= 20480 && can(regex("^[A-Za-z_$][A-Za-z0-9_$]*$", transform.function))]))
    ])}."
  }
  validation {
    condition     = alltrue([for id, subscription in var.subscriptions : alltrue([for key, value in subscription.tags : can(regex("^(tagKeys/[0-9]+|[^/\\s]+/[^/\\s]+)$", key)) && can(regex("^(tagValues/[0-9]+|[^/\\s]+)$", value))])])
    error_message = "subscriptions[*].tags is by key, such as tagKeys/123 = tagValues/456; not ${join(", ", [for id, subscription in var.subscriptions : id if !alltrue([for key, value in subscription.tags : can(regex("^(tagKeys/[0-9]+|[^/\\s]+/[^/\\s]+)$", key)) && can(regex("^(tagValues/[0-9]+|[^/\\s]+)$", value))])])}."
  }
}

variable "dead_letter_topics" {
  description = "Full names of the topics that subscriptions of other calls forward dead letters to; those among topics let Pub/Sub's agent publish."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for topic in var.dead_letter_topics : length(basename(topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", topic))
    ])
    error_message = "dead_letter_topics are full names, such as \"projects/PROJECT/topics/TOPIC\"; not ${join(", ", [
      for topic in var.dead_letter_topics : topic if !(length(basename(topic)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", topic)))
    ])}."
  }

  validation {
    condition = alltrue([
      for topic in var.dead_letter_topics : var.project_number != null
    ])
    error_message = "dead_letter_topics need project_number, whose agent forwards the messages; not ${join(", ", [
      for topic in var.dead_letter_topics : topic if !(var.project_number != null)
    ])}."
  }
}

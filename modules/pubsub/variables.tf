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
  description = "The project's number, which names Pub/Sub's own agent; needed for dead letters, for deliveries to tables and buckets, and for topics that are filled from buckets."
  type        = string
  default     = null

  validation {
    condition     = var.project_number == null ? true : can(regex("^[1-9][0-9]*$", var.project_number))
    error_message = "project_number is a number, such as \"123456789012\"."
  }
}

variable "schemas" {
  description = "Schemas of messages, by id."
  type = map(object({
    type       = optional(string, "AVRO") # AVRO or PROTOCOL_BUFFER
    definition = string
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
      for id in keys(var.schemas) : length(id) <= 255 && can(regex("^[A-Za-z][A-Za-z0-9._~+%-]{2,}$", id)) && !startswith(id, "goog")
    ])
    error_message = "schemas: an id is 3 to 255 letters, digits or -._~+%, begun by a letter, not by goog; not ${join(", ", [
      for id in keys(var.schemas) : id if !(length(id) <= 255 && can(regex("^[A-Za-z][A-Za-z0-9._~+%-]{2,}$", id)) && !startswith(id, "goog"))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schema in var.schemas : contains(["AVRO", "PROTOCOL_BUFFER"], schema.type)
    ])
    error_message = "schemas[*].type is AVRO or PROTOCOL_BUFFER; not ${join(", ", [
      for id, schema in var.schemas : id if !contains(["AVRO", "PROTOCOL_BUFFER"], schema.type)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, schema in var.schemas : schema.type == "AVRO" ? can(jsondecode(schema.definition)) : trimspace(schema.definition) != ""
    ])
    error_message = "schemas[*].definition is JSON for AVRO, and the text of a .proto file for PROTOCOL_BUFFER; not ${join(", ", [
      for id, schema in var.schemas : id if !(schema.type == "AVRO" ? can(jsondecode(schema.definition)) : trimspace(schema.definition) != "")
    ])}."
  }
}

variable "topics" {
  description = "Topics by id."
  type = map(object({
    retention = optional(string) # "600s" to "2678400s"; without it only unacknowledged messages are kept
    schema = optional(object({
      id             = string                   # full name
      encoding       = optional(string, "JSON") # or BINARY
      first_revision = optional(string)
      last_revision  = optional(string)
    }))
    regions            = optional(list(string), []) # that may store messages; empty lets Google choose
    enforce_in_transit = optional(bool, false)      # refuse who comes in by another region
    kms_key            = optional(string)           # full name; encrypts messages
    transforms         = optional(list(object({ code = string, function = string, disabled = optional(bool, false) })), [])
    ingestion = optional(object({ # what fills the topic, besides publishers; one source
      cloud_storage = optional(object({
        bucket        = string
        format        = optional(string, "text") # or avro, pubsub_avro
        delimiter     = optional(string, "\n")
        match_glob    = optional(string, "")
        created_after = optional(string)
      }))
      aws_kinesis      = optional(object({ stream_arn = string, consumer_arn = string, aws_role_arn = string, service_account = string }))
      aws_msk          = optional(object({ cluster_arn = string, topic = string, aws_role_arn = string, service_account = string }))
      azure_event_hubs = optional(object({ resource_group = string, namespace = string, event_hub = string, client_id = string, tenant_id = string, subscription_id = string, service_account = string }))
      confluent_cloud  = optional(object({ bootstrap_server = string, cluster_id = string, topic = string, identity_pool_id = string, service_account = string }))
      platform_logs    = optional(string) # from which severity on: DISABLED, DEBUG, INFO, WARNING or ERROR
    }))
    tags   = optional(map(string), {}) # of Resource Manager
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
      for id in keys(var.topics) : length(id) <= 255 && can(regex("^[A-Za-z][A-Za-z0-9._~+%-]{2,}$", id)) && !startswith(id, "goog")
    ])
    error_message = "topics: an id is 3 to 255 letters, digits or -._~+%, begun by a letter, not by goog; not ${join(", ", [
      for id in keys(var.topics) : id if !(length(id) <= 255 && can(regex("^[A-Za-z][A-Za-z0-9._~+%-]{2,}$", id)) && !startswith(id, "goog"))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, topic in var.topics : topic.retention == null ? true : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", topic.retention)) ? tonumber(trimsuffix(topic.retention, "s")) >= 600 && tonumber(trimsuffix(topic.retention, "s")) <= 2678400 : false
    ])
    error_message = "topics[*].retention is between \"600s\" and \"2678400s\" (31 days); not ${join(", ", [
      for id, topic in var.topics : id if !(topic.retention == null ? true : can(regex("^[0-9]+(\\.[0-9]{1,9})?s$", topic.retention)) ? tonumber(trimsuffix(topic.retention, "s")) >= 600 && tonumber(trimsuffix(topic.retention, "s")) <= 2678400 : false)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, topic in var.topics : topic.schema == null ? true : length(basename(topic.schema.id)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/schemas/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", topic.schema.id))
    ])
    error_message = "topics[*].schema.id is a full name, such as \"projects/PROJECT/schemas/SCHEMA\"; not ${join(", ", [
      for id, topic in var.topics : id if !(topic.schema == null ? true : length(basename(topic.schema.id)) <= 255 && can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/schemas/[A-Za-z][A-Za-z0-9._~+%-]{2,}$", topic.schema.id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, topic in var.topics : topic.schema == null ? true : contains(["JSON", "BINARY"], topic.schema.encoding)
    ])
    error_message = "topics[*].schema.encoding is JSON or BINARY; not ${join(", ", [
      for id, topic in var.topics : id if !(topic.schema == null ? true : contains(["JSON", "BINARY"], topic.schema.encoding))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, topic in var.topics : length(distinct(topic.regions)) == length(topic.regions) && alltrue([for region in topic.regions : can(regex("^[a-z]+-[a-z]+[0-9]+$", region))])
    ])
    error_message = "topics[*].regions are regions such as \"asia-south1\", each of them once; not ${join(", ", [
      for id, topic in var.topics : id if !(length(distinct(topic.regions)) == length(topic.regions) && alltrue([for region in topic.regions : can(regex("^[a-z]+-[a-z]+[0-9]+$", region))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, topic in var.topics : length(topic.regions) > 0 || !topic.enforce_in_transit
    ])
    error_message = "topics[*].enforce_in_transit needs regions; not ${join(", ", [
      for id, topic in var.topics : id if !(length(topic.regions) > 0 || !topic.enforce_in_transit)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, topic in var.topics : topic.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", topic.kms_key))
    ])
    error_message = "topics[*].kms_key is a full name, such as \"projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY\"; not ${join(", ", [
      for id, topic in var.topics : id if !(topic.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", topic.kms_key)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, topic in var.topics : length(topic.transforms) <= 5 && alltrue([for transform in topic.transforms : length(transform.code) <= 20480 && can(regex("^[A-Za-z_$][A-Za-z0-9_$]*$", transform.function))])
    ])
    error_message = "topics[*].transforms are five at most, of 20 KB of code each and the name of a function in it; not ${join(", ", [
      for id, topic in var.topics : id if !(length(topic.transforms) <= 5 && alltrue([for transform in topic.transforms : length(transform.code) <= 20480 && can(regex("^[A-Za-z_$][A-Za-z0-9_$]*$", transform.function))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, topic in var.topics : topic.ingestion == null ? true : length([
        for source in [topic.ingestion.cloud_storage != null, topic.ingestion.aws_kinesis != null, topic.ingestion.aws_msk != null, topic.ingestion.azure_event_hubs != null, topic.ingestion.confluent_cloud != null] : source if source
      ]) == 1
    ])
    error_message = "topics[*].ingestion comes from one source; not ${join(", ", [for id, topic in var.topics : id if topic.ingestion != null])}."
  }

  validation {
    condition = alltrue([
      for id, topic in var.topics : topic.ingestion == null ? true : topic.ingestion.cloud_storage == null ? true : (
        contains(["text", "avro", "pubsub_avro"], topic.ingestion.cloud_storage.format) && length(topic.ingestion.cloud_storage.delimiter) == 1 &&
        (topic.ingestion.cloud_storage.format == "text" || topic.ingestion.cloud_storage.delimiter == "\n")
      )
    ])
    error_message = "topics[*].ingestion.cloud_storage has the format text with a delimiter of one character, avro or pubsub_avro; not ${join(", ", [for id, topic in var.topics : id if topic.ingestion != null])}."
  }

  validation {
    condition = alltrue([
      for id, topic in var.topics : topic.ingestion == null ? true : topic.ingestion.cloud_storage == null || var.project_number != null
    ])
    error_message = "topics[*].ingestion.cloud_storage needs project_number, whose agent reads the bucket; not ${join(", ", [for id, topic in var.topics : id if topic.ingestion != null])}."
  }

  validation {
    condition = alltrue([
      for id, topic in var.topics : topic.ingestion == null ? true : contains(["DISABLED", "DEBUG", "INFO", "WARNING", "ERROR"], coalesce(topic.ingestion.platform_logs, "DISABLED"))
    ])
    error_message = "topics[*].ingestion.platform_logs is DISABLED, DEBUG, INFO, WARNING or ERROR; not ${join(", ", [for id, topic in var.topics : id if topic.ingestion != null])}."
  }
  validation {
    condition     = alltrue([for id, topic in var.topics : alltrue([for key, value in topic.tags : can(regex("^(tagKeys/[0-9]+|[^/\\s]+/[^/\\s]+)$", key)) && can(regex("^(tagValues/[0-9]+|[^/\\s]+)$", value))])])
    error_message = "topics[*].tags is by key, such as tagKeys/123 = tagValues/456; not ${join(", ", [for id, topic in var.topics : id if !alltrue([for key, value in topic.tags : can(regex("^(tagKeys/[0-9]+|[^/\\s]+/[^/\\s]+)$", key)) && can(regex("^(tagValues/[0-9]+|[^/\\s]+)$", value))])])}."
  }
}

variable "parents" {
  description = "Ids of tables and buckets that other calls make, by name, as their output of this name has them: what hangs on one that is replaced is made again in the same apply. One that isn't here is taken by its name."
  type        = map(string)
  default     = {}
  nullable    = false
}

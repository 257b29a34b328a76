variable "project_id" {
  description = "The project that holds everything this module makes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits or -, begun by a letter; not \"${var.project_id}\"."
  }
}

variable "bigquery_connections" {
  description = "Connections by id; one without a source reads Cloud Storage and calls Google's APIs."
  type = map(object({
    friendly_name = optional(string, "")
    description   = optional(string, "")
    location      = string # a region such as "asia-south1", US or EU
    kms_key       = optional(string)
    cloud_sql = optional(object({
      instance        = string # PROJECT:REGION:INSTANCE
      database        = string
      type            = optional(string, "POSTGRES") # or MYSQL
      username        = string
      password_secret = string # a secret's id; the password is never here
    }))
    spark = optional(object({
      metastore_service = optional(string)
      history_cluster   = optional(string)
    }))
    reads  = optional(list(string), []) # buckets
    writes = optional(list(string), [])
    grants = optional(map(object({
      role      = string
      members   = list(string)
      condition = optional(object({ title = string, expression = string, description = optional(string) }))
    })), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([for id in keys(var.bigquery_connections) : can(regex("^[A-Za-z0-9_-]+$", id)) && length(id) <= 1024])
    error_message = "bigquery_connections: an id is 1 to 1024 letters, digits, - or _; not ${join(", ", [
      for id in keys(var.bigquery_connections) : id if !can(regex("^[A-Za-z0-9_-]+$", id))
    ])}."
  }

  validation {
    condition = alltrue([for connection in values(var.bigquery_connections) : connection.cloud_sql == null || connection.spark == null])
    error_message = "bigquery_connections[*] has cloud_sql or spark or neither; not ${join(", ", [
      for id, connection in var.bigquery_connections : id if connection.cloud_sql != null && connection.spark != null
    ])}."
  }

  validation {
    condition = alltrue([
      for connection in values(var.bigquery_connections) : connection.cloud_sql == null ? true :
      can(regex("^[^:]+:[^:]+:[^:]+$", connection.cloud_sql.instance)) && contains(["POSTGRES", "MYSQL"], connection.cloud_sql.type)
    ])
    error_message = "bigquery_connections[*].cloud_sql has an instance PROJECT:REGION:INSTANCE, of type POSTGRES or MYSQL; not ${join(", ", [
      for id, connection in var.bigquery_connections : id if connection.cloud_sql != null
    ])}."
  }

  validation {
    condition = alltrue([
      for connection in values(var.bigquery_connections) : length(distinct(concat(connection.reads, connection.writes))) == length(concat(connection.reads, connection.writes))
    ])
    error_message = "bigquery_connections[*] names each bucket once, in reads or in writes; not ${join(", ", [
      for id, connection in var.bigquery_connections : id if length(setintersection(connection.reads, connection.writes)) > 0
    ])}."
  }
}

variable "parents" {
  description = "Ids of buckets that other calls make, by name, as their output of this name has them: what hangs on one that is replaced is made again in the same apply. One that isn't here is taken by its name."
  type        = map(string)
  default     = {}
  nullable    = false
}

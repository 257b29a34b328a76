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

variable "datasets" {
  description = "Datasets by id, with their tables, views and routines by id."
  type = map(object({
    friendly_name                     = optional(string, "")
    description                       = optional(string, "")
    location                          = string # a region such as "asia-south1", US or EU
    default_table_expiration_days     = optional(number)
    default_partition_expiration_days = optional(number)
    max_time_travel_hours             = optional(number, 168)
    storage_billing_model             = optional(string, "LOGICAL") # LOGICAL or PHYSICAL
    kms_key                           = optional(string)            # a key's full name, which BigQuery's agent may use
    default_collation                 = optional(string, "")        # "und:ci": texts of new tables compare without case
    case_insensitive                  = optional(bool, false)       # of the names of tables
    delete_contents_on_destroy        = optional(bool, false)
    tables = optional(map(object({
      description = optional(string, "")
      schema      = string # JSON: the list of fields as BigQuery writes it
      time_partitioning = optional(object({
        type            = optional(string, "DAY") # HOUR, DAY, MONTH or YEAR
        field           = optional(string)        # without it, by ingestion
        expiration_days = optional(number)
      }))
      range_partitioning       = optional(object({ field = string, start = number, end = number, interval = number }))
      require_partition_filter = optional(bool, false)
      clustering               = optional(list(string), [])
      primary_key              = optional(list(string), [])
      foreign_keys             = optional(map(object({ table = string, column = string, references = string })), {}) # by name; tables of the dataset
      iceberg                  = optional(object({ connection = string, storage_uri = string }))                     # its rows in a bucket
      row_access_policies      = optional(map(object({ filter = string, grantees = list(string) })), {})             # who sees which rows
      deletion_protection      = optional(bool, true)
      labels                   = optional(map(string), {})
      grants = optional(map(object({
        role      = string
        members   = list(string)
        condition = optional(object({ title = string, expression = string, description = optional(string) }))
      })), {})
    })), {})
    external_tables = optional(map(object({
      description           = optional(string, "")
      format                = string                   # CSV, NEWLINE_DELIMITED_JSON, PARQUET, AVRO or ORC
      source_uris           = list(string)             # gs://BUCKET/PREFIX*
      schema                = optional(string)         # JSON; without it, BigQuery finds out
      compression           = optional(string, "NONE") # or GZIP, of CSV and JSON
      ignore_unknown_values = optional(bool, false)
      max_bad_records       = optional(number, 0)
      connection            = optional(string) # full name; its service account reads the files
      metadata_cache        = optional(object({ mode = optional(string, "AUTOMATIC"), max_staleness = optional(string, "0-0 0 1:0:0") }))
      hive_partitioning = optional(object({
        mode                     = optional(string, "AUTO") # or STRINGS, CUSTOM
        source_uri_prefix        = string
        require_partition_filter = optional(bool, false)
      }))
      csv = optional(object({
        delimiter             = optional(string, ",")
        quote                 = optional(string, "\"")
        skip_leading_rows     = optional(number, 0)
        allow_quoted_newlines = optional(bool, false)
        allow_jagged_rows     = optional(bool, false)
        encoding              = optional(string, "UTF-8")
      }))
      json                = optional(object({ encoding = optional(string, "UTF-8") }))
      parquet             = optional(object({ enum_as_string = optional(bool, false), enable_list_inference = optional(bool, false) }))
      avro                = optional(object({ use_logical_types = optional(bool, true) }))
      deletion_protection = optional(bool, true)
      labels              = optional(map(string), {})
      grants = optional(map(object({
        role      = string
        members   = list(string)
        condition = optional(object({ title = string, expression = string, description = optional(string) }))
      })), {})
    })), {})
    views = optional(map(object({
      description         = optional(string, "")
      query               = string # GoogleSQL; tables are named with their project
      deletion_protection = optional(bool, true)
      labels              = optional(map(string), {})
      grants = optional(map(object({
        role      = string
        members   = list(string)
        condition = optional(object({ title = string, expression = string, description = optional(string) }))
      })), {})
    })), {})
    materialized_views = optional(map(object({
      description              = optional(string, "")
      query                    = string # GoogleSQL; tables are named with their project
      enable_refresh           = optional(bool, true)
      refresh_interval_minutes = optional(number, 30)
      clustering               = optional(list(string), [])
      deletion_protection      = optional(bool, true)
      labels                   = optional(map(string), {})
      grants = optional(map(object({
        role      = string
        members   = list(string)
        condition = optional(object({ title = string, expression = string, description = optional(string) }))
      })), {})
    })), {})
    routines = optional(map(object({
      type        = optional(string, "SCALAR_FUNCTION") # or TABLE_VALUED_FUNCTION, PROCEDURE
      language    = optional(string, "SQL")             # or JAVASCRIPT; PYTHON, JAVA, SCALA of procedures for Spark
      description = optional(string, "")
      body        = optional(string) # tables are named with their project; not of what is remote or in a file
      arguments = optional(list(object({
        name = string
        type = optional(string) # JSON, such as {"typeKind":"STRING"}; without it, any type
        mode = optional(string) # IN, OUT or INOUT, of procedures
      })), [])
      returns       = optional(string)                                             # JSON, as a type of an argument; needed in JavaScript
      returns_table = optional(list(object({ name = string, type = string })), []) # of table functions
      libraries     = optional(list(string), [])                                   # gs://… of functions in JavaScript
      determinism   = optional(string)                                             # DETERMINISTIC or NOT_DETERMINISTIC, in JavaScript
      security      = optional(string)                                             # DEFINER or INVOKER, of procedures
      masking       = optional(bool, false)                                        # the function masks columns
      remote = optional(object({                                                   # the function is carried out by an HTTP endpoint
        connection        = string                                                 # full name; its identity calls
        endpoint          = string
        max_batching_rows = optional(number)
        context           = optional(map(string), {})
      }))
      spark = optional(object({ # the procedure is run by Spark
        connection      = string
        runtime_version = optional(string)
        container_image = optional(string)
        main_file       = optional(string) # gs://…, as the following
        main_class      = optional(string) # of one of the jars
        jars            = optional(list(string), [])
        py_files        = optional(list(string), [])
        files           = optional(list(string), [])
        archives        = optional(list(string), [])
        properties      = optional(map(string), {})
      }))
      grants = optional(map(object({
        role      = string
        members   = list(string)
        condition = optional(object({ title = string, expression = string, description = optional(string) }))
      })), {})
    })), {})
    authorized = optional(object({ # what may read the dataset without a role: full names
      views    = optional(list(string), [])
      datasets = optional(list(string), [])
      routines = optional(list(string), [])
    }), {})
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
      for id in keys(var.datasets) : can(regex("^[A-Za-z0-9_]+$", id)) && length(id) <= 1024
    ])
    error_message = "datasets: an id is 1 to 1024 letters, digits or _; not ${join(", ", [
      for id in keys(var.datasets) : id if !(can(regex("^[A-Za-z0-9_]+$", id)) && length(id) <= 1024)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for member in concat(keys(dataset.tables), keys(dataset.external_tables), keys(dataset.views), keys(dataset.materialized_views)) : can(regex("^[A-Za-z0-9_-]+$", member)) && length(member) <= 1024
      ]
    ]))
    error_message = "datasets[*]: the id of a table or (materialized) view is 1 to 1024 letters, digits, - or _; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for member in concat(keys(dataset.tables), keys(dataset.external_tables), keys(dataset.views), keys(dataset.materialized_views)) : "${id}/${member}" if !(can(regex("^[A-Za-z0-9_-]+$", member)) && length(member) <= 1024)
      ]
    ]))}."
  }

  validation {
    condition = alltrue([
      for id, dataset in var.datasets : length(setintersection(keys(dataset.tables), concat(keys(dataset.views), keys(dataset.external_tables)))) + length(setintersection(keys(dataset.views), keys(dataset.external_tables))) == 0
    ])
    error_message = "datasets[*]: tables, external tables and views share one name space, so an id is of one of them; not in ${join(", ", [
      for id, dataset in var.datasets : id if !(length(setintersection(keys(dataset.tables), concat(keys(dataset.views), keys(dataset.external_tables)))) + length(setintersection(keys(dataset.views), keys(dataset.external_tables))) == 0)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, dataset in var.datasets : length(dataset.description) <= 16384 && alltrue([for thing in concat(values(dataset.tables)[*].description, values(dataset.views)[*].description, values(dataset.materialized_views)[*].description) : length(thing) <= 16384])
    ])
    error_message = "datasets[*]: a description has at most 16384 characters, those of tables and views too; not ${join(", ", [
      for id, dataset in var.datasets : id if !(length(dataset.description) <= 16384 && alltrue([for thing in concat(values(dataset.tables)[*].description, values(dataset.views)[*].description, values(dataset.materialized_views)[*].description) : length(thing) <= 16384]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, dataset in var.datasets : can(regex("^([a-z]+-[a-z]+[0-9]+|US|EU|us|eu)$", dataset.location))
    ])
    error_message = "datasets[*].location is a region such as \"asia-south1\", US or EU; not ${join(", ", [
      for id, dataset in var.datasets : id if !can(regex("^([a-z]+-[a-z]+[0-9]+|US|EU|us|eu)$", dataset.location))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, dataset in var.datasets : alltrue([for days in [dataset.default_table_expiration_days, dataset.default_partition_expiration_days] : days == null ? true : days >= 1 && floor(days) == days])
    ])
    error_message = "datasets[*]: default expirations are whole numbers of days, at least 1; not ${join(", ", [
      for id, dataset in var.datasets : id if !alltrue([for days in [dataset.default_table_expiration_days, dataset.default_partition_expiration_days] : days == null ? true : days >= 1 && floor(days) == days])
    ])}."
  }

  validation {
    condition = alltrue([
      for id, dataset in var.datasets : contains([48, 72, 96, 120, 144, 168], dataset.max_time_travel_hours)
    ])
    error_message = "datasets[*].max_time_travel_hours is 48, 72, 96, 120, 144 or 168; not ${join(", ", [
      for id, dataset in var.datasets : id if !contains([48, 72, 96, 120, 144, 168], dataset.max_time_travel_hours)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, dataset in var.datasets : contains(["LOGICAL", "PHYSICAL"], dataset.storage_billing_model)
    ])
    error_message = "datasets[*].storage_billing_model is LOGICAL or PHYSICAL; not ${join(", ", [
      for id, dataset in var.datasets : id if !contains(["LOGICAL", "PHYSICAL"], dataset.storage_billing_model)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, dataset in var.datasets : dataset.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", dataset.kms_key))
    ])
    error_message = "datasets[*].kms_key is a key's full name; not ${join(", ", [
      for id, dataset in var.datasets : id if !(dataset.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", dataset.kms_key)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, dataset in var.datasets : contains(["", "und:ci"], dataset.default_collation)
    ])
    error_message = "datasets[*].default_collation is und:ci or empty; not ${join(", ", [
      for id, dataset in var.datasets : id if !contains(["", "und:ci"], dataset.default_collation)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : can(regex("^\\s*\\[", table.schema)) && can([for field in jsondecode(table.schema) : "${field.name} ${field.type}"][0])
      ]
    ]))
    error_message = "datasets[*].tables[*].schema is JSON: a list of fields, one at least, each with name and type; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : "${id}/${table_id}" if !(can(regex("^\\s*\\[", table.schema)) && can([for field in jsondecode(table.schema) : "${field.name} ${field.type}"][0]))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : table.time_partitioning == null ? true : contains(["HOUR", "DAY", "MONTH", "YEAR"], table.time_partitioning.type)
      ]
    ]))
    error_message = "datasets[*].tables[*].time_partitioning.type is HOUR, DAY, MONTH or YEAR; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : "${id}/${table_id}" if !(table.time_partitioning == null ? true : contains(["HOUR", "DAY", "MONTH", "YEAR"], table.time_partitioning.type))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : table.time_partitioning == null ? true : table.time_partitioning.expiration_days == null ? true : table.time_partitioning.expiration_days >= 1 && floor(table.time_partitioning.expiration_days) == table.time_partitioning.expiration_days
      ]
    ]))
    error_message = "datasets[*].tables[*].time_partitioning.expiration_days is a whole number of at least 1; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : "${id}/${table_id}" if !(table.time_partitioning == null ? true : table.time_partitioning.expiration_days == null ? true : table.time_partitioning.expiration_days >= 1 && floor(table.time_partitioning.expiration_days) == table.time_partitioning.expiration_days)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : table.range_partitioning == null ? true : table.range_partitioning.start < table.range_partitioning.end && table.range_partitioning.interval >= 1 && (table.range_partitioning.end - table.range_partitioning.start) / table.range_partitioning.interval <= 10000
      ]
    ]))
    error_message = "datasets[*].tables[*].range_partitioning: start is below end, interval at least 1, and there are at most 10000 ranges; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : "${id}/${table_id}" if !(table.range_partitioning == null ? true : table.range_partitioning.start < table.range_partitioning.end && table.range_partitioning.interval >= 1 && (table.range_partitioning.end - table.range_partitioning.start) / table.range_partitioning.interval <= 10000)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : table.time_partitioning == null || table.range_partitioning == null
      ]
    ]))
    error_message = "datasets[*].tables[*] has time_partitioning or range_partitioning, not both; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : "${id}/${table_id}" if !(table.time_partitioning == null || table.range_partitioning == null)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : !table.require_partition_filter || table.time_partitioning != null || table.range_partitioning != null
      ]
    ]))
    error_message = "datasets[*].tables[*].require_partition_filter needs a partitioning; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : "${id}/${table_id}" if !(!table.require_partition_filter || table.time_partitioning != null || table.range_partitioning != null)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : length(table.clustering) <= 4 && length(distinct(table.clustering)) == length(table.clustering)
      ]
    ]))
    error_message = "datasets[*].tables[*].clustering is at most 4 fields, each of them once; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : "${id}/${table_id}" if !(length(table.clustering) <= 4 && length(distinct(table.clustering)) == length(table.clustering))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : length(table.primary_key) <= 16 && length(distinct(table.primary_key)) == length(table.primary_key)
      ]
    ]))
    error_message = "datasets[*].tables[*].primary_key is at most 16 columns, each of them once; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : "${id}/${table_id}" if !(length(table.primary_key) <= 16 && length(distinct(table.primary_key)) == length(table.primary_key))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : alltrue([for policy_id, policy in table.row_access_policies : length(policy_id) <= 256 && can(regex("^[A-Za-z0-9_]+$", policy_id))])
      ]
    ]))
    error_message = "datasets[*].tables[*].row_access_policies: an id is 1 to 256 letters, digits or _; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : [
          for policy_id, policy in table.row_access_policies : "${id}/${table_id}/${policy_id}" if !(length(policy_id) <= 256 && can(regex("^[A-Za-z0-9_]+$", policy_id)))
        ]
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : alltrue([for policy_id, policy in table.row_access_policies : trimspace(policy.filter) != ""])
      ]
    ]))
    error_message = "datasets[*].tables[*].row_access_policies[*].filter is a condition in GoogleSQL; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : [
          for policy_id, policy in table.row_access_policies : "${id}/${table_id}/${policy_id}" if !(trimspace(policy.filter) != "")
        ]
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : alltrue([for policy_id, policy in table.row_access_policies : length(policy.grantees) > 0 && length(distinct(policy.grantees)) == length(policy.grantees) && alltrue([for member in policy.grantees : can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+|allUsers|allAuthenticatedUsers)$", member))])])
      ]
    ]))
    error_message = "datasets[*].tables[*].row_access_policies[*].grantees are principals as IAM writes them, such as group:quants@example.com, one at least, each once; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for table_id, table in dataset.tables : [
          for policy_id, policy in table.row_access_policies : "${id}/${table_id}/${policy_id}" if !(length(policy.grantees) > 0 && length(distinct(policy.grantees)) == length(policy.grantees) && alltrue([for member in policy.grantees : can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+|allUsers|allAuthenticatedUsers)$", member))]))
        ]
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for view_id, view in dataset.views : trimspace(view.query) != ""
      ]
    ]))
    error_message = "datasets[*].views[*].query is a query in GoogleSQL; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for view_id, view in dataset.views : "${id}/${view_id}" if !(trimspace(view.query) != "")
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for view_id, view in dataset.views : !strcontains(view.query, "$${")
      ]
    ]))
    error_message = "datasets[*].views[*].query has every $${…} replaced; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for view_id, view in dataset.views : "${id}/${view_id}" if !(!strcontains(view.query, "$${"))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for view_id, view in dataset.materialized_views : length(setintersection([view_id], concat(keys(dataset.tables), keys(dataset.external_tables), keys(dataset.views)))) == 0
      ]
    ]))
    error_message = "datasets[*].materialized_views: no table or view has the id; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for view_id, view in dataset.materialized_views : "${id}/${view_id}" if !(length(setintersection([view_id], concat(keys(dataset.tables), keys(dataset.external_tables), keys(dataset.views)))) == 0)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for view_id, view in dataset.materialized_views : trimspace(view.query) != "" && !strcontains(view.query, "$${")
      ]
    ]))
    error_message = "datasets[*].materialized_views[*].query is a query in GoogleSQL, every $${…} replaced; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for view_id, view in dataset.materialized_views : "${id}/${view_id}" if !(trimspace(view.query) != "" && !strcontains(view.query, "$${"))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for view_id, view in dataset.materialized_views : view.refresh_interval_minutes >= 1 && floor(view.refresh_interval_minutes) == view.refresh_interval_minutes
      ]
    ]))
    error_message = "datasets[*].materialized_views[*].refresh_interval_minutes is a whole number of at least 1; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for view_id, view in dataset.materialized_views : "${id}/${view_id}" if !(view.refresh_interval_minutes >= 1 && floor(view.refresh_interval_minutes) == view.refresh_interval_minutes)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for id, dataset in var.datasets : [
        for view_id, view in dataset.materialized_views : length(view.clustering) <= 4 && length(distinct(view.clustering)) == length(view.clustering)
      ]
    ]))
    error_message = "datasets[*].materialized_views[*].clustering is at most 4 columns, each of them once; not ${join(", ", flatten([
      for id, dataset in var.datasets : [
        for view_id, view in dataset.materialized_views : "${id}/${view_id}" if !(length(view.clustering) <= 4 && length(distinct(view.clustering)) == length(view.clustering))
      ]
    ]))}."
  }
}

variable "views_only" {
  description = "Make only what reads: views, table functions, procedures, their grants, and what is authorized. For those that read tables of another call of this module, which makes the datasets, tables and functions."
  type        = bool
  default     = false
  nullable    = false
}

variable "parents" {
  description = "Ids of datasets, views and routines that other calls make, by name, as their output of this name has them: what hangs on one that is replaced is made again in the same apply. One that isn't here is taken by its name."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "policy_tags" {
  description = "Full names of policy tags by the path that a schema calls them by: it writes $${policy_tag:PATH}, since Google makes up their names."
  type        = map(string)
  default     = {}
  nullable    = false
}

locals {
  datasets = { for id, dataset in var.datasets : id => dataset if !var.views_only }
  tables = merge([
    for id, dataset in local.datasets : {
      for name, table in dataset.tables : "${id}/${name}" => merge(table, { dataset = id, name = name })
    }
  ]...)
  external_tables = merge([
    for id, dataset in local.datasets : {
      for name, table in dataset.external_tables : "${id}/${name}" => merge(table, { dataset = id, name = name })
    }
  ]...)
  # Made of the two resources that make tables.
  made = merge(google_bigquery_table.table, google_bigquery_table.referring)
  views = merge([
    for id, dataset in var.datasets : {
      for name, view in dataset.views : "${id}/${name}" => merge(view, { dataset = id, name = name })
    }
  ]...)
  materialized_views = merge([
    for id, dataset in var.datasets : {
      for name, view in dataset.materialized_views : "${id}/${name}" => merge(view, { dataset = id, name = name })
    }
  ]...)
  # Schemas with the names of their policy tags.
  tagged = { for key, table in local.tables : key => split("$${policy_tag:", table.schema) }
  schemas = {
    for key, parts in local.tagged : key => join("", concat([parts[0]], [
      for part in slice(parts, 1, length(parts)) :
      "${lookup(var.policy_tags, split("}", part)[0], split("}", part)[0])}${substr(part, length(split("}", part)[0]) + 1, -1)}"
    ]))
  }
  fields = { for key, table in local.tables : key => jsondecode(table.schema) }
  types  = { for key, fields in local.fields : key => { for field in fields : field.name => upper(field.type)... } }
  # What is asked of a table, with or without foreign keys.
  sound = { for key, table in local.tables : key => {
    labels = length(merge(var.labels, table.labels)) <= 64 && alltrue([
      for key, value in table.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
    ])
    tags = alltrue([for part in slice(local.tagged[key], 1, length(local.tagged[key])) : contains(keys(var.policy_tags), split("}", part)[0])])
    names = alltrue([for name in keys(local.types[key]) : length(name) <= 300 && can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))]) && (
      length(distinct([for name in keys(local.types[key]) : lower(name)])) == length(local.fields[key])
    )
    types = alltrue([
      for field in local.fields[key] : contains(local.field_types, upper(field.type)) && contains(["NULLABLE", "REQUIRED", "REPEATED"], upper(lookup(field, "mode", "NULLABLE")))
    ])
    columns = alltrue([
      for column in concat(table.time_partitioning[*].field, table.range_partitioning[*].field, table.clustering, table.primary_key) :
      column == null ? true : contains(keys(local.types[key]), column)
    ])
    partitions = alltrue(concat(
      [
        for column in table.time_partitioning[*].field : column == null ? true : contains(
          table.time_partitioning.type == "HOUR" ? ["TIMESTAMP", "DATETIME"] : ["TIMESTAMP", "DATETIME", "DATE"],
          lookup(local.types[key], column, ["TIMESTAMP"])[0]
        )
      ],
      [for column in table.range_partitioning[*].field : contains(["INTEGER", "INT64"], lookup(local.types[key], column, ["INT64"])[0])],
    ))
  } }
  day_ms = 86400000
  # The ids of datasets, by name: of this call and of others.
  parents = merge(
    { for name, id in var.parents : basename(name) => id if length(split("/", name)) == 4 },
    { for dataset in google_bigquery_dataset.this : dataset.dataset_id => dataset.id },
  )
  field_types = [
    "STRING", "BYTES", "INTEGER", "INT64", "FLOAT", "FLOAT64", "NUMERIC", "BIGNUMERIC", "BOOLEAN", "BOOL", "TIMESTAMP", "DATE", "TIME",
    "DATETIME", "GEOGRAPHY", "JSON", "RECORD", "STRUCT", "RANGE", "INTERVAL",
  ]
}

resource "google_bigquery_dataset" "this" {
  for_each = local.datasets

  project                         = var.project_id
  dataset_id                      = each.key
  friendly_name                   = each.value.friendly_name
  description                     = each.value.description
  location                        = each.value.location
  default_table_expiration_ms     = each.value.default_table_expiration_days == null ? null : each.value.default_table_expiration_days * local.day_ms
  default_partition_expiration_ms = each.value.default_partition_expiration_days == null ? null : each.value.default_partition_expiration_days * local.day_ms
  max_time_travel_hours           = each.value.max_time_travel_hours
  storage_billing_model           = each.value.storage_billing_model
  default_collation               = each.value.default_collation
  is_case_insensitive             = each.value.case_insensitive
  delete_contents_on_destroy      = each.value.delete_contents_on_destroy
  labels                          = merge(var.labels, each.value.labels)

  dynamic "default_encryption_configuration" {
    for_each = each.value.kms_key[*]
    content {
      kms_key_name = default_encryption_configuration.value
    }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "datasets: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

resource "google_bigquery_table" "table" {
  for_each = { for key, table in local.tables : key => table if length(table.foreign_keys) == 0 }

  project                  = var.project_id
  dataset_id               = basename(google_bigquery_dataset.this[each.value.dataset].id)
  table_id                 = each.value.name
  description              = each.value.description
  schema                   = local.schemas[each.key]
  clustering               = length(each.value.clustering) == 0 ? null : each.value.clustering
  require_partition_filter = each.value.require_partition_filter
  deletion_protection      = each.value.deletion_protection
  labels                   = merge(var.labels, each.value.labels)

  dynamic "time_partitioning" {
    for_each = each.value.time_partitioning[*]
    content {
      type          = time_partitioning.value.type
      field         = time_partitioning.value.field
      expiration_ms = time_partitioning.value.expiration_days == null ? null : time_partitioning.value.expiration_days * local.day_ms
    }
  }

  dynamic "range_partitioning" {
    for_each = each.value.range_partitioning[*]
    content {
      field = range_partitioning.value.field
      range {
        start    = range_partitioning.value.start
        end      = range_partitioning.value.end
        interval = range_partitioning.value.interval
      }
    }
  }

  # Google gives a table its dataset's key; unsaid, the next plan would take it for a change, and replace the table.
  dynamic "encryption_configuration" {
    for_each = local.datasets[each.value.dataset].kms_key[*]
    content {
      kms_key_name = encryption_configuration.value
    }
  }

  dynamic "biglake_configuration" {
    for_each = each.value.iceberg[*]
    content {
      connection_id = biglake_configuration.value.connection
      storage_uri   = biglake_configuration.value.storage_uri
      file_format   = "PARQUET"
      table_format  = "ICEBERG"
    }
  }

  dynamic "table_constraints" {
    for_each = length(each.value.primary_key) == 0 ? [] : [each.value.primary_key]
    content {
      primary_key {
        columns = table_constraints.value
      }
    }
  }

  lifecycle {
    precondition {
      condition     = local.sound[each.key].labels
      error_message = "tables: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
    precondition {
      condition     = local.sound[each.key].tags
      error_message = "tables: the schema of ${each.key} has a policy tag that policy_tags doesn't have."
    }
    precondition {
      condition     = local.sound[each.key].names
      error_message = "tables: a field of ${each.key} is named by 1 to 300 letters, digits or _, not begun by a digit, and is there once."
    }
    precondition {
      condition     = local.sound[each.key].types
      error_message = "tables: a field of ${each.key} has one of the types ${join(", ", local.field_types)}, and the mode NULLABLE, REQUIRED or REPEATED."
    }
    precondition {
      condition     = local.sound[each.key].columns
      error_message = "tables: ${each.key} is partitioned, clustered and keyed by fields that its schema has."
    }
    precondition {
      condition     = local.sound[each.key].partitions
      error_message = "tables: ${each.key} is partitioned by time of a TIMESTAMP, DATETIME or (not by HOUR) DATE, or by ranges of an INTEGER."
    }
  }
}

resource "google_bigquery_table" "view" {
  for_each = local.views

  project             = var.project_id
  dataset_id          = basename(lookup(local.parents, each.value.dataset, each.value.dataset))
  table_id            = each.value.name
  description         = each.value.description
  deletion_protection = each.value.deletion_protection
  labels              = merge(var.labels, each.value.labels)

  view {
    query          = each.value.query
    use_legacy_sql = false
  }

  # BigQuery reads what a view names when the view is made.
  depends_on = [google_bigquery_dataset.this, google_bigquery_table.table, google_bigquery_table.referring, google_bigquery_table.external, google_bigquery_routine.function]

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "views: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

resource "google_bigquery_table" "materialized_view" {
  for_each = local.materialized_views

  project             = var.project_id
  dataset_id          = basename(lookup(local.parents, each.value.dataset, each.value.dataset))
  table_id            = each.value.name
  description         = each.value.description
  clustering          = length(each.value.clustering) == 0 ? null : each.value.clustering
  deletion_protection = each.value.deletion_protection
  labels              = merge(var.labels, each.value.labels)

  materialized_view {
    query               = each.value.query
    enable_refresh      = each.value.enable_refresh
    refresh_interval_ms = each.value.refresh_interval_minutes * 60000
  }

  # BigQuery computes it when it is made.
  # Google gives it its dataset's key; unsaid, the next plan would take it for a change.
  dynamic "encryption_configuration" {
    for_each = var.datasets[each.value.dataset].kms_key[*]
    content {
      kms_key_name = encryption_configuration.value
    }
  }

  depends_on = [google_bigquery_dataset.this, google_bigquery_table.table, google_bigquery_table.referring, google_bigquery_table.external, google_bigquery_routine.function]

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "materialized_views: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

locals {
  datasets = { for id, dataset in var.datasets : id => dataset if !var.views_only }
  tables = merge([
    for id, dataset in local.datasets : {
      for name, table in dataset.tables : "${id}/${name}" => merge(table, { dataset = id, name = name })
    }
  ]...)
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
  fields = { for key, table in local.tables : key => jsondecode(table.schema) }
  types  = { for key, fields in local.fields : key => { for field in fields : field.name => upper(field.type)... } }
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
  for_each = local.tables

  project                  = var.project_id
  dataset_id               = basename(google_bigquery_dataset.this[each.value.dataset].id)
  table_id                 = each.value.name
  description              = each.value.description
  schema                   = each.value.schema
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
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "tables: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
    precondition {
      condition = alltrue([for name in keys(local.types[each.key]) : length(name) <= 300 && can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))]) && (
        length(distinct([for name in keys(local.types[each.key]) : lower(name)])) == length(local.fields[each.key])
      )
      error_message = "tables: a field of ${each.key} is named by 1 to 300 letters, digits or _, not begun by a digit, and is there once."
    }
    precondition {
      condition = alltrue([
        for field in local.fields[each.key] : contains(local.field_types, upper(field.type)) && contains(["NULLABLE", "REQUIRED", "REPEATED"], upper(lookup(field, "mode", "NULLABLE")))
      ])
      error_message = "tables: a field of ${each.key} has one of the types ${join(", ", local.field_types)}, and the mode NULLABLE, REQUIRED or REPEATED."
    }
    precondition {
      condition = alltrue([
        for column in concat(each.value.time_partitioning[*].field, each.value.range_partitioning[*].field, each.value.clustering, each.value.primary_key) :
        column == null ? true : contains(keys(local.types[each.key]), column)
      ])
      error_message = "tables: ${each.key} is partitioned, clustered and keyed by fields that its schema has."
    }
    precondition {
      condition = alltrue(concat(
        [
          for column in each.value.time_partitioning[*].field : column == null ? true : contains(
            each.value.time_partitioning.type == "HOUR" ? ["TIMESTAMP", "DATETIME"] : ["TIMESTAMP", "DATETIME", "DATE"],
            lookup(local.types[each.key], column, ["TIMESTAMP"])[0]
          )
        ],
        [for column in each.value.range_partitioning[*].field : contains(["INTEGER", "INT64"], lookup(local.types[each.key], column, ["INT64"])[0])],
      ))
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
  depends_on = [google_bigquery_dataset.this, google_bigquery_table.table, google_bigquery_routine.function]

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

  depends_on = [google_bigquery_dataset.this, google_bigquery_table.table, google_bigquery_routine.function]

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "materialized_views: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

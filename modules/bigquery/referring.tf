# Tables with foreign keys come after those that they refer to.
resource "google_bigquery_table" "referring" {
  for_each = { for key, table in local.tables : key => table if length(table.foreign_keys) > 0 }

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

  table_constraints {
    dynamic "primary_key" {
      for_each = length(each.value.primary_key) == 0 ? [] : [each.value.primary_key]
      content {
        columns = primary_key.value
      }
    }
    dynamic "foreign_keys" {
      for_each = each.value.foreign_keys
      content {
        name = foreign_keys.key
        referenced_table {
          project_id = var.project_id
          dataset_id = each.value.dataset
          table_id   = foreign_keys.value.table
        }
        column_references {
          referencing_column = foreign_keys.value.column
          referenced_column  = foreign_keys.value.references
        }
      }
    }
  }

  # BigQuery looks for what a key refers to, and for its primary key, when it makes the table.
  depends_on = [google_bigquery_table.table]

  lifecycle {
    precondition {
      condition     = alltrue(values(local.sound[each.key]))
      error_message = "tables: ${each.key} has foreign keys, and something that no table has: its labels, the names or types of its fields, a column that it is partitioned, clustered or keyed by."
    }
    precondition {
      condition     = alltrue([for key in values(each.value.foreign_keys) : contains(keys(local.types[each.key]), key.column)])
      error_message = "tables: ${each.key} has a foreign key of a column that its schema doesn't have."
    }
    precondition {
      condition = alltrue([
        for key in values(each.value.foreign_keys) :
        contains(keys(local.tables), "${each.value.dataset}/${key.table}") ? local.tables["${each.value.dataset}/${key.table}"].primary_key == tolist([key.references]) : false
      ])
      error_message = "tables: ${each.key} has a foreign key to what is not the one column of the primary key of a table of its dataset."
    }
    precondition {
      condition = alltrue([
        for key in values(each.value.foreign_keys) :
        contains(keys(local.tables), "${each.value.dataset}/${key.table}") ? length(local.tables["${each.value.dataset}/${key.table}"].foreign_keys) == 0 : true
      ])
      error_message = "tables: ${each.key} has a foreign key to a table with foreign keys of its own, which is made at the same time."
    }
  }
}

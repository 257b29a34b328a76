# Tables whose rows are files in Cloud Storage.
resource "google_bigquery_table" "external" {
  for_each = local.external_tables

  project                      = var.project_id
  dataset_id                   = basename(google_bigquery_dataset.this[each.value.dataset].id)
  table_id                     = each.value.name
  description                  = each.value.description
  schema                       = each.value.schema
  ignore_auto_generated_schema = each.value.schema != null && each.value.hive_partitioning != null # the partitions' columns come with it
  max_staleness                = each.value.metadata_cache == null ? null : each.value.metadata_cache.max_staleness
  deletion_protection          = each.value.deletion_protection
  labels                       = merge(var.labels, each.value.labels)

  external_data_configuration {
    autodetect            = each.value.schema == null
    source_format         = each.value.format
    source_uris           = each.value.source_uris
    compression           = each.value.compression
    ignore_unknown_values = each.value.ignore_unknown_values
    max_bad_records       = each.value.max_bad_records
    connection_id         = each.value.connection
    metadata_cache_mode   = each.value.metadata_cache == null ? null : each.value.metadata_cache.mode

    dynamic "hive_partitioning_options" {
      for_each = each.value.hive_partitioning[*]
      content {
        mode                     = hive_partitioning_options.value.mode
        source_uri_prefix        = hive_partitioning_options.value.source_uri_prefix
        require_partition_filter = hive_partitioning_options.value.require_partition_filter
      }
    }
    dynamic "csv_options" {
      for_each = each.value.csv[*]
      content {
        field_delimiter       = csv_options.value.delimiter
        quote                 = csv_options.value.quote
        skip_leading_rows     = csv_options.value.skip_leading_rows
        allow_quoted_newlines = csv_options.value.allow_quoted_newlines
        allow_jagged_rows     = csv_options.value.allow_jagged_rows
        encoding              = csv_options.value.encoding
      }
    }
    dynamic "json_options" {
      for_each = each.value.json[*]
      content {
        encoding = json_options.value.encoding
      }
    }
    dynamic "parquet_options" {
      for_each = each.value.parquet[*]
      content {
        enum_as_string        = parquet_options.value.enum_as_string
        enable_list_inference = parquet_options.value.enable_list_inference
      }
    }
    dynamic "avro_options" {
      for_each = each.value.avro[*]
      content {
        use_avro_logical_types = avro_options.value.use_logical_types
      }
    }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "external_tables: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
    precondition {
      condition     = contains(["CSV", "NEWLINE_DELIMITED_JSON", "PARQUET", "AVRO", "ORC"], each.value.format)
      error_message = "external_tables: the format of ${each.key} is CSV, NEWLINE_DELIMITED_JSON, PARQUET, AVRO or ORC."
    }
    precondition {
      condition     = length(each.value.source_uris) > 0 && alltrue([for uri in each.value.source_uris : can(regex("^gs://[^/*]+/[^*]*[*]?[^*]*$", uri))])
      error_message = "external_tables: the source_uris of ${each.key} are gs://BUCKET/OBJECT, with one * at most, and one of them at least."
    }
    precondition {
      condition = alltrue([
        for name, format in { csv = "CSV", json = "NEWLINE_DELIMITED_JSON", parquet = "PARQUET", avro = "AVRO" } : each.value[name] == null || each.value.format == format
      ])
      error_message = "external_tables: ${each.key} has the options of its own format only."
    }
    precondition {
      condition     = each.value.compression == "NONE" || each.value.compression == "GZIP" && contains(["CSV", "NEWLINE_DELIMITED_JSON"], each.value.format)
      error_message = "external_tables: the compression of ${each.key} is NONE or, of CSV and JSON, GZIP."
    }
    precondition {
      condition     = each.value.hive_partitioning == null ? true : contains(["AUTO", "STRINGS", "CUSTOM"], each.value.hive_partitioning.mode)
      error_message = "external_tables: the mode of ${each.key}'s hive_partitioning is AUTO, STRINGS or CUSTOM."
    }
    precondition {
      condition     = each.value.hive_partitioning == null ? true : alltrue([for uri in each.value.source_uris : startswith(uri, trimsuffix(split("{", each.value.hive_partitioning.source_uri_prefix)[0], "/"))])
      error_message = "external_tables: the source_uris of ${each.key} begin with its hive_partitioning.source_uri_prefix."
    }
    precondition {
      condition     = each.value.metadata_cache == null ? true : each.value.connection != null && contains(["AUTOMATIC", "MANUAL"], each.value.metadata_cache.mode)
      error_message = "external_tables: ${each.key} has a metadata_cache, AUTOMATIC or MANUAL, where it has a connection."
    }
  }
}

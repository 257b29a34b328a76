variables {
  project_id = "atm-dev"
}

# foreign_keys: by name, to the one column of another table's primary key; such tables are made after the others
run "a_table_that_refers_to_another" {
  command = plan
  variables {
    datasets = {
      strategy_data = {
        location = "asia-south1"
        tables = {
          instruments = { schema = jsonencode([{ name = "symbol", type = "STRING", mode = "REQUIRED" }]), primary_key = ["symbol"] }
          signals = {
            schema       = jsonencode([{ name = "id", type = "STRING", mode = "REQUIRED" }, { name = "symbol", type = "STRING" }])
            primary_key  = ["id"]
            clustering   = ["symbol"]
            foreign_keys = { of_symbol = { table = "instruments", column = "symbol", references = "symbol" } }
            grants       = { read = { role = "roles/bigquery.dataViewer", members = ["group:quants@example.com"] } }
          }
        }
      }
    }
  }
  assert {
    condition = (
      keys(google_bigquery_table.table) == ["strategy_data/instruments"] &&
      google_bigquery_table.referring["strategy_data/signals"].table_constraints[0].foreign_keys[0].referenced_table[0].table_id == "instruments" &&
      google_bigquery_table.referring["strategy_data/signals"].table_constraints[0].foreign_keys[0].column_references[0].referencing_column == "symbol" &&
      google_bigquery_table.referring["strategy_data/signals"].table_constraints[0].primary_key[0].columns == tolist(["id"])
    )
    error_message = "It has both keys."
  }
  assert {
    condition = (
      output.names.tables == { "strategy_data/instruments" = "strategy_data.instruments", "strategy_data/signals" = "strategy_data.signals" } &&
      keys(google_bigquery_table_iam_member.table) == ["strategy_data/signals/read/group:quants@example.com"]
    )
    error_message = "It is a table as any other."
  }
}

# iceberg: rows in a bucket, as Iceberg keeps them, through a connection
run "a_table_in_a_bucket" {
  command = plan
  variables {
    datasets = {
      lake = {
        location = "asia-south1"
        tables = {
          ticks = {
            schema  = jsonencode([{ name = "symbol", type = "STRING" }])
            iceberg = { connection = "projects/atm-dev/locations/asia-south1/connections/lake", storage_uri = "gs://atm-dev-lake/ticks" }
          }
        }
      }
    }
  }
  assert {
    condition     = google_bigquery_table.table["lake/ticks"].biglake_configuration[0].storage_uri == "gs://atm-dev-lake/ticks" && google_bigquery_table.table["lake/ticks"].biglake_configuration[0].table_format == "ICEBERG"
    error_message = "Rows are in the bucket."
  }
}

# policy_tags: the names that Google makes up, where a schema writes $${policy_tag:PATH}
run "a_column_that_only_some_read" {
  command = plan
  variables {
    policy_tags = { "shared/sensitivity/pan" = "projects/atm-dev/locations/asia-south1/taxonomies/1/policyTags/2" }
    datasets = {
      accounts = {
        location = "asia-south1"
        tables = {
          traders = {
            schema = jsonencode([
              { name = "id", type = "STRING" },
              { name = "tax", type = "RECORD", fields = [{ name = "pan", type = "STRING", policyTags = { names = ["$${policy_tag:shared/sensitivity/pan}"] } }] },
            ])
          }
        }
      }
    }
  }
  assert {
    condition = jsondecode(google_bigquery_table.table["accounts/traders"].schema)[1].fields[0].policyTags.names == [
      "projects/atm-dev/locations/asia-south1/taxonomies/1/policyTags/2"
    ]
    error_message = "The column has the tag's name."
  }
}

# external_tables: files in Cloud Storage as a table: CSV, JSON, Parquet, Avro, ORC, with a schema or found out
# external_tables[*].hive_partitioning, connection, metadata_cache: partitions by path; files that a connection reads, and remembers
run "files_as_tables" {
  command = plan
  variables {
    datasets = {
      raw = {
        location = "asia-south1"
        external_tables = {
          bhavcopy = {
            format      = "CSV"
            source_uris = ["gs://atm-dev-raw/bhavcopy/*.csv"]
            schema      = jsonencode([{ name = "symbol", type = "STRING" }])
            compression = "GZIP"
            csv         = { skip_leading_rows = 1, allow_quoted_newlines = true }
            labels      = { tier = "raw" }
          }
          ticks = {
            format            = "PARQUET"
            source_uris       = ["gs://atm-dev-raw/ticks/*"]
            connection        = "projects/atm-dev/locations/asia-south1/connections/lake"
            metadata_cache    = { mode = "AUTOMATIC", max_staleness = "0-0 0 4:0:0" }
            hive_partitioning = { source_uri_prefix = "gs://atm-dev-raw/ticks/{day:DATE}", mode = "CUSTOM", require_partition_filter = true }
            parquet           = { enable_list_inference = true }
            grants            = { read = { role = "roles/bigquery.dataViewer", members = ["group:quants@example.com"] } }
          }
          events = { format = "NEWLINE_DELIMITED_JSON", source_uris = ["gs://atm-dev-raw/events/*"], json = {} }
          fills  = { format = "AVRO", source_uris = ["gs://atm-dev-raw/fills/*"], avro = {} }
        }
      }
    }
  }
  assert {
    condition = (
      !google_bigquery_table.external["raw/bhavcopy"].external_data_configuration[0].autodetect &&
      google_bigquery_table.external["raw/bhavcopy"].external_data_configuration[0].csv_options[0].skip_leading_rows == 1 &&
      google_bigquery_table.external["raw/bhavcopy"].external_data_configuration[0].compression == "GZIP" &&
      google_bigquery_table.external["raw/bhavcopy"].labels == tomap({ tier = "raw" })
    )
    error_message = "CSV with a schema."
  }
  assert {
    condition = (
      google_bigquery_table.external["raw/ticks"].external_data_configuration[0].autodetect &&
      google_bigquery_table.external["raw/ticks"].external_data_configuration[0].hive_partitioning_options[0].mode == "CUSTOM" &&
      google_bigquery_table.external["raw/ticks"].external_data_configuration[0].parquet_options[0].enable_list_inference &&
      google_bigquery_table.external["raw/ticks"].external_data_configuration[0].metadata_cache_mode == "AUTOMATIC" &&
      google_bigquery_table.external["raw/ticks"].max_staleness == "0-0 0 4:0:0"
    )
    error_message = "Parquet in partitions, remembered."
  }
  assert {
    condition = (
      google_bigquery_table.external["raw/events"].external_data_configuration[0].json_options[0].encoding == "UTF-8" &&
      google_bigquery_table.external["raw/fills"].external_data_configuration[0].avro_options[0].use_avro_logical_types
    )
    error_message = "JSON and Avro have their options."
  }
  assert {
    condition     = output.names.external_tables["raw/ticks"] == "raw.ticks" && keys(google_bigquery_table_iam_member.external) == ["raw/ticks/read/group:quants@example.com"]
    error_message = "They are named and granted as tables are."
  }
}

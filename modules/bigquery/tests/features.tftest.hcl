variables {
  project_id = "atm-dev"
}

# schema: JSON text as BigQuery writes it; names, types, modes and the columns of partitions and clusters are checked
# time_partitioning, range_partitioning: by time (expiry in days) or by ranges of an integer
# clustering, require_partition_filter: up to 4 fields; the filter needs a partitioning
# deletion_protection: of tables and views, on by default
# labels: the module's and the thing's own, which win
run "a_dataset_with_tables" {
  command = plan
  variables {
    labels = { environment = "dev" }
    datasets = {
      strategy_data = {
        location                          = "asia-south1"
        default_table_expiration_days     = 1
        default_partition_expiration_days = 365
        max_time_travel_hours             = 48
        storage_billing_model             = "PHYSICAL"
        tables = {
          signals = {
            schema                   = jsonencode([{ name = "at", type = "TIMESTAMP", mode = "REQUIRED" }, { name = "symbol", type = "STRING" }])
            time_partitioning        = { field = "at", expiration_days = 30 }
            require_partition_filter = true
            clustering               = ["symbol"]
            labels                   = { tier = "hot" }
          }
          shards = {
            schema              = jsonencode([{ name = "shard", type = "INTEGER" }])
            range_partitioning  = { field = "shard", start = 0, end = 100, interval = 10 }
            deletion_protection = false
          }
        }
      }
    }
  }
  assert {
    condition     = google_bigquery_dataset.this["strategy_data"].default_table_expiration_ms == 86400000 && google_bigquery_dataset.this["strategy_data"].default_partition_expiration_ms == 31536000000
    error_message = "Days are milliseconds to BigQuery."
  }
  assert {
    condition     = google_bigquery_dataset.this["strategy_data"].max_time_travel_hours == "48" && google_bigquery_dataset.this["strategy_data"].storage_billing_model == "PHYSICAL"
    error_message = "The dataset is as it is asked for."
  }
  assert {
    condition     = google_bigquery_table.table["strategy_data/signals"].time_partitioning[0].expiration_ms == 2592000000 && google_bigquery_table.table["strategy_data/signals"].time_partitioning[0].type == "DAY"
    error_message = "Partitions of a day, kept 30."
  }
  assert {
    condition     = google_bigquery_table.table["strategy_data/signals"].require_partition_filter && google_bigquery_table.table["strategy_data/signals"].clustering == tolist(["symbol"]) && google_bigquery_table.table["strategy_data/signals"].deletion_protection
    error_message = "Filtered, clustered and protected."
  }
  assert {
    condition     = google_bigquery_table.table["strategy_data/shards"].range_partitioning[0].range[0].end == 100 && !google_bigquery_table.table["strategy_data/shards"].deletion_protection
    error_message = "Ranges, without protection."
  }
  assert {
    condition     = google_bigquery_table.table["strategy_data/signals"].labels == tomap({ environment = "dev", tier = "hot" })
    error_message = "The module's labels and the table's."
  }
  assert {
    condition     = output.ids.tables["strategy_data/signals"] == "projects/atm-dev/datasets/strategy_data/tables/signals" && output.names.tables["strategy_data/shards"] == "strategy_data.shards" && output.ids.datasets == { strategy_data = "projects/atm-dev/datasets/strategy_data" }
    error_message = "Ids and names are known at plan."
  }
}

# kms_key: encrypts the dataset's tables, each of which says so itself
# default_collation, case_insensitive: texts and names of tables without regard to case
# primary_key: columns of the schema; BigQuery plans by it and enforces nothing
run "a_dataset_with_a_key_of_its_own" {
  command = plan
  variables {
    datasets = {
      orders = {
        location          = "asia-south1"
        kms_key           = "projects/atm-dev/locations/asia-south1/keyRings/execution/cryptoKeys/data"
        default_collation = "und:ci"
        case_insensitive  = true
        tables = {
          fills = {
            schema      = jsonencode([{ name = "id", type = "STRING", mode = "REQUIRED" }, { name = "qty", type = "INTEGER" }])
            primary_key = ["id"]
          }
        }
      }
      open = { location = "asia-south1", tables = { fills = { schema = jsonencode([{ name = "id", type = "STRING" }]) } } }
    }
  }
  assert {
    condition = (
      google_bigquery_dataset.this["orders"].default_encryption_configuration[0].kms_key_name == google_bigquery_table.table["orders/fills"].encryption_configuration[0].kms_key_name &&
      length(google_bigquery_table.table["open/fills"].encryption_configuration) == 0
    )
    error_message = "The dataset's key is its tables' key."
  }
  assert {
    condition     = google_bigquery_dataset.this["orders"].default_collation == "und:ci" && google_bigquery_dataset.this["orders"].is_case_insensitive
    error_message = "Case is disregarded."
  }
  assert {
    condition     = google_bigquery_table.table["orders/fills"].table_constraints[0].primary_key[0].columns == tolist(["id"]) && length(google_bigquery_table.table["open/fills"].table_constraints) == 0
    error_message = "The key is the one asked for."
  }
}

# row_access_policies: who sees which rows; whoever none names sees no row
run "rows_that_only_some_see" {
  command = plan
  variables {
    datasets = {
      orders = {
        location = "asia-south1"
        tables = {
          fills = {
            schema = jsonencode([{ name = "desk", type = "STRING" }])
            row_access_policies = {
              equity = { filter = "desk = 'equity'", grantees = ["group:equity@example.com"] }
              all    = { filter = "TRUE", grantees = ["serviceAccount:risk@atm-dev.iam.gserviceaccount.com"] }
            }
          }
        }
      }
    }
  }
  assert {
    condition     = google_bigquery_row_access_policy.this["orders/fills/equity"].filter_predicate == "desk = 'equity'" && length(google_bigquery_row_access_policy.this) == 2
    error_message = "The filter is on the table."
  }
  assert {
    condition     = google_bigquery_row_access_policy.this["orders/fills/all"].grantees == tolist(["serviceAccount:risk@atm-dev.iam.gserviceaccount.com"])
    error_message = "The grantees are the ones asked for."
  }
}

# views: in GoogleSQL, made after the tables
run "a_view_of_a_table_of_the_same_dataset" {
  command = plan
  variables {
    datasets = {
      strategy_data = {
        location = "asia-south1"
        tables   = { signals = { schema = jsonencode([{ name = "symbol", type = "STRING" }]) } }
        views    = { symbols = { query = "SELECT DISTINCT symbol FROM `atm-dev.strategy_data.signals`", description = "Symbols" } }
      }
    }
  }
  assert {
    condition     = google_bigquery_table.view["strategy_data/symbols"].view[0].use_legacy_sql == false && strcontains(google_bigquery_table.view["strategy_data/symbols"].view[0].query, "DISTINCT")
    error_message = "A view in GoogleSQL."
  }
  assert {
    condition     = keys(google_bigquery_table.table) == ["strategy_data/signals"] && output.names.views == { "strategy_data/symbols" = "strategy_data.symbols" }
    error_message = "A view is no table."
  }
}

# materialized_views: kept by BigQuery and refreshed by the minute; with the dataset's key and grants of their own
run "a_materialized_view" {
  command = plan
  variables {
    views_only = true
    datasets = {
      strategy_data = {
        location = "asia-south1"
        kms_key  = "projects/atm-dev/locations/asia-south1/keyRings/execution/cryptoKeys/data"
        materialized_views = {
          counts = {
            query                    = "SELECT symbol, COUNT(*) AS n FROM `atm-dev.strategy_data.signals` GROUP BY symbol"
            refresh_interval_minutes = 60
            clustering               = ["symbol"]
            grants                   = { read = { role = "roles/bigquery.dataViewer", members = ["domain:example.com"] } }
          }
        }
      }
    }
  }
  assert {
    condition = (
      google_bigquery_table.materialized_view["strategy_data/counts"].materialized_view[0].refresh_interval_ms == 3600000 &&
      google_bigquery_table.materialized_view["strategy_data/counts"].materialized_view[0].enable_refresh &&
      google_bigquery_table.materialized_view["strategy_data/counts"].clustering == tolist(["symbol"])
    )
    error_message = "Refreshed by the hour, clustered."
  }
  assert {
    condition     = length(google_bigquery_table.materialized_view["strategy_data/counts"].encryption_configuration) == 1
    error_message = "The dataset's key is its key."
  }
  assert {
    condition     = keys(google_bigquery_table_iam_member.materialized_view) == ["strategy_data/counts/read/domain:example.com"] && output.names.materialized_views == { "strategy_data/counts" = "strategy_data.counts" }
    error_message = "Granted and named."
  }
}

# views_only: a second call for views that read tables of other calls
run "views_only_makes_no_dataset_or_table" {
  command = plan
  variables {
    views_only = true
    datasets = {
      strategy_data = {
        location = "asia-south1"
        grants   = { read = { role = "roles/bigquery.dataViewer", members = ["group:quants@example.com"] } }
        tables   = { signals = { schema = jsonencode([{ name = "symbol", type = "STRING" }]) } }
        views = {
          symbols = {
            query  = "SELECT DISTINCT symbol FROM `atm-dev.strategy_data.signals`"
            grants = { read = { role = "roles/bigquery.dataViewer", members = ["group:quants@example.com"] } }
          }
        }
      }
    }
  }
  assert {
    condition     = length(google_bigquery_dataset.this) == 0 && length(google_bigquery_table.table) == 0 && length(google_bigquery_dataset_iam_member.this) == 0
    error_message = "Another call makes those."
  }
  assert {
    condition     = google_bigquery_table.view["strategy_data/symbols"].dataset_id == "strategy_data" && keys(google_bigquery_table_iam_member.view) == ["strategy_data/symbols/read/group:quants@example.com"]
    error_message = "The view and its grant are made."
  }
}

# grants: on datasets, on exact tables, on exact views; additive, the same role for the same member twice is refused
run "grants_on_datasets_tables_and_views" {
  command = plan
  variables {
    datasets = {
      strategy_data = {
        location = "asia-south1"
        grants   = { read = { role = "roles/bigquery.dataViewer", members = ["group:quants@example.com"] } }
        tables = {
          signals = {
            schema = jsonencode([{ name = "symbol", type = "STRING" }])
            grants = { read = { role = "roles/bigquery.dataEditor", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
          }
        }
        views = {
          symbols = {
            query  = "SELECT 1 AS one"
            grants = { read = { role = "roles/bigquery.dataViewer", members = ["domain:example.com"] } }
          }
        }
      }
    }
  }
  assert {
    condition     = google_bigquery_dataset_iam_member.this["strategy_data/read/group:quants@example.com"].role == "roles/bigquery.dataViewer"
    error_message = "On the dataset."
  }
  assert {
    condition     = keys(google_bigquery_table_iam_member.table) == ["strategy_data/signals/read/serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"]
    error_message = "On the exact table."
  }
  assert {
    condition     = keys(google_bigquery_table_iam_member.view) == ["strategy_data/symbols/read/domain:example.com"]
    error_message = "On the exact view."
  }
}

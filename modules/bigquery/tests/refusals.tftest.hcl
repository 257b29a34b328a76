variables {
  project_id = "atm-dev"
}

run "a_project_id_of_google" {
  command = plan
  variables {
    project_id = "1"
  }
  expect_failures = [var.project_id]
}

run "an_id_has_no_dash" {
  command = plan
  variables {
    datasets = {
      strategy-data = {
        location = "asia-south1"
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_table_id_has_no_dots" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "a.b" = {
            schema = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "tables_and_views_share_a_name_space" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables   = { signals = { schema = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]" } }
        views    = { signals = { query = "SELECT 1" } }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_description_is_short" {
  command = plan
  variables {
    datasets = {
      thing = {
        location    = "asia-south1"
        description = format("%16385s", "x")
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_table_s_description_is_short" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema      = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            description = format("%16385s", "x")
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_location_is_google_s" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "India"
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_default_expiration_is_positive" {
  command = plan
  variables {
    datasets = {
      thing = {
        location                      = "asia-south1"
        default_table_expiration_days = 0
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_default_partition_expiration_is_whole" {
  command = plan
  variables {
    datasets = {
      thing = {
        location                          = "asia-south1"
        default_partition_expiration_days = 1.5
      }
    }
  }
  expect_failures = [var.datasets]
}

run "time_travel_is_in_days" {
  command = plan
  variables {
    datasets = {
      thing = {
        location              = "asia-south1"
        max_time_travel_hours = 50
      }
    }
  }
  expect_failures = [var.datasets]
}

run "time_travel_is_two_days_at_least" {
  command = plan
  variables {
    datasets = {
      thing = {
        location              = "asia-south1"
        max_time_travel_hours = 24
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_billing_model_is_known" {
  command = plan
  variables {
    datasets = {
      thing = {
        location              = "asia-south1"
        storage_billing_model = "CHEAP"
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_schema_is_json" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "schemas/signals.json"
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_schema_is_a_list" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "{\"name\":\"symbol\",\"type\":\"STRING\"}"
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_schema_has_fields" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "[]"
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_field_has_a_type" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "[{\"name\":\"symbol\"}]"
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_field_s_name_has_no_dash" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "[{\"name\":\"a-b\",\"type\":\"STRING\"}]"
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.table]
}

run "a_field_is_there_once" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "[{\"name\":\"a\",\"type\":\"STRING\"},{\"name\":\"A\",\"type\":\"STRING\"}]"
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.table]
}

run "a_field_s_type_is_known" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "[{\"name\":\"a\",\"type\":\"TEXT\"}]"
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.table]
}

run "a_field_s_mode_is_known" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "[{\"name\":\"a\",\"type\":\"STRING\",\"mode\":\"OPTIONAL\"}]"
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.table]
}

run "a_partition_type_is_known" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema            = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            time_partitioning = { type = "WEEK" }
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_partition_s_expiration_is_positive" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema            = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            time_partitioning = { expiration_days = 0 }
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_range_is_not_empty" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema             = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            range_partitioning = { field = "shard", start = 10, end = 10, interval = 1 }
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_range_s_interval_is_positive" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema             = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            range_partitioning = { field = "shard", start = 0, end = 10, interval = 0.5 }
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_range_has_10000_partitions_at_most" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema             = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            range_partitioning = { field = "shard", start = 0, end = 10001, interval = 1 }
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "one_partitioning_a_table" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema             = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            time_partitioning  = { field = "at" }
            range_partitioning = { field = "shard", start = 0, end = 10, interval = 1 }
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_required_filter_needs_partitions" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema                   = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            require_partition_filter = true
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_partition_field_is_in_the_schema" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema            = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            time_partitioning = { field = "day" }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.table]
}

run "a_cluster_field_is_in_the_schema" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema     = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            clustering = ["strategy"]
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.table]
}

run "a_time_partition_is_of_a_time" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema            = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            time_partitioning = { field = "symbol" }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.table]
}

run "an_hour_is_of_no_date" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema            = "[{\"name\":\"day\",\"type\":\"DATE\"}]"
            time_partitioning = { type = "HOUR", field = "day" }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.table]
}

run "a_range_is_of_integers" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema             = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            range_partitioning = { field = "symbol", start = 0, end = 10, interval = 1 }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.table]
}

run "a_cluster_field_is_there_once" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema     = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            clustering = ["symbol", "symbol"]
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_view_has_a_query" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        views = {
          latest = {
            query = " "
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_query_has_no_unresolved_reference" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        views = {
          latest = {
            query = "SELECT * FROM `$${project_id}.a.b`"
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Owner = "quant" }
  }
  expect_failures = [var.labels]
}

run "labels_of_datasets_are_lower_case" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        labels   = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_bigquery_dataset.this]
}

run "labels_of_datasets_are_64_at_most" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        labels   = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_bigquery_dataset.this]
}

run "datasets_grants_have_a_role" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        grants   = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  expect_failures = [google_bigquery_dataset_iam_member.this]
}

run "datasets_grants_have_members" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        grants   = { read = { role = "roles/viewer", members = [] } }
      }
    }
  }
  expect_failures = [google_bigquery_dataset_iam_member.this]
}

run "datasets_grants_have_resolved_members" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        grants   = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
      }
    }
  }
  expect_failures = [google_bigquery_dataset_iam_member.this]
}

run "datasets_grants_have_whole_conditions" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        grants   = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
      }
    }
  }
  expect_failures = [google_bigquery_dataset_iam_member.this]
}

run "datasets_grants_give_a_role_once" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        grants = {
          one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
          two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
        }
      }
    }
  }
  expect_failures = [google_bigquery_dataset_iam_member.this]
}

run "a_table_label_is_lower_case" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            labels = { Owner = "quant" }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.table]
}

run "a_view_label_is_lower_case" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        views = {
          latest = {
            query  = "SELECT 1 AS one"
            labels = { Owner = "quant" }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.view]
}

run "table_grants_have_a_role" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.table]
}

run "table_grants_have_members" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            grants = { read = { role = "roles/viewer", members = [] } }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.table]
}

run "table_grants_have_resolved_members" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.table]
}

run "table_grants_have_whole_conditions" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.table]
}

run "table_grants_give_a_role_once" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          "signals" = {
            schema = "[{\"name\":\"symbol\",\"type\":\"STRING\"},{\"name\":\"at\",\"type\":\"TIMESTAMP\"},{\"name\":\"shard\",\"type\":\"INTEGER\"}]"
            grants = {
              one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
              two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
            }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.table]
}

run "view_grants_have_a_role" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        views = {
          latest = {
            query  = "SELECT 1 AS one"
            grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.view]
}

run "view_grants_have_members" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        views = {
          latest = {
            query  = "SELECT 1 AS one"
            grants = { read = { role = "roles/viewer", members = [] } }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.view]
}

run "view_grants_have_resolved_members" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        views = {
          latest = {
            query  = "SELECT 1 AS one"
            grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.view]
}

run "view_grants_have_whole_conditions" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        views = {
          latest = {
            query  = "SELECT 1 AS one"
            grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.view]
}

run "view_grants_give_a_role_once" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        views = {
          latest = {
            query = "SELECT 1 AS one"
            grants = {
              one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
              two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
            }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.view]
}

run "a_key_is_a_full_name" {
  command = plan
  variables {
    datasets = { thing = { location = "asia-south1", kms_key = "data" } }
  }
  expect_failures = [var.datasets]
}

run "a_collation_is_one_that_bigquery_knows" {
  command = plan
  variables {
    datasets = { thing = { location = "asia-south1", default_collation = "hi:ci" } }
  }
  expect_failures = [var.datasets]
}

run "a_primary_key_names_a_column_once" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables   = { ticks = { schema = jsonencode([{ name = "id", type = "STRING" }]), primary_key = ["id", "id"] } }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_row_access_policy_has_an_id" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          ticks = {
            schema              = jsonencode([{ name = "id", type = "STRING" }])
            row_access_policies = { a-b = { filter = "TRUE", grantees = ["group:quants@example.com"] } }
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_row_access_policy_has_a_filter" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          ticks = {
            schema              = jsonencode([{ name = "id", type = "STRING" }])
            row_access_policies = { all = { filter = " ", grantees = ["group:quants@example.com"] } }
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_row_access_policy_has_resolved_grantees" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          ticks = {
            schema              = jsonencode([{ name = "id", type = "STRING" }])
            row_access_policies = { all = { filter = "TRUE", grantees = ["strategy-engine/strategy-engine"] } }
          }
        }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "materialized_a_view_label_is_lower_case" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        materialized_views = {
          latest = {
            query  = "SELECT 1 AS one"
            labels = { Owner = "quant" }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.materialized_view]
}

run "materialized_view_grants_have_a_role" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        materialized_views = {
          latest = {
            query  = "SELECT 1 AS one"
            grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.materialized_view]
}

run "materialized_view_grants_have_members" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        materialized_views = {
          latest = {
            query  = "SELECT 1 AS one"
            grants = { read = { role = "roles/viewer", members = [] } }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.materialized_view]
}

run "materialized_view_grants_have_resolved_members" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        materialized_views = {
          latest = {
            query  = "SELECT 1 AS one"
            grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.materialized_view]
}

run "materialized_view_grants_have_whole_conditions" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        materialized_views = {
          latest = {
            query  = "SELECT 1 AS one"
            grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.materialized_view]
}

run "materialized_view_grants_give_a_role_once" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        materialized_views = {
          latest = {
            query = "SELECT 1 AS one"
            grants = {
              one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
              two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
            }
          }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.materialized_view]
}

run "a_materialized_view_is_no_view" {
  command = plan
  variables {
    datasets = {
      thing = {
        location           = "asia-south1"
        views              = { a = { query = "SELECT 1 AS one" } }
        materialized_views = { a = { query = "SELECT 1 AS one" } }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_materialized_view_has_a_query" {
  command = plan
  variables {
    datasets = {
      thing = {
        location           = "asia-south1"
        materialized_views = { a = { query = " " } }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_materialized_view_is_refreshed_by_the_minute" {
  command = plan
  variables {
    datasets = {
      thing = {
        location           = "asia-south1"
        materialized_views = { a = { query = "SELECT 1 AS one", refresh_interval_minutes = 0.5 } }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "a_materialized_view_is_clustered_by_a_column_once" {
  command = plan
  variables {
    datasets = {
      thing = {
        location           = "asia-south1"
        materialized_views = { a = { query = "SELECT 1 AS one", clustering = ["one", "one"] } }
      }
    }
  }
  expect_failures = [var.datasets]
}

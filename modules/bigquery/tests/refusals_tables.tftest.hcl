variables {
  project_id = "atm-dev"
}

run "a_policy_tag_is_one_that_is_given" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables   = { t = { schema = jsonencode([{ name = "a", type = "STRING", policyTags = { names = ["$${policy_tag:none}"] } }]) } }
      }
    }
  }
  expect_failures = [google_bigquery_table.table]
}

run "a_table_with_foreign_keys_is_as_others" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          one = { schema = jsonencode([{ name = "a", type = "STRING" }]), primary_key = ["a"] }
          two = { schema = jsonencode([{ name = "a", type = "STRING" }]), clustering = ["b"], foreign_keys = { k = { table = "one", column = "a", references = "a" } } }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.referring]
}

run "a_foreign_key_is_of_a_column" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          one = { schema = jsonencode([{ name = "a", type = "STRING" }]), primary_key = ["a"] }
          two = { schema = jsonencode([{ name = "a", type = "STRING" }]), foreign_keys = { k = { table = "one", column = "b", references = "a" } } }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.referring]
}

run "a_foreign_key_is_to_a_primary_key" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          one = { schema = jsonencode([{ name = "a", type = "STRING" }]), primary_key = ["a"] }
          two = { schema = jsonencode([{ name = "a", type = "STRING" }]), foreign_keys = { k = { table = "one", column = "a", references = "b" } } }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.referring]
}

run "a_foreign_key_is_not_to_a_table_with_others" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        tables = {
          one   = { schema = jsonencode([{ name = "a", type = "STRING" }]), primary_key = ["a"] }
          two   = { schema = jsonencode([{ name = "a", type = "STRING" }]), primary_key = ["a"], foreign_keys = { k = { table = "one", column = "a", references = "a" } } }
          three = { schema = jsonencode([{ name = "a", type = "STRING" }]), foreign_keys = { k = { table = "two", column = "a", references = "a" } } }
        }
      }
    }
  }
  expect_failures = [google_bigquery_table.referring]
}

run "an_external_table_is_no_view" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = ["gs://atm-dev-raw/a/*"] } }
        views           = { e = { query = "SELECT 1" } }
      }
    }
  }
  expect_failures = [var.datasets]
}

run "labels_of_external_tables_are_lower_case" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = ["gs://atm-dev-raw/a/*"], labels = { Owner = "quant" } } }
      }
    }
  }
  expect_failures = [google_bigquery_table.external]
}

run "labels_of_external_tables_are_64_at_most" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = ["gs://atm-dev-raw/a/*"], labels = { for n in range(65) : "label-${n}" => "x" } } }
      }
    }
  }
  expect_failures = [google_bigquery_table.external]
}

run "files_are_of_a_format" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "XML", source_uris = ["gs://atm-dev-raw/a/*"] } }
      }
    }
  }
  expect_failures = [google_bigquery_table.external]
}

run "files_are_somewhere" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = [] } }
      }
    }
  }
  expect_failures = [google_bigquery_table.external]
}

run "files_are_in_cloud_storage" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = ["s3://a/*"] } }
      }
    }
  }
  expect_failures = [google_bigquery_table.external]
}

run "files_have_the_options_of_their_format" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = ["gs://atm-dev-raw/a/*"], parquet = {} } }
      }
    }
  }
  expect_failures = [google_bigquery_table.external]
}

run "parquet_is_not_compressed_by_gzip" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "PARQUET", source_uris = ["gs://atm-dev-raw/a/*"], compression = "GZIP" } }
      }
    }
  }
  expect_failures = [google_bigquery_table.external]
}

run "partitions_by_path_are_of_a_mode" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = ["gs://atm-dev-raw/a/*"], hive_partitioning = { mode = "MANUAL", source_uri_prefix = "gs://atm-dev-raw/a" } } }
      }
    }
  }
  expect_failures = [google_bigquery_table.external]
}

run "partitions_by_path_begin_where_files_do" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = ["gs://atm-dev-raw/a/*"], hive_partitioning = { source_uri_prefix = "gs://atm-dev-raw/b" } } }
      }
    }
  }
  expect_failures = [google_bigquery_table.external]
}

run "files_are_remembered_through_a_connection" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = ["gs://atm-dev-raw/a/*"], metadata_cache = { mode = "AUTOMATIC", max_staleness = "0-0 0 4:0:0" } } }
      }
    }
  }
  expect_failures = [google_bigquery_table.external]
}

run "external_tables_grants_have_a_role" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = ["gs://atm-dev-raw/a/*"], grants = { read = { role = "viewer", members = ["group:quants@example.com"] } } } }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.external]
}

run "external_tables_grants_have_members" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = ["gs://atm-dev-raw/a/*"], grants = { read = { role = "roles/viewer", members = [] } } } }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.external]
}

run "external_tables_grants_have_conditions_with_a_title" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = ["gs://atm-dev-raw/a/*"], grants = { read = { role = "roles/viewer", members = ["group:quants@example.com"], condition = { title = "", expression = "true" } } } } }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.external]
}

run "external_tables_grants_are_given_once" {
  command = plan
  variables {
    datasets = {
      thing = {
        location        = "asia-south1"
        external_tables = { e = { format = "CSV", source_uris = ["gs://atm-dev-raw/a/*"], grants = { a = { role = "roles/viewer", members = ["group:q@example.com"] }, b = { role = "roles/viewer", members = ["group:q@example.com"] } } } }
      }
    }
  }
  expect_failures = [google_bigquery_table_iam_member.external]
}

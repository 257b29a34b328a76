variables {
  project_id = "atm-dev"
}

run "a_function_has_a_body" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { body = " " } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.function]
}

run "a_function_in_javascript_says_what_it_returns" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { language = "JAVASCRIPT", body = "return 1;" } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.function]
}

run "a_function_in_sql_has_no_libraries" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { body = "1", libraries = ["gs://atm-dev-code/a.js"] } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.function]
}

run "a_function_has_no_security" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { body = "1", security = "INVOKER" } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.function]
}

run "a_type_of_a_function_is_json" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { body = "x", arguments = [{ name = "x", type = "INT64" }] } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.function]
}

run "what_masks_has_one_argument" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { body = "1", masking = true } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.function]
}

run "a_procedure_has_an_id" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { a-b = { type = "PROCEDURE", body = "SELECT 1;" } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.procedure]
}

run "a_routine_has_a_type_that_bigquery_knows" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "FUNCTION", body = "1" } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.procedure]
}

run "a_procedure_returns_nothing" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "PROCEDURE", body = "SELECT 1;", returns = jsonencode({ typeKind = "INT64" }) } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.procedure]
}

run "a_table_function_has_no_security" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "TABLE_VALUED_FUNCTION", body = "SELECT 1 AS n", security = "INVOKER" } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.procedure]
}

run "an_argument_of_a_procedure_has_a_type" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "PROCEDURE", body = "SELECT 1;", arguments = [{ name = "x" }] } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.procedure]
}

run "function_grants_have_a_role" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { body = "1", grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine_iam_member.function]
}

run "function_grants_have_resolved_members" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { body = "1", grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine_iam_member.function]
}

run "function_grants_have_whole_conditions" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { body = "1", grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine_iam_member.function]
}

run "function_grants_give_a_role_once" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { body = "1", grants = { one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }, two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine_iam_member.function]
}

run "procedure_grants_have_a_role" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "PROCEDURE", body = "SELECT 1;", grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine_iam_member.procedure]
}

run "procedure_grants_have_resolved_members" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "PROCEDURE", body = "SELECT 1;", grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine_iam_member.procedure]
}

run "procedure_grants_have_whole_conditions" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "PROCEDURE", body = "SELECT 1;", grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine_iam_member.procedure]
}

run "procedure_grants_give_a_role_once" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "PROCEDURE", body = "SELECT 1;", grants = { one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }, two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine_iam_member.procedure]
}

run "an_authorized_view_is_a_full_name" {
  command = plan
  variables {
    datasets = {
      thing = {
        location   = "asia-south1"
        authorized = { views = ["reports.last_bars"] }
      }
    }
  }
  expect_failures = [google_bigquery_dataset_access.view]
}

run "an_authorized_dataset_is_a_full_name" {
  command = plan
  variables {
    datasets = {
      thing = {
        location   = "asia-south1"
        authorized = { datasets = ["reports"] }
      }
    }
  }
  expect_failures = [google_bigquery_dataset_access.dataset]
}

run "an_authorized_routine_is_a_full_name" {
  command = plan
  variables {
    datasets = {
      thing = {
        location   = "asia-south1"
        authorized = { routines = ["projects/atm-dev/datasets/functions/tables/rows_of"] }
      }
    }
  }
  expect_failures = [google_bigquery_dataset_access.routine]
}

run "what_is_remote_has_no_body" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { body = "1", returns = jsonencode({ typeKind = "INT64" }), remote = { connection = "projects/atm-dev/locations/asia-south1/connections/c", endpoint = "https://f" } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.function]
}

run "what_is_remote_has_a_returns" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { remote = { connection = "projects/atm-dev/locations/asia-south1/connections/c", endpoint = "https://f" } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.function]
}

run "an_endpoint_is_asked_by_https" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { returns = jsonencode({ typeKind = "INT64" }), remote = { connection = "projects/atm-dev/locations/asia-south1/connections/c", endpoint = "http://f" } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.function]
}

run "what_is_remote_is_a_scalar_function" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "PROCEDURE", body = "SELECT 1;", remote = { connection = "projects/atm-dev/locations/asia-south1/connections/c", endpoint = "https://f" } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.procedure]
}

run "spark_runs_no_function" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { body = "1", spark = { connection = "projects/atm-dev/locations/asia-south1/connections/c" } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.function]
}

run "spark_runs_no_sql" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "PROCEDURE", body = "SELECT 1;", spark = { connection = "projects/atm-dev/locations/asia-south1/connections/c" } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.procedure]
}

run "spark_runs_one_code" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "PROCEDURE", language = "PYTHON", body = "1", spark = { connection = "projects/atm-dev/locations/asia-south1/connections/c", main_file = "gs://a/b.py" } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.procedure]
}

run "a_main_class_is_of_a_jar" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "PROCEDURE", language = "JAVA", spark = { connection = "projects/atm-dev/locations/asia-south1/connections/c", main_class = "A" } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.procedure]
}

run "a_procedure_in_java_has_no_body" {
  command = plan
  variables {
    datasets = {
      thing = {
        location = "asia-south1"
        routines = { r = { type = "PROCEDURE", language = "JAVA", body = "1", spark = { connection = "projects/atm-dev/locations/asia-south1/connections/c" } } }
      }
    }
  }
  expect_failures = [google_bigquery_routine.procedure]
}

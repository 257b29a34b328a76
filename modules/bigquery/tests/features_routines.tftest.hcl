variables {
  project_id = "atm-dev"
}

# routines: functions in SQL and JavaScript come with the tables, table functions and procedures after the views; with grants of their own
run "routines_of_each_type" {
  command = plan
  variables {
    datasets = {
      functions = {
        location = "asia-south1"
        routines = {
          twice = {
            body      = "x * 2"
            arguments = [{ name = "x", type = jsonencode({ typeKind = "INT64" }) }, { name = "any" }]
            returns   = jsonencode({ typeKind = "INT64" })
            grants    = { call = { role = "roles/bigquery.routineDataViewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
          }
          hash = {
            language    = "JAVASCRIPT"
            body        = "return x;"
            arguments   = [{ name = "x", type = jsonencode({ typeKind = "INT64" }) }]
            returns     = jsonencode({ typeKind = "INT64" })
            libraries   = ["gs://atm-dev-code/hash.js"]
            determinism = "DETERMINISTIC"
          }
          hide = {
            body      = "'***'"
            arguments = [{ name = "x", type = jsonencode({ typeKind = "STRING" }) }]
            returns   = jsonencode({ typeKind = "STRING" })
            masking   = true
          }
          rows_of = {
            type          = "TABLE_VALUED_FUNCTION"
            body          = "SELECT n AS number"
            arguments     = [{ name = "n", type = jsonencode({ typeKind = "INT64" }) }]
            returns_table = [{ name = "number", type = jsonencode({ typeKind = "INT64" }) }]
          }
          note = {
            type      = "PROCEDURE"
            body      = "SET y = x;"
            arguments = [{ name = "x", type = jsonencode({ typeKind = "INT64" }) }, { name = "y", type = jsonencode({ typeKind = "INT64" }), mode = "OUT" }]
            security  = "INVOKER"
            grants    = { call = { role = "roles/bigquery.routineDataViewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
          }
        }
      }
    }
  }
  assert {
    condition = (
      google_bigquery_routine.function["functions/twice"].arguments[0].argument_kind == "FIXED_TYPE" &&
      google_bigquery_routine.function["functions/twice"].arguments[1].argument_kind == "ANY_TYPE" &&
      google_bigquery_routine.function["functions/twice"].language == "SQL"
    )
    error_message = "An argument without a type is of any."
  }
  assert {
    condition     = google_bigquery_routine.function["functions/hash"].determinism_level == "DETERMINISTIC" && google_bigquery_routine.function["functions/hash"].imported_libraries == tolist(["gs://atm-dev-code/hash.js"])
    error_message = "A function in JavaScript with a library."
  }
  assert {
    condition     = google_bigquery_routine.function["functions/hide"].data_governance_type == "DATA_MASKING"
    error_message = "A function that masks."
  }
  assert {
    condition     = google_bigquery_routine.procedure["functions/rows_of"].return_table_type == jsonencode({ columns = [{ name = "number", type = { typeKind = "INT64" } }] })
    error_message = "What a table function returns is JSON."
  }
  assert {
    condition     = google_bigquery_routine.procedure["functions/note"].security_mode == "INVOKER" && google_bigquery_routine.procedure["functions/note"].arguments[1].mode == "OUT"
    error_message = "A procedure with an argument that comes out."
  }
  assert {
    condition     = length(google_bigquery_routine_iam_member.function) == 1 && keys(google_bigquery_routine_iam_member.procedure) == ["functions/note/call/serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"]
    error_message = "Granted on the exact routines."
  }
  assert {
    condition     = output.names.routines["functions/note"] == "functions.note"
    error_message = "Named as SQL calls them."
  }
}

# routines[*].remote: a function is carried out by an HTTP endpoint, which a connection's identity calls
run "a_function_elsewhere" {
  command = plan
  variables {
    datasets = {
      functions = {
        location = "asia-south1"
        routines = {
          score = {
            arguments = [{ name = "x", type = jsonencode({ typeKind = "FLOAT64" }) }]
            returns   = jsonencode({ typeKind = "FLOAT64" })
            remote = {
              connection        = "projects/atm-dev/locations/asia-south1/connections/score"
              endpoint          = "https://score.example.com"
              max_batching_rows = 100
              context           = { model = "a" }
            }
          }
        }
      }
    }
  }
  assert {
    condition = (
      google_bigquery_routine.function["functions/score"].definition_body == "" &&
      google_bigquery_routine.function["functions/score"].language == null &&
      google_bigquery_routine.function["functions/score"].remote_function_options[0].endpoint == "https://score.example.com" &&
      google_bigquery_routine.function["functions/score"].remote_function_options[0].max_batching_rows == "100" &&
      google_bigquery_routine.function["functions/score"].remote_function_options[0].user_defined_context.model == "a"
    )
    error_message = "A remote function has no body and no language."
  }
}

# routines[*].spark: a procedure in Python, Java or Scala is run by Spark, from a body, a file or a class of jars
run "procedures_that_spark_runs" {
  command = plan
  variables {
    datasets = {
      functions = {
        location = "asia-south1"
        routines = {
          train = {
            type     = "PROCEDURE"
            language = "PYTHON"
            body     = "print(1)"
            spark = {
              connection      = "projects/atm-dev/locations/asia-south1/connections/spark"
              runtime_version = "2.2"
              py_files        = ["gs://atm-dev-code/lib.py"]
              properties      = { "spark.executor.instances" = "2" }
            }
          }
          count = {
            type     = "PROCEDURE"
            language = "SCALA"
            spark = {
              connection = "projects/atm-dev/locations/asia-south1/connections/spark"
              main_class = "Count"
              jars       = ["gs://atm-dev-code/count.jar"]
            }
          }
        }
      }
    }
  }
  assert {
    condition = (
      google_bigquery_routine.procedure["functions/train"].definition_body == "print(1)" &&
      google_bigquery_routine.procedure["functions/train"].spark_options[0].py_file_uris == tolist(["gs://atm-dev-code/lib.py"]) &&
      google_bigquery_routine.procedure["functions/count"].definition_body == "" &&
      google_bigquery_routine.procedure["functions/count"].spark_options[0].main_class == "Count"
    )
    error_message = "Python is written in the procedure, Scala is a class of a jar."
  }
}

# authorized: views (materialized too), whole datasets and routines read the dataset for whoever may use them
run "what_reads_a_dataset_without_a_role" {
  command = plan
  variables {
    datasets = {
      strategy_data = {
        location = "asia-south1"
        authorized = {
          views    = ["projects/atm-dev/datasets/reports/tables/last_bars"]
          datasets = ["projects/atm-dev/datasets/reports"]
          routines = ["projects/atm-dev/datasets/functions/routines/rows_of"]
        }
      }
    }
  }
  assert {
    condition     = google_bigquery_dataset_access.view["strategy_data/projects/atm-dev/datasets/reports/tables/last_bars"].view[0].table_id == "last_bars"
    error_message = "The view may read."
  }
  assert {
    condition     = google_bigquery_dataset_access.dataset["strategy_data/projects/atm-dev/datasets/reports"].dataset[0].target_types == tolist(["VIEWS"])
    error_message = "All views of a dataset may read."
  }
  assert {
    condition     = google_bigquery_dataset_access.routine["strategy_data/projects/atm-dev/datasets/functions/routines/rows_of"].routine[0].routine_id == "rows_of"
    error_message = "The routine may read."
  }
}

# views_only: makes what reads, and what is authorized, but no function
run "views_only_makes_no_function" {
  command = plan
  variables {
    views_only = true
    datasets = {
      functions = {
        location = "asia-south1"
        routines = {
          twice = { body = "x * 2", arguments = [{ name = "x", type = jsonencode({ typeKind = "INT64" }) }] }
          note  = { type = "PROCEDURE", body = "SELECT 1;" }
        }
        authorized = { datasets = ["projects/atm-dev/datasets/reports"] }
      }
    }
  }
  assert {
    condition     = length(google_bigquery_routine.function) == 0 && keys(google_bigquery_routine.procedure) == ["functions/note"] && length(google_bigquery_dataset_access.dataset) == 1
    error_message = "Functions come with the tables; what is authorized comes with what reads."
  }
}

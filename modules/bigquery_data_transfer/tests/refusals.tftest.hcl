variables {
  project_id = "atm-dev"
}

run "a_project_id_of_google" {
  command = plan
  variables {
    project_id = "Atm"
  }
  expect_failures = [var.project_id]
}

run "a_query_says_something" {
  command = plan
  variables {
    scheduled_queries = { totals = { location = "asia-south1", query = " ", schedule = "every day 12:30", service_account = "a@b.c" } }
  }
  expect_failures = [var.scheduled_queries]
}

run "a_schedule_is_bigquery_s" {
  command = plan
  variables {
    scheduled_queries = { totals = { location = "asia-south1", query = "SELECT 1", schedule = "0 12 * * *", service_account = "a@b.c" } }
  }
  expect_failures = [var.scheduled_queries]
}

run "a_result_has_a_dataset_and_a_table" {
  command = plan
  variables {
    scheduled_queries = { totals = { location = "asia-south1", query = "SELECT 1", schedule = "every day 12:30", service_account = "a@b.c", table = "t" } }
  }
  expect_failures = [var.scheduled_queries]
}

run "a_statement_has_no_partitions" {
  command = plan
  variables {
    scheduled_queries = { totals = { location = "asia-south1", query = "SELECT 1", schedule = "every day 12:30", service_account = "a@b.c", partitioning_field = "t" } }
  }
  expect_failures = [var.scheduled_queries]
}

run "a_result_is_written_over_or_appended" {
  command = plan
  variables {
    scheduled_queries = { totals = { location = "asia-south1", query = "SELECT 1", schedule = "every day 12:30", service_account = "a@b.c", write = "WRITE_EMPTY" } }
  }
  expect_failures = [var.scheduled_queries]
}

run "a_query_runs_as_an_account" {
  command = plan
  variables {
    scheduled_queries = { totals = { location = "asia-south1", query = "SELECT 1", schedule = "every day 12:30", service_account = "reports" } }
  }
  expect_failures = [var.scheduled_queries]
}

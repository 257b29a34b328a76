variables {
  project_id = "atm-dev"
}

# scheduled_queries: a query, its schedule and its account; a result goes into a table, a statement has none
# email_on_failure, topic: who is told
# start_time, end_time, paused: from when and to when
# kms_key, partitioning_field: of the table that it makes
run "queries_by_a_schedule" {
  command = plan
  variables {
    scheduled_queries = {
      totals = {
        query              = "SELECT symbol, COUNT(*) AS n FROM `atm-dev.strategy_data.signals` GROUP BY symbol"
        schedule           = "every day 12:30"
        service_account    = "reports@atm-dev.iam.gserviceaccount.com"
        dataset            = "projects/atm-dev/datasets/reports"
        table              = "totals_{run_date}"
        write              = "WRITE_APPEND"
        partitioning_field = "day"
        location           = "asia-south1"
        email_on_failure   = true
        topic              = "projects/atm-dev/topics/alerts"
        start_time         = "2026-01-31T09:15:00Z"
        kms_key            = "projects/atm-dev/locations/asia-south1/keyRings/reports/cryptoKeys/data"
        paused             = true
      }
      tidy = {
        query           = "DELETE FROM `atm-dev.strategy_data.signals` WHERE FALSE"
        schedule        = "every 24 hours"
        service_account = "reports@atm-dev.iam.gserviceaccount.com"
        location        = "asia-south1"
      }
    }
  }
  assert {
    condition = (
      google_bigquery_data_transfer_config.query["totals"].params.destination_table_name_template == "totals_{run_date}" &&
      google_bigquery_data_transfer_config.query["totals"].params.write_disposition == "WRITE_APPEND" &&
      google_bigquery_data_transfer_config.query["totals"].destination_dataset_id == "reports" &&
      length(google_bigquery_data_transfer_config.query["tidy"].params) == 1
    )
    error_message = "A result has its table."
  }
  assert {
    condition = (
      google_bigquery_data_transfer_config.query["totals"].email_preferences[0].enable_failure_email &&
      google_bigquery_data_transfer_config.query["totals"].notification_pubsub_topic == "projects/atm-dev/topics/alerts" &&
      length(google_bigquery_data_transfer_config.query["tidy"].email_preferences) == 0
    )
    error_message = "Who is told is as asked for."
  }
  assert {
    condition     = google_bigquery_data_transfer_config.query["totals"].schedule_options[0].start_time == "2026-01-31T09:15:00Z" && google_bigquery_data_transfer_config.query["totals"].disabled
    error_message = "It begins then, and is paused."
  }
  assert {
    condition     = length(google_bigquery_data_transfer_config.query["totals"].encryption_configuration) == 1 && google_bigquery_data_transfer_config.query["totals"].params.partitioning_field == "day"
    error_message = "Its table is encrypted and partitioned."
  }
}

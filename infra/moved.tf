# moved.tf: what has another address than in an earlier release, so that a state of then plans no destroy now.
# Drop a block one release after every environment was applied with it.

# The market data belongs to the trading-data-pipeline.
moved {
  from = module.bigquery["strategy-engine"].google_bigquery_dataset.this["trading_data"]
  to   = module.bigquery["trading-data-pipeline"].google_bigquery_dataset.this["trading_data"]
}

moved {
  from = module.bigquery["strategy-engine"].google_bigquery_table.table["trading_data/market_data"]
  to   = module.bigquery["trading-data-pipeline"].google_bigquery_table.table["trading_data/market_data"]
}

moved {
  from = module.bigquery_views["strategy-engine"].google_bigquery_table.view["trading_data/signals"]
  to   = module.bigquery_views["trading-data-pipeline"].google_bigquery_table.view["trading_data/signals"]
}

# A grant's key holds its member, and so the project. Without these, the old address would take away what the new one gives:
# both are the same binding.
moved {
  from = module.bigquery["strategy-engine"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:backtest-job@atm-local.iam.gserviceaccount.com"]
  to   = module.bigquery["trading-data-pipeline"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:backtest-job@atm-local.iam.gserviceaccount.com"]
}

moved {
  from = module.bigquery["strategy-engine"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:strategy-engine@atm-local.iam.gserviceaccount.com"]
  to   = module.bigquery["trading-data-pipeline"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:strategy-engine@atm-local.iam.gserviceaccount.com"]
}

moved {
  from = module.bigquery["strategy-engine"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:backtest-job@atm-platform-dev.iam.gserviceaccount.com"]
  to   = module.bigquery["trading-data-pipeline"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:backtest-job@atm-platform-dev.iam.gserviceaccount.com"]
}

moved {
  from = module.bigquery["strategy-engine"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:strategy-engine@atm-platform-dev.iam.gserviceaccount.com"]
  to   = module.bigquery["trading-data-pipeline"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:strategy-engine@atm-platform-dev.iam.gserviceaccount.com"]
}

moved {
  from = module.bigquery["strategy-engine"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:backtest-job@atm-platform-staging.iam.gserviceaccount.com"]
  to   = module.bigquery["trading-data-pipeline"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:backtest-job@atm-platform-staging.iam.gserviceaccount.com"]
}

moved {
  from = module.bigquery["strategy-engine"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:strategy-engine@atm-platform-staging.iam.gserviceaccount.com"]
  to   = module.bigquery["trading-data-pipeline"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:strategy-engine@atm-platform-staging.iam.gserviceaccount.com"]
}

moved {
  from = module.bigquery["strategy-engine"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:backtest-job@atm-platform-prod.iam.gserviceaccount.com"]
  to   = module.bigquery["trading-data-pipeline"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:backtest-job@atm-platform-prod.iam.gserviceaccount.com"]
}

moved {
  from = module.bigquery["strategy-engine"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:strategy-engine@atm-platform-prod.iam.gserviceaccount.com"]
  to   = module.bigquery["trading-data-pipeline"].google_bigquery_table_iam_member.table["trading_data/market_data/read/serviceAccount:strategy-engine@atm-platform-prod.iam.gserviceaccount.com"]
}

# The report belongs to the monitoring-dashboard.
moved {
  from = module.secrets["shared-services"].google_secret_manager_secret.this["telegram-bot-token"]
  to   = module.secrets["monitoring-dashboard"].google_secret_manager_secret.this["telegram-bot-token"]
}

moved {
  from = module.secrets["shared-services"].google_secret_manager_secret_version.placeholder["telegram-bot-token"]
  to   = module.secrets["monitoring-dashboard"].google_secret_manager_secret_version.placeholder["telegram-bot-token"]
}

moved {
  from = module.subscriptions["strategy-engine"].google_pubsub_subscription.this["strategy-runs-reports"]
  to   = module.subscriptions["monitoring-dashboard"].google_pubsub_subscription.this["strategy-runs-reports"]
}

moved {
  from = module.workflows["strategy-engine"].google_workflows_workflow.this["performance-report"]
  to   = module.workflows["monitoring-dashboard"].google_workflows_workflow.this["performance-report"]
}

moved {
  from = module.scheduler["strategy-engine"].google_cloud_scheduler_job.this["report-2000"]
  to   = module.scheduler["monitoring-dashboard"].google_cloud_scheduler_job.this["report-2000"]
}

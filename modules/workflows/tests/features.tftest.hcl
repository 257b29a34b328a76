variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

# env: up to 20 variables
# call_log_level: errors only, unless given
# deletion_protection: on by default
# labels: the module's and the thing's own, which win
run "a_workflow" {
  command = plan
  variables {
    labels = { environment = "dev" }
    workflows = {
      daily-strategy = {
        description         = "Runs the strategies of the day"
        source              = "main:\n  params: [input]\n  steps:\n    - done:\n        return: $${input}\n"
        service_account     = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        call_log_level      = "LOG_ALL_CALLS"
        env                 = { REGION = "asia-south1" }
        deletion_protection = false
      }
    }
  }
  assert {
    condition     = google_workflows_workflow.this["daily-strategy"].user_env_vars == tomap({ REGION = "asia-south1" }) && google_workflows_workflow.this["daily-strategy"].call_log_level == "LOG_ALL_CALLS" && !google_workflows_workflow.this["daily-strategy"].deletion_protection
    error_message = "The workflow is as it is asked for."
  }
  assert {
    condition     = strcontains(google_workflows_workflow.this["daily-strategy"].source_contents, "return: $${input}")
    error_message = "Expressions of Workflows are left alone."
  }
  assert {
    condition     = output.ids["daily-strategy"] == "projects/atm-dev/locations/asia-south1/workflows/daily-strategy" && output.names["daily-strategy"] == "daily-strategy"
    error_message = "Ids and names are known at plan."
  }
}

# source: the text, in YAML or JSON; checked to be one with a main
run "a_source_may_be_a_list_of_steps" {
  command = plan
  variables {
    workflows = {
      short = { source = "- done:\n    return: ok\n", service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com" }
    }
  }
  assert {
    condition     = google_workflows_workflow.this["short"].deletion_protection && google_workflows_workflow.this["short"].call_log_level == "LOG_ERRORS_ONLY"
    error_message = "Protected, and logs errors."
  }
}

# execution history: basic or detailed, where it isn't left to Workflows
# CMEK: a key of Cloud KMS
# resource tags: bound when it is made; another one replaces it
run "a_workflow_with_the_rest" {
  command = plan
  variables {
    workflows = {
      audited = {
        source                  = "- done:\n    return: ok\n"
        service_account         = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        execution_history_level = "EXECUTION_HISTORY_DETAILED"
        kms_key                 = "projects/atm-dev/locations/asia-south1/keyRings/strategy/cryptoKeys/flows"
        tags                    = { "tagKeys/1" = "tagValues/2" }
      }
    }
  }
  assert {
    condition     = google_workflows_workflow.this["audited"].execution_history_level == "EXECUTION_HISTORY_DETAILED" && endswith(google_workflows_workflow.this["audited"].crypto_key_name, "/cryptoKeys/flows") && google_workflows_workflow.this["audited"].tags["tagKeys/1"] == "tagValues/2"
    error_message = "As it is asked for."
  }
}

variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

run "a_project_id_of_google" {
  command = plan
  variables {
    project_id = "1"
  }
  expect_failures = [var.project_id]
}

run "a_region_by_name" {
  command = plan
  variables {
    region = "India"
  }
  expect_failures = [var.region]
}

run "an_id_begins_with_a_letter" {
  command = plan
  variables {
    workflows = {
      "1-daily" = {
        source          = "main:\n  steps:\n    - done:\n        return: ok\n"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.workflows]
}

run "a_description_is_short" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "main:\n  steps:\n    - done:\n        return: ok\n"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        description     = format("%1001s", "x")
      }
    }
  }
  expect_failures = [var.workflows]
}

run "a_source_is_not_a_path" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "workflows/daily-strategy.yaml"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.workflows]
}

run "a_source_has_a_main" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "other:\n  steps: []\n"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.workflows]
}

run "a_source_has_128_kib_at_most" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = join("", concat(["main: \""], [for n in range(1024) : "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"], ["\""]))
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.workflows]
}

run "a_service_account_is_an_email" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "main:\n  steps:\n    - done:\n        return: ok\n"
        service_account = "strategy-engine/strategy-engine"
      }
    }
  }
  expect_failures = [var.workflows]
}

run "a_log_level_is_known" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "main:\n  steps:\n    - done:\n        return: ok\n"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        call_log_level  = "DEBUG"
      }
    }
  }
  expect_failures = [var.workflows]
}

run "variables_are_20_at_most" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "main:\n  steps:\n    - done:\n        return: ok\n"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { for n in range(21) : "KEY_${n}" => "x" }
      }
    }
  }
  expect_failures = [var.workflows]
}

run "a_variable_is_a_name" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "main:\n  steps:\n    - done:\n        return: ok\n"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { "LOG-LEVEL" = "INFO" }
      }
    }
  }
  expect_failures = [var.workflows]
}

run "a_variable_is_not_google_s" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "main:\n  steps:\n    - done:\n        return: ok\n"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { GOOGLE_CLOUD_PROJECT_ID = "x" }
      }
    }
  }
  expect_failures = [var.workflows]
}

run "a_variable_has_no_unresolved_reference" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "main:\n  steps:\n    - done:\n        return: ok\n"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        env             = { PROJECT = "$${project_id}" }
      }
    }
  }
  expect_failures = [var.workflows]
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Owner = "quant" }
  }
  expect_failures = [var.labels]
}

run "labels_of_workflows_are_lower_case" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "main:\n  steps:\n    - done:\n        return: ok\n"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        labels          = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_workflows_workflow.this]
}

run "labels_of_workflows_are_64_at_most" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "main:\n  steps:\n    - done:\n        return: ok\n"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        labels          = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_workflows_workflow.this]
}

run "a_workflow_s_history_is_basic_or_detailed" {
  command = plan
  variables {
    workflows = {
      thing = {
        source                  = "main: {steps: [{done: {return: 1}}]}"
        service_account         = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        execution_history_level = "EXECUTION_HISTORY_FULL"
      }
    }
  }
  expect_failures = [var.workflows]
}

run "a_workflow_s_tags_are_by_key" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "main: {steps: [{done: {return: 1}}]}"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        tags            = { tier = "gold" }
      }
    }
  }
  expect_failures = [var.workflows]
}

run "a_workflow_s_key_has_a_full_name" {
  command = plan
  variables {
    workflows = {
      thing = {
        source          = "main: {steps: [{done: {return: 1}}]}"
        service_account = "strategy-engine@atm-dev.iam.gserviceaccount.com"
        kms_key         = "main/disk"
      }
    }
  }
  expect_failures = [var.workflows]
}

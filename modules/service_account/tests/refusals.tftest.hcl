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

run "an_id_has_6_characters" {
  command = plan
  variables {
    service_accounts = {
      abc = {
      }
    }
  }
  expect_failures = [var.service_accounts]
}

run "a_display_name_is_short" {
  command = plan
  variables {
    service_accounts = {
      strategy-engine = {
        display_name = format("%101s", "x")
      }
    }
  }
  expect_failures = [var.service_accounts]
}

run "a_description_is_short" {
  command = plan
  variables {
    service_accounts = {
      strategy-engine = {
        description = format("%257s", "x")
      }
    }
  }
  expect_failures = [var.service_accounts]
}

run "project_roles_are_roles" {
  command = plan
  variables {
    service_accounts = {
      strategy-engine = {
        project_roles = ["bigquery.jobUser"]
      }
    }
  }
  expect_failures = [var.service_accounts]
}

run "project_roles_are_there_once" {
  command = plan
  variables {
    service_accounts = {
      strategy-engine = {
        project_roles = ["roles/viewer", "roles/viewer"]
      }
    }
  }
  expect_failures = [var.service_accounts]
}

run "account_grants_have_a_role" {
  command = plan
  variables {
    service_accounts = {
      strategy-engine = {
        grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  expect_failures = [google_service_account_iam_member.this]
}

run "account_grants_have_members" {
  command = plan
  variables {
    service_accounts = {
      strategy-engine = {
        grants = { read = { role = "roles/viewer", members = [] } }
      }
    }
  }
  expect_failures = [google_service_account_iam_member.this]
}

run "account_grants_have_resolved_members" {
  command = plan
  variables {
    service_accounts = {
      strategy-engine = {
        grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
      }
    }
  }
  expect_failures = [google_service_account_iam_member.this]
}

run "account_grants_have_whole_conditions" {
  command = plan
  variables {
    service_accounts = {
      strategy-engine = {
        grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
      }
    }
  }
  expect_failures = [google_service_account_iam_member.this]
}

run "account_grants_give_a_role_once" {
  command = plan
  variables {
    service_accounts = {
      strategy-engine = {
        grants = {
          one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
          two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
        }
      }
    }
  }
  expect_failures = [google_service_account_iam_member.this]
}

variables {
  project_id     = "atm-dev"
  project_number = "123456789012"
  state_bucket   = "atm-dev-tfstate"
}

run "project_ids_have_their_form" {
  command = plan
  variables {
    project_id = "ATM"
  }
  expect_failures = [var.project_id]
}

run "project_numbers_have_their_form" {
  command = plan
  variables {
    project_number = "atm"
  }
  expect_failures = [var.project_number]
}

run "a_repository_is_named" {
  command = plan
  variables {
    github = { environment = "dev" }
  }
  expect_failures = [var.github]
}

run "principals_need_the_project_number" {
  command = plan
  variables {
    project_number = null
    github         = { environment = "dev", repository_id = "987654321" }
  }
  expect_failures = [var.github]
}

run "identities_need_the_state" {
  command = plan
  variables {
    state_bucket = null
    github       = { environment = "dev", repository_id = "987654321" }
  }
  expect_failures = [var.github]
}

run "repositories_are_owner_and_name" {
  command = plan
  variables {
    github = { environment = "dev", repository_id = "987654321", repository = "platform' || true || '" }
  }
  expect_failures = [var.github]
}

run "repository_ids_are_numbers" {
  command = plan
  variables {
    github = { environment = "dev", repository_id = "platform" }
  }
  expect_failures = [var.github]
}

run "environments_cannot_end_a_quote" {
  command = plan
  variables {
    github = { environment = "dev' || '", repository_id = "987654321" }
  }
  expect_failures = [var.github]
}

run "branches_cannot_end_a_quote" {
  command = plan
  variables {
    github = { environment = "dev", repository_id = "987654321", branch = "main'" }
  }
  expect_failures = [var.github]
}

run "pools_have_their_form" {
  command = plan
  variables {
    github = { environment = "dev", repository_id = "987654321", pool = "gcp-pool" }
  }
  expect_failures = [var.github]
}

run "accounts_have_their_form" {
  command = plan
  variables {
    github = { environment = "dev", repository_id = "987654321", plan = { service_account = "Plan" } }
  }
  expect_failures = [var.github]
}

run "there_are_two_accounts" {
  command = plan
  variables {
    github = { environment = "dev", repository_id = "987654321", apply = { service_account = "github-plan" } }
  }
  expect_failures = [var.github]
}

run "roles_have_their_form" {
  command = plan
  variables {
    github = { environment = "dev", repository_id = "987654321", apply = { project_roles = ["editor"] } }
  }
  expect_failures = [var.github]
}

run "what_plans_only_reads" {
  command = plan
  variables {
    github = { environment = "dev", repository_id = "987654321", plan = { project_roles = ["roles/viewer", "roles/storage.objectAdmin"] } }
  }
  expect_failures = [var.github]
}

run "roles_are_named_once" {
  command = plan
  variables {
    github = { environment = "dev", repository_id = "987654321", apply = { project_roles = ["roles/editor", "roles/editor"] } }
  }
  expect_failures = [var.github]
}

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

run "an_id_is_lower_case" {
  command = plan
  variables {
    deny_policies = { "No-Keys" = { rules = [{ denied_principals = ["principalSet://goog/public:all"], denied_permissions = ["iam.googleapis.com/roles.create"] }] } }
  }
  expect_failures = [var.deny_policies]
}

run "a_policy_has_rules" {
  command = plan
  variables {
    deny_policies = { keys = { rules = [] } }
  }
  expect_failures = [var.deny_policies]
}

run "a_rule_denies_something" {
  command = plan
  variables {
    deny_policies = { keys = { rules = [{ denied_principals = ["principalSet://goog/public:all"], denied_permissions = [] }] } }
  }
  expect_failures = [var.deny_policies]
}

run "a_principal_is_written_in_full" {
  command = plan
  variables {
    deny_policies = { keys = { rules = [{ denied_principals = ["user:ann@example.com"], denied_permissions = ["iam.googleapis.com/roles.create"] }] } }
  }
  expect_failures = [var.deny_policies]
}

run "a_permission_has_its_service" {
  command = plan
  variables {
    deny_policies = { keys = { rules = [{ denied_principals = ["principalSet://goog/public:all"], denied_permissions = ["iam.roles.create"] }] } }
  }
  expect_failures = [var.deny_policies]
}

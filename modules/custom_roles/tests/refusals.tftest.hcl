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

run "an_id_has_no_dash" {
  command = plan
  variables {
    custom_roles = { "limits-reader" = { title = "x", permissions = ["a.b.c"] } }
  }
  expect_failures = [var.custom_roles]
}

run "a_role_has_a_title" {
  command = plan
  variables {
    custom_roles = { reader = { title = "", permissions = ["a.b.c"] } }
  }
  expect_failures = [var.custom_roles]
}

run "a_stage_is_known" {
  command = plan
  variables {
    custom_roles = { reader = { title = "x", stage = "NEW", permissions = ["a.b.c"] } }
  }
  expect_failures = [var.custom_roles]
}

run "a_role_has_permissions" {
  command = plan
  variables {
    custom_roles = { reader = { title = "x", permissions = [] } }
  }
  expect_failures = [var.custom_roles]
}

run "a_permission_is_whole" {
  command = plan
  variables {
    custom_roles = { reader = { title = "x", permissions = ["bigquery.tables"] } }
  }
  expect_failures = [var.custom_roles]
}

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

run "an_api_has_its_full_name" {
  command = plan
  variables {
    services = ["run"]
  }
  expect_failures = [var.services]
}

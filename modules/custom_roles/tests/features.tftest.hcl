variables {
  project_id = "atm-dev"
}

# custom_roles: of the project, with a title, a stage and the exact permissions
run "a_role_of_ones_own" {
  command = plan
  variables {
    custom_roles = { limitsReader = { title = "Reads limits", description = "Limits only.", stage = "BETA", permissions = ["bigquery.tables.get", "bigquery.tables.getData"] } }
  }
  assert {
    condition = (
      google_project_iam_custom_role.this["limitsReader"].stage == "BETA" && length(google_project_iam_custom_role.this["limitsReader"].permissions) == 2 &&
      output.ids == { limitsReader = "projects/atm-dev/roles/limitsReader" }
    )
    error_message = "The role is as it is asked for."
  }
}

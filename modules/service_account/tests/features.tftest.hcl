variables {
  project_id = "atm-dev"
}

# accounts: id, display name, description, disabled; the address is known at plan
run "an_account_has_an_address_at_plan" {
  command = plan
  variables {
    service_accounts = {
      strategy-engine = { display_name = "Strategy engine" }
    }
  }
  assert {
    condition     = output.emails == { strategy-engine = "strategy-engine@atm-dev.iam.gserviceaccount.com" }
    error_message = "The e-mail address is known at plan."
  }
  assert {
    condition     = output.ids["strategy-engine"] == "projects/atm-dev/serviceAccounts/strategy-engine@atm-dev.iam.gserviceaccount.com"
    error_message = "The full name is known at plan."
  }
  assert {
    condition     = google_service_account.this["strategy-engine"].display_name == "Strategy engine" && !google_service_account.this["strategy-engine"].disabled
    error_message = "The account is as it is asked for."
  }
}

# project_roles: for what has no grant of its own, such as running queries
run "project_roles_are_one_member_each" {
  command = plan
  variables {
    service_accounts = {
      strategy-engine = { project_roles = ["roles/bigquery.jobUser", "projects/atm-dev/roles/planner"] }
      risk-manager    = { project_roles = ["roles/bigquery.jobUser"] }
    }
  }
  assert {
    condition = toset(keys(google_project_iam_member.this)) == toset([
      "strategy-engine/roles/bigquery.jobUser", "strategy-engine/projects/atm-dev/roles/planner", "risk-manager/roles/bigquery.jobUser",
    ])
    error_message = "One resource an account and role."
  }
  assert {
    condition     = google_project_iam_member.this["risk-manager/roles/bigquery.jobUser"].member == "serviceAccount:risk-manager@atm-dev.iam.gserviceaccount.com"
    error_message = "The member is the account."
  }
}

# grants: who may act as the account or mint its tokens; a member may be another account of the same call
run "grants_say_who_may_act_as_the_account" {
  command = plan
  variables {
    service_accounts = {
      scheduler = {}
      strategy-engine = {
        grants = {
          act    = { role = "roles/iam.serviceAccountUser", members = ["serviceAccount:scheduler@atm-dev.iam.gserviceaccount.com"] }
          tokens = { role = "roles/iam.serviceAccountTokenCreator", members = ["serviceAccount:scheduler@atm-dev.iam.gserviceaccount.com", "group:quants@example.com"] }
        }
      }
    }
  }
  assert {
    condition = toset(keys(google_service_account_iam_member.this)) == toset([
      "strategy-engine/act/serviceAccount:scheduler@atm-dev.iam.gserviceaccount.com",
      "strategy-engine/tokens/serviceAccount:scheduler@atm-dev.iam.gserviceaccount.com",
      "strategy-engine/tokens/group:quants@example.com",
    ])
    error_message = "One resource a thing, grant and member."
  }
}

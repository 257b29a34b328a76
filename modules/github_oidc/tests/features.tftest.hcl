variables {
  project_id     = "atm-dev"
  project_number = "123456789012"
  state_bucket   = "atm-dev-tfstate"
}

# nobody trusted: nothing is made without a repository
run "no_repository" {
  command = plan
  assert {
    condition     = length(google_iam_workload_identity_pool.this) == 0 && length(google_service_account.this) == 0 && length(google_storage_bucket_iam_member.state) == 0
    error_message = "Nothing is made."
  }
  assert {
    condition     = output.workflows == null
    error_message = "Workflows have nothing to name."
  }
}

# repository_id: the one repository that is trusted, by its number
# environment, branch: what applies comes from that GitHub Environment and that branch, never from a pull request
# plan, apply: an account each, used by the exact principals; what is scheduled on that branch plans as pull requests do
run "a_repository_by_number" {
  command = plan
  variables {
    github = { repository = "ai-trading-machine/platform", repository_id = "987654321", environment = "dev" }
  }
  assert {
    condition     = google_iam_workload_identity_pool_provider.this["github"].attribute_condition == "assertion.repository_id == '987654321' && ((assertion.event_name == 'pull_request' || (assertion.event_name in ['schedule', 'workflow_dispatch'] && assertion.ref == 'refs/heads/main' && !has(assertion.environment))) || (has(assertion.environment) && assertion.environment == 'dev' && assertion.ref == 'refs/heads/main' && assertion.event_name != 'pull_request_target'))"
    error_message = "Tokens of this repository, for a pull request, a schedule, or the environment on the branch."
  }
  assert {
    condition     = google_iam_workload_identity_pool_provider.this["github"].attribute_mapping["attribute.access"] == "(assertion.event_name == 'pull_request' || (assertion.event_name in ['schedule', 'workflow_dispatch'] && assertion.ref == 'refs/heads/main' && !has(assertion.environment))) ? 'plan' : has(assertion.environment) && assertion.environment == 'dev' && assertion.ref == 'refs/heads/main' && assertion.event_name != 'pull_request_target' ? 'apply' : 'none'"
    error_message = "Each of the two is told apart by the provider."
  }
  assert {
    condition     = google_iam_workload_identity_pool_provider.this["github"].oidc[0].issuer_uri == "https://token.actions.githubusercontent.com"
    error_message = "GitHub's tokens."
  }
  assert {
    condition     = google_service_account_iam_member.this["plan"].member == "principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github/attribute.access/plan" && google_service_account_iam_member.this["plan"].role == "roles/iam.workloadIdentityUser"
    error_message = "What plans is used by those that plan."
  }
  assert {
    condition     = google_service_account_iam_member.this["apply"].member == "principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github/attribute.access/apply"
    error_message = "What applies is used by those that apply."
  }
  assert {
    condition     = output.workflows.workload_identity_provider == "projects/123456789012/locations/global/workloadIdentityPools/github/providers/actions"
    error_message = "The provider is known at plan."
  }
  assert {
    condition     = google_service_account.this["plan"].account_id == "github-plan" && google_service_account.this["apply"].account_id == "github-apply"
    error_message = "Two accounts."
  }
}

# repository: trusted by name where there is no number
# pool, provider, service_account: names of one's own, as where the usual ones were deleted
run "a_repository_by_name" {
  command = plan
  variables {
    github = {
      repository  = "ai-trading-machine/platform"
      environment = "prod"
      branch      = "release/1.x"
      pool        = "github-2"
      provider    = "actions-2"
      plan        = { service_account = "planner" }
    }
  }
  assert {
    condition     = startswith(google_iam_workload_identity_pool_provider.this["github"].attribute_condition, "assertion.repository == 'ai-trading-machine/platform' && (")
    error_message = "By its name."
  }
  assert {
    condition     = strcontains(google_iam_workload_identity_pool_provider.this["github"].attribute_condition, "assertion.ref == 'refs/heads/release/1.x'")
    error_message = "Another branch."
  }
  assert {
    condition     = google_iam_workload_identity_pool.this["github"].workload_identity_pool_id == "github-2" && google_service_account.this["plan"].account_id == "planner" && endswith(google_service_account_iam_member.this["plan"].member, "/workloadIdentityPools/github-2/attribute.access/plan")
    error_message = "Other names."
  }
}

# project_roles: what each may do in the project; what plans only reads
# state: both read it, who applies writes it, who plans writes the lock alone
run "what_they_may_do" {
  command = plan
  variables {
    state_prefix = "state"
    github = {
      repository_id = "987654321"
      environment   = "dev"
      plan          = { project_roles = ["roles/viewer"] }
      apply         = { project_roles = ["roles/editor", "projects/atm-dev/roles/granter"] }
    }
  }
  assert {
    condition     = keys(google_project_iam_member.this) == ["apply/projects/atm-dev/roles/granter", "apply/roles/editor", "plan/roles/viewer"]
    error_message = "A member a role."
  }
  assert {
    condition     = google_storage_bucket_iam_member.state["plan"].role == "roles/storage.objectViewer" && google_storage_bucket_iam_member.state["apply"].role == "roles/storage.objectUser"
    error_message = "One reads the state, one writes it."
  }
  assert {
    condition     = keys(google_storage_bucket_iam_member.lock) == ["plan"] && google_storage_bucket_iam_member.lock["plan"].condition[0].expression == "resource.name == \"projects/_/buckets/atm-dev-tfstate/objects/state/default.tflock\""
    error_message = "The lock alone."
  }
}

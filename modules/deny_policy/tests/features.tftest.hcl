variables {
  project_id = "atm-dev"
}

# rules: who may not do what, whatever roles they have, but for exceptions
# condition: on tags of resources
run "keys_that_nobody_makes" {
  command = plan
  variables {
    deny_policies = {
      no-keys = {
        display_name = "No keys"
        rules = [{
          description          = "Keys leak."
          denied_principals    = ["principalSet://goog/public:all"]
          exception_principals = ["principalSet://goog/group/break-glass@example.com"]
          denied_permissions   = ["iam.googleapis.com/serviceAccountKeys.create"]
          condition            = { title = "tagged", expression = "resource.matchTag('atm-dev/env', 'prod')" }
        }]
      }
    }
  }
  assert {
    condition = (
      google_iam_deny_policy.this["no-keys"].parent == "cloudresourcemanager.googleapis.com%2Fprojects%2Fatm-dev" &&
      google_iam_deny_policy.this["no-keys"].rules[0].deny_rule[0].denied_permissions == tolist(["iam.googleapis.com/serviceAccountKeys.create"]) &&
      google_iam_deny_policy.this["no-keys"].rules[0].deny_rule[0].exception_principals == tolist(["principalSet://goog/group/break-glass@example.com"])
    )
    error_message = "Nobody makes keys, but for the exception."
  }
  assert {
    condition     = google_iam_deny_policy.this["no-keys"].rules[0].deny_rule[0].denial_condition[0].title == "tagged"
    error_message = "It has its condition."
  }
}

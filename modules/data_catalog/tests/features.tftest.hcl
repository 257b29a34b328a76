variables {
  project_id = "atm-dev"
}

# taxonomies, tags: a tree of policy tags up to five deep, by path
# tags[*].readers: who reads the tagged columns as they are
# tags[*].masking: how others see them, and who
run "columns_that_only_some_read" {
  command = plan
  variables {
    taxonomies = {
      sensitivity = {
        display_name = "Sensitivity"
        description  = "How far a column may go."
        location     = "asia-south1"
        tags = {
          pii = { description = "Of persons.", readers = ["group:compliance@example.com"] }
          "pii/account" = {
            display_name = "Account number"
            readers      = ["group:settlement@example.com"]
            masking = {
              account_last_four = { expression = "LAST_FOUR_CHARACTERS", readers = ["group:support@example.com", "group:quants@example.com"] }
              account_hash      = { expression = "SHA256", readers = ["group:analysts@example.com"] }
            }
          }
          "pii/account/bank"            = {}
          "pii/account/bank/branch"     = {}
          "pii/account/bank/branch/box" = {}
        }
      }
    }
  }
  assert {
    condition = (
      google_data_catalog_taxonomy.this["sensitivity"].display_name == "Sensitivity" && google_data_catalog_taxonomy.this["sensitivity"].region == "asia-south1" &&
      google_data_catalog_taxonomy.this["sensitivity"].activated_policy_types == tolist(["FINE_GRAINED_ACCESS_CONTROL"])
    )
    error_message = "The taxonomy enforces access."
  }
  assert {
    condition = (
      google_data_catalog_policy_tag.first["sensitivity/pii"].description == "Of persons." &&
      google_data_catalog_policy_tag.second["sensitivity/pii/account"].display_name == "Account number" &&
      google_data_catalog_policy_tag.fifth["sensitivity/pii/account/bank/branch/box"].display_name == "box" && length(output.policy_tags) == 5
    )
    error_message = "Each tag is at its depth, and told by its path."
  }
  assert {
    condition = keys(google_data_catalog_policy_tag_iam_member.reader) == [
      "sensitivity/pii/account/group:settlement@example.com", "sensitivity/pii/group:compliance@example.com",
    ]
    error_message = "Each reader has a grant."
  }
  assert {
    condition = (
      google_bigquery_datapolicy_data_policy.this["sensitivity/pii/account/account_hash"].data_masking_policy[0].predefined_expression == "SHA256" &&
      google_bigquery_datapolicy_data_policy.this["sensitivity/pii/account/account_last_four"].data_policy_id == "account_last_four" &&
      length(google_bigquery_datapolicy_data_policy_iam_member.masked_reader) == 3
    )
    error_message = "It is masked in two ways."
  }
}

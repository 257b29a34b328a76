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

run "an_id_has_no_dots" {
  command = plan
  variables {
    taxonomies = { "a.b" = { location = "asia-south1" } }
  }
  expect_failures = [var.taxonomies]
}

run "a_name_has_no_space_at_its_end" {
  command = plan
  variables {
    taxonomies = { thing = { location = "asia-south1", display_name = "Thing " } }
  }
  expect_failures = [var.taxonomies]
}

run "two_taxonomies_have_two_names" {
  command = plan
  variables {
    taxonomies = { thing = { location = "asia-south1" }, other = { location = "asia-south1", display_name = "thing" } }
  }
  expect_failures = [var.taxonomies]
}

run "a_policy_type_is_a_known_one" {
  command = plan
  variables {
    taxonomies = { thing = { location = "asia-south1", activated_policy_types = ["ROW_ACCESS"] } }
  }
  expect_failures = [var.taxonomies]
}

run "a_path_is_at_most_five_deep" {
  command = plan
  variables {
    taxonomies = { thing = { location = "asia-south1", tags = { a = {}, "a/b" = {}, "a/b/c" = {}, "a/b/c/d" = {}, "a/b/c/d/e" = {}, "a/b/c/d/e/f" = {} } } }
  }
  expect_failures = [var.taxonomies]
}

run "what_stands_above_is_a_tag_too" {
  command = plan
  variables {
    taxonomies = { thing = { location = "asia-south1", tags = { "pii/account" = {} } } }
  }
  expect_failures = [var.taxonomies]
}

run "two_tags_have_two_names" {
  command = plan
  variables {
    taxonomies = { thing = { location = "asia-south1", tags = { a = {}, b = {}, "a/id" = {}, "b/id" = {} } } }
  }
  expect_failures = [var.taxonomies]
}

run "an_expression_is_one_of_google_s" {
  command = plan
  variables {
    taxonomies = { thing = { location = "asia-south1", tags = { a = { masking = { m = { expression = "ROT13", readers = [] } } } } } }
  }
  expect_failures = [var.taxonomies]
}

run "a_data_policy_is_of_one_tag" {
  command = plan
  variables {
    taxonomies = { thing = { location = "asia-south1", tags = { a = { masking = { m = { expression = "SHA256", readers = [] } } }, b = { masking = { m = { expression = "SHA256", readers = [] } } } } } }
  }
  expect_failures = [var.taxonomies]
}

run "a_reader_is_a_principal" {
  command = plan
  variables {
    taxonomies = { thing = { location = "asia-south1", tags = { a = { readers = ["ann@example.com"] } } } }
  }
  expect_failures = [var.taxonomies]
}

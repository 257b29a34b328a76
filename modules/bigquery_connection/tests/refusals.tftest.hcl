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
    bigquery_connections = {
      "a.b" = { location = "asia-south1" }
    }
  }
  expect_failures = [var.bigquery_connections]
}

run "a_connection_has_one_source" {
  command = plan
  variables {
    bigquery_connections = {
      thing = { location = "asia-south1", cloud_sql = { instance = "atm-dev:asia-south1:x", database = "b", username = "u", password_secret = "s" }, spark = {} }
    }
  }
  expect_failures = [var.bigquery_connections]
}

run "an_instance_is_named_in_full" {
  command = plan
  variables {
    bigquery_connections = {
      thing = { location = "asia-south1", cloud_sql = { instance = "x", database = "b", username = "u", password_secret = "s" } }
    }
  }
  expect_failures = [var.bigquery_connections]
}

run "a_bucket_is_named_once" {
  command = plan
  variables {
    bigquery_connections = {
      thing = { location = "asia-south1", reads = ["a-bucket"], writes = ["a-bucket"] }
    }
  }
  expect_failures = [var.bigquery_connections]
}

run "bigquery_connections_grants_have_a_role" {
  command = plan
  variables {
    bigquery_connections = {
      thing = { location = "asia-south1", grants = { use = { role = "viewer", members = ["group:q@example.com"] } } }
    }
  }
  expect_failures = [google_bigquery_connection_iam_member.this]
}

run "bigquery_connections_grants_have_members" {
  command = plan
  variables {
    bigquery_connections = {
      thing = { location = "asia-south1", grants = { use = { role = "roles/viewer", members = [] } } }
    }
  }
  expect_failures = [google_bigquery_connection_iam_member.this]
}

run "bigquery_connections_grants_have_whole_conditions" {
  command = plan
  variables {
    bigquery_connections = {
      thing = { location = "asia-south1", grants = { use = { role = "roles/viewer", members = ["group:q@example.com"], condition = { title = "", expression = "true" } } } }
    }
  }
  expect_failures = [google_bigquery_connection_iam_member.this]
}

run "bigquery_connections_grants_give_a_role_once" {
  command = plan
  variables {
    bigquery_connections = {
      thing = { location = "asia-south1", grants = { a = { role = "roles/viewer", members = ["group:q@example.com"] }, b = { role = "roles/viewer", members = ["group:q@example.com"] } } }
    }
  }
  expect_failures = [google_bigquery_connection_iam_member.this]
}

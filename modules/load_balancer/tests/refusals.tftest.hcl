variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

run "a_project_id_of_google" {
  command = plan
  variables {
    project_id = "1"
  }
  expect_failures = [var.project_id]
}

run "a_region_by_name" {
  command = plan
  variables {
    region = "India"
  }
  expect_failures = [var.region]
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Team = "x" }
  }
  expect_failures = [var.labels]
}

run "an_id_is_lower_case" {
  command = plan
  variables {
    load_balancers = { "Gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "api" } }
  }
  expect_failures = [var.load_balancers]
}

run "a_long_description" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "api", description = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" } }
  }
  expect_failures = [var.load_balancers]
}

run "a_domain_with_a_wildcard" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["*.example.com"], backends = { api = { service = "api" } }, default_backend = "api" } }
  }
  expect_failures = [var.load_balancers]
}

run "a_certificate_s_name" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "api", certificate = "Api" } }
  }
  expect_failures = [var.load_balancers]
}

run "a_backend_s_key" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { Api = { service = "api" } }, default_backend = "Api" } }
  }
  expect_failures = [var.load_balancers]
}

run "a_backend_s_service" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "gateway/api" } }, default_backend = "api" } }
  }
  expect_failures = [var.load_balancers]
}

run "a_backend_s_log" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api", log_sampling = 2 } }, default_backend = "api" } }
  }
  expect_failures = [var.load_balancers]
}

run "a_default_that_is_no_backend" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "web" } }
  }
  expect_failures = [var.load_balancers]
}

run "a_route_to_no_backend" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "api", routes = [{ paths = ["/orders"], backend = "orders" }] } }
  }
  expect_failures = [var.load_balancers]
}

run "a_route_s_path" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "api", routes = [{ paths = ["orders"], backend = "api" }] } }
  }
  expect_failures = [var.load_balancers]
}

run "an_old_tls" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "api", min_tls = "TLS_1_0" } }
  }
  expect_failures = [var.load_balancers]
}

run "a_range_that_is_none" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "api", armor = { deny_ranges = ["office"] } } }
  }
  expect_failures = [var.load_balancers]
}

run "countries_both_ways" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "api", armor = { allow_countries = ["IN"], deny_countries = ["US"] } } }
  }
  expect_failures = [var.load_balancers]
}

run "rules_that_are_not_there" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "api", armor = { waf = ["magic"] } } }
  }
  expect_failures = [var.load_balancers]
}

run "a_rate_of_nothing" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "api", armor = { rate_limit = { requests = 0 } } } }
  }
  expect_failures = [var.load_balancers]
}

run "a_default_of_its_own" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "api", armor = { default = "drop" } } }
  }
  expect_failures = [var.load_balancers]
}

run "a_load_balancer_s_labels" {
  command = plan
  variables {
    load_balancers = { "gateway" = { domains = ["api.example.com"], backends = { api = { service = "api" } }, default_backend = "api", labels = { Team = "x" } } }
  }
  expect_failures = [google_compute_global_address.this["gateway"]]
}

run "iap_grants_have_a_role" {
  command = plan
  variables {
    load_balancers = { gateway = { domains = ["api.example.com"], default_backend = "api", backends = { api = { service = "api", iap = { grants = { read = { role = "accessor", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } } } } } } }
  }
  expect_failures = [google_iap_web_backend_service_iam_member.this]
}

run "iap_grants_have_members" {
  command = plan
  variables {
    load_balancers = { gateway = { domains = ["api.example.com"], default_backend = "api", backends = { api = { service = "api", iap = { grants = { read = { role = "roles/iap.httpsResourceAccessor", members = [] } } } } } } }
  }
  expect_failures = [google_iap_web_backend_service_iam_member.this]
}

run "iap_grants_have_whole_conditions" {
  command = plan
  variables {
    load_balancers = { gateway = { domains = ["api.example.com"], default_backend = "api", backends = { api = { service = "api", iap = { grants = { read = { role = "roles/iap.httpsResourceAccessor", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } } } } } } }
  }
  expect_failures = [google_iap_web_backend_service_iam_member.this]
}

run "iap_grants_give_a_role_once" {
  command = plan
  variables {
    load_balancers = { gateway = { domains = ["api.example.com"], default_backend = "api", backends = { api = { service = "api", iap = { grants = { one = { role = "roles/iap.httpsResourceAccessor", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }, two = { role = "roles/iap.httpsResourceAccessor", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } } } } } } }
  }
  expect_failures = [google_iap_web_backend_service_iam_member.this]
}

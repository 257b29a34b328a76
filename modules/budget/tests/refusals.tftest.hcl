variables {
  project_id     = "atm-dev"
  project_number = "123456789012"
}

run "project_ids_have_their_form" {
  command = plan
  variables {
    project_id = "ATM"
  }
  expect_failures = [var.project_id]
}

run "billing_accounts_have_their_form" {
  command = plan
  variables {
    budget = { billing_account = "mine", amount = 20000, currency = "INR", thresholds = [{ percent = 80 }] }
  }
  expect_failures = [var.budget]
}

run "amounts_have_a_currency" {
  command = plan
  variables {
    budget = { billing_account = "012345-6789AB-CDEF01", amount = 20000, currency = "rupees", thresholds = [{ percent = 80 }] }
  }
  expect_failures = [var.budget]
}

run "amounts_are_whole" {
  command = plan
  variables {
    budget = { billing_account = "012345-6789AB-CDEF01", amount = 0.5, currency = "INR", thresholds = [{ percent = 80 }] }
  }
  expect_failures = [var.budget]
}

run "thresholds_are_known" {
  command = plan
  variables {
    budget = { billing_account = "012345-6789AB-CDEF01", amount = 20000, currency = "INR", thresholds = [{ percent = 0 }] }
  }
  expect_failures = [var.budget]
}

run "channels_are_five_at_most" {
  command = plan
  variables {
    budget = { billing_account = "012345-6789AB-CDEF01", amount = 20000, channels = ["a", "b", "c", "d", "e", "f"], currency = "INR", thresholds = [{ percent = 80 }] }
  }
  expect_failures = [var.budget]
}

run "budgets_tell_channels_that_are_there" {
  command = plan
  variables {
    budget = { billing_account = "012345-6789AB-CDEF01", amount = 20000, channels = ["nobody"], currency = "INR", thresholds = [{ percent = 80 }] }
  }
  expect_failures = [google_billing_budget.this]
}

run "budgets_need_the_project_number" {
  command = plan
  variables {
    project_number = null
    budget         = { billing_account = "012345-6789AB-CDEF01", amount = 20000, currency = "INR", thresholds = [{ percent = 80 }] }
  }
  expect_failures = [google_billing_budget.this]
}

variables {
  project_id     = "atm-dev"
  project_number = "123456789012"
}

# no budget: nothing is made without one
run "no_budget" {
  command = plan
  assert {
    condition     = length(google_billing_budget.this) == 0 && output.name == null
    error_message = "None is made."
  }
}

# amount: a month's, in the billing account's currency, of this project, by label if wanted
# thresholds: of what is spent, or foreseen
# recipients: the billing account's own, notification channels, a topic
run "a_budget_in_rupees" {
  command = plan
  variables {
    channel_names = { ops = "projects/atm-dev/notificationChannels/1" }
    budget = {
      billing_account = "012345-6789AB-CDEF01"
      amount          = 20000
      currency        = "INR"
      labels          = { environment = "dev" }
      thresholds      = [{ percent = 80 }, { percent = 100, basis = "FORECASTED_SPEND" }]
      topic           = "projects/atm-dev/topics/budget"
      channels        = ["ops"]
    }
  }
  assert {
    condition     = google_billing_budget.this["budget"].amount[0].specified_amount[0].units == "20000" && google_billing_budget.this["budget"].amount[0].specified_amount[0].currency_code == "INR"
    error_message = "Twenty thousand rupees."
  }
  assert {
    condition     = google_billing_budget.this["budget"].threshold_rules[*].threshold_percent == tolist([0.8, 1]) && google_billing_budget.this["budget"].threshold_rules[1].spend_basis == "FORECASTED_SPEND"
    error_message = "At four fifths, and when all of it is foreseen."
  }
  assert {
    condition     = google_billing_budget.this["budget"].budget_filter[0].projects == toset(["projects/123456789012"])
    error_message = "Of this project alone."
  }
  assert {
    condition     = google_billing_budget.this["budget"].all_updates_rule[0].pubsub_topic == "projects/atm-dev/topics/budget"
    error_message = "The topic is told."
  }
}

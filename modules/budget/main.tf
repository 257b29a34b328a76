# One budget at most: a map of none or one, so that it can be switched off.
resource "google_billing_budget" "this" {
  for_each = { for budget in var.budget[*] : "budget" => budget }

  billing_account = each.value.billing_account
  display_name    = coalesce(each.value.display_name, var.project_id)

  # By the project's number: Google tells it so, whatever it was given.
  budget_filter {
    projects               = ["projects/${coalesce(var.project_number, "0")}"]
    labels                 = each.value.labels
    calendar_period        = "MONTH"
    credit_types_treatment = "INCLUDE_ALL_CREDITS"
  }

  amount {
    specified_amount {
      currency_code = each.value.currency
      units         = tostring(each.value.amount)
    }
  }

  dynamic "threshold_rules" {
    for_each = each.value.thresholds
    content {
      threshold_percent = threshold_rules.value.percent / 100
      spend_basis       = threshold_rules.value.basis
    }
  }

  dynamic "all_updates_rule" {
    for_each = each.value.topic != null || length(each.value.channels) > 0 ? [true] : []
    content {
      pubsub_topic                     = each.value.topic
      monitoring_notification_channels = [for id in each.value.channels : var.channel_names[id] if contains(keys(var.channel_names), id)]
      disable_default_iam_recipients   = !each.value.default_recipients
      schema_version                   = "1.0"
    }
  }

  lifecycle {
    precondition {
      condition     = var.project_number != null
      error_message = "budget: it is of one project, which Google knows by its number: set project_number."
    }
    precondition {
      condition     = length(setsubtract(each.value.channels, keys(var.channel_names))) == 0
      error_message = "budget: it tells ${join(", ", setsubtract(each.value.channels, keys(var.channel_names)))}, which channel_names doesn't name."
    }
  }
}

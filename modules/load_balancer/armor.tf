# Cloud Armor. The smaller number wins: ranges, then countries, attacks, the rate of a client, and what is left.

locals {
  armor = { for id, balancer in var.load_balancers : id => balancer.armor if balancer.armor != null }

  armor_rules = {
    for id, armor in local.armor : id => concat(
      # A rule takes ten ranges.
      [for at, ranges in chunklist(armor.deny_ranges, 10) : { priority = 100 + at, action = "deny(403)", ranges = ranges, expression = null, preview = false }],
      [for at, ranges in chunklist(armor.allow_ranges, 10) : { priority = 200 + at, action = "allow", ranges = ranges, expression = null, preview = false }],
      length(armor.deny_countries) == 0 ? [] : [{
        priority   = 300, action = "deny(403)", ranges = null, preview = false,
        expression = "origin.region_code.matches('^(${join("|", armor.deny_countries)})$')"
      }],
      length(armor.allow_countries) == 0 ? [] : [{
        priority   = 310, action = "deny(403)", ranges = null, preview = false,
        expression = "!origin.region_code.matches('^(${join("|", armor.allow_countries)})$')"
      }],
      [for at, rules in armor.waf : {
        priority   = 1000 + at, action = "deny(403)", ranges = null, preview = armor.waf_preview,
        expression = "evaluatePreconfiguredWaf('${rules}-v33-stable', {'sensitivity': ${armor.waf_sensitivity}})"
      }],
    )
  }
}

resource "google_compute_security_policy" "this" {
  for_each = local.armor

  project = var.project_id
  name    = each.key
  labels  = merge(var.labels, var.load_balancers[each.key].labels)

  dynamic "rule" {
    for_each = local.armor_rules[each.key]
    content {
      action   = rule.value.action
      priority = rule.value.priority
      preview  = rule.value.preview

      match {
        versioned_expr = rule.value.ranges == null ? null : "SRC_IPS_V1"

        dynamic "config" {
          for_each = rule.value.ranges[*]
          content {
            src_ip_ranges = rule.value.ranges
          }
        }

        dynamic "expr" {
          for_each = rule.value.expression[*]
          content {
            expression = expr.value
          }
        }
      }
    }
  }

  dynamic "rule" {
    for_each = each.value.rate_limit[*]
    content {
      action   = rule.value.ban_seconds == null ? "throttle" : "rate_based_ban"
      priority = 2000

      match {
        versioned_expr = "SRC_IPS_V1"
        config {
          src_ip_ranges = ["*"]
        }
      }

      rate_limit_options {
        conform_action   = "allow"
        exceed_action    = "deny(429)"
        enforce_on_key   = rule.value.client
        ban_duration_sec = rule.value.ban_seconds

        rate_limit_threshold {
          count        = rule.value.requests
          interval_sec = rule.value.interval_seconds
        }
      }
    }
  }

  rule {
    action   = each.value.default == "allow" ? "allow" : "deny(403)"
    priority = 2147483647

    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  dynamic "adaptive_protection_config" {
    for_each = each.value.adaptive_protection ? [true] : []
    content {
      layer_7_ddos_defense_config {
        enable = true
      }
    }
  }
}

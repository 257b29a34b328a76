variable "alert_policies" {
  description = "Alerts, by id."
  type = map(object({
    display_name = optional(string) # by default the id
    combiner     = optional(string, "OR")
    severity     = optional(string) # CRITICAL, ERROR or WARNING
    conditions = list(object({
      name = string
      threshold = optional(object({
        filter     = string
        comparison = optional(string, "COMPARISON_GT")
        value      = optional(number, 0)
        duration   = optional(string, "0s")
        aggregations = optional(list(object({
          alignment_period     = optional(string, "60s")
          per_series_aligner   = optional(string)
          cross_series_reducer = optional(string)
          group_by_fields      = optional(list(string), [])
        })), [])
        denominator_filter = optional(string)
        denominator_aggregations = optional(list(object({
          alignment_period     = optional(string, "60s")
          per_series_aligner   = optional(string)
          cross_series_reducer = optional(string)
          group_by_fields      = optional(list(string), [])
        })), [])
        trigger_count = optional(number, 1)
        missing_data  = optional(string)
      }))
      absent = optional(object({
        filter   = string
        duration = optional(string, "300s")
        aggregations = optional(list(object({
          alignment_period     = optional(string, "60s")
          per_series_aligner   = optional(string)
          cross_series_reducer = optional(string)
          group_by_fields      = optional(list(string), [])
        })), [])
      }))
      log_match = optional(object({ filter = string, label_extractors = optional(map(string), {}) }))
      promql = optional(object({
        query               = string
        duration            = optional(string, "0s")
        evaluation_interval = optional(string, "30s")
        labels              = optional(map(string), {})
      }))
      undelivered = optional(object({ subscription = string, more_than = optional(number, 0), duration = optional(string, "0s") }))
    }))
    channels      = optional(list(string), []) # ids of notification_channels or channel_names
    rate_limit    = optional(string)           # with log_match
    auto_close    = optional(string, "604800s")
    documentation = optional(string, "") # Markdown
    runbook       = optional(string)     # its address
    labels        = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id, policy in var.alert_policies : length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "alert_policies: a key is 1 to 63 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id, policy in var.alert_policies : id if !(length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, policy in var.alert_policies : contains(["OR", "AND", "AND_WITH_MATCHING_RESOURCE"], policy.combiner)
    ])
    error_message = "alert_policies[*].combiner is OR, AND or AND_WITH_MATCHING_RESOURCE; not ${join(", ", [
      for id, policy in var.alert_policies : id if !(contains(["OR", "AND", "AND_WITH_MATCHING_RESOURCE"], policy.combiner))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, policy in var.alert_policies : policy.severity == null ? true : contains(["CRITICAL", "ERROR", "WARNING"], policy.severity)
    ])
    error_message = "alert_policies[*].severity is CRITICAL, ERROR or WARNING; not ${join(", ", [
      for id, policy in var.alert_policies : id if !(policy.severity == null ? true : contains(["CRITICAL", "ERROR", "WARNING"], policy.severity))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, policy in var.alert_policies : length(policy.conditions) >= 1 && length(policy.conditions) <= 6
    ])
    error_message = "alert_policies[*].conditions are 1 to 6; not ${join(", ", [
      for id, policy in var.alert_policies : id if !(length(policy.conditions) >= 1 && length(policy.conditions) <= 6)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, policy in var.alert_policies : [for condition in policy.conditions : length([for value in [condition.threshold != null, condition.absent != null, condition.log_match != null, condition.promql != null, condition.undelivered != null] : value if value]) == 1]
    ]))
    error_message = "alert_policies[*].conditions[*] is one of threshold, absent, log_match, promql and undelivered; not ${join(", ", flatten([
      for id, policy in var.alert_policies : [for condition in policy.conditions : "${id} (${condition.name})" if !(length([for value in [condition.threshold != null, condition.absent != null, condition.log_match != null, condition.promql != null, condition.undelivered != null] : value if value]) == 1)]
    ]))}."
  }

  validation {
    condition = alltrue([
      for id, policy in var.alert_policies : anytrue([for condition in policy.conditions : condition.log_match != null]) == (policy.rate_limit != null)
    ])
    error_message = "alert_policies[*].rate_limit goes with log_match, which needs it; not ${join(", ", [
      for id, policy in var.alert_policies : id if !(anytrue([for condition in policy.conditions : condition.log_match != null]) == (policy.rate_limit != null))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, policy in var.alert_policies : can(regex("^[0-9]+s$", policy.auto_close)) && tonumber(trimsuffix(policy.auto_close, "s")) >= 1800 && tonumber(trimsuffix(policy.auto_close, "s")) <= 604800
    ])
    error_message = "alert_policies[*].auto_close is \"1800s\" to \"604800s\"; not ${join(", ", [
      for id, policy in var.alert_policies : id if !(can(regex("^[0-9]+s$", policy.auto_close)) && tonumber(trimsuffix(policy.auto_close, "s")) >= 1800 && tonumber(trimsuffix(policy.auto_close, "s")) <= 604800)
    ])}."
  }
}

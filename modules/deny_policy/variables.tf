variable "project_id" {
  description = "The project that holds everything this module makes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits or -, begun by a letter; not \"${var.project_id}\"."
  }
}

variable "deny_policies" {
  description = "Deny policies of the project by id."
  type = map(object({
    display_name = optional(string, "")
    rules = list(object({
      description           = optional(string, "")
      denied_principals     = list(string) # such as principalSet://goog/public:all
      exception_principals  = optional(list(string), [])
      denied_permissions    = list(string) # such as iam.googleapis.com/serviceAccountKeys.create
      exception_permissions = optional(list(string), [])
      condition             = optional(object({ title = string, expression = string }))
    }))
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for id, policy in var.deny_policies : can(regex("^[a-z][a-z0-9.-]+[a-z0-9]$", id)) && length(id) <= 63])
    error_message = "deny_policies: an id is 3 to 63 lower-case letters, digits, - or ., begun by a letter; not ${join(", ", [for id, policy in var.deny_policies : id if !(can(regex("^[a-z][a-z0-9.-]+[a-z0-9]$", id)) && length(id) <= 63)])}."
  }

  validation {
    condition     = alltrue([for id, policy in var.deny_policies : length(policy.rules) >= 1 && length(policy.rules) <= 500 && alltrue([for rule in policy.rules : length(rule.denied_principals) > 0 && length(rule.denied_permissions) > 0])])
    error_message = "deny_policies[*].rules are 1 to 500, each with denied_principals and denied_permissions; not ${join(", ", [for id, policy in var.deny_policies : id if !(length(policy.rules) >= 1 && length(policy.rules) <= 500 && alltrue([for rule in policy.rules : length(rule.denied_principals) > 0 && length(rule.denied_permissions) > 0]))])}."
  }

  validation {
    condition     = alltrue([for id, policy in var.deny_policies : alltrue([for rule in policy.rules : alltrue([for one in concat(rule.denied_principals, rule.exception_principals) : can(regex("^principal(Set)?://[^ ]+$", one))])])])
    error_message = "deny_policies[*].rules[*]: principals are written principal://… or principalSet://…; not ${join(", ", [for id, policy in var.deny_policies : id if !(alltrue([for rule in policy.rules : alltrue([for one in concat(rule.denied_principals, rule.exception_principals) : can(regex("^principal(Set)?://[^ ]+$", one))])]))])}."
  }

  validation {
    condition     = alltrue([for id, policy in var.deny_policies : alltrue([for rule in policy.rules : alltrue([for one in concat(rule.denied_permissions, rule.exception_permissions) : can(regex("^[a-z]+[.]googleapis[.]com/[^/ ]+$", one))])])])
    error_message = "deny_policies[*].rules[*]: permissions are written with their service, such as iam.googleapis.com/serviceAccountKeys.create; not ${join(", ", [for id, policy in var.deny_policies : id if !(alltrue([for rule in policy.rules : alltrue([for one in concat(rule.denied_permissions, rule.exception_permissions) : can(regex("^[a-z]+[.]googleapis[.]com/[^/ ]+$", one))])]))])}."
  }
}

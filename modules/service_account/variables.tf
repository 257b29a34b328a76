variable "project_id" {
  description = "The project that holds everything this module makes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits or -, begun by a letter; not \"${var.project_id}\"."
  }
}

variable "service_accounts" {
  description = "Service accounts by account id."
  type = map(object({
    display_name  = optional(string, "")
    description   = optional(string, "")
    disabled      = optional(bool, false)
    project_roles = optional(list(string), []) # on the whole project; prefer grants on the exact thing
    grants = optional(map(object({
      role      = string
      members   = list(string)
      condition = optional(object({ title = string, expression = string, description = optional(string) }))
    })), {}) # who may act as the account, or mint its tokens
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.service_accounts) : can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", id))
    ])
    error_message = "service_accounts: an id is 6 to 30 lower-case letters, digits or -, begun by a letter; not ${join(", ", [
      for id in keys(var.service_accounts) : id if !can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", id))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, account in var.service_accounts : length(account.display_name) <= 100
    ])
    error_message = "service_accounts[*].display_name has at most 100 characters; not ${join(", ", [
      for id, account in var.service_accounts : id if !(length(account.display_name) <= 100)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, account in var.service_accounts : length(account.description) <= 256
    ])
    error_message = "service_accounts[*].description has at most 256 characters; not ${join(", ", [
      for id, account in var.service_accounts : id if !(length(account.description) <= 256)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, account in var.service_accounts : [
        for role in account.project_roles : can(regex("^(roles/[a-zA-Z0-9.]+|(projects|organizations)/[a-z0-9-]+/roles/[a-zA-Z0-9_.]+)$", role))
      ]
    ]))
    error_message = "service_accounts[*].project_roles: a role is such as \"roles/viewer\" or \"projects/PROJECT/roles/ROLE\"; not ${join(", ", flatten([
      for id, account in var.service_accounts : [
        for role in account.project_roles : "${id}: ${role}" if !can(regex("^(roles/[a-zA-Z0-9.]+|(projects|organizations)/[a-z0-9-]+/roles/[a-zA-Z0-9_.]+)$", role))
      ]
    ]))}."
  }

  validation {
    condition = alltrue([
      for id, account in var.service_accounts : length(distinct(account.project_roles)) == length(account.project_roles)
    ])
    error_message = "service_accounts[*].project_roles names a role once; not ${join(", ", [
      for id, account in var.service_accounts : id if !(length(distinct(account.project_roles)) == length(account.project_roles))
    ])}."
  }
}

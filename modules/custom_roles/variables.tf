variable "project_id" {
  description = "The project that holds everything this module makes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits or -, begun by a letter; not \"${var.project_id}\"."
  }
}

variable "custom_roles" {
  description = "Roles of the project by id."
  type = map(object({
    title       = string
    description = optional(string, "")
    stage       = optional(string, "GA") # ALPHA, BETA, GA, DEPRECATED, DISABLED or EAP
    permissions = list(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for id, role in var.custom_roles : length(id) >= 3 && length(id) <= 64 && can(regex("^[a-zA-Z0-9_.]+$", id))])
    error_message = "custom_roles: an id is 3 to 64 letters, digits, _ or .; not ${join(", ", [for id, role in var.custom_roles : id if !(length(id) >= 3 && length(id) <= 64 && can(regex("^[a-zA-Z0-9_.]+$", id)))])}."
  }

  validation {
    condition     = alltrue([for id, role in var.custom_roles : length(role.title) >= 1 && length(role.title) <= 100 && length(role.description) <= 300])
    error_message = "custom_roles[*].title is 1 to 100 characters, and description at most 300; not ${join(", ", [for id, role in var.custom_roles : id if !(length(role.title) >= 1 && length(role.title) <= 100 && length(role.description) <= 300)])}."
  }

  validation {
    condition     = alltrue([for id, role in var.custom_roles : contains(["ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP"], role.stage)])
    error_message = "custom_roles[*].stage is ALPHA, BETA, GA, DEPRECATED, DISABLED or EAP; not ${join(", ", [for id, role in var.custom_roles : id if !(contains(["ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP"], role.stage))])}."
  }

  validation {
    condition     = alltrue([for id, role in var.custom_roles : length(role.permissions) > 0 && length(distinct(role.permissions)) == length(role.permissions) && alltrue([for one in role.permissions : can(regex("^[a-zA-Z][a-zA-Z0-9_-]*([.][a-zA-Z][a-zA-Z0-9_-]*){2,}$", one))])])
    error_message = "custom_roles[*].permissions are such as bigquery.tables.getData, one at least, each of them once; not ${join(", ", [for id, role in var.custom_roles : id if !(length(role.permissions) > 0 && length(distinct(role.permissions)) == length(role.permissions) && alltrue([for one in role.permissions : can(regex("^[a-zA-Z][a-zA-Z0-9_-]*([.][a-zA-Z][a-zA-Z0-9_-]*){2,}$", one))]))])}."
  }
}

variable "project_id" {
  description = "The project that holds everything this module makes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits or -, begun by a letter; not \"${var.project_id}\"."
  }
}

variable "services" {
  description = "APIs that the project enables, by their names."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for name in var.services : can(regex("^[a-z][a-z0-9-]*\\.googleapis\\.com$", name))
    ])
    error_message = "services: an API is named such as \"run.googleapis.com\"; not ${join(", ", [
      for name in var.services : name if !can(regex("^[a-z][a-z0-9-]*\\.googleapis\\.com$", name))
    ])}."
  }
}

variable "project_id" {
  description = "The project that holds everything this module makes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits or -, begun by a letter; not \"${var.project_id}\"."
  }
}

variable "project_number" {
  description = "The project's number, by which Google knows the budget's project; needed with a budget."
  type        = string
  default     = null
}

variable "channel_names" {
  description = "Full names of notification channels, by the ids that the budget knows them by."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "budget" {
  description = "The budget of a month; none without it."
  type = object({
    billing_account = string
    display_name    = optional(string) # by default the project's id
    amount          = number           # in whole units
    currency        = string           # that of the billing account
    labels          = optional(map(string), {})
    thresholds = list(object({
      percent = number # of the amount
      basis   = optional(string, "CURRENT_SPEND")
    }))
    topic              = optional(string)
    channels           = optional(list(string), [])
    default_recipients = optional(bool, true) # the billing account's administrators and users
  })
  default = null

  validation {
    condition     = var.budget == null ? true : can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.budget.billing_account))
    error_message = "budget.billing_account is such as 012345-6789AB-CDEF01."
  }

  validation {
    condition     = var.budget == null ? true : can(regex("^[A-Z]{3}$", var.budget.currency))
    error_message = "budget.currency is a currency, such as INR."
  }

  validation {
    condition     = var.budget == null ? true : var.budget.amount > 0 && floor(var.budget.amount) == var.budget.amount
    error_message = "budget.amount is a whole number of more than 0."
  }

  validation {
    condition     = var.budget == null ? true : alltrue([for threshold in var.budget.thresholds : threshold.percent > 0 && contains(["CURRENT_SPEND", "FORECASTED_SPEND"], threshold.basis)])
    error_message = "budget.thresholds are at more than 0 percent of CURRENT_SPEND or FORECASTED_SPEND."
  }

  validation {
    condition     = var.budget == null ? true : length(var.budget.channels) <= 5
    error_message = "budget.channels are five at most."
  }
}

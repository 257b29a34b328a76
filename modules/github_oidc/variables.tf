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
  description = "The project's number, by which the principals of workflows are named; needed with github."
  type        = string
  default     = null

  validation {
    condition     = var.project_number == null ? true : can(regex("^[1-9][0-9]{5,18}$", var.project_number))
    error_message = "project_number is 6 to 19 digits."
  }
}

variable "state_bucket" {
  description = "The bucket of Terraform's state, which both identities read and lock; needed with github."
  type        = string
  default     = null
}

variable "state_prefix" {
  description = "Where in the bucket the state is."
  type        = string
  default     = "terraform/state"
  nullable    = false
}

variable "github" {
  description = "The repository whose workflows are trusted; nobody is without it."
  type = object({
    repository    = optional(string) # OWNER/NAME, trusted where there is no number
    repository_id = optional(string) # its number, which no other repository ever gets
    environment   = string           # the GitHub Environment that applies
    branch        = optional(string, "main")
    pool          = optional(string, "github") # an id is free again 30 days after its pool was deleted
    provider      = optional(string, "actions")
    # Pull requests plan as this one. Its roles only read.
    plan = optional(object({
      service_account = optional(string, "github-plan")
      project_roles   = optional(list(string), ["roles/viewer", "roles/iam.securityReviewer", "roles/iam.workloadIdentityPoolViewer"])
    }), {})
    # The branch applies as this one, from the GitHub Environment alone.
    apply = optional(object({
      service_account = optional(string, "github-apply")
      project_roles   = optional(list(string), ["roles/editor", "roles/compute.networkAdmin", "roles/iam.securityAdmin", "roles/iam.workloadIdentityPoolAdmin", "roles/logging.configWriter", "roles/storage.admin"])
    }), {})
  })
  default = null

  validation {
    condition     = var.github == null ? true : var.github.repository != null || var.github.repository_id != null
    error_message = "github names its repository: by repository_id (its number), or by repository (OWNER/NAME)."
  }

  validation {
    condition     = var.github == null ? true : var.project_number != null
    error_message = "github: principals of workflows are named by the project's number: set project_number."
  }

  validation {
    condition     = var.github == null ? true : var.state_bucket != null
    error_message = "github: both identities read and lock the state: set state_bucket."
  }

  # What follows stands in a CEL expression, between quotes: nothing in it may end them.
  validation {
    condition     = var.github == null ? true : var.github.repository == null ? true : can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,37}[A-Za-z0-9])?/[A-Za-z0-9._-]{1,100}$", var.github.repository))
    error_message = "github.repository is OWNER/NAME, such as ai-trading-machine/platform."
  }

  validation {
    condition     = var.github == null ? true : var.github.repository_id == null ? true : can(regex("^[1-9][0-9]{0,18}$", var.github.repository_id))
    error_message = "github.repository_id is a number."
  }

  validation {
    condition     = var.github == null ? true : var.github.environment == null ? false : length(var.github.environment) <= 100 && can(regex("^[A-Za-z0-9][A-Za-z0-9._-]*$", var.github.environment))
    error_message = "github.environment is a GitHub Environment: letters, digits, ., - or _ (at most 100)."
  }

  validation {
    condition     = var.github == null ? true : length(var.github.branch) <= 200 && can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*$", var.github.branch))
    error_message = "github.branch is a branch: letters, digits, ., /, - or _ (at most 200)."
  }

  validation {
    condition = var.github == null ? true : alltrue([
      for id in [var.github.pool, var.github.provider] : can(regex("^[a-z0-9-]{4,32}$", id)) && !startswith(id, "gcp-")
    ])
    error_message = "github.pool and github.provider are 4 to 32 lower-case letters, digits or -, not begun by gcp-."
  }

  validation {
    condition = var.github == null ? true : alltrue([
      for identity in [var.github.plan, var.github.apply] : can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", identity.service_account))
    ])
    error_message = "github: a service_account is 6 to 30 lower-case letters, digits or -, begun by a letter."
  }

  validation {
    condition     = var.github == null ? true : var.github.plan.service_account != var.github.apply.service_account
    error_message = "github.plan and github.apply are two identities: what plans is used by pull requests."
  }

  validation {
    condition = var.github == null ? true : alltrue([
      for role in concat(var.github.plan.project_roles, var.github.apply.project_roles) : can(regex("^(roles/[a-zA-Z0-9.]+|(projects|organizations)/[a-z0-9-]+/roles/[a-zA-Z0-9_.]+)$", role))
    ])
    error_message = "github: a role is such as roles/viewer or projects/PROJECT/roles/ROLE."
  }

  validation {
    condition = var.github == null ? true : alltrue([
      for role in var.github.plan.project_roles : !can(regex("(?i)^roles/.*(admin|editor|owner|creator|user|writer|publisher|invoker|accessor|developer)$", role))
    ])
    error_message = "github.plan.project_roles only read: pull requests run what their author wrote."
  }

  validation {
    condition = var.github == null ? true : alltrue([
      for identity in [var.github.plan, var.github.apply] : length(distinct(identity.project_roles)) == length(identity.project_roles)
    ])
    error_message = "github: project_roles name a role once."
  }
}

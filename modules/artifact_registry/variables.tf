variable "project_id" {
  description = "The project that holds everything this module makes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits or -, begun by a letter; not \"${var.project_id}\"."
  }
}

variable "region" {
  description = "Where repositories are that don't say otherwise."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a region's name, such as \"asia-south1\"; not \"${var.region}\"."
  }
}

variable "labels" {
  description = "Labels of everything this module makes; a thing's own labels win."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for key, value in var.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
    ])
    error_message = "labels: a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty; not ${join(", ", [
      for key, value in var.labels : key if !(length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}")))
    ])}."
  }
}

variable "repositories" {
  description = "Repositories of images or packages, by id."
  type = map(object({
    format            = optional(string, "DOCKER") # DOCKER, PYTHON, NPM, MAVEN, GO or GENERIC
    description       = optional(string, "")
    location          = optional(string)      # by default the region
    immutable_tags    = optional(bool, false) # DOCKER only
    keep_count        = optional(number)      # keep this many newest versions of each package
    delete_older_than = optional(string)      # seconds with an s: delete versions older than this
    labels            = optional(map(string), {})
    grants = optional(map(object({
      role      = string
      members   = list(string)
      condition = optional(object({ title = string, expression = string, description = optional(string) }))
    })), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.repositories) : length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "repositories: an id is 1 to 63 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id in keys(var.repositories) : id if !(length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, repository in var.repositories : contains(["DOCKER", "PYTHON", "NPM", "MAVEN", "GO", "GENERIC"], repository.format)
    ])
    error_message = "repositories[*].format is DOCKER, PYTHON, NPM, MAVEN, GO or GENERIC; not ${join(", ", [
      for id, repository in var.repositories : id if !contains(["DOCKER", "PYTHON", "NPM", "MAVEN", "GO", "GENERIC"], repository.format)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, repository in var.repositories : repository.location == null ? true : can(regex("^([a-z]+-[a-z]+[0-9]+|asia|europe|us)$", repository.location))
    ])
    error_message = "repositories[*].location is a region such as \"asia-south1\", or asia, europe or us; not ${join(", ", [
      for id, repository in var.repositories : id if !(repository.location == null ? true : can(regex("^([a-z]+-[a-z]+[0-9]+|asia|europe|us)$", repository.location)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, repository in var.repositories : !repository.immutable_tags || repository.format == "DOCKER"
    ])
    error_message = "repositories[*].immutable_tags is for the format DOCKER; not ${join(", ", [
      for id, repository in var.repositories : id if !(!repository.immutable_tags || repository.format == "DOCKER")
    ])}."
  }

  validation {
    condition = alltrue([
      for id, repository in var.repositories : repository.keep_count == null ? true : repository.keep_count >= 1 && floor(repository.keep_count) == repository.keep_count
    ])
    error_message = "repositories[*].keep_count is a whole number of at least 1; not ${join(", ", [
      for id, repository in var.repositories : id if !(repository.keep_count == null ? true : repository.keep_count >= 1 && floor(repository.keep_count) == repository.keep_count)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, repository in var.repositories : repository.delete_older_than == null ? true : can(regex("^[0-9]+s$", repository.delete_older_than))
    ])
    error_message = "repositories[*].delete_older_than is seconds with an s, such as \"2592000s\"; not ${join(", ", [
      for id, repository in var.repositories : id if !(repository.delete_older_than == null ? true : can(regex("^[0-9]+s$", repository.delete_older_than)))
    ])}."
  }
}

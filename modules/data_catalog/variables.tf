variable "project_id" {
  description = "The project that holds everything this module makes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits or -, begun by a letter; not \"${var.project_id}\"."
  }
}

variable "taxonomies" {
  description = "Taxonomies by id, each with its policy tags by path: \"pii/account\" stands below \"pii\"."
  type = map(object({
    display_name           = optional(string) # by default its id; the project's only one in its location
    description            = optional(string, "")
    location               = string # that of the datasets whose columns it marks, such as "asia-south1" or "us"
    activated_policy_types = optional(list(string), ["FINE_GRAINED_ACCESS_CONTROL"])
    tags = optional(map(object({
      display_name = optional(string) # by default the end of its path; the taxonomy's only one
      description  = optional(string, "")
      readers      = optional(list(string), []) # who reads its columns as they are
      masking = optional(map(object({           # data policies by id, the project's only one in its location
        expression = string                     # SHA256, ALWAYS_NULL, DEFAULT_MASKING_VALUE, LAST_FOUR_CHARACTERS, FIRST_FOUR_CHARACTERS, EMAIL_MASK or DATE_YEAR_MASK
        readers    = list(string)               # who sees its columns masked
      })), {})
    })), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for id in keys(var.taxonomies) : can(regex("^[A-Za-z0-9_-]{1,63}$", id))])
    error_message = "taxonomies: an id is 1 to 63 letters, digits, - or _; not ${join(", ", [for id in keys(var.taxonomies) : id if !can(regex("^[A-Za-z0-9_-]{1,63}$", id))])}."
  }

  validation {
    condition = alltrue(flatten([
      for id, taxonomy in var.taxonomies : [
        for name in concat([taxonomy.display_name], values(taxonomy.tags)[*].display_name) : name == null ? true : can(regex("^[\\pL\\pN_]([\\pL\\pN_ -]*[\\pL\\pN_])?$", name)) && length(name) <= 100
      ]
    ]))
    error_message = "taxonomies[*].display_name and that of its tags are letters, digits, _, - and spaces, none at its ends, at most 100; not that of ${join(", ", [
      for id, taxonomy in var.taxonomies : id if !alltrue([
        for name in concat([taxonomy.display_name], values(taxonomy.tags)[*].display_name) : name == null ? true : can(regex("^[\\pL\\pN_]([\\pL\\pN_ -]*[\\pL\\pN_])?$", name)) && length(name) <= 100
      ])
    ])}."
  }

  validation {
    condition     = length(distinct([for id, taxonomy in var.taxonomies : "${taxonomy.location} ${coalesce(taxonomy.display_name, id)}"])) == length(var.taxonomies)
    error_message = "taxonomies[*].display_name is another one for each."
  }

  validation {
    condition = alltrue([
      for taxonomy in values(var.taxonomies) : alltrue([for type in taxonomy.activated_policy_types : type == "FINE_GRAINED_ACCESS_CONTROL"]) && length(taxonomy.activated_policy_types) <= 1
    ])
    error_message = "taxonomies[*].activated_policy_types is FINE_GRAINED_ACCESS_CONTROL, or nothing; not that of ${join(", ", [
      for id, taxonomy in var.taxonomies : id if !(alltrue([for type in taxonomy.activated_policy_types : type == "FINE_GRAINED_ACCESS_CONTROL"]) && length(taxonomy.activated_policy_types) <= 1)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for taxonomy in values(var.taxonomies) : [for path in keys(taxonomy.tags) : can(regex("^[A-Za-z0-9_-]{1,63}(/[A-Za-z0-9_-]{1,63}){0,4}$", path))]
    ]))
    error_message = "taxonomies[*].tags: a path is at most five names of letters, digits, - or _, with / between; not ${join(", ", flatten([
      for id, taxonomy in var.taxonomies : [for path in keys(taxonomy.tags) : "${id}/${path}" if !can(regex("^[A-Za-z0-9_-]{1,63}(/[A-Za-z0-9_-]{1,63}){0,4}$", path))]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for taxonomy in values(var.taxonomies) : [for path in keys(taxonomy.tags) : !strcontains(path, "/") || contains(keys(taxonomy.tags), dirname(path))]
    ]))
    error_message = "taxonomies[*].tags: what stands above a tag is a tag too; not for ${join(", ", flatten([
      for id, taxonomy in var.taxonomies : [for path in keys(taxonomy.tags) : "${id}/${path}" if !(!strcontains(path, "/") || contains(keys(taxonomy.tags), dirname(path)))]
    ]))}."
  }

  validation {
    condition = alltrue([
      for taxonomy in values(var.taxonomies) : length(distinct([for path, tag in taxonomy.tags : coalesce(tag.display_name, basename(path))])) == length(taxonomy.tags)
    ])
    error_message = "taxonomies[*].tags[*].display_name is another one for each tag of a taxonomy; not in ${join(", ", [
      for id, taxonomy in var.taxonomies : id if length(distinct([for path, tag in taxonomy.tags : coalesce(tag.display_name, basename(path))])) != length(taxonomy.tags)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for taxonomy in values(var.taxonomies) : [
        for path, tag in taxonomy.tags : [
          for policy, masking in tag.masking : can(regex("^[A-Za-z0-9_]{1,256}$", policy)) &&
          contains(["SHA256", "ALWAYS_NULL", "DEFAULT_MASKING_VALUE", "LAST_FOUR_CHARACTERS", "FIRST_FOUR_CHARACTERS", "EMAIL_MASK", "DATE_YEAR_MASK"], masking.expression)
        ]
      ]
    ]))
    error_message = "taxonomies[*].tags[*].masking: an id is letters, digits or _, and expression one of SHA256, ALWAYS_NULL, DEFAULT_MASKING_VALUE, LAST_FOUR_CHARACTERS, FIRST_FOUR_CHARACTERS, EMAIL_MASK and DATE_YEAR_MASK."
  }

  validation {
    condition = length(distinct(flatten([
      for taxonomy in values(var.taxonomies) : [for tag in values(taxonomy.tags) : [for policy in keys(tag.masking) : "${taxonomy.location} ${policy}"]]
      ]))) == length(flatten([
      for taxonomy in values(var.taxonomies) : [for tag in values(taxonomy.tags) : [for policy in keys(tag.masking) : "${taxonomy.location} ${policy}"]]
    ]))
    error_message = "taxonomies[*].tags[*].masking: an id is of one data policy in a location."
  }

  validation {
    condition = alltrue(flatten([
      for taxonomy in values(var.taxonomies) : [
        for tag in values(taxonomy.tags) : [
          for readers in concat([tag.readers], values(tag.masking)[*].readers) : length(distinct(readers)) == length(readers) && alltrue([
            for member in readers : can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+|allUsers|allAuthenticatedUsers)$", member))
          ])
        ]
      ]
    ]))
    error_message = "taxonomies[*].tags[*].readers and those of its masking are principals as IAM writes them, such as group:quants@example.com, each once."
  }
}

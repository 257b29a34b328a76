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
  description = "Where things are that don't say otherwise."
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


variable "name" {
  description = "The network's name."
  type        = string
  default     = "platform"
  nullable    = false

  validation {
    condition     = length(var.name) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", var.name))
    error_message = "name is 1 to 63 lower-case letters, digits or -, begun by a letter, not ended by -; not \"${var.name}\"."
  }
}

variable "description" {
  description = "What the network is for."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.description) <= 2048
    error_message = "description has at most 2048 characters."
  }
}

variable "routing_mode" {
  description = "Whether routers announce to their own region (REGIONAL) or to all (GLOBAL)."
  type        = string
  default     = "REGIONAL"
  nullable    = false

  validation {
    condition     = contains(["REGIONAL", "GLOBAL"], var.routing_mode)
    error_message = "routing_mode is REGIONAL or GLOBAL; not \"${var.routing_mode}\"."
  }
}

variable "mtu" {
  description = "Largest packet, in bytes; by default Google's (1460)."
  type        = number
  default     = null

  validation {
    condition     = var.mtu == null ? true : var.mtu >= 1300 && var.mtu <= 8896 && floor(var.mtu) == var.mtu
    error_message = "mtu is a whole number from 1300 to 8896; not ${coalesce(var.mtu, 0)}."
  }
}

variable "default_internet_route" {
  description = "Whether the route to the internet stays that Google adds to a new network."
  type        = bool
  default     = true
  nullable    = false
}

variable "subnets" {
  description = "Subnets by id, which is their name."
  type = map(object({
    range                 = string           # IPv4, such as "10.10.0.0/24"
    region                = optional(string) # by default the region
    description           = optional(string, "")
    private_google_access = optional(bool, true)
    secondary_ranges      = optional(map(string), {}) # IPv4 ranges, by name
    flow_logs = optional(object({
      interval = optional(string, "INTERVAL_10_MIN")
      sampling = optional(number, 0.5)
      metadata = optional(string, "INCLUDE_ALL_METADATA")
      filter   = optional(string, "true")
    }))
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.subnets) : length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "subnets: an id is 1 to 63 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id in keys(var.subnets) : id if !(length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subnet in var.subnets : can(cidrsubnet(subnet.range, 0, 0)) ? !strcontains(subnet.range, ":") && cidrsubnet(subnet.range, 0, 0) == subnet.range && tonumber(split("/", subnet.range)[1]) <= 29 : false
    ])
    error_message = "subnets[*].range is an IPv4 range without host bits, of a length of at most 29, such as \"10.10.0.0/24\"; not ${join(", ", [
      for id, subnet in var.subnets : id if !(can(cidrsubnet(subnet.range, 0, 0)) ? !strcontains(subnet.range, ":") && cidrsubnet(subnet.range, 0, 0) == subnet.range && tonumber(split("/", subnet.range)[1]) <= 29 : false)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subnet in var.subnets : subnet.region == null ? true : can(regex("^[a-z]+-[a-z]+[0-9]+$", subnet.region))
    ])
    error_message = "subnets[*].region is a region's name, such as \"asia-south1\"; not ${join(", ", [
      for id, subnet in var.subnets : id if !(subnet.region == null ? true : can(regex("^[a-z]+-[a-z]+[0-9]+$", subnet.region)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subnet in var.subnets : length(subnet.description) <= 2048
    ])
    error_message = "subnets[*].description has at most 2048 characters; not ${join(", ", [
      for id, subnet in var.subnets : id if !(length(subnet.description) <= 2048)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subnet in var.subnets : alltrue([for name, range in subnet.secondary_ranges : length(name) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", name)) && (can(cidrsubnet(range, 0, 0)) ? !strcontains(range, ":") && cidrsubnet(range, 0, 0) == range : false)])
    ])
    error_message = "subnets[*].secondary_ranges are IPv4 ranges without host bits, by a name of lower-case letters, digits or -; not ${join(", ", [
      for id, subnet in var.subnets : id if !(alltrue([for name, range in subnet.secondary_ranges : length(name) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", name)) && (can(cidrsubnet(range, 0, 0)) ? !strcontains(range, ":") && cidrsubnet(range, 0, 0) == range : false)]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, subnet in var.subnets : alltrue([for logs in subnet.flow_logs[*] : contains(["INTERVAL_5_SEC", "INTERVAL_30_SEC", "INTERVAL_1_MIN", "INTERVAL_5_MIN", "INTERVAL_10_MIN", "INTERVAL_15_MIN"], logs.interval) && logs.sampling > 0 && logs.sampling <= 1 && contains(["INCLUDE_ALL_METADATA", "EXCLUDE_ALL_METADATA"], logs.metadata) && logs.filter != ""])
    ])
    error_message = "subnets[*].flow_logs has an interval from INTERVAL_5_SEC to INTERVAL_15_MIN, a sampling above 0 up to 1, metadata INCLUDE_ALL_METADATA or EXCLUDE_ALL_METADATA, and a filter; not ${join(", ", [
      for id, subnet in var.subnets : id if !(alltrue([for logs in subnet.flow_logs[*] : contains(["INTERVAL_5_SEC", "INTERVAL_30_SEC", "INTERVAL_1_MIN", "INTERVAL_5_MIN", "INTERVAL_10_MIN", "INTERVAL_15_MIN"], logs.interval) && logs.sampling > 0 && logs.sampling <= 1 && contains(["INCLUDE_ALL_METADATA", "EXCLUDE_ALL_METADATA"], logs.metadata) && logs.filter != ""]))
    ])}."
  }
}

variable "routes" {
  description = "Routes by id, which is their name."
  type = map(object({
    range       = string
    description = optional(string, "")
    internet    = optional(bool, false) # to the internet's gateway
    next_hop_ip = optional(string)      # or to the machine with this address
    priority    = optional(number, 1000)
    tags        = optional(list(string), []) # only for machines with one of these
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.routes) : length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "routes: an id is 1 to 63 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id in keys(var.routes) : id if !(length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, route in var.routes : can(cidrhost(route.range, 0))
    ])
    error_message = "routes[*].range is a range, such as \"192.0.2.0/24\"; not ${join(", ", [
      for id, route in var.routes : id if !(can(cidrhost(route.range, 0)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, route in var.routes : length(route.description) <= 2048
    ])
    error_message = "routes[*].description has at most 2048 characters; not ${join(", ", [
      for id, route in var.routes : id if !(length(route.description) <= 2048)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, route in var.routes : route.internet == (route.next_hop_ip == null)
    ])
    error_message = "routes[*] have one next hop: internet = true, or next_hop_ip; not ${join(", ", [
      for id, route in var.routes : id if !(route.internet == (route.next_hop_ip == null))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, route in var.routes : route.next_hop_ip == null ? true : can(cidrhost("${route.next_hop_ip}/32", 0))
    ])
    error_message = "routes[*].next_hop_ip is an IPv4 address; not ${join(", ", [
      for id, route in var.routes : id if !(route.next_hop_ip == null ? true : can(cidrhost("${route.next_hop_ip}/32", 0)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, route in var.routes : route.priority >= 0 && route.priority <= 65535 && floor(route.priority) == route.priority
    ])
    error_message = "routes[*].priority is a whole number from 0 to 65535; not ${join(", ", [
      for id, route in var.routes : id if !(route.priority >= 0 && route.priority <= 65535 && floor(route.priority) == route.priority)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, route in var.routes : alltrue([for tag in route.tags : length(tag) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", tag))])
    ])
    error_message = "routes[*].tags are lower-case letters, digits or -, begun by a letter; not ${join(", ", [
      for id, route in var.routes : id if !(alltrue([for tag in route.tags : length(tag) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", tag))]))
    ])}."
  }
}

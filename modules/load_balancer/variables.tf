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
  description = "Where the Cloud Run services are."
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

variable "load_balancers" {
  description = "Load balancers by id, which is the name of their parts."
  type = map(object({
    description = optional(string, "")
    domains     = list(string)
    certificate = optional(string) # its name, by default the id; another one with other domains
    backends = map(object({
      service      = string # the Cloud Run service's name
      log_sampling = optional(number, 1)
      iap = optional(object({ # Identity-Aware Proxy signs people in, and lets the members through
        grants = optional(map(object({
          role      = string # roles/iap.httpsResourceAccessor
          members   = list(string)
          condition = optional(object({ title = string, expression = string, description = optional(string) }))
        })), {})
      }))
    }))
    default_backend = string
    routes = optional(list(object({
      hosts   = optional(list(string), []) # none: every domain
      paths   = list(string)
      backend = string
    })), [])
    min_tls       = optional(string, "TLS_1_2") # or TLS_1_3
    tls_profile   = optional(string, "MODERN")  # COMPATIBLE or RESTRICTED
    redirect_http = optional(bool, true)
    armor = optional(object({
      allow_ranges    = optional(list(string), []) # let in, whatever the rules below say
      deny_ranges     = optional(list(string), [])
      allow_countries = optional(list(string), []) # only these; none: every country
      deny_countries  = optional(list(string), [])
      waf             = optional(list(string), []) # sqli, xss, lfi, rfi, rce, …
      waf_sensitivity = optional(number, 1)
      waf_preview     = optional(bool, false)
      rate_limit = optional(object({
        requests         = number
        interval_seconds = optional(number, 60)
        client           = optional(string, "IP") # XFF_IP or ALL
        ban_seconds      = optional(number)       # shut out who sends more; by default only what is more
      }))
      default             = optional(string, "allow") # or deny
      adaptive_protection = optional(bool, false)
    }))
    labels = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.load_balancers) : length(id) <= 31 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "load_balancers: an id is 1 to 31 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id in keys(var.load_balancers) : id if !(length(id) <= 31 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : length(balancer.description) <= 2048
    ])
    error_message = "load_balancers[*].description has at most 2048 characters; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(length(balancer.description) <= 2048)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : length(balancer.domains) >= 1 && length(balancer.domains) <= 100 && alltrue([for domain in balancer.domains : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", domain))])
    ])
    error_message = "load_balancers[*].domains are 1 to 100 domains without wildcard, such as \"api.example.com\"; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(length(balancer.domains) >= 1 && length(balancer.domains) <= 100 && alltrue([for domain in balancer.domains : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", domain))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : balancer.certificate == null ? true : length(balancer.certificate) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", balancer.certificate))
    ])
    error_message = "load_balancers[*].certificate is 1 to 63 lower-case letters, digits or -, begun by a letter; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(balancer.certificate == null ? true : length(balancer.certificate) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", balancer.certificate)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : length(balancer.backends) > 0 && alltrue([for key in keys(balancer.backends) : length(key) <= 31 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", key))])
    ])
    error_message = "load_balancers[*].backends is one at least, by a key of 1 to 31 lower-case letters, digits or -; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(length(balancer.backends) > 0 && alltrue([for key in keys(balancer.backends) : length(key) <= 31 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", key))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : alltrue([for backend in values(balancer.backends) : length(backend.service) <= 49 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", backend.service))])
    ])
    error_message = "load_balancers[*].backends[*].service is the name of a Cloud Run service; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(alltrue([for backend in values(balancer.backends) : length(backend.service) <= 49 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", backend.service))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : alltrue([for backend in values(balancer.backends) : backend.log_sampling >= 0 && backend.log_sampling <= 1])
    ])
    error_message = "load_balancers[*].backends[*].log_sampling is 0 to 1; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(alltrue([for backend in values(balancer.backends) : backend.log_sampling >= 0 && backend.log_sampling <= 1]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : contains(keys(balancer.backends), balancer.default_backend)
    ])
    error_message = "load_balancers[*].default_backend is the key of a backend; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(contains(keys(balancer.backends), balancer.default_backend))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : alltrue([for route in balancer.routes : contains(keys(balancer.backends), route.backend) && length(setsubtract(route.hosts, balancer.domains)) == 0])
    ])
    error_message = "load_balancers[*].routes[*] name a backend by its key, and hosts that are among the domains; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(alltrue([for route in balancer.routes : contains(keys(balancer.backends), route.backend) && length(setsubtract(route.hosts, balancer.domains)) == 0]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : alltrue([for route in balancer.routes : length(route.paths) > 0 && alltrue([for path in route.paths : can(regex("^/([^\\s*?#]*(/\\*)?|\\*)$", path))])])
    ])
    error_message = "load_balancers[*].routes[*].paths are paths such as \"/orders\" or \"/orders/*\"; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(alltrue([for route in balancer.routes : length(route.paths) > 0 && alltrue([for path in route.paths : can(regex("^/([^\\s*?#]*(/\\*)?|\\*)$", path))])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : contains(["TLS_1_2", "TLS_1_3"], balancer.min_tls) && contains(["COMPATIBLE", "MODERN", "RESTRICTED"], balancer.tls_profile) && (balancer.min_tls == "TLS_1_2" || balancer.tls_profile == "RESTRICTED")
    ])
    error_message = "load_balancers[*].min_tls is TLS_1_2, or TLS_1_3 with the profile RESTRICTED; the profile is COMPATIBLE, MODERN or RESTRICTED; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(contains(["TLS_1_2", "TLS_1_3"], balancer.min_tls) && contains(["COMPATIBLE", "MODERN", "RESTRICTED"], balancer.tls_profile) && (balancer.min_tls == "TLS_1_2" || balancer.tls_profile == "RESTRICTED"))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : alltrue([for armor in balancer.armor[*] : alltrue([for range in concat(armor.allow_ranges, armor.deny_ranges) : can(cidrhost(range, 0))]) && length(armor.allow_ranges) <= 50 && length(armor.deny_ranges) <= 50])
    ])
    error_message = "load_balancers[*].armor has at most 50 allow_ranges and 50 deny_ranges, such as \"203.0.113.0/24\"; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(alltrue([for armor in balancer.armor[*] : alltrue([for range in concat(armor.allow_ranges, armor.deny_ranges) : can(cidrhost(range, 0))]) && length(armor.allow_ranges) <= 50 && length(armor.deny_ranges) <= 50]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : alltrue([for armor in balancer.armor[*] : alltrue([for country in concat(armor.allow_countries, armor.deny_countries) : can(regex("^[A-Z]{2}$", country))]) && (length(armor.allow_countries) == 0 || length(armor.deny_countries) == 0)])
    ])
    error_message = "load_balancers[*].armor has allow_countries or deny_countries, by two letters such as \"IN\"; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(alltrue([for armor in balancer.armor[*] : alltrue([for country in concat(armor.allow_countries, armor.deny_countries) : can(regex("^[A-Z]{2}$", country))]) && (length(armor.allow_countries) == 0 || length(armor.deny_countries) == 0)]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : alltrue([for armor in balancer.armor[*] : length(setsubtract(armor.waf, ["sqli", "xss", "lfi", "rfi", "rce", "methodenforcement", "scannerdetection", "protocolattack", "sessionfixation"])) == 0 && contains([1, 2, 3, 4], armor.waf_sensitivity)])
    ])
    error_message = "load_balancers[*].armor.waf is sqli, xss, lfi, rfi, rce, methodenforcement, scannerdetection, protocolattack or sessionfixation; waf_sensitivity is 1 to 4; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(alltrue([for armor in balancer.armor[*] : length(setsubtract(armor.waf, ["sqli", "xss", "lfi", "rfi", "rce", "methodenforcement", "scannerdetection", "protocolattack", "sessionfixation"])) == 0 && contains([1, 2, 3, 4], armor.waf_sensitivity)]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : alltrue(flatten([for armor in balancer.armor[*] : [for limit in armor.rate_limit[*] : limit.requests >= 1 && floor(limit.requests) == limit.requests && contains([10, 30, 60, 120, 180, 240, 270, 300, 600, 900, 1200, 1800, 2700, 3600], limit.interval_seconds) && contains(["IP", "XFF_IP", "ALL"], limit.client) && (limit.ban_seconds == null ? true : limit.ban_seconds >= 60 && limit.ban_seconds <= 86400)]]))
    ])
    error_message = "load_balancers[*].armor.rate_limit has requests from 1 on, an interval of Google's (10 to 3600), a client IP, XFF_IP or ALL, and ban_seconds from 60 to 86400 or none; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(alltrue(flatten([for armor in balancer.armor[*] : [for limit in armor.rate_limit[*] : limit.requests >= 1 && floor(limit.requests) == limit.requests && contains([10, 30, 60, 120, 180, 240, 270, 300, 600, 900, 1200, 1800, 2700, 3600], limit.interval_seconds) && contains(["IP", "XFF_IP", "ALL"], limit.client) && (limit.ban_seconds == null ? true : limit.ban_seconds >= 60 && limit.ban_seconds <= 86400)]])))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, balancer in var.load_balancers : alltrue([for armor in balancer.armor[*] : contains(["allow", "deny"], armor.default)])
    ])
    error_message = "load_balancers[*].armor.default is allow or deny; not ${join(", ", [
      for id, balancer in var.load_balancers : id if !(alltrue([for armor in balancer.armor[*] : contains(["allow", "deny"], armor.default)]))
    ])}."
  }
}

variable "services" {
  description = "Names of the Cloud Run services that other calls make, by name: a backend waits for its own. Give them here rather than by depends_on, which would have whatever comes before made anew before the old is gone, under a name that is taken."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "addresses" {
  description = "Reserved regional addresses by id, which is their name."
  type = map(object({
    region      = optional(string) # by default the region
    description = optional(string, "")
    subnet      = optional(string) # the id of a subnet, for an inner address; by default an external one
    address     = optional(string) # this one, in the subnet; by default Google chooses
    labels      = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.addresses) : length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "addresses: an id is 1 to 63 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id in keys(var.addresses) : id if !(length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, address in var.addresses : address.region == null ? true : can(regex("^[a-z]+-[a-z]+[0-9]+$", address.region))
    ])
    error_message = "addresses[*].region is a region's name, such as \"asia-south1\"; not ${join(", ", [
      for id, address in var.addresses : id if !(address.region == null ? true : can(regex("^[a-z]+-[a-z]+[0-9]+$", address.region)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, address in var.addresses : length(address.description) <= 2048
    ])
    error_message = "addresses[*].description has at most 2048 characters; not ${join(", ", [
      for id, address in var.addresses : id if !(length(address.description) <= 2048)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, address in var.addresses : address.subnet == null ? true : contains(keys(var.subnets), address.subnet)
    ])
    error_message = "addresses[*].subnet is the id of a subnet; not ${join(", ", [
      for id, address in var.addresses : id if !(address.subnet == null ? true : contains(keys(var.subnets), address.subnet))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, address in var.addresses : address.address == null ? true : address.subnet != null && can(cidrhost("${address.address}/32", 0))
    ])
    error_message = "addresses[*].address is an IPv4 address in a subnet; external ones are chosen by Google; not ${join(", ", [
      for id, address in var.addresses : id if !(address.address == null ? true : address.subnet != null && can(cidrhost("${address.address}/32", 0)))
    ])}."
  }
}

variable "nats" {
  description = "Ways out to the internet by id, which is the name of the router and of its NAT."
  type = map(object({
    region                       = optional(string)           # by default the region
    addresses                    = optional(list(string), []) # ids of external addresses; none: Google takes what it likes
    subnets                      = optional(list(string), []) # only these; none: every subnet of the region
    dynamic_ports                = optional(bool, false)
    min_ports_per_vm             = optional(number, 64)
    max_ports_per_vm             = optional(number)                # with dynamic_ports
    log                          = optional(string, "ERRORS_ONLY") # TRANSLATIONS_ONLY, ALL or NONE
    udp_idle_seconds             = optional(number, 30)
    icmp_idle_seconds            = optional(number, 30)
    tcp_established_idle_seconds = optional(number, 1200)
    tcp_transitory_idle_seconds  = optional(number, 30)
    tcp_time_wait_seconds        = optional(number, 120)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.nats) : length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "nats: an id is 1 to 63 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id in keys(var.nats) : id if !(length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, nat in var.nats : nat.region == null ? true : can(regex("^[a-z]+-[a-z]+[0-9]+$", nat.region))
    ])
    error_message = "nats[*].region is a region's name, such as \"asia-south1\"; not ${join(", ", [
      for id, nat in var.nats : id if !(nat.region == null ? true : can(regex("^[a-z]+-[a-z]+[0-9]+$", nat.region)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, nat in var.nats : alltrue([for name in nat.addresses : contains([for id, address in var.addresses : id if address.subnet == null], name)])
    ])
    error_message = "nats[*].addresses are ids of external addresses; not ${join(", ", [
      for id, nat in var.nats : id if !(alltrue([for name in nat.addresses : contains([for id, address in var.addresses : id if address.subnet == null], name)]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, nat in var.nats : alltrue([for name in nat.subnets : contains(keys(var.subnets), name)])
    ])
    error_message = "nats[*].subnets are ids of subnets; not ${join(", ", [
      for id, nat in var.nats : id if !(alltrue([for name in nat.subnets : contains(keys(var.subnets), name)]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, nat in var.nats : nat.min_ports_per_vm >= 2 && nat.min_ports_per_vm <= 65536 && floor(nat.min_ports_per_vm) == nat.min_ports_per_vm && (nat.dynamic_ports ? contains([for power in range(5, 17) : pow(2, power)], nat.min_ports_per_vm) : true)
    ])
    error_message = "nats[*].min_ports_per_vm is a whole number from 2 to 65536, a power of two from 32 on with dynamic_ports; not ${join(", ", [
      for id, nat in var.nats : id if !(nat.min_ports_per_vm >= 2 && nat.min_ports_per_vm <= 65536 && floor(nat.min_ports_per_vm) == nat.min_ports_per_vm && (nat.dynamic_ports ? contains([for power in range(5, 17) : pow(2, power)], nat.min_ports_per_vm) : true))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, nat in var.nats : nat.max_ports_per_vm == null ? true : nat.dynamic_ports && contains([for power in range(6, 17) : pow(2, power)], nat.max_ports_per_vm) && nat.max_ports_per_vm > nat.min_ports_per_vm
    ])
    error_message = "nats[*].max_ports_per_vm is for dynamic_ports: a power of two from 64 to 65536, above min_ports_per_vm; not ${join(", ", [
      for id, nat in var.nats : id if !(nat.max_ports_per_vm == null ? true : nat.dynamic_ports && contains([for power in range(6, 17) : pow(2, power)], nat.max_ports_per_vm) && nat.max_ports_per_vm > nat.min_ports_per_vm)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, nat in var.nats : contains(["ERRORS_ONLY", "TRANSLATIONS_ONLY", "ALL", "NONE"], nat.log)
    ])
    error_message = "nats[*].log is ERRORS_ONLY, TRANSLATIONS_ONLY, ALL or NONE; not ${join(", ", [
      for id, nat in var.nats : id if !(contains(["ERRORS_ONLY", "TRANSLATIONS_ONLY", "ALL", "NONE"], nat.log))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, nat in var.nats : alltrue([for seconds in [nat.udp_idle_seconds, nat.icmp_idle_seconds, nat.tcp_established_idle_seconds, nat.tcp_transitory_idle_seconds, nat.tcp_time_wait_seconds] : seconds >= 1 && floor(seconds) == seconds])
    ])
    error_message = "nats[*] time out after whole seconds, at least 1; not ${join(", ", [
      for id, nat in var.nats : id if !(alltrue([for seconds in [nat.udp_idle_seconds, nat.icmp_idle_seconds, nat.tcp_established_idle_seconds, nat.tcp_transitory_idle_seconds, nat.tcp_time_wait_seconds] : seconds >= 1 && floor(seconds) == seconds]))
    ])}."
  }
}

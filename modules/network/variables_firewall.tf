variable "firewall" {
  description = "Firewall rules by id, which is their name."
  type = map(object({
    description             = optional(string, "")
    direction               = optional(string, "INGRESS") # or EGRESS
    action                  = optional(string, "allow")   # or deny
    traffic                 = list(object({ protocol = string, ports = optional(list(string), []) }))
    ranges                  = optional(list(string), []) # where it comes from, or goes to
    source_tags             = optional(list(string), [])
    source_service_accounts = optional(list(string), []) # e-mail addresses
    target_tags             = optional(list(string), [])
    target_service_accounts = optional(list(string), [])
    priority                = optional(number, 1000) # the smaller one wins
    public                  = optional(bool, false)  # it lets in from everywhere, and is meant to
    disabled                = optional(bool, false)
    logging                 = optional(bool, false)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.firewall) : length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "firewall: an id is 1 to 63 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id in keys(var.firewall) : id if !(length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : length(rule.description) <= 2048
    ])
    error_message = "firewall[*].description has at most 2048 characters; not ${join(", ", [
      for id, rule in var.firewall : id if !(length(rule.description) <= 2048)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : contains(["INGRESS", "EGRESS"], rule.direction)
    ])
    error_message = "firewall[*].direction is INGRESS or EGRESS; not ${join(", ", [
      for id, rule in var.firewall : id if !(contains(["INGRESS", "EGRESS"], rule.direction))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : contains(["allow", "deny"], rule.action)
    ])
    error_message = "firewall[*].action is allow or deny; not ${join(", ", [
      for id, rule in var.firewall : id if !(contains(["allow", "deny"], rule.action))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : length(rule.traffic) > 0 && alltrue([for traffic in rule.traffic : can(regex("^(tcp|udp|icmp|esp|ah|sctp|ipip|all|[0-9]{1,3})$", traffic.protocol))])
    ])
    error_message = "firewall[*].traffic names one protocol at least: tcp, udp, icmp, esp, ah, sctp, ipip, a number, or all; not ${join(", ", [
      for id, rule in var.firewall : id if !(length(rule.traffic) > 0 && alltrue([for traffic in rule.traffic : can(regex("^(tcp|udp|icmp|esp|ah|sctp|ipip|all|[0-9]{1,3})$", traffic.protocol))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : alltrue([for traffic in rule.traffic : alltrue([for ports in traffic.ports : contains(["tcp", "udp", "sctp"], traffic.protocol) && can(regex("^[0-9]{1,5}(-[0-9]{1,5})?$", ports))])])
    ])
    error_message = "firewall[*].traffic[*].ports are ports of tcp, udp or sctp, such as \"443\" or \"8000-8100\"; not ${join(", ", [
      for id, rule in var.firewall : id if !(alltrue([for traffic in rule.traffic : alltrue([for ports in traffic.ports : contains(["tcp", "udp", "sctp"], traffic.protocol) && can(regex("^[0-9]{1,5}(-[0-9]{1,5})?$", ports))])]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : alltrue([for range in rule.ranges : can(cidrhost(range, 0))])
    ])
    error_message = "firewall[*].ranges are ranges, such as \"10.10.0.0/24\"; not ${join(", ", [
      for id, rule in var.firewall : id if !(alltrue([for range in rule.ranges : can(cidrhost(range, 0))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : length(rule.ranges) > 0 || (rule.direction == "INGRESS" && length(concat(rule.source_tags, rule.source_service_accounts)) > 0)
    ])
    error_message = "firewall[*] say from where (ranges, source_tags or source_service_accounts) or to where (ranges): Google would take everywhere; not ${join(", ", [
      for id, rule in var.firewall : id if !(length(rule.ranges) > 0 || (rule.direction == "INGRESS" && length(concat(rule.source_tags, rule.source_service_accounts)) > 0))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : rule.direction != "EGRESS" || length(concat(rule.source_tags, rule.source_service_accounts)) == 0
    ])
    error_message = "firewall[*].source_tags and source_service_accounts are for INGRESS; not ${join(", ", [
      for id, rule in var.firewall : id if !(rule.direction != "EGRESS" || length(concat(rule.source_tags, rule.source_service_accounts)) == 0)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : length(concat(rule.source_tags, rule.target_tags)) == 0 || length(concat(rule.source_service_accounts, rule.target_service_accounts)) == 0
    ])
    error_message = "firewall[*] have tags or service accounts, not both; not ${join(", ", [
      for id, rule in var.firewall : id if !(length(concat(rule.source_tags, rule.target_tags)) == 0 || length(concat(rule.source_service_accounts, rule.target_service_accounts)) == 0)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : alltrue([for tag in concat(rule.source_tags, rule.target_tags) : length(tag) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", tag))])
    ])
    error_message = "firewall[*] tags are lower-case letters, digits or -, begun by a letter; not ${join(", ", [
      for id, rule in var.firewall : id if !(alltrue([for tag in concat(rule.source_tags, rule.target_tags) : length(tag) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", tag))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : alltrue([for account in concat(rule.source_service_accounts, rule.target_service_accounts) : can(regex("^[^@\\s]+@[^@\\s]+$", account))]) && length(rule.source_service_accounts) <= 10 && length(rule.target_service_accounts) <= 10
    ])
    error_message = "firewall[*] service accounts are e-mail addresses, at most 10; not ${join(", ", [
      for id, rule in var.firewall : id if !(alltrue([for account in concat(rule.source_service_accounts, rule.target_service_accounts) : can(regex("^[^@\\s]+@[^@\\s]+$", account))]) && length(rule.source_service_accounts) <= 10 && length(rule.target_service_accounts) <= 10)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : rule.priority >= 0 && rule.priority <= 65535 && floor(rule.priority) == rule.priority
    ])
    error_message = "firewall[*].priority is a whole number from 0 to 65535; not ${join(", ", [
      for id, rule in var.firewall : id if !(rule.priority >= 0 && rule.priority <= 65535 && floor(rule.priority) == rule.priority)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : rule.public || rule.direction != "INGRESS" || rule.action != "allow" || !anytrue([for range in rule.ranges : endswith(range, "/0")])
    ])
    error_message = "firewall[*] that let in from everywhere (/0) say public = true; not ${join(", ", [
      for id, rule in var.firewall : id if !(rule.public || rule.direction != "INGRESS" || rule.action != "allow" || !anytrue([for range in rule.ranges : endswith(range, "/0")]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, rule in var.firewall : !rule.public || (rule.direction == "INGRESS" && rule.action == "allow" && length(concat(rule.target_tags, rule.target_service_accounts)) > 0 && alltrue([for traffic in rule.traffic : length(traffic.ports) > 0]))
    ])
    error_message = "firewall[*] that are public let in, to named targets and named ports; not ${join(", ", [
      for id, rule in var.firewall : id if !(!rule.public || (rule.direction == "INGRESS" && rule.action == "allow" && length(concat(rule.target_tags, rule.target_service_accounts)) > 0 && alltrue([for traffic in rule.traffic : length(traffic.ports) > 0])))
    ])}."
  }
}

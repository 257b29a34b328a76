variable "dns_zones" {
  description = "Private zones by id, which is their name."
  type = map(object({
    dns_name    = string # with a dot at its end, such as "atm.internal."
    description = optional(string, "")
    records = optional(map(object({
      name = string                # the full name, with a dot at its end
      type = optional(string, "A") # AAAA, CNAME, MX, PTR, SRV or TXT
      ttl  = optional(number, 300) # seconds
      data = list(string)
    })), {})
    labels = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.dns_zones) : length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "dns_zones: an id is 1 to 63 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id in keys(var.dns_zones) : id if !(length(id) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", id)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, zone in var.dns_zones : can(regex("^([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)+$", zone.dns_name))
    ])
    error_message = "dns_zones[*].dns_name is a full DNS name with a dot at its end, such as \"atm.internal.\"; not ${join(", ", [
      for id, zone in var.dns_zones : id if !(can(regex("^([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)+$", zone.dns_name)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, zone in var.dns_zones : length(zone.description) <= 1024
    ])
    error_message = "dns_zones[*].description has at most 1024 characters; not ${join(", ", [
      for id, zone in var.dns_zones : id if !(length(zone.description) <= 1024)
    ])}."
  }

  validation {
    condition = alltrue([
      for id, zone in var.dns_zones : alltrue([for key in keys(zone.records) : length(key) <= 63 && can(regex("^[a-z][a-z0-9_-]*$", key))])
    ])
    error_message = "dns_zones[*].records have keys of lower-case letters, digits, - or _ (at most 63); not ${join(", ", [
      for id, zone in var.dns_zones : id if !(alltrue([for key in keys(zone.records) : length(key) <= 63 && can(regex("^[a-z][a-z0-9_-]*$", key))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, zone in var.dns_zones : alltrue([for record in values(zone.records) : can(regex("^(\\*\\.)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)+$", record.name)) && (record.name == zone.dns_name || endswith(record.name, ".${zone.dns_name}"))])
    ])
    error_message = "dns_zones[*].records[*].name is a full DNS name with a dot at its end, within the zone; not ${join(", ", [
      for id, zone in var.dns_zones : id if !(alltrue([for record in values(zone.records) : can(regex("^(\\*\\.)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)+$", record.name)) && (record.name == zone.dns_name || endswith(record.name, ".${zone.dns_name}"))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, zone in var.dns_zones : alltrue([for record in values(zone.records) : contains(["A", "AAAA", "CNAME", "MX", "PTR", "SRV", "TXT"], record.type)])
    ])
    error_message = "dns_zones[*].records[*].type is A, AAAA, CNAME, MX, PTR, SRV or TXT; not ${join(", ", [
      for id, zone in var.dns_zones : id if !(alltrue([for record in values(zone.records) : contains(["A", "AAAA", "CNAME", "MX", "PTR", "SRV", "TXT"], record.type)]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, zone in var.dns_zones : alltrue([for record in values(zone.records) : record.ttl >= 0 && record.ttl <= 2147483647 && floor(record.ttl) == record.ttl])
    ])
    error_message = "dns_zones[*].records[*].ttl is whole seconds; not ${join(", ", [
      for id, zone in var.dns_zones : id if !(alltrue([for record in values(zone.records) : record.ttl >= 0 && record.ttl <= 2147483647 && floor(record.ttl) == record.ttl]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, zone in var.dns_zones : alltrue([for record in values(zone.records) : length(record.data) > 0 && (record.type != "CNAME" || (length(record.data) == 1 && record.name != zone.dns_name))])
    ])
    error_message = "dns_zones[*].records[*].data says something; a CNAME has one target, and the zone's own name has none; not ${join(", ", [
      for id, zone in var.dns_zones : id if !(alltrue([for record in values(zone.records) : length(record.data) > 0 && (record.type != "CNAME" || (length(record.data) == 1 && record.name != zone.dns_name))]))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, zone in var.dns_zones : length(distinct([for record in values(zone.records) : "${record.name} ${record.type}"])) == length(zone.records)
    ])
    error_message = "dns_zones[*].records have each name and type once; not ${join(", ", [
      for id, zone in var.dns_zones : id if !(length(distinct([for record in values(zone.records) : "${record.name} ${record.type}"])) == length(zone.records))
    ])}."
  }
}

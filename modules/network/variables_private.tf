variable "private_services" {
  description = "A range for Google's managed services (Cloud SQL, Memorystore), which the network is peered with."
  type = object({
    name          = optional(string, "private-services")
    range         = optional(string)     # IPv4; by default Google chooses one of prefix_length
    prefix_length = optional(number, 20) # where no range is given
    description   = optional(string, "")
  })
  default = null

  validation {
    condition     = alltrue([for services in var.private_services[*] : length(services.name) <= 63 && can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", services.name)) && length(services.description) <= 2048])
    error_message = "private_services.name is 1 to 63 lower-case letters, digits or -, begun by a letter; its description has at most 2048 characters."
  }

  validation {
    condition = alltrue([
      for services in var.private_services[*] : services.range == null ? true : can(cidrsubnet(services.range, 0, 0)) ? !strcontains(services.range, ":") && cidrsubnet(services.range, 0, 0) == services.range && tonumber(split("/", services.range)[1]) <= 24 : false
    ])
    error_message = "private_services.range is an IPv4 range without host bits, of a length of at most 24, such as \"10.30.0.0/20\"."
  }

  validation {
    condition = alltrue([
      for services in var.private_services[*] : services.prefix_length >= 8 && services.prefix_length <= 24 && floor(services.prefix_length) == services.prefix_length
    ])
    error_message = "private_services.prefix_length is a whole number from 8 to 24."
  }
}

variable "connectors" {
  description = "Serverless VPC access connectors by id, which is their name. They cost while they are there."
  type = map(object({
    region        = optional(string) # by default the region
    subnet        = optional(string) # the id of a /28 subnet of its own
    range         = optional(string) # or a free /28 range
    machine_type  = optional(string, "e2-micro")
    min_instances = optional(number, 2)
    max_instances = optional(number, 3)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for id in keys(var.connectors) : can(regex("^[a-z][a-z0-9-]{0,23}[a-z0-9]$", id))
    ])
    error_message = "connectors: an id is 2 to 25 lower-case letters, digits or -, begun by a letter, not ended by -; not ${join(", ", [
      for id in keys(var.connectors) : id if !can(regex("^[a-z][a-z0-9-]{0,23}[a-z0-9]$", id))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, connector in var.connectors : connector.region == null ? true : can(regex("^[a-z]+-[a-z]+[0-9]+$", connector.region))
    ])
    error_message = "connectors[*].region is a region's name, such as \"asia-south1\"; not ${join(", ", [
      for id, connector in var.connectors : id if !(connector.region == null ? true : can(regex("^[a-z]+-[a-z]+[0-9]+$", connector.region)))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, connector in var.connectors : (connector.subnet == null) != (connector.range == null)
    ])
    error_message = "connectors[*] have a subnet or a range; not ${join(", ", [
      for id, connector in var.connectors : id if !((connector.subnet == null) != (connector.range == null))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, connector in var.connectors : connector.subnet == null ? true : contains([for id, subnet in var.subnets : id if endswith(subnet.range, "/28")], connector.subnet)
    ])
    error_message = "connectors[*].subnet is the id of a /28 subnet; not ${join(", ", [
      for id, connector in var.connectors : id if !(connector.subnet == null ? true : contains([for id, subnet in var.subnets : id if endswith(subnet.range, "/28")], connector.subnet))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, connector in var.connectors : connector.range == null ? true : can(cidrhost(connector.range, 0)) && endswith(connector.range, "/28")
    ])
    error_message = "connectors[*].range is a /28, such as \"10.8.0.0/28\"; not ${join(", ", [
      for id, connector in var.connectors : id if !(connector.range == null ? true : can(cidrhost(connector.range, 0)) && endswith(connector.range, "/28"))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, connector in var.connectors : contains(["f1-micro", "e2-micro", "e2-standard-4"], connector.machine_type)
    ])
    error_message = "connectors[*].machine_type is f1-micro, e2-micro or e2-standard-4; not ${join(", ", [
      for id, connector in var.connectors : id if !(contains(["f1-micro", "e2-micro", "e2-standard-4"], connector.machine_type))
    ])}."
  }

  validation {
    condition = alltrue([
      for id, connector in var.connectors : connector.min_instances >= 2 && connector.max_instances <= 10 && connector.min_instances < connector.max_instances && floor(connector.min_instances) == connector.min_instances && floor(connector.max_instances) == connector.max_instances
    ])
    error_message = "connectors[*] have min_instances from 2 on, below max_instances, which is at most 10; not ${join(", ", [
      for id, connector in var.connectors : id if !(connector.min_instances >= 2 && connector.max_instances <= 10 && connector.min_instances < connector.max_instances && floor(connector.min_instances) == connector.min_instances && floor(connector.max_instances) == connector.max_instances)
    ])}."
  }
}

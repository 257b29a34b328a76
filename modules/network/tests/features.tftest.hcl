variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

# network: custom mode, no subnet but those declared
run "a_network_of_its_own_without_subnets" {
  command = plan
  assert {
    condition     = google_compute_network.this.name == "platform" && !google_compute_network.this.auto_create_subnetworks && google_compute_network.this.routing_mode == "REGIONAL"
    error_message = "Nothing is in it but what is declared."
  }
  assert {
    condition     = !google_compute_network.this.delete_default_routes_on_create && output.id == "projects/atm-dev/global/networks/platform"
    error_message = "Its name is known at plan."
  }
}

# routing_mode, mtu: as asked for
# default_internet_route: false takes away the route that Google adds
run "no_way_to_the_internet" {
  command = plan
  variables {
    name                   = "closed"
    routing_mode           = "GLOBAL"
    mtu                    = 1500
    default_internet_route = false
  }
  assert {
    condition     = google_compute_network.this.delete_default_routes_on_create && google_compute_network.this.mtu == 1500 && google_compute_network.this.routing_mode == "GLOBAL"
    error_message = "The route that Google adds is taken away."
  }
}

# subnets: a range in a region, with private Google access by default
# secondary_ranges: by name
# flow_logs: interval, sampling, metadata and filter; off by default
run "subnets" {
  command = plan
  variables {
    subnets = {
      run = {
        range            = "10.10.0.0/24"
        secondary_ranges = { pods = "10.20.0.0/20" }
        flow_logs        = { sampling = 0.1 }
      }
      far = { range = "10.11.0.0/24", region = "asia-south2", private_google_access = false }
    }
  }
  assert {
    condition     = google_compute_subnetwork.this["run"].private_ip_google_access && google_compute_subnetwork.this["run"].region == "asia-south1"
    error_message = "In the region, with Google's APIs in reach, by default."
  }
  assert {
    condition     = google_compute_subnetwork.this["run"].log_config[0].flow_sampling == 0.1 && google_compute_subnetwork.this["run"].log_config[0].aggregation_interval == "INTERVAL_10_MIN"
    error_message = "Flow logs are on."
  }
  assert {
    condition     = google_compute_subnetwork.this["run"].secondary_ip_range[0].range_name == "pods"
    error_message = "The secondary range is there."
  }
  assert {
    condition     = length(google_compute_subnetwork.this["far"].log_config) == 0 && output.subnets["far"] == "projects/atm-dev/regions/asia-south2/subnetworks/far"
    error_message = "Full names are known at plan."
  }
}

# firewall: ingress and egress, allow and deny, by range, tag or service account
# least privilege: a rule says from where or to where; from everywhere (/0) only with public, to named targets and ports
# logging: each connection that a rule decides on
run "firewall_rules" {
  command = plan
  variables {
    firewall = {
      deny-all = { action = "deny", priority = 65000, traffic = [{ protocol = "all" }], ranges = ["0.0.0.0/0"], logging = true }
      health = {
        traffic                 = [{ protocol = "tcp", ports = ["8080", "9000-9010"] }]
        ranges                  = ["35.191.0.0/16"]
        target_service_accounts = ["run@atm-dev.iam.gserviceaccount.com"]
      }
      web = { traffic = [{ protocol = "tcp", ports = ["443"] }], ranges = ["0.0.0.0/0"], public = true, target_tags = ["web"] }
      out = { direction = "EGRESS", traffic = [{ protocol = "tcp", ports = ["443"] }], ranges = ["203.0.113.0/24"] }
    }
  }
  assert {
    condition     = length(google_compute_firewall.this["deny-all"].deny) == 1 && length(google_compute_firewall.this["deny-all"].allow) == 0 && length(google_compute_firewall.this["deny-all"].log_config) == 1
    error_message = "A rule denies, and says so in the log."
  }
  assert {
    condition     = one(google_compute_firewall.this["health"].allow).ports == tolist(["8080", "9000-9010"]) && google_compute_firewall.this["health"].target_service_accounts == toset(["run@atm-dev.iam.gserviceaccount.com"])
    error_message = "A rule lets in to a service account."
  }
  assert {
    condition     = google_compute_firewall.this["out"].destination_ranges == toset(["203.0.113.0/24"]) && google_compute_firewall.this["out"].direction == "EGRESS"
    error_message = "Ranges of what goes out are where to."
  }
  assert {
    condition     = google_compute_firewall.this["web"].source_ranges == toset(["0.0.0.0/0"])
    error_message = "Everywhere is let in where that is meant."
  }
}

# addresses: regional, external or in a subnet; they stay the same
# nats: a router and a NAT a way out, by reserved addresses, for all subnets or some
# labels: the module's and the thing's own, which win
run "a_way_out_by_a_reserved_address" {
  command = plan
  variables {
    labels    = { environment = "dev" }
    subnets   = { run = { range = "10.10.0.0/24" } }
    addresses = { egress = {}, db = { subnet = "run", address = "10.10.0.9", labels = { tier = "data" } } }
    nats = {
      egress = { addresses = ["egress"], subnets = ["run"], dynamic_ports = true, max_ports_per_vm = 4096 }
    }
  }
  assert {
    condition     = google_compute_router_nat.this["egress"].nat_ip_allocate_option == "MANUAL_ONLY" && google_compute_router_nat.this["egress"].source_subnetwork_ip_ranges_to_nat == "LIST_OF_SUBNETWORKS"
    error_message = "By its own address, for the subnet."
  }
  assert {
    condition     = google_compute_router_nat.this["egress"].log_config[0].filter == "ERRORS_ONLY" && google_compute_router_nat.this["egress"].max_ports_per_vm == 4096
    error_message = "Errors are logged."
  }
  assert {
    condition     = google_compute_address.this["egress"].address_type == "EXTERNAL" && google_compute_address.this["db"].address_type == "INTERNAL" && google_compute_address.this["db"].labels == tomap({ environment = "dev", tier = "data" })
    error_message = "One outside, one inside."
  }
}

# nats without addresses: Google chooses them
run "a_way_out_by_whatever_address" {
  command = plan
  variables {
    nats = { egress = { log = "NONE" } }
  }
  assert {
    condition     = google_compute_router_nat.this["egress"].nat_ip_allocate_option == "AUTO_ONLY" && length(google_compute_router_nat.this["egress"].log_config) == 0
    error_message = "Google chooses the addresses."
  }
}

# private_services: a range peered with Google's services, for Cloud SQL and Memorystore without external addresses
# connectors: serverless VPC access, where Direct VPC egress can't be used
run "private_services_and_a_connector" {
  command = plan
  variables {
    subnets          = { connector = { range = "10.10.1.0/28" } }
    private_services = { range = "10.30.0.0/20" }
    connectors       = { serverless = { subnet = "connector" }, other = { range = "10.8.0.0/28", max_instances = 5 } }
  }
  assert {
    condition     = google_compute_global_address.private_services["private-services"].address == "10.30.0.0" && google_compute_global_address.private_services["private-services"].prefix_length == 20
    error_message = "The range is the one declared."
  }
  assert {
    condition     = google_service_networking_connection.private_services["private-services"].reserved_peering_ranges == tolist(["private-services"])
    error_message = "The peering has the range."
  }
  assert {
    condition     = google_vpc_access_connector.this["serverless"].subnet[0].name == "connector" && google_vpc_access_connector.this["other"].ip_cidr_range == "10.8.0.0/28"
    error_message = "A connector has a subnet or a range."
  }
}

# routes: to the internet's gateway or to a machine, also only for some tags
# dns_zones: private zones with their records
run "routes_and_names" {
  command = plan
  variables {
    routes = {
      out   = { range = "198.51.100.0/24", internet = true }
      proxy = { range = "192.0.2.0/24", next_hop_ip = "10.10.0.9", tags = ["run"] }
    }
    dns_zones = {
      internal = {
        dns_name = "atm.internal."
        records  = { db = { name = "db.atm.internal.", data = ["10.10.0.9"] } }
      }
    }
  }
  assert {
    condition     = google_compute_route.this["proxy"].next_hop_ip == "10.10.0.9" && google_compute_route.this["out"].next_hop_gateway == "default-internet-gateway"
    error_message = "A route goes to one place."
  }
  assert {
    condition     = google_dns_managed_zone.this["internal"].visibility == "private" && google_dns_record_set.this["internal/db"].rrdatas == tolist(["10.10.0.9"])
    error_message = "The zone is the network's own."
  }
}

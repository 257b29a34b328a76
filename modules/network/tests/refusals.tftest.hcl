variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

run "a_project_id_of_google" {
  command = plan
  variables {
    project_id = "1"
  }
  expect_failures = [var.project_id]
}

run "a_region_by_name" {
  command = plan
  variables {
    region = "India"
  }
  expect_failures = [var.region]
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Team = "x" }
  }
  expect_failures = [var.labels]
}

run "a_name_is_lower_case" {
  command = plan
  variables {
    name = "Platform"
  }
  expect_failures = [var.name]
}

run "a_long_description" {
  command = plan
  variables {
    description = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
  }
  expect_failures = [var.description]
}

run "a_routing_mode_of_google" {
  command = plan
  variables {
    routing_mode = "LOCAL"
  }
  expect_failures = [var.routing_mode]
}

run "a_packet_of_google_s_size" {
  command = plan
  variables {
    mtu = 9000
  }
  expect_failures = [var.mtu]
}

run "a_subnet_s_name_is_lower_case" {
  command = plan
  variables {
    subnets = { "Run" = { range = "10.10.0.0/24" } }
  }
  expect_failures = [var.subnets]
}

run "a_subnet_s_range_has_no_host_bits" {
  command = plan
  variables {
    subnets = { "run" = { range = "10.10.0.1/24" } }
  }
  expect_failures = [var.subnets]
}

run "a_subnet_in_a_region_of_google" {
  command = plan
  variables {
    subnets = { "run" = { range = "10.10.0.0/24", region = "India" } }
  }
  expect_failures = [var.subnets]
}

run "a_subnet_s_long_description" {
  command = plan
  variables {
    subnets = { "run" = { range = "10.10.0.0/24", description = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" } }
  }
  expect_failures = [var.subnets]
}

run "a_secondary_range_that_is_none" {
  command = plan
  variables {
    subnets = { "run" = { range = "10.10.0.0/24", secondary_ranges = { pods = "10.20.0.0" } } }
  }
  expect_failures = [var.subnets]
}

run "flow_logs_of_google_s_intervals" {
  command = plan
  variables {
    subnets = { "run" = { range = "10.10.0.0/24", flow_logs = { interval = "HOURLY" } } }
  }
  expect_failures = [var.subnets]
}

run "a_route_s_name_is_lower_case" {
  command = plan
  variables {
    routes = { "Proxy" = { range = "192.0.2.0/24", internet = true } }
  }
  expect_failures = [var.routes]
}

run "a_route_to_no_range" {
  command = plan
  variables {
    routes = { "run" = { range = "proxy", internet = true } }
  }
  expect_failures = [var.routes]
}

run "a_route_s_long_description" {
  command = plan
  variables {
    routes = { "run" = { range = "192.0.2.0/24", internet = true, description = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" } }
  }
  expect_failures = [var.routes]
}

run "a_route_without_a_next_hop" {
  command = plan
  variables {
    routes = { "run" = { range = "192.0.2.0/24" } }
  }
  expect_failures = [var.routes]
}

run "a_next_hop_that_is_no_address" {
  command = plan
  variables {
    routes = { "run" = { range = "192.0.2.0/24", next_hop_ip = "proxy" } }
  }
  expect_failures = [var.routes]
}

run "a_route_s_priority" {
  command = plan
  variables {
    routes = { "run" = { range = "192.0.2.0/24", internet = true, priority = 70000 } }
  }
  expect_failures = [var.routes]
}

run "a_route_s_tag" {
  command = plan
  variables {
    routes = { "run" = { range = "192.0.2.0/24", internet = true, tags = ["Run"] } }
  }
  expect_failures = [var.routes]
}

run "a_rule_s_name_is_lower_case" {
  command = plan
  variables {
    firewall = { "Allow" = { traffic = [{ protocol = "tcp", ports = ["443"] }], ranges = ["10.0.0.0/8"] } }
  }
  expect_failures = [var.firewall]
}

run "a_rule_s_long_description" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "tcp", ports = ["443"] }], ranges = ["10.0.0.0/8"], description = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" } }
  }
  expect_failures = [var.firewall]
}

run "a_direction_of_google" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "tcp", ports = ["443"] }], ranges = ["10.0.0.0/8"], direction = "IN" } }
  }
  expect_failures = [var.firewall]
}

run "an_action_of_google" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "tcp", ports = ["443"] }], ranges = ["10.0.0.0/8"], action = "drop" } }
  }
  expect_failures = [var.firewall]
}

run "a_protocol_of_google" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "http" }], ranges = ["10.0.0.0/8"] } }
  }
  expect_failures = [var.firewall]
}

run "ports_of_a_protocol_without_any" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "icmp", ports = ["8"] }], ranges = ["10.0.0.0/8"] } }
  }
  expect_failures = [var.firewall]
}

run "a_rule_s_range_that_is_none" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "tcp", ports = ["443"] }], ranges = ["office"] } }
  }
  expect_failures = [var.firewall]
}

run "a_rule_that_says_not_from_where" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "tcp", ports = ["443"] }] } }
  }
  expect_failures = [var.firewall]
}

run "what_goes_out_has_no_source" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "tcp", ports = ["443"] }], direction = "EGRESS", ranges = ["10.0.0.0/8"], source_tags = ["run"] } }
  }
  expect_failures = [var.firewall]
}

run "tags_and_accounts_together" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "tcp", ports = ["443"] }], source_tags = ["run"], target_service_accounts = ["run@atm-dev.iam.gserviceaccount.com"] } }
  }
  expect_failures = [var.firewall]
}

run "a_rule_s_tag" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "tcp", ports = ["443"] }], source_tags = ["Run"] } }
  }
  expect_failures = [var.firewall]
}

run "a_rule_s_account_is_an_address" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "tcp", ports = ["443"] }], ranges = ["10.0.0.0/8"], target_service_accounts = ["run"] } }
  }
  expect_failures = [var.firewall]
}

run "a_rule_s_priority" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "tcp", ports = ["443"] }], ranges = ["10.0.0.0/8"], priority = -1 } }
  }
  expect_failures = [var.firewall]
}

run "everywhere_without_public" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "tcp", ports = ["443"] }], ranges = ["0.0.0.0/0"] } }
  }
  expect_failures = [var.firewall]
}

run "public_without_targets" {
  command = plan
  variables {
    firewall = { "run" = { traffic = [{ protocol = "tcp", ports = ["443"] }], ranges = ["0.0.0.0/0"], public = true } }
  }
  expect_failures = [var.firewall]
}

run "an_address_s_name_is_lower_case" {
  command = plan
  variables {
    addresses = { "Egress" = {} }
  }
  expect_failures = [var.addresses]
}

run "an_address_in_a_region_of_google" {
  command = plan
  variables {
    addresses = { "run" = { region = "India" } }
  }
  expect_failures = [var.addresses]
}

run "an_address_s_long_description" {
  command = plan
  variables {
    addresses = { "run" = { description = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" } }
  }
  expect_failures = [var.addresses]
}

run "an_address_in_a_subnet_that_is_not_there" {
  command = plan
  variables {
    addresses = { "run" = { subnet = "run" } }
  }
  expect_failures = [var.addresses]
}

run "an_external_address_of_one_s_own" {
  command = plan
  variables {
    addresses = { "run" = { address = "203.0.113.1" } }
  }
  expect_failures = [var.addresses]
}

run "an_address_s_labels" {
  command = plan
  variables {
    addresses = { egress = { labels = { Team = "x" } } }
  }
  expect_failures = [google_compute_address.this["egress"]]
}

run "a_nat_s_name_is_lower_case" {
  command = plan
  variables {
    nats = { "Egress" = {} }
  }
  expect_failures = [var.nats]
}

run "a_nat_in_a_region_of_google" {
  command = plan
  variables {
    nats = { "run" = { region = "India" } }
  }
  expect_failures = [var.nats]
}

run "a_nat_with_an_address_that_is_not_there" {
  command = plan
  variables {
    nats = { "run" = { addresses = ["egress"] } }
  }
  expect_failures = [var.nats]
}

run "a_nat_of_a_subnet_that_is_not_there" {
  command = plan
  variables {
    nats = { "run" = { subnets = ["run"] } }
  }
  expect_failures = [var.nats]
}

run "a_nat_s_smallest_ports" {
  command = plan
  variables {
    nats = { "run" = { min_ports_per_vm = 1 } }
  }
  expect_failures = [var.nats]
}

run "a_nat_s_most_ports_without_dynamic_ones" {
  command = plan
  variables {
    nats = { "run" = { max_ports_per_vm = 1024 } }
  }
  expect_failures = [var.nats]
}

run "a_nat_s_log" {
  command = plan
  variables {
    nats = { "run" = { log = "SOME" } }
  }
  expect_failures = [var.nats]
}

run "a_nat_s_timeouts" {
  command = plan
  variables {
    nats = { "run" = { udp_idle_seconds = 0 } }
  }
  expect_failures = [var.nats]
}

run "a_range_s_name_for_services" {
  command = plan
  variables {
    private_services = { name = "Services" }
  }
  expect_failures = [var.private_services]
}

run "a_small_range_for_services" {
  command = plan
  variables {
    private_services = { range = "10.30.0.0/28" }
  }
  expect_failures = [var.private_services]
}

run "a_short_prefix_for_services" {
  command = plan
  variables {
    private_services = { prefix_length = 29 }
  }
  expect_failures = [var.private_services]
}

run "a_connector_s_name_is_short" {
  command = plan
  variables {
    connectors = { "xxxxxxxxxxxxxxxxxxxxxxxxxx" = { range = "10.8.0.0/28" } }
  }
  expect_failures = [var.connectors]
}

run "a_connector_in_a_region_of_google" {
  command = plan
  variables {
    connectors = { "run" = { range = "10.8.0.0/28", region = "India" } }
  }
  expect_failures = [var.connectors]
}

run "a_connector_without_a_place" {
  command = plan
  variables {
    connectors = { "run" = {} }
  }
  expect_failures = [var.connectors]
}

run "a_connector_in_a_subnet_that_is_not_there" {
  command = plan
  variables {
    connectors = { "run" = { subnet = "run" } }
  }
  expect_failures = [var.connectors]
}

run "a_connector_s_range_is_a_28" {
  command = plan
  variables {
    connectors = { "run" = { range = "10.8.0.0/24" } }
  }
  expect_failures = [var.connectors]
}

run "a_connector_s_machine" {
  command = plan
  variables {
    connectors = { "run" = { range = "10.8.0.0/28", machine_type = "n1" } }
  }
  expect_failures = [var.connectors]
}

run "a_connector_s_instances" {
  command = plan
  variables {
    connectors = { "run" = { range = "10.8.0.0/28", min_instances = 5 } }
  }
  expect_failures = [var.connectors]
}

run "a_zone_s_name_is_lower_case" {
  command = plan
  variables {
    dns_zones = { "Internal" = { dns_name = "atm.internal." } }
  }
  expect_failures = [var.dns_zones]
}

run "a_dns_name_ends_with_a_dot" {
  command = plan
  variables {
    dns_zones = { "run" = { dns_name = "atm.internal" } }
  }
  expect_failures = [var.dns_zones]
}

run "a_zone_s_long_description" {
  command = plan
  variables {
    dns_zones = { "run" = { dns_name = "atm.internal.", description = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" } }
  }
  expect_failures = [var.dns_zones]
}

run "a_record_s_key" {
  command = plan
  variables {
    dns_zones = { "run" = { dns_name = "atm.internal.", records = { Db = { name = "db.atm.internal.", data = ["10.10.0.9"] } } } }
  }
  expect_failures = [var.dns_zones]
}

run "a_record_outside_its_zone" {
  command = plan
  variables {
    dns_zones = { "run" = { dns_name = "atm.internal.", records = { db = { name = "db.example.com.", data = ["10.10.0.9"] } } } }
  }
  expect_failures = [var.dns_zones]
}

run "a_record_s_type" {
  command = plan
  variables {
    dns_zones = { "run" = { dns_name = "atm.internal.", records = { db = { name = "db.atm.internal.", type = "NS", data = ["10.10.0.9"] } } } }
  }
  expect_failures = [var.dns_zones]
}

run "a_record_s_ttl" {
  command = plan
  variables {
    dns_zones = { "run" = { dns_name = "atm.internal.", records = { db = { name = "db.atm.internal.", ttl = -1, data = ["10.10.0.9"] } } } }
  }
  expect_failures = [var.dns_zones]
}

run "a_record_that_says_nothing" {
  command = plan
  variables {
    dns_zones = { "run" = { dns_name = "atm.internal.", records = { db = { name = "db.atm.internal.", data = [] } } } }
  }
  expect_failures = [var.dns_zones]
}

run "a_name_and_type_twice" {
  command = plan
  variables {
    dns_zones = { "run" = { dns_name = "atm.internal.", records = { a = { name = "db.atm.internal.", data = ["10.10.0.9"] }, b = { name = "db.atm.internal.", data = ["10.10.0.8"] } } } }
  }
  expect_failures = [var.dns_zones]
}

run "a_zone_s_labels" {
  command = plan
  variables {
    dns_zones = { internal = { dns_name = "atm.internal.", labels = { Team = "x" } } }
  }
  expect_failures = [google_dns_managed_zone.this["internal"]]
}

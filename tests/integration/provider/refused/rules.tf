resource "google_cloud_scheduler_job" "j" {
  name     = "j"
  schedule = "* * * * *"
  region   = "us-central1"
  http_target {
    uri = "http://x"
    oidc_token { service_account_email = "a" }
    oauth_token { service_account_email = "a" }
  }
}
resource "google_monitoring_slo" "s" {
  service             = "x"
  goal                = 0.5
  rolling_period_days = 4
  calendar_period     = "DAY"
  basic_sli {
    availability { enabled = true }
    latency { threshold = "1s" }
  }
}
resource "google_monitoring_slo" "s2" {
  service             = "x"
  goal                = 0.5
  rolling_period_days = 4
  request_based_sli {
    good_total_ratio { good_service_filter = "x" }
  }
}
resource "google_sql_database_instance" "d" {
  name             = "x"
  database_version = "POSTGRES_15"
  settings {
    tier = "x"
    insights_config { query_string_length = 5000000 }
    ip_configuration { ssl_mode = "X" }
    maintenance_window { day = 9 }
  }
}
resource "google_cloud_run_v2_service" "s" {
  name     = "x"
  location = "us-central1"
  template {
    timeout = "5m"
    containers {
      image = "x"
      liveness_probe {
        http_get { path = "/" }
        tcp_socket { port = 5 }
      }
    }
    vpc_access {
      egress = "X"
    }
  }
}
resource "google_privateca_ca_pool" "p" {
  name     = "x"
  location = "us-central1"
  tier     = "X"
  issuance_policy {
    baseline_values {
      ca_options { is_ca = true }
      key_usage {
      }
    }
  }
}
resource "google_compute_firewall" "f" {
  name                    = "f"
  network                 = "n"
  priority                = 70000
  source_tags             = ["a"]
  source_service_accounts = ["x"]
  allow { protocol = "tcp" }
  deny { protocol = "tcp" }
}
resource "google_compute_security_policy" "p" {
  name = "P"
  rule {
    action   = "allow"
    priority = 1
    match {
      versioned_expr = "X"
    }
  }
}
resource "google_compute_backend_service" "b" {
  name = "b"
  backend {
    group          = "g"
    balancing_mode = "X"
    preference     = "Y"
  }
}
resource "google_compute_region_disk" "d" {
  name          = "d"
  region        = "us-central1"
  replica_zones = ["a", "b"]
  guest_os_features { type = "X" }
}
resource "google_dns_managed_zone" "z" {
  name       = "z"
  dns_name   = "z."
  visibility = "private"
  forwarding_config {
    target_name_servers {
      ipv4_address    = "1.2.3.4"
      forwarding_path = "X"
    }
  }
}
resource "google_dns_record_set" "r" {
  managed_zone = "z"
  name         = "a."
  type         = "A"
  ttl          = 5
  rrdatas      = ["1.2.3.4"]
  routing_policy {
    primary_backup {
      backup_geo {
        location = "x"
      }
      primary {
        internal_load_balancers {
          load_balancer_type = "X"
          ip_address         = "1"
          port               = "80"
          ip_protocol        = "y"
          network_url        = "x"
          project            = "x"
        }
      }
    }
  }
}
resource "google_logging_metric" "m" {
  name   = "m"
  filter = "x"
  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    labels {
      key        = "a"
      value_type = "FLOAT"
    }
  }
}
resource "google_storage_bucket" "b" {
  name     = "b"
  location = "US"
  encryption {
    google_managed_encryption_enforcement_config { restriction_mode = "X" }
  }
}
resource "google_cloud_identity_group_membership" "m" {
  group = "groups/x"
  preferred_member_key { id = "a@b.c" }
  roles { name = "BOSS" }
}
resource "google_compute_resource_policy" "p" {
  name   = "p"
  region = "us-central1"
  snapshot_schedule_policy {
    schedule {
      weekly_schedule {
        day_of_weeks {
          day        = "X"
          start_time = "23:00"
        }
      }
    }
  }
}
resource "google_compute_url_map" "u" {
  name            = "u"
  default_service = "x"
  default_route_action {
    url_rewrite { host_rewrite = "" }
  }
}
resource "google_compute_region_url_map" "u" {
  name   = "u"
  region = "us-central1"
  default_route_action {
    url_rewrite { host_rewrite = "" }
    retry_policy { num_retries = 0 }
    fault_injection_policy {
      abort {
        http_status = 100
        percentage  = 101
      }
    }
  }
}
resource "google_pubsub_subscription" "s" {
  name                 = "s"
  topic                = "t"
  ack_deadline_seconds = 5
  push_config { push_endpoint = "x" }
  bigquery_config { table = "x" }
}
resource "google_redis_instance" "r" {
  name           = "A"
  memory_size_gb = 1
}
resource "google_compute_address" "a" { name = "A" }
resource "google_compute_route" "r" {
  name             = "A"
  network          = "x"
  dest_range       = "1.2.3.4/50"
  next_hop_gateway = "x"
  next_hop_ip      = "1"
}
resource "google_secret_manager_secret" "s" {
  secret_id = "s"
  replication {
    auto {}
    user_managed {
      replicas { location = "x" }
    }
  }
}
resource "google_cloudbuild_trigger" "t" {
  name = "t"
  git_file_source {
    path      = "x"
    repo_type = "X"
  }
  build {
    step { name = "x" }
  }
  filename = "x"
}
resource "google_iam_workload_identity_pool_provider" "p" {
  workload_identity_pool_id          = "pool"
  workload_identity_pool_provider_id = "xxxxx"
}
resource "google_compute_instance" "i" {
  name         = "a"
  machine_type = "e2-micro"
  zone         = "us-central1-a"
  boot_disk {
    source = "x"
    initialize_params {
      image = "x"
      size  = 0
    }
  }
  network_interface {
    network            = "default"
    network_attachment = "x"
    nic_type           = "X"
  }
  scheduling { provisioning_model = "X" }
  scratch_disk {
    interface = "X"
    size      = 5
  }
}
resource "google_bigquery_table" "t" {
  dataset_id          = "a"
  table_id            = "b"
  deletion_protection = false
  view { query = "x" }
  materialized_view { query = "x" }
  schema = "[null]"
  external_data_configuration {
    source_uris = ["gs://x"]
    autodetect  = true
    schema      = "{"
  }
}
resource "google_billing_budget" "no_filter" {
  billing_account = "000000-111111-222222"
  amount {
    last_period_amount = true
  }
  budget_filter {}
}

resource "google_compute_network" "n" { name = "Bad_Name" }
resource "google_compute_subnetwork" "s" {
  name          = "sub"
  network       = "x"
  ip_cidr_range = "10.0.0.0/99"
  region        = "us-central1"
  secondary_ip_range {
    range_name    = "A_b"
    ip_cidr_range = "10.1"
  }
  log_config { aggregation_interval = "X" }
}
resource "google_storage_bucket" "b" {
  name     = "b"
  location = "US"
  lifecycle_rule {
    action { type = "Delete" }
    condition { with_state = "NO" }
  }
  lifecycle_rule {
    action { type = "Delete" }
    condition { with_state = "NOO" }
  }
  labels = { "A B" = "x" }
}
resource "google_cloud_scheduler_job" "j" {
  name     = "j"
  schedule = "* * * * *"
  region   = "us-central1"
  http_target {
    uri     = "http://x"
    body    = "%%"
    headers = { "Content-Length" = "3", "X-Google-A" = "1" }
    oidc_token { service_account_email = "a" }
    oauth_token { service_account_email = "a" }
  }
}
resource "google_bigquery_dataset" "d" {
  dataset_id                  = "a-b"
  default_table_expiration_ms = 5
}
resource "google_bigquery_table" "t" {
  dataset_id = "a"
  table_id   = "b"
  schema     = "{}"
}
resource "google_bigquery_routine" "r" {
  dataset_id      = "a"
  routine_id      = "b"
  routine_type    = "SCALAR_FUNCTION"
  definition_body = "1"
  return_type     = "{"
}
resource "google_compute_router" "r" {
  name    = "r"
  network = "n"
  region  = "us-central1"
  bgp { asn = 5 }
}
resource "google_compute_router_nat" "n" {
  name                               = "N"
  router                             = "r"
  region                             = "us-central1"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
  rules {
    rule_number = 70000
    match       = "x"
    action {}
  }
}
resource "google_compute_resource_policy" "p" {
  name   = "p"
  region = "us-central1"
  snapshot_schedule_policy {
    schedule {
      daily_schedule {
        days_in_cycle = 1
        start_time    = "25:30"
      }
    }
  }
}
resource "google_compute_instance_group_manager" "m" {
  name               = "m"
  zone               = "us-central1-a"
  base_instance_name = "m"
  version { instance_template = "x" }
  stateful_disk {
    device_name = "a"
    delete_rule = "x"
  }
}
resource "google_kms_crypto_key" "k" {
  name            = "k"
  key_ring        = "projects/a/locations/b/keyRings/c"
  rotation_period = "5s"
}
resource "google_dns_record_set" "d" {
  managed_zone = "z"
  name         = "a"
  type         = "A"
  ttl          = 5
  rrdatas      = ["1.2.3.4"]
}
resource "google_monitoring_slo" "s" {
  service             = "x"
  slo_id              = "%"
  goal                = 1
  rolling_period_days = 40
  basic_sli {
    availability { enabled = false }
  }
}
resource "google_monitoring_dashboard" "d" { dashboard_json = "{" }
resource "google_storage_default_object_acl" "d" {
  bucket      = "b"
  role_entity = ["OWNER"]
}
resource "google_compute_vpn_tunnel" "t" {
  name                     = "t"
  shared_secret_wo         = "x"
  shared_secret_wo_version = "1"
  peer_ip                  = "0.0.0.1"
}
resource "google_compute_router_peer" "p" {
  name                 = "x"
  router               = "r"
  peer_asn             = 5
  interface            = "i"
  ipv6_nexthop_address = "zz"
}
resource "google_iam_workload_identity_pool" "p" { workload_identity_pool_id = "gcp-A" }
resource "google_iam_workload_identity_pool_provider" "p" {
  workload_identity_pool_id          = "pool"
  workload_identity_pool_provider_id = "x"
  oidc { issuer_uri = "https://x" }
}
resource "google_tags_tag_key" "k" {
  parent               = "organizations/1"
  short_name           = ""
  allowed_values_regex = "("
}
resource "google_dns_managed_zone" "z" {
  name        = "z"
  dns_name    = "z."
  description = ""
}
resource "google_compute_instance" "i" {
  name         = "A"
  machine_type = "e2-micro"
  zone         = "us-central1-a"
  boot_disk {
    initialize_params { image = "x" }
  }
  network_interface { network = "default" }
  metadata = { gce-container-declaration = "x" }
}
resource "google_compute_instance_template" "i" {
  name_prefix  = "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffffffffff-"
  machine_type = "e2-micro"
  disk { source_image = "x" }
}
resource "google_privileged_access_manager_entitlement" "e" {
  entitlement_id       = "A"
  location             = "global"
  max_request_duration = "43200s"
  parent               = "projects/x"
  requester_justification_config {
    unstructured {}
  }
  eligible_users { principals = ["deleted:x"] }
  privileged_access {
    gcp_iam_access {
      role_bindings { role = "roles/x" }
      resource      = "x"
      resource_type = "x"
    }
  }
}
resource "google_cloudfunctions_function" "f" {
  name    = "_x"
  runtime = "python312"
  labels  = { "A" = "b" }
}
resource "google_storage_bucket_object" "o" {
  name    = "o"
  bucket  = "b"
  content = "x"
  customer_encryption { encryption_key = "%%" }
}
resource "google_service_directory_namespace" "n" {
  namespace_id = "n"
  location     = "us-central1"
}
resource "google_org_policy_policy" "p" {
  name   = "projects/x/policies/y"
  parent = "projects/x"
  spec {
    rules { parameters = "{" }
  }
}
resource "google_storage_bucket" "ip" {
  name     = "bx"
  location = "US"
  ip_filter {
    mode = "Enabled"
    public_network_source { allowed_ip_cidr_ranges = ["1.2"] }
  }
}
resource "google_storage_notification" "n" {
  bucket         = "b"
  payload_format = "XML"
  topic          = "t"
  event_types    = ["OBJECT_FINALIZE", "OBJECT_FOUND"]
}
resource "google_project_iam_custom_role" "empty" {
  role_id     = "empty"
  title       = "Empty"
  permissions = []
}
resource "google_compute_region_disk" "one_zone" {
  name          = "one"
  region        = "us-central1"
  size          = 10
  replica_zones = ["us-central1-a"]
}
resource "google_compute_firewall" "large" {
  name     = "large"
  network  = "n"
  priority = 99999999999
  allow { protocol = "tcp" }
}
resource "google_bigquery_table" "no_schema" {
  dataset_id = "a"
  table_id   = "c"
  schema     = ""
}
data "google_service_accounts" "d" {
  regex = "("
}
data "google_service_account_key" "d" {
  name            = "keys/a"
  public_key_type = "TYPE_SSH"
}
data "google_service_account_access_token" "d" {
  target_service_account = "somebody@example.com"
  scopes                 = ["cloud-platform"]
  delegates              = ["projects/-/serviceAccounts/somebody@example.com"]
  lifetime               = "5 minutes"
}
data "google_service_account_access_token" "bare" {
  target_service_account = "reader-one@atm-dev.iam.gserviceaccount.com"
  scopes                 = ["cloud-platform"]
  lifetime               = "300"
}
data "google_service_account_jwt" "d" {
  target_service_account = "somebody@example.com"
  payload                = "{}"
}
data "google_storage_object_signed_url" "d" {
  bucket            = "b"
  path              = "p"
  http_method       = "POST"
  extension_headers = { content-type = "text/csv" }
}
data "google_kms_secret_asymmetric" "d" {
  crypto_key_version = "projects/p/locations/l/keyRings/r/cryptoKeys/k"
  ciphertext         = "%%"
  crc32              = "0x1"
}

"""Machines, their disks and what is attached to them."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_NETWORK = """
resource "google_compute_network" "vpc" {
  name                    = "machines"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "one" {
  name          = "machines-one"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.40.0.0/24"
  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.41.0.0/24"
  }
}
"""
_MACHINES = (
    _NETWORK
    + """
data "google_compute_image" "debian" {
  project = "debian-cloud"
  family  = "debian-12"
}
data "google_compute_instance" "plain" {
  name = google_compute_instance.plain.name
  zone = google_compute_instance.plain.zone
}
resource "google_compute_disk" "data" {
  name   = "data"
  zone   = "asia-south1-a"
  type   = "pd-ssd"
  size   = 20
  labels = { of = "first" }
}
resource "google_compute_disk" "system" {
  name  = "system"
  zone  = "asia-south1-a"
  image = "debian-cloud/debian-12"
}
resource "google_compute_address" "outside" {
  name   = "machine-outside"
  region = "asia-south1"
}
resource "google_compute_instance" "plain" {
  name         = "plain"
  zone         = "asia-south1-a"
  machine_type = "e2-micro"
  boot_disk {
    initialize_params {
      image = data.google_compute_image.debian.self_link
    }
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.id
  }
}
resource "google_compute_instance" "full" {
  name                      = "full"
  zone                      = "asia-south1-a"
  machine_type              = "n2-standard-2"
  description               = "All of it"
  can_ip_forward            = false
  allow_stopping_for_update = true
  tags                      = ["web", "ssh"]
  labels                    = { of = "first" }
  metadata                  = { enable-oslogin = "TRUE" }
  metadata_startup_script   = "echo hello"
  boot_disk {
    auto_delete = true
    device_name = "boot"
    initialize_params {
      image  = "debian-cloud/debian-12"
      size   = 30
      type   = "pd-balanced"
      labels = { disk = "boot" }
    }
  }
  attached_disk {
    source      = google_compute_disk.data.id
    device_name = "data"
  }
  network_interface {
    network    = google_compute_network.vpc.id
    subnetwork = google_compute_subnetwork.one.self_link
    network_ip = "10.40.0.77"
    access_config {
      nat_ip = google_compute_address.outside.address
    }
    alias_ip_range {
      ip_cidr_range         = "10.41.0.0/28"
      subnetwork_range_name = "pods"
    }
  }
  scheduling {
    automatic_restart   = false
    on_host_maintenance = "TERMINATE"
    preemptible         = true
    provisioning_model  = "SPOT"
  }
  service_account {
    scopes = ["cloud-platform"]
  }
  shielded_instance_config {
    enable_secure_boot = true
  }
}
resource "google_compute_instance" "from_disk" {
  name           = "from-disk"
  zone           = "asia-south1-a"
  machine_type   = "e2-custom-2-4096"
  desired_status = "TERMINATED"
  boot_disk {
    source      = google_compute_disk.system.self_link
    auto_delete = false
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.id
    access_config {}
  }
  depends_on = [google_compute_instance.plain] # whoever is made first has the first number
}
resource "google_compute_instance_group" "filled" {
  name      = "filled"
  zone      = "asia-south1-a"
  instances = [google_compute_instance.plain.self_link]
}
resource "google_compute_instance_iam_member" "operator" {
  instance_name = google_compute_instance.plain.name
  zone          = "asia-south1-a"
  role          = "roles/compute.osLogin"
  member        = "user:ann@example.com"
}
"""
)
MACHINES = Case(
    "machines",
    first=_MACHINES,
    second=_MACHINES.replace("size   = 20", "size   = 40")
    .replace('of = "first"', 'of = "second"')
    .replace("n2-standard-2", "n2-standard-4")
    .replace("All of it", "Most of it")
    .replace('["web", "ssh"]', '["web"]')
    .replace('"TRUE"', '"FALSE"')
    .replace('disk = "boot"', 'disk = "start"')
    .replace('desired_status = "TERMINATED"', 'desired_status = "RUNNING"')
    .replace("enable_secure_boot = true", "enable_secure_boot = false")
    .replace("[google_compute_instance.plain.self_link]", "[]"),
    updated=frozenset(
        (
            "google_compute_disk.data",
            "google_compute_instance.full",
            "google_compute_instance.from_disk",
            "google_compute_instance_group.filled",
        )
    ),
    replaced=(
        ('name         = "plain"', 'name         = "plainer"', "google_compute_instance.plain"),
        ('"echo hello"', '"echo bye"', "google_compute_instance.full"),
        ("size   = 40", "size   = 10", "google_compute_disk.data"),
        ("10.40.0.77", "10.40.0.78", "google_compute_instance.full"),
    ),
    imports={
        "google_compute_network.vpc": "machines",
        "google_compute_subnetwork.one": "asia-south1/machines-one",
        "google_compute_address.outside": "asia-south1/machine-outside",
        "google_compute_disk.data": "projects/PROJECT/zones/asia-south1-a/disks/data",
        "google_compute_instance.plain": "PROJECT/asia-south1-a/plain",
        "google_compute_instance.full": "projects/PROJECT/zones/asia-south1-a/instances/full",
        "google_compute_instance_iam_member.operator": "projects/PROJECT/zones/asia-south1-a/instances/plain "
        "roles/compute.osLogin user:ann@example.com",
    },
    after_import=frozenset(
        ("allow_stopping_for_update", "metadata_startup_script", "metadata", "labels", "terraform_labels")
    ),
)
_POLICIES = """
resource "google_compute_resource_policy" "daily" {
  name        = "daily"
  region      = "asia-south1"
  description = "Every day"
  snapshot_schedule_policy {
    schedule {
      daily_schedule {
        days_in_cycle = 1
        start_time    = "04:00"
      }
    }
    retention_policy {
      max_retention_days = 10
    }
  }
}
resource "google_compute_resource_policy" "together" {
  name   = "together"
  region = "asia-south1"
  group_placement_policy {
    vm_count    = 2
    collocation = "COLLOCATED"
  }
}
resource "google_compute_disk" "kept" {
  name = "kept"
  zone = "asia-south1-b"
}
resource "google_compute_region_disk" "twice" {
  name          = "twice"
  region        = "asia-south1"
  size          = 50
  type          = "pd-balanced"
  replica_zones = ["asia-south1-a", "asia-south1-b"]
}
resource "google_compute_disk_resource_policy_attachment" "kept" {
  name = google_compute_resource_policy.daily.name
  disk = google_compute_disk.kept.name
  zone = "asia-south1-b"
}
resource "google_compute_disk_iam_member" "one" {
  name   = google_compute_disk.kept.name
  zone   = "asia-south1-b"
  role   = "roles/compute.storageAdmin"
  member = "user:ann@example.com"
}
"""
POLICIES = Case(
    "resource policies",
    first=_POLICIES,
    second=_POLICIES.replace("Every day", "Each day").replace("size          = 50", "size          = 60"),
    updated=frozenset(("google_compute_resource_policy.daily", "google_compute_region_disk.twice")),
    replaced=(('name = "kept"', 'name = "lost"', "google_compute_disk.kept"),),
    imports={
        "google_compute_resource_policy.daily": "projects/PROJECT/regions/asia-south1/resourcePolicies/daily",
        "google_compute_region_disk.twice": "asia-south1/twice",
        "google_compute_disk_resource_policy_attachment.kept": "PROJECT/asia-south1-b/kept/daily",
    },
)
_TEMPLATES = (
    _NETWORK
    + """
data "google_compute_instance_template" "named" {
  name = google_compute_instance_template.named.name
}
resource "google_compute_instance_template" "named" {
  name                    = "named"
  machine_type            = "e2-micro"
  description             = "By its name"
  instance_description    = "Made of it"
  tags                    = ["web"]
  labels                  = { of = "first" }
  metadata                = { enable-oslogin = "TRUE" }
  metadata_startup_script = "echo hello"
  disk {
    source_image = "debian-cloud/debian-12"
    disk_size_gb = 20
    disk_type    = "pd-balanced"
    labels       = { disk = "boot" }
  }
  disk {
    type         = "SCRATCH"
    disk_type    = "local-ssd"
    disk_size_gb = 375
    interface    = "NVME"
    boot         = false
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.id
    access_config {}
  }
  service_account {
    scopes = ["cloud-platform", "storage-ro"]
  }
  shielded_instance_config {
    enable_secure_boot = true
  }
}
resource "google_compute_instance_template" "prefixed" {
  name_prefix  = "prefixed-"
  machine_type = "n2-standard-2"
  disk {
    source_image = "projects/ubuntu-os-cloud/global/images/family/ubuntu-2204-lts"
    auto_delete  = true
    boot         = true
  }
  network_interface {
    network = google_compute_network.vpc.id
  }
  scheduling {
    preemptible       = true
    automatic_restart = false
  }
}
resource "google_compute_region_instance_template" "regional" {
  name         = "regional"
  region       = "asia-south1"
  machine_type = "e2-small"
  disk {
    source_image = "cos-cloud/cos-stable"
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.self_link
  }
}
"""
)
TEMPLATES = Case(
    "templates of machines",
    first=_TEMPLATES,
    second=_TEMPLATES.replace('ip_cidr_range = "10.41.0.0/24"', 'ip_cidr_range = "10.42.0.0/24"'),
    updated=frozenset(("google_compute_subnetwork.one",)),
    replaced=(
        ('"e2-micro"', '"e2-medium"', "google_compute_instance_template.named"),
        ("debian-cloud/debian-12", "debian-cloud/debian-13", "google_compute_instance_template.named"),
        ('of = "first"', 'of = "second"', "google_compute_instance_template.named"),
        ('"n2-standard-2"', '"n2-standard-4"', "google_compute_instance_template.prefixed"),
        ('"e2-small"', '"e2-medium"', "google_compute_region_instance_template.regional"),
    ),
    imports={
        "google_compute_network.vpc": "machines",
        "google_compute_subnetwork.one": "asia-south1/machines-one",
        "google_compute_region_instance_template.regional": "asia-south1/regional",
    },
    after_import=frozenset(("labels", "terraform_labels")),
)
CASES = [MACHINES, POLICIES, TEMPLATES]

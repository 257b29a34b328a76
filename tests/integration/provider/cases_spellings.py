"""One thing by several spellings: what a configuration says in short, the server tells in full, and nothing changes."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

_FIRST = """
resource "google_compute_disk" "licensed" {
  name     = "spelt-licensed"
  zone     = "asia-south1-a"
  size     = 10
  type     = "projects/PROJECT/zones/asia-south1-a/diskTypes/pd-ssd"
  licenses = ["projects/debian-cloud/global/licenses/debian-12-bookworm"]
}
resource "google_compute_disk" "second" {
  name = "spelt-second"
  zone = "asia-south2-a"
  size = 10
  type = "pd-ssd"
  async_primary_disk {
    disk = google_compute_disk.licensed.id
  }
}
resource "google_compute_resource_policy" "daily" {
  name   = "spelt-daily"
  region = "asia-south1"
  snapshot_schedule_policy {
    schedule {
      daily_schedule {
        days_in_cycle = 1
        start_time    = "04:00"
      }
    }
  }
}
resource "google_compute_resource_policy" "close" {
  name   = "spelt-close"
  region = "asia-south1"
  group_placement_policy {
    collocation = "COLLOCATED"
  }
}
resource "google_compute_instance_template" "policies" {
  name         = "spelt-policies"
  machine_type = "c2-standard-4"
  disk {
    source_image      = "debian-cloud/debian-12"
    boot              = true
    auto_delete       = true
    resource_policies = [google_compute_resource_policy.daily.id]
  }
  network_interface {
    network = "default"
  }
  resource_policies = [google_compute_resource_policy.close.self_link]
  scheduling {
    on_host_maintenance = "TERMINATE"
    automatic_restart   = false
  }
}
resource "google_storage_bucket" "site" {
  name     = "PROJECT-site"
  location = "asia-south1"
  website {
    main_page_suffix = "index.html"
    not_found_page   = "404.html"
  }
}
"""

CASES = [
    edited(
        Case(
            "spellings",
            first=_FIRST,
            replaced=(("debian-12-bookworm", "debian-11-bullseye", "google_compute_disk.licensed"),),
        ),
        ('    main_page_suffix = "index.html"\n', ""),  # which stays
        ('size = 10\n  type = "pd-ssd"', 'size = 20\n  type = "pd-ssd"'),
        updated={"google_compute_disk.second"},
    )
]

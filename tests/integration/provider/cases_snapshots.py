"""Snapshots, images of one's own, disks of them, disks that are copied elsewhere, and a project's metadata."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case

_DISK = """
resource "google_compute_disk" "data" {
  name  = "data"
  zone  = "asia-south1-a"
  image = "debian-cloud/debian-12"
  size  = 20
}
"""
_COPIES = (
    _DISK
    + """
resource "google_compute_snapshot" "plain" {
  name        = "plain"
  source_disk = google_compute_disk.data.id
}
resource "google_compute_snapshot" "zoned" {
  name        = "zoned"
  source_disk = google_compute_disk.data.name
  zone        = "asia-south1-a"
}
resource "google_compute_snapshot" "full" {
  name              = "full"
  description       = "All of it"
  source_disk       = google_compute_disk.data.self_link
  labels            = { of = "first" }
  snapshot_type     = "ARCHIVE"
  storage_locations = ["asia-south1"]
  chain_name        = "mine"
}
resource "google_compute_instant_snapshot" "quick" {
  name        = "quick"
  zone        = "asia-south1-a"
  source_disk = google_compute_disk.data.self_link
  labels      = { of = "first" }
}
resource "google_compute_snapshot" "of_instant" {
  name                    = "of-instant"
  source_instant_snapshot = google_compute_instant_snapshot.quick.id
}
resource "google_compute_image" "of_disk" {
  name              = "of-disk"
  family            = "mine"
  description       = "Of a disk"
  source_disk       = google_compute_disk.data.id
  labels            = { of = "first" }
  storage_locations = ["asia"]
}
resource "google_compute_image" "of_snapshot" {
  name            = "of-snapshot"
  source_snapshot = google_compute_snapshot.plain.id
  guest_os_features {
    type = "UEFI_COMPATIBLE"
  }
}
resource "google_compute_image" "of_image" {
  name         = "of-image"
  source_image = google_compute_image.of_disk.self_link
  disk_size_gb = 30
}
resource "google_compute_disk" "of_snapshot" {
  name     = "of-snapshot"
  zone     = "asia-south1-b"
  snapshot = google_compute_snapshot.plain.name
}
resource "google_compute_disk" "of_instant" {
  name                    = "of-instant"
  zone                    = "asia-south1-a"
  source_instant_snapshot = google_compute_instant_snapshot.quick.self_link
}
resource "google_compute_disk" "of_image" {
  name  = "of-image"
  zone  = "asia-south1-b"
  image = google_compute_image.of_image.self_link
}
resource "google_compute_snapshot_iam_member" "reader" {
  name   = google_compute_snapshot.plain.name
  role   = "roles/compute.viewer"
  member = "user:ann@example.com"
}
resource "google_compute_image_iam_binding" "users" {
  image   = google_compute_image.of_disk.name
  role    = "roles/compute.imageUser"
  members = ["user:ann@example.com"]
}
resource "google_compute_instant_snapshot_iam_member" "reader" {
  zone   = "asia-south1-a"
  name   = google_compute_instant_snapshot.quick.name
  role   = "roles/compute.viewer"
  member = "user:ann@example.com"
}
"""
)
_REGIONAL = """
resource "google_compute_region_disk" "both" {
  name          = "both"
  region        = "asia-south1"
  size          = 20
  replica_zones = ["asia-south1-a", "asia-south1-b"]
}
resource "google_compute_region_instant_snapshot" "quick" {
  name        = "quick"
  region      = "asia-south1"
  source_disk = google_compute_region_disk.both.id
  labels      = { of = "first" }
}
resource "google_compute_resource_policy" "daily" {
  name   = "daily"
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
resource "google_compute_region_disk_resource_policy_attachment" "kept" {
  name   = google_compute_resource_policy.daily.name
  disk   = google_compute_region_disk.both.name
  region = "asia-south1"
}
resource "google_compute_region_disk_iam_member" "reader" {
  name   = google_compute_region_disk.both.name
  region = "asia-south1"
  role   = "roles/compute.viewer"
  member = "user:ann@example.com"
}
resource "google_compute_region_instant_snapshot_iam_member" "reader" {
  name   = google_compute_region_instant_snapshot.quick.name
  region = "asia-south1"
  role   = "roles/compute.viewer"
  member = "user:ann@example.com"
}
resource "google_compute_disk" "first" {
  name = "first"
  zone = "asia-south1-a"
  type = "pd-ssd"
  size = 20
}
resource "google_compute_disk" "second" {
  name = "second"
  zone = "asia-southeast1-a"
  type = "pd-ssd"
  size = 20
  async_primary_disk {
    disk = google_compute_disk.first.id
  }
}
resource "google_compute_disk_async_replication" "copied" {
  primary_disk = google_compute_disk.first.id
  secondary_disk {
    disk = google_compute_disk.second.id
  }
}
resource "google_compute_disk" "kept" {
  name                                  = "kept"
  zone                                  = "asia-south1-a"
  create_snapshot_before_destroy        = true
  create_snapshot_before_destroy_prefix = "last"
}
"""
_METADATA = """
resource "google_compute_project_metadata" "all" {
  metadata = {
    enable-oslogin = "TRUE"
    colour         = "blue"
  }
}
"""
_ITEM = """
resource "google_compute_project_metadata_item" "one" {
  key   = "colour"
  value = "blue"
}
resource "google_compute_project_metadata_item" "two" {
  key   = "shape"
  value = "round"
}
"""
CASES = [
    Case(
        "snapshots-and-images",
        _COPIES,
        _COPIES.replace('{ of = "first" }', '{ of = "second" }'),
        frozenset(
            (
                "google_compute_snapshot.full",
                "google_compute_instant_snapshot.quick",
                "google_compute_image.of_disk",
            )
        ),
        (
            ('description       = "All of it"', 'description       = "Most"', "google_compute_snapshot.full"),
            ('"UEFI_COMPATIBLE"', '"GVNIC"', "google_compute_image.of_snapshot"),
            ("disk_size_gb = 30", "disk_size_gb = 40", "google_compute_image.of_image"),
        ),
        {
            "google_compute_disk.data": "asia-south1-a/data",
            "google_compute_snapshot.full": "PROJECT/full",
            "google_compute_snapshot.plain": "projects/PROJECT/global/snapshots/plain",
            "google_compute_image.of_disk": "of-disk",
            "google_compute_image.of_image": "projects/PROJECT/global/images/of-image",
            "google_compute_instant_snapshot.quick": "asia-south1-a/quick",
            "google_compute_disk.of_snapshot": "projects/PROJECT/zones/asia-south1-b/disks/of-snapshot",
        },
        LABELS,
    ),
    Case(
        "region-disks-and-replication",
        _REGIONAL,
        # The name of a disk's last snapshot has the second in it: one that is made again soon needs another prefix.
        _REGIONAL.replace('{ of = "first" }', '{ of = "second" }').replace('"last"', '"latest"'),
        frozenset(("google_compute_region_instant_snapshot.quick", "google_compute_disk.kept")),
        (),
        {
            "google_compute_region_disk.both": "asia-south1/both",
            "google_compute_region_instant_snapshot.quick": "asia-south1/quick",
            "google_compute_region_disk_resource_policy_attachment.kept": "PROJECT/asia-south1/both/daily",
        },
        LABELS,
    ),
    Case(
        "project-metadata",
        _METADATA,
        _METADATA.replace('"blue"', '"red"'),
        frozenset(("google_compute_project_metadata.all",)),
        (),
        {"google_compute_project_metadata.all": "PROJECT"},
    ),
    Case(
        "project-metadata-item",
        _ITEM,
        _ITEM.replace('"blue"', '"red"'),
        frozenset(("google_compute_project_metadata_item.one",)),
        (('"shape"', '"form"', "google_compute_project_metadata_item.two"),),
        {"google_compute_project_metadata_item.one": "projects/PROJECT/meta-data/colour"},
    ),
]

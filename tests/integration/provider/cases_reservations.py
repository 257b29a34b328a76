"""Room for machines that is reserved, and hardware that is committed to."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case

_ROOM = """
resource "google_compute_reservation" "plain" {
  name = "room"
  zone = "asia-south1-a"
  specific_reservation {
    count = 2
    instance_properties {
      machine_type = "n2-standard-2"
    }
  }
}
resource "google_compute_reservation" "named" {
  name                          = "room-named"
  zone                          = "asia-south1-a"
  description                   = "By its name"
  specific_reservation_required = true
  delete_after_duration {
    seconds = "86400"
  }
  reservation_sharing_policy {
    service_share_type = "ALLOW_ALL"
  }
  share_settings {
    share_type = "SPECIFIC_${upper("projects")}"
    project_map {
      id         = "PROJECT-one"
      project_id = "PROJECT-one"
    }
  }
  specific_reservation {
    count = 1
    instance_properties {
      machine_type     = "n2-standard-4"
      min_cpu_platform = "Intel Cascade Lake"
      local_ssds {
        disk_size_gb = 375
        interface    = "NVME"
      }
    }
  }
}
"""
_USERS = """
resource "google_compute_network" "vpc" {
  name                    = "reserved"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "one" {
  name          = "reserved-one"
  network       = google_compute_network.vpc.id
  region        = "asia-south1"
  ip_cidr_range = "10.54.0.0/24"
}
resource "google_compute_instance_template" "none" {
  name         = "reserved-none"
  machine_type = "e2-micro"
  disk {
    source_image = "debian-cloud/debian-12"
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.id
  }
  reservation_affinity {
    type = "SPECIFIC_RESERVATION"
    specific_reservation {
      key    = "compute.googleapis.com/reservation-name"
      values = ["room-named"]
    }
  }
}
resource "google_compute_instance" "none" {
  name         = "reserved-none"
  zone         = "asia-south1-a"
  machine_type = "e2-micro"
  boot_disk {
    initialize_params {
      image = "debian-cloud/debian-12"
    }
  }
  network_interface {
    subnetwork = google_compute_subnetwork.one.id
  }
  reservation_affinity {
    type = "NO_RESERVATION"
  }
}
"""
_COMMITTED = """
resource "google_compute_region_commitment" "plain" {
  name   = "committed"
  region = "asia-south1"
  plan   = "TWELVE_MONTH"
  resources {
    type   = "VCPU"
    amount = "4"
  }
  resources {
    type   = "MEMORY"
    amount = "9"
  }
}
resource "google_compute_region_commitment" "full" {
  name        = "committed-full"
  region      = "asia-south1"
  description = "Kept for long"
  plan        = "THIRTY_SIX_MONTH"
  type        = "MEMORY_OPTIMIZED"
  category    = "MACHINE"
  auto_renew  = true
  resources {
    type   = "VCPU"
    amount = "4"
  }
  resources {
    type   = "MEMORY"
    amount = "9"
  }
}
"""
CASES = [
    Case(
        "reservations",
        first=_ROOM,
        second=_ROOM.replace("count = 2", "count = 3").replace(
            'id         = "PROJECT-one"\n      project_id = "PROJECT-one"',
            'id         = "PROJECT-two"\n      project_id = "PROJECT-two"',
        ),
        updated=frozenset(("google_compute_reservation.plain", "google_compute_reservation.named")),
        replaced=(("n2-standard-2", "n2-standard-8", "google_compute_reservation.plain"),),
        imports={"google_compute_reservation.plain": "PROJECT/asia-south1-a/room"},
    ),
    Case(
        "machines that take up reservations",
        first=_USERS,
        second=_USERS,
        replaced=(('    type = "NO_RESERVATION"', '    type = "ANY_RESERVATION"', "google_compute_instance.none"),),
        after_import=LABELS,
    ),
    Case(
        "commitments",
        first=_COMMITTED,
        second=_COMMITTED,
        replaced=(("Kept for long", "Kept for years", "google_compute_region_commitment.full"),),
        imports={"google_compute_region_commitment.full": "asia-south1/committed-full"},
        stays="already exists",
    ),
]

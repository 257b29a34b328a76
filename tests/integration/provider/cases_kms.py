"""Cloud KMS, where nothing that was made ever goes."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_KEY = "projects/PROJECT/locations/asia-south1/keyRings/strategy-engine/cryptoKeys"
_RING = """
resource "google_kms_key_ring" "ring" {
  name     = "strategy-engine"
  location = "asia-south1"
}
"""

KMS = Case(
    "kms",
    first=_RING
    + """
resource "google_kms_crypto_key" "data" {
  name            = "data"
  key_ring        = google_kms_key_ring.ring.id
  rotation_period = "7776000s"
  labels          = { tier = "one" }
}
resource "google_kms_crypto_key" "orders" {
  name                       = "orders"
  key_ring                   = google_kms_key_ring.ring.id
  purpose                    = "ASYMMETRIC_SIGN"
  destroy_scheduled_duration = "86400s"
  version_template {
    algorithm        = "EC_SIGN_P256_SHA256"
    protection_level = "HSM"
  }
}
resource "google_kms_crypto_key_iam_member" "use" {
  crypto_key_id = google_kms_crypto_key.data.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "user:ann@example.com"
}
""",
    second=_RING
    + """
resource "google_kms_crypto_key" "data" {
  name            = "data"
  key_ring        = google_kms_key_ring.ring.id
  rotation_period = "86400s"
  labels          = { tier = "two" }
}
resource "google_kms_crypto_key" "orders" {
  name                       = "orders"
  key_ring                   = google_kms_key_ring.ring.id
  purpose                    = "ASYMMETRIC_SIGN"
  destroy_scheduled_duration = "86400s"
  version_template {
    algorithm        = "EC_SIGN_P384_SHA384"
    protection_level = "HSM"
  }
}
resource "google_kms_crypto_key_iam_member" "use" {
  crypto_key_id = google_kms_crypto_key.data.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "user:ann@example.com"
}
""",
    updated=frozenset(("google_kms_crypto_key.data", "google_kms_crypto_key.orders")),
    replaced=(
        ('"strategy-engine"', '"risk"', "google_kms_key_ring.ring"),
        ('"86400s"\n  version', '"172800s"\n  version', "google_kms_crypto_key.orders"),
        ('"HSM"', '"SOFTWARE"', "google_kms_crypto_key.orders"),
        ('"ASYMMETRIC_SIGN"', '"MAC"', "google_kms_crypto_key.orders"),
        ('.cryptoKeyEncrypterDecrypter"', '.cryptoKeyDecrypter"', "google_kms_crypto_key_iam_member.use"),
    ),
    imports={
        "google_kms_key_ring.ring": "projects/PROJECT/locations/asia-south1/keyRings/strategy-engine",
        "google_kms_crypto_key.data": f"{_KEY}/data",
        "google_kms_crypto_key.orders": "asia-south1/strategy-engine/orders",
        "google_kms_crypto_key_iam_member.use": f"{_KEY}/data roles/cloudkms.cryptoKeyEncrypterDecrypter "
        "user:ann@example.com",
    },
    after_import=frozenset(("labels", "terraform_labels", "skip_initial_version_creation")),
    stays="already exists",
)

CASES = [KMS]

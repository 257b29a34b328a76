variables {
  project_id     = "atm-dev"
  project_number = "123456789012"
  region         = "asia-south1"
  key_ring       = "strategy-engine"
}

# key ring: one, made when there are keys
run "no_ring_without_keys" {
  command = plan
  assert {
    condition     = length(google_kms_key_ring.this) == 0
    error_message = "A ring is forever, so it is made for keys only."
  }
}

# rotation_period: a new version for new data, as often as that (ENCRYPT_DECRYPT)
# destroy_scheduled_duration: how long a destroyed version can still be restored
# deletion_protection: Terraform refuses to destroy the versions of a key, by default
# labels: the module's and the thing's own, which win
run "a_key_that_rotates" {
  command = plan
  variables {
    labels   = { environment = "dev" }
    kms_keys = { data = { rotation_period = "7776000s", destroy_scheduled_duration = "86400s" } }
  }
  assert {
    condition     = google_kms_key_ring.this["strategy-engine"].location == "asia-south1"
    error_message = "The ring is in the region."
  }
  assert {
    condition     = google_kms_crypto_key.this["data"].rotation_period == "7776000s" && google_kms_crypto_key.this["data"].destroy_scheduled_duration == "86400s"
    error_message = "It rotates, and is restored within a day."
  }
  assert {
    condition     = google_kms_crypto_key.this["data"].version_template[0].algorithm == "GOOGLE_SYMMETRIC_ENCRYPTION" && google_kms_crypto_key.this["data"].version_template[0].protection_level == "SOFTWARE"
    error_message = "Symmetric and in software by default."
  }
  assert {
    condition     = google_kms_crypto_key.this["data"].deletion_policy == "PREVENT"
    error_message = "It is protected by default."
  }
  assert {
    condition     = google_kms_crypto_key.this["data"].labels == tomap({ environment = "dev" })
    error_message = "The module's labels are on it."
  }
  assert {
    condition     = output.ids["data"] == "projects/atm-dev/locations/asia-south1/keyRings/strategy-engine/cryptoKeys/data"
    error_message = "Its full name is known at plan."
  }
}

# purpose, algorithm: ENCRYPT_DECRYPT (GOOGLE_SYMMETRIC_ENCRYPTION), ASYMMETRIC_SIGN, ASYMMETRIC_DECRYPT, MAC
# protection_level: SOFTWARE or HSM
run "a_key_that_signs_and_may_be_destroyed" {
  command = plan
  variables {
    kms_keys = { orders = { purpose = "ASYMMETRIC_SIGN", algorithm = "EC_SIGN_P256_SHA256", protection_level = "HSM", deletion_protection = false } }
  }
  assert {
    condition     = google_kms_crypto_key.this["orders"].version_template[0].protection_level == "HSM" && google_kms_crypto_key.this["orders"].deletion_policy == "DELETE"
    error_message = "In hardware, and not protected."
  }
}

# used_by: the agents of these products may encrypt and decrypt with the key (CMEK)
run "agents_of_the_products_that_use_it" {
  command = plan
  variables {
    kms_keys = { data = { used_by = ["storage", "bigquery", "redis"] } }
  }
  assert {
    condition = toset([for grant in google_kms_crypto_key_iam_member.used_by : grant.member]) == toset([
      "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com",
      "serviceAccount:bq-123456789012@bigquery-encryption.iam.gserviceaccount.com",
      "serviceAccount:service-123456789012@cloud-redis.iam.gserviceaccount.com",
    ])
    error_message = "Each product has an agent of its own."
  }
}

# grants: additive, one member resource a thing, grant and member; the same role for the same member twice is refused
run "grants_with_and_without_a_condition" {
  command = plan
  variables {
    kms_keys = {
      data = {
        grants = {
          use = { role = "roles/cloudkms.cryptoKeyDecrypter", members = ["serviceAccount:run@atm-dev.iam.gserviceaccount.com"] }
          office = {
            role      = "roles/cloudkms.cryptoKeyDecrypter"
            members   = ["serviceAccount:run@atm-dev.iam.gserviceaccount.com"]
            condition = { title = "this year", expression = "request.time < timestamp(\"2027-01-01T00:00:00Z\")" }
          }
        }
      }
    }
  }
  assert {
    condition     = google_kms_crypto_key_iam_member.this["data/office/serviceAccount:run@atm-dev.iam.gserviceaccount.com"].condition[0].title == "this year"
    error_message = "The condition is on its grant."
  }
  assert {
    condition     = length(google_kms_crypto_key_iam_member.this["data/use/serviceAccount:run@atm-dev.iam.gserviceaccount.com"].condition) == 0
    error_message = "And on no other: what differs in its condition isn't given twice."
  }
}

# location: in a ring of the same name there, for what is stored in another place than the region
run "keys_are_where_what_they_encrypt_is" {
  command = plan
  variables {
    kms_keys = { data = {}, archive = { location = "europe" } }
  }
  assert {
    condition     = { for ring in google_kms_key_ring.this : ring.location => ring.name } == { (var.region) = var.key_ring, europe = var.key_ring }
    error_message = "A ring in each place."
  }
  assert {
    condition     = endswith(output.ids["archive"], "/locations/europe/keyRings/${var.key_ring}/cryptoKeys/archive") && endswith(output.ids["data"], "/locations/${var.region}/keyRings/${var.key_ring}/cryptoKeys/data")
    error_message = "Each key in its ring."
  }
}

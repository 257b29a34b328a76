variables {
  project_id     = "atm-dev"
  project_number = "123456789012"
  region         = "asia-south1"
  key_ring       = "strategy-engine"
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Owner = "quant" }
  }
  expect_failures = [var.labels]
}

run "labels_of_kms_keys_are_lower_case" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        labels = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_kms_crypto_key.this]
}

run "labels_of_kms_keys_are_64_at_most" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        labels = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_kms_crypto_key.this]
}

run "kms_keys_grants_have_a_role" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  expect_failures = [google_kms_crypto_key_iam_member.this]
}

run "kms_keys_grants_have_members" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        grants = { read = { role = "roles/viewer", members = [] } }
      }
    }
  }
  expect_failures = [google_kms_crypto_key_iam_member.this]
}

run "kms_keys_grants_have_resolved_members" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
      }
    }
  }
  expect_failures = [google_kms_crypto_key_iam_member.this]
}

run "kms_keys_grants_have_whole_conditions" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
      }
    }
  }
  expect_failures = [google_kms_crypto_key_iam_member.this]
}

run "kms_keys_grants_give_a_role_once" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        grants = {
          one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
          two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
        }
      }
    }
  }
  expect_failures = [google_kms_crypto_key_iam_member.this]
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

run "a_project_number_is_a_number" {
  command = plan
  variables {
    project_number = "atm"
  }
  expect_failures = [var.project_number]
}

run "a_key_ring_has_a_name" {
  command = plan
  variables {
    key_ring = "strategy engine"
  }
  expect_failures = [var.key_ring]
}

run "an_id_has_no_blanks" {
  command = plan
  variables {
    kms_keys = {
      "the key" = {
      }
    }
  }
  expect_failures = [var.kms_keys]
}

run "a_purpose_is_known" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        purpose = "ENCRYPT"
      }
    }
  }
  expect_failures = [var.kms_keys]
}

run "an_algorithm_fits_its_purpose" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        purpose   = "MAC"
        algorithm = "EC_SIGN_P256_SHA256"
      }
    }
  }
  expect_failures = [var.kms_keys]
}

run "another_purpose_needs_an_algorithm" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        purpose = "ASYMMETRIC_SIGN"
      }
    }
  }
  expect_failures = [var.kms_keys]
}

run "a_protection_level_is_known" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        protection_level = "EXTERNAL"
      }
    }
  }
  expect_failures = [var.kms_keys]
}

run "rotation_is_in_seconds" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        rotation_period = "90d"
      }
    }
  }
  expect_failures = [var.kms_keys]
}

run "rotation_is_daily_at_most" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        rotation_period = "3600s"
      }
    }
  }
  expect_failures = [var.kms_keys]
}

run "rotation_is_for_encryption" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        purpose         = "MAC"
        algorithm       = "HMAC_SHA256"
        rotation_period = "86400s"
      }
    }
  }
  expect_failures = [var.kms_keys]
}

run "destruction_takes_a_day_at_least" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        destroy_scheduled_duration = "3600s"
      }
    }
  }
  expect_failures = [var.kms_keys]
}

run "used_by_is_a_product" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        used_by = ["spanner"]
      }
    }
  }
  expect_failures = [var.kms_keys]
}

run "used_by_is_for_encryption" {
  command = plan
  variables {
    kms_keys = {
      thing = {
        purpose   = "MAC"
        algorithm = "HMAC_SHA256"
        used_by   = ["storage"]
      }
    }
  }
  expect_failures = [var.kms_keys]
}

run "used_by_needs_a_project_number" {
  command = plan
  variables {
    project_number = null
    kms_keys = {
      thing = {
        used_by = ["storage"]
      }
    }
  }
  expect_failures = [var.kms_keys]
}

run "a_location_of_kms" {
  command = plan
  variables {
    kms_keys = { thing = { location = "EU" } }
  }
  expect_failures = [var.kms_keys]
}

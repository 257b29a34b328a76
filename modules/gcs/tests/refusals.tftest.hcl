variables {
  project_id = "atm-dev"
}

run "a_project_id_of_google" {
  command = plan
  variables {
    project_id = "1"
  }
  expect_failures = [var.project_id]
}

run "an_id_is_lower_case" {
  command = plan
  variables {
    buckets = {
      Raw = {
        location = "asia-south1"
        name     = "atm-raw"
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_name_has_no_google" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        name     = "my-google-data"
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_name_is_not_begun_by_goog" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        name     = "goog-data"
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_name_has_63_characters_at_most" {
  command = plan
  variables {
    buckets = {
      a-long-id-that-leaves-no-room-for-the-project-in-front-of-it-at-all = {
        location = "asia-south1"
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_location_is_google_s" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia_south1"
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_storage_class_is_known" {
  command = plan
  variables {
    buckets = {
      thing = {
        location      = "asia-south1"
        storage_class = "COOL"
      }
    }
  }
  expect_failures = [var.buckets]
}

run "soft_delete_is_zero_or_a_week" {
  command = plan
  variables {
    buckets = {
      thing = {
        location            = "asia-south1"
        soft_delete_seconds = 86400
      }
    }
  }
  expect_failures = [var.buckets]
}

run "soft_delete_is_90_days_at_most" {
  command = plan
  variables {
    buckets = {
      thing = {
        location            = "asia-south1"
        soft_delete_seconds = 7776001
      }
    }
  }
  expect_failures = [var.buckets]
}

run "lifecycle_rules_are_100_at_most" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        lifecycle_rules = [for n in range(101) : { action = "Delete", age_days = n + 1 }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "an_action_is_known" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        lifecycle_rules = [{ action = "Archive", age_days = 1 }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "set_storage_class_has_a_class" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        lifecycle_rules = [{ action = "SetStorageClass", age_days = 1 }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "delete_has_no_class" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        lifecycle_rules = [{ action = "Delete", storage_class = "NEARLINE", age_days = 1 }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_rule_s_storage_class_is_known" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        lifecycle_rules = [{ action = "SetStorageClass", storage_class = "COOL", age_days = 1 }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_matched_storage_class_is_known" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        lifecycle_rules = [{ action = "Delete", matches_storage_class = ["COOL"] }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "an_age_is_not_negative" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        lifecycle_rules = [{ action = "Delete", age_days = -1 }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_number_of_versions_is_whole" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        lifecycle_rules = [{ action = "Delete", num_newer_versions = 1.5 }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_state_is_known" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        lifecycle_rules = [{ action = "Delete", with_state = "DEAD" }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_rule_has_a_condition" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        lifecycle_rules = [{ action = "Delete" }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "abort_knows_no_versions" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        lifecycle_rules = [{ action = "AbortIncompleteMultipartUpload", age_days = 1, num_newer_versions = 1 }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_retention_is_positive" {
  command = plan
  variables {
    buckets = {
      thing = {
        location   = "asia-south1"
        versioning = false
        retention  = { period_seconds = 0 }
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_retention_is_100_years_at_most" {
  command = plan
  variables {
    buckets = {
      thing = {
        location   = "asia-south1"
        versioning = false
        retention  = { period_seconds = 3155760001 }
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_retention_excludes_versioning" {
  command = plan
  variables {
    buckets = {
      thing = {
        location  = "asia-south1"
        retention = { period_seconds = 86400 }
      }
    }
  }
  expect_failures = [var.buckets]
}

run "cors_has_an_origin" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        cors     = [{ origins = [], methods = ["GET"] }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "cors_has_a_method" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        cors     = [{ origins = ["*"], methods = [] }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_cors_method_is_known" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        cors     = [{ origins = ["*"], methods = ["FETCH"] }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_cors_age_is_not_negative" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        cors     = [{ origins = ["*"], methods = ["GET"], max_age_seconds = -1 }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "the_public_gets_nothing" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        grants   = { read = { role = "roles/storage.objectViewer", members = ["allUsers"] } }
      }
    }
  }
  expect_failures = [google_storage_bucket_iam_member.this]
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Owner = "quant" }
  }
  expect_failures = [var.labels]
}

run "labels_of_buckets_are_lower_case" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        labels   = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "labels_of_buckets_are_64_at_most" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        labels   = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "buckets_grants_have_a_role" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        grants   = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  expect_failures = [google_storage_bucket_iam_member.this]
}

run "buckets_grants_have_members" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        grants   = { read = { role = "roles/viewer", members = [] } }
      }
    }
  }
  expect_failures = [google_storage_bucket_iam_member.this]
}

run "buckets_grants_have_resolved_members" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        grants   = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
      }
    }
  }
  expect_failures = [google_storage_bucket_iam_member.this]
}

run "buckets_grants_have_whole_conditions" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        grants   = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
      }
    }
  }
  expect_failures = [google_storage_bucket_iam_member.this]
}

run "buckets_grants_give_a_role_once" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        grants = {
          one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
          two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
        }
      }
    }
  }
  expect_failures = [google_storage_bucket_iam_member.this]
}

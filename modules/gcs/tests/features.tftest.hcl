variables {
  project_id = "atm-dev"
}

# access: uniform, and public access prevented, unless said otherwise
# versioning, soft_delete_seconds: on, and 7 days, by default
# name: the project id and the id, unless given; known at plan
run "a_bucket_is_closed_and_kept" {
  command = plan
  variables {
    buckets = { raw = { location = "asia-south1" } }
  }
  assert {
    condition     = google_storage_bucket.this["raw"].name == "atm-dev-raw" && output.names["raw"] == "atm-dev-raw" && output.ids["raw"] == "atm-dev-raw" && output.urls["raw"] == "gs://atm-dev-raw"
    error_message = "The name is the project's and the id, known at plan."
  }
  assert {
    condition     = google_storage_bucket.this["raw"].uniform_bucket_level_access && google_storage_bucket.this["raw"].public_access_prevention == "enforced"
    error_message = "Uniform access, and never public."
  }
  assert {
    condition     = google_storage_bucket.this["raw"].versioning[0].enabled && google_storage_bucket.this["raw"].soft_delete_policy[0].retention_duration_seconds == 604800 && !google_storage_bucket.this["raw"].force_destroy
    error_message = "Versions, a week of soft delete, and no destruction of objects."
  }
}

# storage_class, force_destroy: as asked for
# retention: optionally locked; excludes versioning
# labels: the module's and the thing's own, which win
run "names_classes_labels_and_retention" {
  command = plan
  variables {
    labels = { environment = "dev", owner = "platform" }
    buckets = {
      audit = {
        name                = "atm-audit-trail"
        location            = "asia"
        storage_class       = "COLDLINE"
        versioning          = false
        soft_delete_seconds = 0
        force_destroy       = true
        retention           = { period_seconds = 157680000, locked = true }
        labels              = { owner = "risk" }
      }
    }
  }
  assert {
    condition     = google_storage_bucket.this["audit"].name == "atm-audit-trail" && google_storage_bucket.this["audit"].storage_class == "COLDLINE" && google_storage_bucket.this["audit"].force_destroy
    error_message = "What is asked for is planned."
  }
  assert {
    condition     = tonumber(google_storage_bucket.this["audit"].retention_policy[0].retention_period) == 157680000 && google_storage_bucket.this["audit"].retention_policy[0].is_locked
    error_message = "Five years, locked."
  }
  assert {
    condition     = google_storage_bucket.this["audit"].soft_delete_policy[0].retention_duration_seconds == 0
    error_message = "Zero is a value: soft delete is off."
  }
  assert {
    condition     = google_storage_bucket.this["audit"].labels == tomap({ environment = "dev", owner = "risk" })
    error_message = "A bucket's own labels win."
  }
}

# lifecycle_rules: delete, change class, abort uploads; a zero is a zero
run "lifecycle_rules_say_what_they_mean" {
  command = plan
  variables {
    buckets = {
      raw = {
        location = "asia-south1"
        lifecycle_rules = [
          { action = "SetStorageClass", storage_class = "NEARLINE", age_days = 30, matches_prefix = ["ticks/"], matches_storage_class = ["STANDARD"] },
          { action = "Delete", num_newer_versions = 3, with_state = "ARCHIVED" },
          { action = "AbortIncompleteMultipartUpload", age_days = 0 },
        ]
      }
    }
  }
  assert {
    condition     = [for rule in google_storage_bucket.this["raw"].lifecycle_rule : one(rule.action).type] == ["SetStorageClass", "Delete", "AbortIncompleteMultipartUpload"]
    error_message = "The rules are in order."
  }
  assert {
    condition     = one(google_storage_bucket.this["raw"].lifecycle_rule[0].condition).age == 30 && one(google_storage_bucket.this["raw"].lifecycle_rule[0].condition).matches_prefix == tolist(["ticks/"])
    error_message = "Conditions are passed on."
  }
  assert {
    condition     = one(google_storage_bucket.this["raw"].lifecycle_rule[2].condition).send_age_if_zero && !one(google_storage_bucket.this["raw"].lifecycle_rule[1].condition).send_age_if_zero
    error_message = "An age of zero is sent, an absent one is not."
  }
}

# cors: max age is an hour unless given
run "cors_needs_no_max_age" {
  command = plan
  variables {
    buckets = {
      web = { location = "asia-south1", cors = [{ origins = ["https://example.com"], methods = ["GET"] }] }
    }
  }
  assert {
    condition     = google_storage_bucket.this["web"].cors[0].max_age_seconds == 3600 && google_storage_bucket.this["web"].cors[0].method == tolist(["GET"])
    error_message = "An hour by default."
  }
}

# grants: additive, one member resource a thing, grant and member; the same role for the same member twice is refused
run "two_buckets_may_share_the_name_of_a_grant" {
  command = plan
  variables {
    buckets = {
      raw    = { location = "asia-south1", grants = { read = { role = "roles/storage.objectViewer", members = ["group:quants@example.com"] } } }
      models = { location = "asia-south1", grants = { read = { role = "roles/storage.objectUser", members = ["group:quants@example.com", "user:ada@example.com"] } } }
    }
  }
  assert {
    condition = { for key, grant in google_storage_bucket_iam_member.this : key => "${grant.bucket} ${grant.role}" } == {
      "raw/read/group:quants@example.com"    = "atm-dev-raw roles/storage.objectViewer"
      "models/read/group:quants@example.com" = "atm-dev-models roles/storage.objectUser"
      "models/read/user:ada@example.com"     = "atm-dev-models roles/storage.objectUser"
    }
    error_message = "One resource a thing, grant and member."
  }
}

variables {
  project_id = "atm-dev"
}

# access: uniform, and public access prevented, unless public_access opens the bucket
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
    condition = { for key, grant in google_storage_bucket_iam_member.this : key => grant.role } == {
      "raw/read/group:quants@example.com"    = "roles/storage.objectViewer"
      "models/read/group:quants@example.com" = "roles/storage.objectUser"
      "models/read/user:ada@example.com"     = "roles/storage.objectUser"
    }
    error_message = "One resource a thing, grant and member."
  }
}

# regions, rpo: a dual region of two regions, with turbo replication
# autoclass: moves objects to the class their use asks for, down to the terminal class
# kms_key: encrypts new objects with a key of Cloud KMS
# refused_encryption: new objects encrypted in the ways named are refused, the others stay allowed
# requester_pays, event_based_hold, object_retention: as Cloud Storage has them
# ip_filter: from which public addresses, networks and agents the bucket may be reached
# website: main page and page for what is not there
# logging: usage logs into another bucket
run "a_dual_region_with_everything" {
  command = plan
  variables {
    buckets = {
      raw = {
        location           = "IN"
        regions            = ["asia-south1", "asia-south2"]
        rpo                = "ASYNC_TURBO"
        autoclass          = { terminal_storage_class = "ARCHIVE" }
        requester_pays     = true
        event_based_hold   = true
        object_retention   = true
        kms_key            = "projects/atm-dev/locations/in/keyRings/data/cryptoKeys/raw"
        refused_encryption = ["google_managed", "customer_supplied"]
        logging            = { bucket = "atm-dev-logs", prefix = "raw/" }
        website            = { main_page = "index.html", not_found_page = "404.html" }
        ip_filter = {
          public_ranges        = ["203.0.113.0/24"]
          vpc_sources          = [{ network = "projects/atm-dev/global/networks/atm", ranges = ["10.0.0.0/16"] }]
          allow_service_agents = true
        }
      }
    }
  }
  assert {
    condition     = google_storage_bucket.this["raw"].custom_placement_config[0].data_locations == toset(["ASIA-SOUTH1", "ASIA-SOUTH2"]) && google_storage_bucket.this["raw"].rpo == "ASYNC_TURBO"
    error_message = "Both regions, and turbo replication between them."
  }
  assert {
    condition     = google_storage_bucket.this["raw"].autoclass[0].enabled && google_storage_bucket.this["raw"].autoclass[0].terminal_storage_class == "ARCHIVE"
    error_message = "Down to ARCHIVE."
  }
  assert {
    condition = [
      google_storage_bucket.this["raw"].encryption[0].google_managed_encryption_enforcement_config[0].restriction_mode,
      google_storage_bucket.this["raw"].encryption[0].customer_managed_encryption_enforcement_config[0].restriction_mode,
      google_storage_bucket.this["raw"].encryption[0].customer_supplied_encryption_enforcement_config[0].restriction_mode,
    ] == ["FullyRestricted", "NotRestricted", "FullyRestricted"]
    error_message = "Only customer-managed keys are left."
  }
  assert {
    condition     = google_storage_bucket.this["raw"].encryption[0].default_kms_key_name == "projects/atm-dev/locations/in/keyRings/data/cryptoKeys/raw"
    error_message = "New objects are encrypted with the key."
  }
  assert {
    condition     = google_storage_bucket.this["raw"].requester_pays && google_storage_bucket.this["raw"].default_event_based_hold && google_storage_bucket.this["raw"].enable_object_retention
    error_message = "Switches are on."
  }
  assert {
    condition     = google_storage_bucket.this["raw"].ip_filter[0].mode == "Enabled" && google_storage_bucket.this["raw"].ip_filter[0].allow_all_service_agent_access && google_storage_bucket.this["raw"].ip_filter[0].public_network_source[0].allowed_ip_cidr_ranges == tolist(["203.0.113.0/24"]) && google_storage_bucket.this["raw"].ip_filter[0].vpc_network_sources[0].network == "projects/atm-dev/global/networks/atm"
    error_message = "Reached from those addresses only."
  }
  assert {
    condition     = google_storage_bucket.this["raw"].website[0].main_page_suffix == "index.html" && google_storage_bucket.this["raw"].website[0].not_found_page == "404.html"
    error_message = "Pages of a web site."
  }
  assert {
    condition     = google_storage_bucket.this["raw"].logging[0].log_bucket == "atm-dev-logs" && google_storage_bucket.this["raw"].logging[0].log_object_prefix == "raw/"
    error_message = "Logs go to the other bucket."
  }
}

# hierarchical_namespace: real folders, without versions
# managed_folders: folders with grants of their own
# objects: from texts, with type, cache control, class and metadata
run "folders_and_objects" {
  command = plan
  variables {
    buckets = {
      raw = {
        location               = "asia-south1"
        versioning             = false
        hierarchical_namespace = true
        managed_folders = {
          "reports/"       = { grants = { read = { role = "roles/storage.objectViewer", members = ["group:quants@example.com"] } } }
          "reports/daily/" = { force_destroy = true }
        }
        objects = {
          "config/trading.yaml" = { content = "limit: 10\n", content_type = "application/yaml", cache_control = "no-store", storage_class = "NEARLINE", metadata = { owner = "quant" } }
        }
      }
    }
  }
  assert {
    condition     = google_storage_bucket.this["raw"].hierarchical_namespace[0].enabled
    error_message = "Real folders."
  }
  assert {
    condition     = google_storage_managed_folder.this["raw/reports/"].name == "reports/" && !google_storage_managed_folder.this["raw/reports/"].force_destroy && google_storage_managed_folder.this["raw/reports/daily/"].force_destroy
    error_message = "Folders are kept, unless said otherwise."
  }
  assert {
    condition     = google_storage_managed_folder_iam_member.this["raw/reports//read/group:quants@example.com"].managed_folder == "reports/" && length(google_storage_bucket_iam_member.this) == 0
    error_message = "On the exact folder."
  }
  assert {
    condition     = google_storage_bucket_object.this["raw/config/trading.yaml"].content == "limit: 10\n" && google_storage_bucket_object.this["raw/config/trading.yaml"].storage_class == "NEARLINE" && output.objects["raw/config/trading.yaml"] == "gs://atm-dev-raw/config/trading.yaml"
    error_message = "The object is as it is asked for, its address known at plan."
  }
}

# public_access: only where a bucket says so may a grant name allUsers
run "the_public_may_read_a_bucket_that_says_so" {
  command = plan
  variables {
    buckets = {
      site = { location = "asia-south1", public_access = true, grants = { read = { role = "roles/storage.objectViewer", members = ["allUsers"] } } }
    }
  }
  assert {
    condition     = google_storage_bucket.this["site"].public_access_prevention == "inherited" && google_storage_bucket_iam_member.this["site/read/allUsers"].member == "allUsers"
    error_message = "Open, as it is asked for."
  }
}

# lifecycle_rules by days and sizes: created before, custom time, noncurrent before, larger, smaller
run "rules_of_days_and_sizes" {
  command = plan
  variables {
    buckets = {
      raw = {
        location = "asia-south1"
        lifecycle_rules = [
          { action = "Delete", created_before = "2026-01-31", custom_time_before = "2026-02-28", noncurrent_time_before = "2026-03-31" },
          { action = "Delete", days_since_custom_time = 0, size_above_bytes = 1000, size_below_bytes = 2000 },
        ]
      }
    }
  }
  assert {
    condition     = one(google_storage_bucket.this["raw"].lifecycle_rule[0].condition).created_before == "2026-01-31" && one(google_storage_bucket.this["raw"].lifecycle_rule[0].condition).noncurrent_time_before == "2026-03-31"
    error_message = "Days are passed on."
  }
  assert {
    condition     = one(google_storage_bucket.this["raw"].lifecycle_rule[1].condition).send_days_since_custom_time_if_zero && one(google_storage_bucket.this["raw"].lifecycle_rule[1].condition).size_above_bytes == 1000
    error_message = "A zero is sent, and sizes are passed on."
  }
}

# notifications: a message a change, and the one grant the storage agent needs, on the exact topic
run "changes_are_told_to_topics" {
  command = plan
  variables {
    project_number = "123456789012"
    notifications = {
      raw     = { bucket = "atm-dev-raw", topic = "projects/atm-dev/topics/changes", prefix = "ticks/", attributes = { origin = "raw" } }
      reports = { bucket = "atm-dev-reports", topic = "projects/atm-dev/topics/changes", events = ["OBJECT_DELETE"], payload_format = "NONE" }
    }
  }
  assert {
    condition     = keys(google_pubsub_topic_iam_member.notifications) == ["projects/atm-dev/topics/changes"] && google_pubsub_topic_iam_member.notifications["projects/atm-dev/topics/changes"].member == "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"
    error_message = "One grant on the topic, however many notifications share it."
  }
  assert {
    condition     = google_storage_notification.this["raw"].event_types == toset(["OBJECT_FINALIZE"]) && google_storage_notification.this["raw"].object_name_prefix == "ticks/" && google_storage_notification.this["reports"].payload_format == "NONE"
    error_message = "New objects unless said otherwise."
  }
}

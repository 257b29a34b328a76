variables {
  project_id = "atm-dev"
}

run "a_dual_region_has_two_regions" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "IN"
        regions  = ["asia-south1"]
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "a_dual_region_is_within_a_multi_region" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        regions  = ["asia-south1", "asia-south2"]
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "turbo_replication_is_between_two_regions" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        rpo      = "ASYNC_TURBO"
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "a_terminal_class_is_known" {
  command = plan
  variables {
    buckets = {
      thing = {
        location  = "asia-south1"
        autoclass = { terminal_storage_class = "COLDLINE" }
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "autoclass_needs_the_standard_class" {
  command = plan
  variables {
    buckets = {
      thing = {
        location      = "asia-south1"
        storage_class = "NEARLINE"
        autoclass     = {}
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "autoclass_excludes_rules_of_classes" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        autoclass       = {}
        lifecycle_rules = [{ action = "SetStorageClass", storage_class = "NEARLINE", age_days = 1 }]
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "a_hierarchical_namespace_has_no_versions" {
  command = plan
  variables {
    buckets = {
      thing = {
        location               = "asia-south1"
        hierarchical_namespace = true
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "a_way_to_encrypt_is_known" {
  command = plan
  variables {
    buckets = {
      thing = {
        location           = "asia-south1"
        refused_encryption = ["none"]
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "one_way_to_encrypt_stays" {
  command = plan
  variables {
    buckets = {
      thing = {
        location           = "asia-south1"
        refused_encryption = ["google_managed", "customer_managed", "customer_supplied"]
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "a_key_has_a_full_name" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        kms_key  = "raw"
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "a_website_has_a_page" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        website  = {}
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "a_filter_is_on_or_off" {
  command = plan
  variables {
    buckets = {
      thing = {
        location  = "asia-south1"
        ip_filter = { mode = "On" }
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "a_filter_s_ranges_are_networks" {
  command = plan
  variables {
    buckets = {
      thing = {
        location  = "asia-south1"
        ip_filter = { public_ranges = ["everywhere"] }
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "a_filter_s_network_is_a_full_name" {
  command = plan
  variables {
    buckets = {
      thing = {
        location  = "asia-south1"
        ip_filter = { vpc_sources = [{ network = "atm", ranges = ["10.0.0.0/16"] }] }
      }
    }
  }
  expect_failures = [google_storage_bucket.this]
}

run "a_day_is_a_day" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        lifecycle_rules = [{ action = "Delete", created_before = "soon" }]
      }
    }
  }
  expect_failures = [var.buckets]
}

run "a_folder_ends_with_a_slash" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        managed_folders = { reports = {} }
      }
    }
  }
  expect_failures = [google_storage_managed_folder.this]
}

run "an_object_has_a_name_of_one_line" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        objects  = { "a\nb" = { content = "" } }
      }
    }
  }
  expect_failures = [google_storage_bucket_object.this]
}

run "an_object_s_class_is_known" {
  command = plan
  variables {
    buckets = {
      thing = {
        location = "asia-south1"
        objects  = { a = { content = "", storage_class = "COLD" } }
      }
    }
  }
  expect_failures = [google_storage_bucket_object.this]
}

run "a_notification_s_topic_is_a_full_name" {
  command = plan
  variables {
    project_number = "123456789012"
    notifications = {
      thing = { bucket = "atm-dev-raw", topic = "changes" }
    }
  }
  expect_failures = [var.notifications]
}

run "a_notification_s_event_is_known" {
  command = plan
  variables {
    project_number = "123456789012"
    notifications = {
      thing = { bucket = "atm-dev-raw", topic = "projects/atm-dev/topics/changes", events = ["OBJECT_READ"] }
    }
  }
  expect_failures = [var.notifications]
}

run "a_notification_s_payload_is_known" {
  command = plan
  variables {
    project_number = "123456789012"
    notifications = {
      thing = { bucket = "atm-dev-raw", topic = "projects/atm-dev/topics/changes", payload_format = "XML" }
    }
  }
  expect_failures = [var.notifications]
}

run "notifications_need_the_project_number" {
  command = plan
  variables {
    notifications = {
      thing = { bucket = "atm-dev-raw", topic = "projects/atm-dev/topics/changes" }
    }
  }
  expect_failures = [var.notifications]
}

run "a_project_number_is_digits" {
  command = plan
  variables {
    project_number = "atm-dev"
  }
  expect_failures = [var.project_number]
}

run "folders_are_closed_to_the_public" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        managed_folders = { "reports/" = { grants = { read = { role = "roles/storage.objectViewer", members = ["allUsers"] } } } }
      }
    }
  }
  expect_failures = [google_storage_managed_folder_iam_member.this]
}

run "folders_grants_have_a_role" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        managed_folders = { "reports/" = { grants = { read = { role = "viewer", members = ["group:quants@example.com"] } } } }
      }
    }
  }
  expect_failures = [google_storage_managed_folder_iam_member.this]
}

run "folders_grants_have_members" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        managed_folders = { "reports/" = { grants = { read = { role = "roles/storage.objectViewer", members = [] } } } }
      }
    }
  }
  expect_failures = [google_storage_managed_folder_iam_member.this]
}

run "folders_grants_have_whole_conditions" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        managed_folders = { "reports/" = { grants = { read = { role = "roles/storage.objectViewer", members = ["group:quants@example.com"], condition = { title = "", expression = "true" } } } } }
      }
    }
  }
  expect_failures = [google_storage_managed_folder_iam_member.this]
}

run "folders_grants_give_a_role_once" {
  command = plan
  variables {
    buckets = {
      thing = {
        location        = "asia-south1"
        managed_folders = { "reports/" = { grants = { a = { role = "roles/storage.objectViewer", members = ["group:quants@example.com"] }, b = { role = "roles/storage.objectViewer", members = ["group:quants@example.com"] } } } }
      }
    }
  }
  expect_failures = [google_storage_managed_folder_iam_member.this]
}

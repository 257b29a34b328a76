variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Owner = "quant" }
  }
  expect_failures = [var.labels]
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

run "labels_of_triggers_are_lower_case" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service         = "engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        labels          = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_eventarc_trigger.this]
}

run "labels_of_triggers_are_64_at_most" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service         = "engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        labels          = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_eventarc_trigger.this]
}

run "an_id_is_lower_case" {
  command = plan
  variables {
    triggers = {
      Thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service         = "engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "criteria_have_a_type" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { bucket = "quotes" }
        service         = "engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "an_attribute_stands_once" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service         = "engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        path_patterns   = { bucket = "q*" }
      }
    }
  }
  expect_failures = [var.triggers]
}

run "a_trigger_leads_somewhere" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "a_trigger_leads_to_one_place" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service         = "engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        workflow        = "projects/atm-dev/locations/asia-south1/workflows/daily"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "a_service_by_name" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service         = "engines/engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "a_path_begins_with_a_slash" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service         = "engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        path            = "run"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "a_path_is_for_a_service" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        workflow        = "projects/atm-dev/locations/asia-south1/workflows/daily"
        path            = "/run"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "a_workflow_in_full" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        workflow        = "daily"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "a_topic_is_for_its_messages" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service         = "engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        topic           = "projects/atm-dev/topics/signals"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "messages_come_from_a_topic" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.pubsub.topic.v1.messagePublished" }
        service         = "engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "a_topic_in_full" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.pubsub.topic.v1.messagePublished" }
        service         = "engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        topic           = "signals"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "an_account_is_an_address" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service         = "engine"
        service_account = "runner"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "a_location_by_name" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service         = "engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        location        = "Asia South"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "a_content_type_is_known" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service         = "engine"
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        content_type    = "text/plain"
      }
    }
  }
  expect_failures = [var.triggers]
}

run "retries_are_switched_off_for_services" {
  command = plan
  variables {
    triggers = {
      thing = {
        criteria        = { type = "google.cloud.storage.object.v1.finalized", bucket = "quotes" }
        service_account = "runner@atm-dev.iam.gserviceaccount.com"
        workflow        = "projects/atm-dev/locations/asia-south1/workflows/daily"
        retry           = false
      }
    }
  }
  expect_failures = [var.triggers]
}

run "a_project_number_of_digits" {
  command = plan
  variables {
    project_number = "atm-dev"
  }
  expect_failures = [var.project_number]
}

run "storage_events_need_the_project_number" {
  command = plan
  variables {
    storage_events = true
  }
  expect_failures = [var.storage_events]
}

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

run "a_project_number_is_a_number" {
  command = plan
  variables {
    project_number = "atm-dev"
  }
  expect_failures = [var.project_number]
}

run "an_id_of_schemas_has_3_characters" {
  command = plan
  variables {
    schemas = {
      ab = {
        definition = "{\"type\":\"string\"}"
      }
    }
  }
  expect_failures = [var.schemas]
}

run "an_id_of_schemas_is_not_begun_by_goog" {
  command = plan
  variables {
    schemas = {
      google-signals = {
        definition = "{\"type\":\"string\"}"
      }
    }
  }
  expect_failures = [var.schemas]
}

run "an_id_of_topics_has_3_characters" {
  command = plan
  variables {
    topics = {
      ab = {
      }
    }
  }
  expect_failures = [var.topics]
}

run "an_id_of_topics_is_not_begun_by_goog" {
  command = plan
  variables {
    topics = {
      google-signals = {
      }
    }
  }
  expect_failures = [var.topics]
}

run "an_id_of_subscriptions_has_3_characters" {
  command = plan
  variables {
    subscriptions = {
      ab = {
        topic = "projects/atm-dev/topics/signals"
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "an_id_of_subscriptions_is_not_begun_by_goog" {
  command = plan
  variables {
    subscriptions = {
      google-signals = {
        topic = "projects/atm-dev/topics/signals"
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "a_schema_type_is_known" {
  command = plan
  variables {
    schemas = {
      thing = {
        definition = "{\"type\":\"string\"}"
        type       = "JSON"
      }
    }
  }
  expect_failures = [var.schemas]
}

run "an_avro_definition_is_json" {
  command = plan
  variables {
    schemas = {
      thing = {
        definition = "schemas/signal.avsc"
      }
    }
  }
  expect_failures = [var.schemas]
}

run "a_protocol_buffer_has_a_definition" {
  command = plan
  variables {
    schemas = {
      thing = {
        definition = " "
        type       = "PROTOCOL_BUFFER"
      }
    }
  }
  expect_failures = [var.schemas]
}

run "a_topic_keeps_for_ten_minutes" {
  command = plan
  variables {
    topics = {
      thing = {
        retention = "60s"
      }
    }
  }
  expect_failures = [var.topics]
}

run "a_topic_keeps_for_31_days_at_most" {
  command = plan
  variables {
    topics = {
      thing = {
        retention = "2678401s"
      }
    }
  }
  expect_failures = [var.topics]
}

run "a_topic_s_retention_is_in_seconds" {
  command = plan
  variables {
    topics = {
      thing = {
        retention = "7d"
      }
    }
  }
  expect_failures = [var.topics]
}

run "a_topic_s_schema_is_a_full_name" {
  command = plan
  variables {
    topics = {
      thing = {
        schema = { id = "strategy-engine/signal" }
      }
    }
  }
  expect_failures = [var.topics]
}

run "a_schema_encoding_is_known" {
  command = plan
  variables {
    topics = {
      thing = {
        schema = { id = "projects/atm-dev/schemas/signal", encoding = "AVRO" }
      }
    }
  }
  expect_failures = [var.topics]
}

run "topic_regions_are_regions" {
  command = plan
  variables {
    topics = {
      thing = {
        regions = ["India"]
      }
    }
  }
  expect_failures = [var.topics]
}

run "a_topic_is_a_full_name" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic = "strategy-engine/signals"
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "an_ack_deadline_is_10_at_least" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic                = "projects/atm-dev/topics/signals"
        ack_deadline_seconds = 9
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "an_ack_deadline_is_600_at_most" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic                = "projects/atm-dev/topics/signals"
        ack_deadline_seconds = 601
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "a_subscription_keeps_for_ten_minutes" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic     = "projects/atm-dev/topics/signals"
        retention = "60s"
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "a_filter_is_short" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic  = "projects/atm-dev/topics/signals"
        filter = format("%257s", "x")
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "an_expiration_is_a_day_at_least" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic          = "projects/atm-dev/topics/signals"
        expiration_ttl = "3600s"
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "an_expiration_is_in_seconds" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic          = "projects/atm-dev/topics/signals"
        expiration_ttl = "never"
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "a_backoff_is_ten_minutes_at_most" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic = "projects/atm-dev/topics/signals"
        retry = { maximum_backoff = "601s" }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "backoffs_are_in_order" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic = "projects/atm-dev/topics/signals"
        retry = { minimum_backoff = "60s", maximum_backoff = "30s" }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "a_dead_letter_topic_is_a_full_name" {
  command = plan
  variables {
    project_number = "123456789012"
    subscriptions  = { thing = { topic = "projects/atm-dev/topics/signals", dead_letter = { topic = "signals-dead" } } }
  }
  expect_failures = [var.subscriptions]
}

run "a_dead_letter_is_tried_five_times" {
  command = plan
  variables {
    project_number = "123456789012"
    subscriptions  = { thing = { topic = "projects/atm-dev/topics/signals", dead_letter = { topic = "projects/atm-dev/topics/signals", max_delivery_attempts = 4 } } }
  }
  expect_failures = [var.subscriptions]
}

run "a_dead_letter_needs_a_project_number" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic       = "projects/atm-dev/topics/signals"
        dead_letter = { topic = "projects/atm-dev/topics/signals" }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "a_push_endpoint_is_https" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic = "projects/atm-dev/topics/signals"
        push  = { endpoint = "http://example.com/push", service_account = "pusher@atm-dev.iam.gserviceaccount.com" }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "a_push_endpoint_has_no_unresolved_reference" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic = "projects/atm-dev/topics/signals"
        push  = { endpoint = "https://$${service}/push", service_account = "pusher@atm-dev.iam.gserviceaccount.com" }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "a_push_service_account_is_an_email" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic = "projects/atm-dev/topics/signals"
        push  = { endpoint = "https://example.com/push", service_account = "strategy-engine/pusher" }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "exactly_once_is_for_pull" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic                        = "projects/atm-dev/topics/signals"
        enable_exactly_once_delivery = true
        push                         = { endpoint = "https://example.com/push", service_account = "pusher@atm-dev.iam.gserviceaccount.com" }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "dead_letter_topics_are_full_names" {
  command = plan
  variables {
    project_number     = "123456789012"
    dead_letter_topics = ["signals-dead"]
  }
  expect_failures = [var.dead_letter_topics]
}

run "dead_letter_topics_need_a_project_number" {
  command = plan
  variables {
    dead_letter_topics = ["projects/atm-dev/topics/signals"]
  }
  expect_failures = [var.dead_letter_topics]
}

run "labels_are_lower_case" {
  command = plan
  variables {
    labels = { Owner = "quant" }
  }
  expect_failures = [var.labels]
}

run "labels_of_topics_are_lower_case" {
  command = plan
  variables {
    topics = {
      thing = {
        labels = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_pubsub_topic.this]
}

run "labels_of_topics_are_64_at_most" {
  command = plan
  variables {
    topics = {
      thing = {
        labels = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_pubsub_topic.this]
}

run "topics_grants_have_a_role" {
  command = plan
  variables {
    topics = {
      thing = {
        grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  expect_failures = [google_pubsub_topic_iam_member.this]
}

run "topics_grants_have_members" {
  command = plan
  variables {
    topics = {
      thing = {
        grants = { read = { role = "roles/viewer", members = [] } }
      }
    }
  }
  expect_failures = [google_pubsub_topic_iam_member.this]
}

run "topics_grants_have_resolved_members" {
  command = plan
  variables {
    topics = {
      thing = {
        grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
      }
    }
  }
  expect_failures = [google_pubsub_topic_iam_member.this]
}

run "topics_grants_have_whole_conditions" {
  command = plan
  variables {
    topics = {
      thing = {
        grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
      }
    }
  }
  expect_failures = [google_pubsub_topic_iam_member.this]
}

run "topics_grants_give_a_role_once" {
  command = plan
  variables {
    topics = {
      thing = {
        grants = {
          one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
          two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
        }
      }
    }
  }
  expect_failures = [google_pubsub_topic_iam_member.this]
}

run "labels_of_subscriptions_are_lower_case" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic  = "projects/atm-dev/topics/signals"
        labels = { Owner = "quant" }
      }
    }
  }
  expect_failures = [google_pubsub_subscription.this]
}

run "labels_of_subscriptions_are_64_at_most" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic  = "projects/atm-dev/topics/signals"
        labels = { for n in range(65) : "label-${n}" => "x" }
      }
    }
  }
  expect_failures = [google_pubsub_subscription.this]
}

run "subscriptions_grants_have_a_role" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic  = "projects/atm-dev/topics/signals"
        grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } }
      }
    }
  }
  expect_failures = [google_pubsub_subscription_iam_member.this]
}

run "subscriptions_grants_have_members" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic  = "projects/atm-dev/topics/signals"
        grants = { read = { role = "roles/viewer", members = [] } }
      }
    }
  }
  expect_failures = [google_pubsub_subscription_iam_member.this]
}

run "subscriptions_grants_have_resolved_members" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic  = "projects/atm-dev/topics/signals"
        grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } }
      }
    }
  }
  expect_failures = [google_pubsub_subscription_iam_member.this]
}

run "subscriptions_grants_have_whole_conditions" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic  = "projects/atm-dev/topics/signals"
        grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } }
      }
    }
  }
  expect_failures = [google_pubsub_subscription_iam_member.this]
}

run "subscriptions_grants_give_a_role_once" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic = "projects/atm-dev/topics/signals"
        grants = {
          one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
          two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }
        }
      }
    }
  }
  expect_failures = [google_pubsub_subscription_iam_member.this]
}

run "a_subscription_has_one_delivery" {
  command = plan
  variables {
    project_number = "123456789012"
    subscriptions = {
      thing = {
        topic         = "projects/atm-dev/topics/signals"
        bigquery      = { dataset = "projects/atm-dev/datasets/trading_data", table = "ticks" }
        cloud_storage = { bucket = "atm-dev-archive" }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "a_table_is_in_a_dataset_named_in_full" {
  command = plan
  variables {
    project_number = "123456789012"
    subscriptions = {
      thing = {
        topic    = "projects/atm-dev/topics/signals"
        bigquery = { dataset = "trading_data", table = "ticks" }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "columns_are_of_one_schema" {
  command = plan
  variables {
    project_number = "123456789012"
    subscriptions = {
      thing = {
        topic    = "projects/atm-dev/topics/signals"
        bigquery = { dataset = "projects/atm-dev/datasets/trading_data", table = "ticks", use_topic_schema = true, use_table_schema = true }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "fields_are_dropped_where_there_are_fields" {
  command = plan
  variables {
    project_number = "123456789012"
    subscriptions = {
      thing = {
        topic    = "projects/atm-dev/topics/signals"
        bigquery = { dataset = "projects/atm-dev/datasets/trading_data", table = "ticks", drop_unknown_fields = true }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "an_object_is_finished_within_ten_minutes" {
  command = plan
  variables {
    project_number = "123456789012"
    subscriptions = {
      thing = {
        topic         = "projects/atm-dev/topics/signals"
        cloud_storage = { bucket = "atm-dev-archive", max_duration = "900s" }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "an_object_has_a_thousand_messages_at_least" {
  command = plan
  variables {
    project_number = "123456789012"
    subscriptions = {
      thing = {
        topic         = "projects/atm-dev/topics/signals"
        cloud_storage = { bucket = "atm-dev-archive", max_messages = 10 }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "a_suffix_is_not_ended_by_a_slash" {
  command = plan
  variables {
    project_number = "123456789012"
    subscriptions = {
      thing = {
        topic         = "projects/atm-dev/topics/signals"
        cloud_storage = { bucket = "atm-dev-archive", suffix = "x/" }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "deliveries_need_a_project_number" {
  command = plan
  variables {
    subscriptions = {
      thing = {
        topic         = "projects/atm-dev/topics/signals"
        cloud_storage = { bucket = "atm-dev-archive" }
      }
    }
  }
  expect_failures = [var.subscriptions]
}

run "in_transit_is_enforced_for_regions" {
  command = plan
  variables {
    topics = {
      thing = { enforce_in_transit = true }
    }
  }
  expect_failures = [var.topics]
}

run "a_key_of_topics_is_a_full_name" {
  command = plan
  variables {
    topics = {
      thing = { kms_key = "orders" }
    }
  }
  expect_failures = [var.topics]
}

run "a_transform_of_topics_names_a_function" {
  command = plan
  variables {
    topics = {
      thing = { transforms = [{ code = "", function = "not a name" }] }
    }
  }
  expect_failures = [var.topics]
}

run "a_transform_of_subscriptions_names_a_function" {
  command = plan
  variables {
    subscriptions = {
      thing = { topic = "projects/atm-dev/topics/signals", transforms = [{ code = "", function = "not a name" }] }
    }
  }
  expect_failures = [var.subscriptions]
}

run "a_topic_is_filled_from_one_source" {
  command = plan
  variables {
    topics = { lines = { ingestion = { platform_logs = "ERROR" } } }
  }
  expect_failures = [var.topics]
}

run "a_text_has_a_delimiter_of_one_character" {
  command = plan
  variables {
    topics         = { lines = { ingestion = { cloud_storage = { bucket = "b", delimiter = "--" } } } }
    project_number = "123456789012"
  }
  expect_failures = [var.topics]
}

run "logs_of_ingestion_have_a_severity" {
  command = plan
  variables {
    topics         = { lines = { ingestion = { platform_logs = "LOUD", cloud_storage = { bucket = "b" } } } }
    project_number = "123456789012"
  }
  expect_failures = [var.topics]
}

run "ingestion_needs_a_project_number" {
  command = plan
  variables {
    topics = { lines = { ingestion = { cloud_storage = { bucket = "b" } } } }
  }
  expect_failures = [var.topics]
}

run "schema_grants_have_a_role" {
  command = plan
  variables {
    schemas = { tick = { definition = "{}", grants = { read = { role = "viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } } } }
  }
  expect_failures = [google_pubsub_schema_iam_member.this]
}

run "schema_grants_have_resolved_members" {
  command = plan
  variables {
    schemas = { tick = { definition = "{}", grants = { read = { role = "roles/viewer", members = ["strategy-engine/strategy-engine"] } } } }
  }
  expect_failures = [google_pubsub_schema_iam_member.this]
}

run "schema_grants_have_whole_conditions" {
  command = plan
  variables {
    schemas = { tick = { definition = "{}", grants = { read = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"], condition = { title = "", expression = "true" } } } } }
  }
  expect_failures = [google_pubsub_schema_iam_member.this]
}

run "schema_grants_give_a_role_once" {
  command = plan
  variables {
    schemas = { tick = { definition = "{}", grants = { one = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] }, two = { role = "roles/viewer", members = ["serviceAccount:strategy-engine@atm-dev.iam.gserviceaccount.com"] } } } }
  }
  expect_failures = [google_pubsub_schema_iam_member.this]
}

run "tags_of_topics_are_by_key" {
  command = plan
  variables {
    topics = { thing = { tags = { tier = "gold" } } }
  }
  expect_failures = [var.topics]
}

run "tags_of_subscriptions_are_by_key" {
  command = plan
  variables {
    subscriptions = { thing = { topic = "projects/atm-dev/topics/signals", tags = { tier = "gold" } } }
  }
  expect_failures = [var.subscriptions]
}

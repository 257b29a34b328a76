variables {
  project_id = "atm-dev"
}

# topics: retention, schema, regions that may store messages
# subscriptions: to topics of any call, by full name; ordering, exactly once, filter, retries; never expire by default
# labels: the module's and the thing's own, which win
run "topics_schemas_and_pull_subscriptions" {
  command = plan
  variables {
    labels  = { environment = "dev" }
    schemas = { signal = { definition = jsonencode({ type = "record", name = "Signal", fields = [{ name = "symbol", type = "string" }] }) } }
    topics = {
      signals = {
        retention = "86400s"
        schema    = { id = "projects/atm-dev/schemas/signal" }
        regions   = ["asia-south1"]
        labels    = { owner = "quant" }
      }
    }
    subscriptions = {
      signals-risk = {
        topic                        = "projects/atm-dev/topics/signals"
        ack_deadline_seconds         = 60
        retention                    = "86400s"
        enable_message_ordering      = true
        enable_exactly_once_delivery = true
        filter                       = "attributes.strategy = \"momentum\""
        retry                        = { maximum_backoff = "60s" }
      }
    }
  }
  assert {
    condition     = google_pubsub_topic.this["signals"].schema_settings[0].encoding == "JSON" && google_pubsub_topic.this["signals"].message_retention_duration == "86400s" && google_pubsub_topic.this["signals"].labels == tomap({ environment = "dev", owner = "quant" })
    error_message = "The topic is as it is asked for."
  }
  assert {
    condition     = google_pubsub_topic.this["signals"].message_storage_policy[0].allowed_persistence_regions == toset(["asia-south1"])
    error_message = "Messages stay in the region."
  }
  assert {
    condition     = google_pubsub_subscription.this["signals-risk"].expiration_policy[0].ttl == "" && google_pubsub_subscription.this["signals-risk"].retry_policy[0].minimum_backoff == "10s" && length(google_pubsub_subscription.this["signals-risk"].push_config) == 0
    error_message = "Never expires, retries after ten seconds, and is pulled."
  }
  assert {
    condition     = output.ids.topics == { signals = "projects/atm-dev/topics/signals" } && output.ids.subscriptions == { signals-risk = "projects/atm-dev/subscriptions/signals-risk" } && output.names.schemas == { signal = "signal" }
    error_message = "Ids and names are known at plan."
  }
}

# push: with an ID token, always
run "a_push_subscription_signs_its_deliveries" {
  command = plan
  variables {
    subscriptions = {
      signals-push = {
        topic = "projects/other-project/topics/signals"
        push  = { endpoint = "https://risk-manager.example.com/signals", service_account = "pusher@atm-dev.iam.gserviceaccount.com", audience = "https://risk-manager.example.com" }
      }
      signals-local = {
        topic = "projects/atm-dev/topics/signals"
        push  = { endpoint = "http://127.0.0.1:8001/signals", service_account = "pusher@atm-dev.iam.gserviceaccount.com" }
      }
    }
  }
  assert {
    condition     = google_pubsub_subscription.this["signals-push"].push_config[0].oidc_token[0].audience == "https://risk-manager.example.com" && google_pubsub_subscription.this["signals-push"].topic == "projects/other-project/topics/signals"
    error_message = "An ID token with its audience, from a topic of any project."
  }
  assert {
    condition     = google_pubsub_subscription.this["signals-local"].push_config[0].push_endpoint == "http://127.0.0.1:8001/signals"
    error_message = "This machine needs no TLS."
  }
}

# tags: of Resource Manager, bound when the topic or the subscription is made
run "tags_of_resource_manager" {
  command = plan
  variables {
    topics = { signals = { tags = { "atm-dev/tier" = "gold" } } }
    subscriptions = {
      old = {
        topic = "projects/atm-dev/topics/signals"
        tags  = { "tagKeys/123" = "tagValues/456" }
      }
    }
  }
  assert {
    condition     = google_pubsub_topic.this["signals"].tags == tomap({ "atm-dev/tier" = "gold" }) && google_pubsub_subscription.this["old"].tags == tomap({ "tagKeys/123" = "tagValues/456" })
    error_message = "Both have their tags."
  }
}

# dead_letter: policy, and the two grants that Pub/Sub's agent needs: on the exact subscription and on the exact topic
run "dead_letters_are_forwarded_by_an_agent_with_two_exact_grants" {
  command = plan
  variables {
    project_number = "123456789012"
    topics         = { signals = {}, signals-dead = {} }
    subscriptions = {
      one = { topic = "projects/atm-dev/topics/signals", dead_letter = { topic = "projects/atm-dev/topics/signals-dead" } }
      two = { topic = "projects/atm-dev/topics/signals", dead_letter = { topic = "projects/atm-dev/topics/signals-dead", max_delivery_attempts = 10 } }
    }
  }
  assert {
    condition     = keys(google_pubsub_topic_iam_member.dead_letter) == ["signals-dead"] && google_pubsub_topic_iam_member.dead_letter["signals-dead"].role == "roles/pubsub.publisher"
    error_message = "One grant on the dead-letter topic, however many subscriptions use it."
  }
  assert {
    condition     = keys(google_pubsub_subscription_iam_member.dead_letter) == ["one", "two"] && google_pubsub_subscription_iam_member.dead_letter["one"].member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    error_message = "One grant on each subscription."
  }
  assert {
    condition     = google_pubsub_subscription.this["one"].dead_letter_policy[0].max_delivery_attempts == 5 && google_pubsub_subscription.this["two"].dead_letter_policy[0].max_delivery_attempts == 10
    error_message = "Five attempts by default."
  }
}

# dead_letter_topics: topics of this call that subscriptions of other calls forward to
run "a_topic_takes_dead_letters_of_subscriptions_elsewhere" {
  command = plan
  variables {
    project_number     = "123456789012"
    topics             = { signals = {}, signals-dead = {} }
    dead_letter_topics = ["projects/atm-dev/topics/signals-dead", "projects/atm-dev/topics/of-another-call"]
  }
  assert {
    condition     = keys(google_pubsub_topic_iam_member.dead_letter) == ["signals-dead"]
    error_message = "The agent publishes to the topic that is made here."
  }
}

# grants: additive, one member resource a thing, grant and member; the same role for the same member twice is refused
run "two_subscriptions_may_share_the_name_of_a_grant" {
  command = plan
  variables {
    subscriptions = {
      one = { topic = "projects/atm-dev/topics/signals", grants = { read = { role = "roles/pubsub.subscriber", members = ["group:quants@example.com"] } } }
      two = { topic = "projects/atm-dev/topics/signals", grants = { read = { role = "roles/pubsub.subscriber", members = ["group:quants@example.com"] } } }
    }
    topics = {
      signals = { grants = { read = { role = "roles/pubsub.publisher", members = ["group:quants@example.com"] } } }
    }
  }
  assert {
    condition     = keys(google_pubsub_subscription_iam_member.this) == ["one/read/group:quants@example.com", "two/read/group:quants@example.com"]
    error_message = "Each subscription has its grant."
  }
  assert {
    condition     = keys(google_pubsub_topic_iam_member.this) == ["signals/read/group:quants@example.com"]
    error_message = "And so has the topic."
  }
}

# push.no_wrapper: the data alone as the body, with or without attributes as headers
run "a_push_may_be_without_pubsub_s_wrapper" {
  command = plan
  variables {
    subscriptions = {
      raw = {
        topic = "projects/atm-dev/topics/signals"
        push  = { endpoint = "https://example.com/in", service_account = "pusher@atm-dev.iam.gserviceaccount.com", no_wrapper = { write_metadata = true } }
      }
    }
  }
  assert {
    condition     = google_pubsub_subscription.this["raw"].push_config[0].no_wrapper[0].write_metadata
    error_message = "The data is delivered as it is, metadata in headers."
  }
}

# bigquery: rows into a table, by the topic's schema, the table's or as text; Pub/Sub's agent gets two roles on the exact table
run "messages_become_rows_of_a_table" {
  command = plan
  variables {
    project_number = "123456789012"
    subscriptions = {
      ticks-rows = {
        topic    = "projects/atm-dev/topics/ticks"
        bigquery = { dataset = "projects/atm-dev/datasets/trading_data", table = "ticks", use_topic_schema = true, drop_unknown_fields = true }
      }
      ticks-raw = {
        topic    = "projects/atm-dev/topics/ticks"
        bigquery = { dataset = "projects/atm-dev/datasets/trading_data", table = "ticks", write_metadata = true }
      }
    }
  }
  assert {
    condition     = google_pubsub_subscription.this["ticks-rows"].bigquery_config[0].table == "atm-dev.trading_data.ticks" && google_pubsub_subscription.this["ticks-rows"].bigquery_config[0].use_topic_schema && !google_pubsub_subscription.this["ticks-rows"].bigquery_config[0].write_metadata
    error_message = "The table is named in full."
  }
  assert {
    condition = { for key, grant in google_bigquery_table_iam_member.delivery : grant.role => "${grant.project}.${grant.dataset_id}.${grant.table_id} ${grant.member}" } == {
      "roles/bigquery.dataEditor"     = "atm-dev.trading_data.ticks serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
      "roles/bigquery.metadataViewer" = "atm-dev.trading_data.ticks serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    }
    error_message = "Two roles on the table, once each however many subscriptions write to it."
  }
}

# cloud_storage: objects of text or Avro, finished by time, size or number; Pub/Sub's agent gets two roles on the exact bucket
run "messages_become_objects_of_a_bucket" {
  command = plan
  variables {
    project_number = "123456789012"
    subscriptions = {
      audit-archive = {
        topic         = "projects/atm-dev/topics/audit"
        cloud_storage = { bucket = "atm-dev-archive", prefix = "audit/", suffix = ".avro", max_duration = "600s", max_bytes = 10000000, max_messages = 5000, avro = { write_metadata = true } }
      }
      audit-text = {
        topic         = "projects/atm-dev/topics/audit"
        cloud_storage = { bucket = "atm-dev-archive", datetime_format = "YYYY-MM-DD/hh_mm_ssZ" }
      }
    }
  }
  assert {
    condition     = google_pubsub_subscription.this["audit-archive"].cloud_storage_config[0].avro_config[0].write_metadata && google_pubsub_subscription.this["audit-archive"].cloud_storage_config[0].filename_prefix == "audit/"
    error_message = "Avro with the messages' metadata."
  }
  assert {
    condition     = length(google_pubsub_subscription.this["audit-text"].cloud_storage_config[0].avro_config) == 0 && google_pubsub_subscription.this["audit-text"].cloud_storage_config[0].max_duration == "300s"
    error_message = "Text by default, an object every five minutes."
  }
  assert {
    condition     = { for grant in google_storage_bucket_iam_member.delivery : grant.role => grant.bucket } == { "roles/storage.legacyBucketReader" = "atm-dev-archive", "roles/storage.objectCreator" = "atm-dev-archive" }
    error_message = "Two roles on the bucket, once each."
  }
}

# topics.kms_key: messages encrypted with a key of one's own
# topics.enforce_in_transit: publishers and subscribers of other regions are refused
# topics.schema: a range of the schema's revisions
# transforms: JavaScript functions that messages go through, of a topic or of one subscription
run "topics_are_encrypted_kept_in_their_region_and_transformed" {
  command = plan
  variables {
    topics = {
      orders = {
        kms_key            = "projects/atm-dev/locations/asia-south1/keyRings/risk/cryptoKeys/orders"
        regions            = ["asia-south1"]
        enforce_in_transit = true
        schema             = { id = "projects/atm-dev/schemas/order", first_revision = "1f", last_revision = "2e" }
        transforms         = [{ code = "function mask(message, metadata) { return message; }", function = "mask" }]
      }
    }
    subscriptions = {
      orders-old = {
        topic      = "projects/atm-dev/topics/orders"
        transforms = [{ code = "function one(message, metadata) { return null; }", function = "one", disabled = true }]
      }
    }
  }
  assert {
    condition     = google_pubsub_topic.this["orders"].kms_key_name == "projects/atm-dev/locations/asia-south1/keyRings/risk/cryptoKeys/orders" && google_pubsub_topic.this["orders"].message_storage_policy[0].enforce_in_transit
    error_message = "Encrypted with the key, in transit as well in the region."
  }
  assert {
    condition     = google_pubsub_topic.this["orders"].schema_settings[0].first_revision_id == "1f" && google_pubsub_topic.this["orders"].schema_settings[0].last_revision_id == "2e"
    error_message = "Messages are of one of these revisions."
  }
  assert {
    condition     = google_pubsub_topic.this["orders"].message_transforms[0].javascript_udf[0].function_name == "mask" && google_pubsub_subscription.this["orders-old"].message_transforms[0].disabled
    error_message = "Each has its transforms."
  }
}

# ingestion of buckets: a topic is filled with their objects; the agent's grants on them are made
run "a_topic_is_filled_from_a_bucket" {
  command = plan
  variables {
    project_number = "123456789012"
    topics = {
      lines = {
        ingestion = {
          cloud_storage = { bucket = "atm-dev-raw", delimiter = ";", match_glob = "ticks/**", created_after = "2026-01-31T09:15:00Z" }
          platform_logs = "WARNING"
        }
      }
      exported = { ingestion = { cloud_storage = { bucket = "atm-dev-raw", format = "pubsub_avro" } } }
      files    = { ingestion = { cloud_storage = { bucket = "atm-dev-raw", format = "avro" } } }
    }
  }
  assert {
    condition = (
      google_pubsub_topic.this["lines"].ingestion_data_source_settings[0].cloud_storage[0].text_format[0].delimiter == ";" &&
      google_pubsub_topic.this["lines"].ingestion_data_source_settings[0].cloud_storage[0].match_glob == "ticks/**" &&
      google_pubsub_topic.this["lines"].ingestion_data_source_settings[0].platform_logs_settings[0].severity == "WARNING"
    )
    error_message = "Lines of some objects."
  }
  assert {
    condition = (
      length(google_pubsub_topic.this["exported"].ingestion_data_source_settings[0].cloud_storage[0].pubsub_avro_format) == 1 &&
      length(google_pubsub_topic.this["files"].ingestion_data_source_settings[0].cloud_storage[0].avro_format) == 1
    )
    error_message = "Avro of two kinds."
  }
  assert {
    condition     = keys(google_storage_bucket_iam_member.ingestion) == ["atm-dev-raw/roles/storage.legacyBucketReader", "atm-dev-raw/roles/storage.objectViewer"]
    error_message = "The agent reads the bucket, granted once."
  }
}

# ingestion of other clouds: Kinesis, MSK, Event Hubs, Confluent; the account that signs in there is named
run "a_topic_is_filled_from_another_cloud" {
  command = plan
  variables {
    topics = {
      kinesis = { ingestion = { aws_kinesis = { stream_arn = "arn:aws:kinesis:ap-south-1:1:stream/s", consumer_arn = "arn:aws:kinesis:ap-south-1:1:stream/s/consumer/c:1", aws_role_arn = "arn:aws:iam::1:role/r", service_account = "in@atm-dev.iam.gserviceaccount.com" } } }
      msk     = { ingestion = { aws_msk = { cluster_arn = "arn:aws:kafka:ap-south-1:1:cluster/c/1", topic = "t", aws_role_arn = "arn:aws:iam::1:role/r", service_account = "in@atm-dev.iam.gserviceaccount.com" } } }
      hub     = { ingestion = { azure_event_hubs = { resource_group = "g", namespace = "n", event_hub = "h", client_id = "c", tenant_id = "t", subscription_id = "s", service_account = "in@atm-dev.iam.gserviceaccount.com" } } }
      kafka   = { ingestion = { confluent_cloud = { bootstrap_server = "pkc.confluent.cloud:9092", cluster_id = "c", topic = "t", identity_pool_id = "p", service_account = "in@atm-dev.iam.gserviceaccount.com" } } }
    }
  }
  assert {
    condition     = alltrue([for topic in google_pubsub_topic.this : length(topic.ingestion_data_source_settings) == 1]) && length(google_storage_bucket_iam_member.ingestion) == 0
    error_message = "Each has its source, and needs no bucket."
  }
}

# grants on schemas: additive, as those of topics and subscriptions
run "a_schema_may_be_read" {
  command = plan
  variables {
    schemas = { tick = { definition = "{}", grants = { read = { role = "roles/pubsub.viewer", members = ["group:quants@example.com"] } } } }
  }
  assert {
    condition     = keys(google_pubsub_schema_iam_member.this) == ["tick/read/group:quants@example.com"]
    error_message = "Granted on the exact schema."
  }
}

resource "google_pubsub_schema" "this" {
  for_each = var.schemas

  project    = var.project_id
  name       = each.key
  type       = each.value.type
  definition = each.value.definition
}

resource "google_pubsub_topic" "this" {
  for_each = var.topics

  project                    = var.project_id
  name                       = each.key
  message_retention_duration = each.value.retention
  kms_key_name               = each.value.kms_key
  labels                     = merge(var.labels, each.value.labels)
  tags                       = length(each.value.tags) == 0 ? null : each.value.tags

  dynamic "schema_settings" {
    for_each = each.value.schema[*]
    content {
      schema            = schema_settings.value.id
      encoding          = schema_settings.value.encoding
      first_revision_id = schema_settings.value.first_revision
      last_revision_id  = schema_settings.value.last_revision
    }
  }

  dynamic "message_storage_policy" {
    for_each = length(each.value.regions) == 0 ? [] : [each.value.regions]
    content {
      allowed_persistence_regions = message_storage_policy.value
      enforce_in_transit          = each.value.enforce_in_transit
    }
  }

  dynamic "message_transforms" {
    for_each = each.value.transforms
    content {
      disabled = message_transforms.value.disabled
      javascript_udf {
        code          = message_transforms.value.code
        function_name = message_transforms.value.function
      }
    }
  }

  dynamic "ingestion_data_source_settings" {
    for_each = each.value.ingestion[*]
    content {
      dynamic "cloud_storage" {
        for_each = ingestion_data_source_settings.value.cloud_storage[*]
        content {
          bucket                     = cloud_storage.value.bucket
          match_glob                 = cloud_storage.value.match_glob
          minimum_object_create_time = cloud_storage.value.created_after
          dynamic "text_format" {
            for_each = cloud_storage.value.format == "text" ? [cloud_storage.value.delimiter] : []
            content {
              delimiter = text_format.value
            }
          }
          dynamic "avro_format" {
            for_each = cloud_storage.value.format == "avro" ? [true] : []
            content {}
          }
          dynamic "pubsub_avro_format" {
            for_each = cloud_storage.value.format == "pubsub_avro" ? [true] : []
            content {}
          }
        }
      }
      dynamic "aws_kinesis" {
        for_each = ingestion_data_source_settings.value.aws_kinesis[*]
        content {
          stream_arn          = aws_kinesis.value.stream_arn
          consumer_arn        = aws_kinesis.value.consumer_arn
          aws_role_arn        = aws_kinesis.value.aws_role_arn
          gcp_service_account = aws_kinesis.value.service_account
        }
      }
      dynamic "aws_msk" {
        for_each = ingestion_data_source_settings.value.aws_msk[*]
        content {
          cluster_arn         = aws_msk.value.cluster_arn
          topic               = aws_msk.value.topic
          aws_role_arn        = aws_msk.value.aws_role_arn
          gcp_service_account = aws_msk.value.service_account
        }
      }
      dynamic "azure_event_hubs" {
        for_each = ingestion_data_source_settings.value.azure_event_hubs[*]
        content {
          resource_group      = azure_event_hubs.value.resource_group
          namespace           = azure_event_hubs.value.namespace
          event_hub           = azure_event_hubs.value.event_hub
          client_id           = azure_event_hubs.value.client_id
          tenant_id           = azure_event_hubs.value.tenant_id
          subscription_id     = azure_event_hubs.value.subscription_id
          gcp_service_account = azure_event_hubs.value.service_account
        }
      }
      dynamic "confluent_cloud" {
        for_each = ingestion_data_source_settings.value.confluent_cloud[*]
        content {
          bootstrap_server    = confluent_cloud.value.bootstrap_server
          cluster_id          = confluent_cloud.value.cluster_id
          topic               = confluent_cloud.value.topic
          identity_pool_id    = confluent_cloud.value.identity_pool_id
          gcp_service_account = confluent_cloud.value.service_account
        }
      }
      dynamic "platform_logs_settings" {
        for_each = ingestion_data_source_settings.value.platform_logs[*]
        content {
          severity = platform_logs_settings.value
        }
      }
    }
  }

  # Schemas are referred to by name, which may be of this call. Pub/Sub refuses a bucket that it may not read.
  depends_on = [google_pubsub_schema.this, google_storage_bucket_iam_member.ingestion]

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "topics: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

resource "google_pubsub_subscription" "this" {
  for_each = var.subscriptions

  project                      = var.project_id
  name                         = each.key
  topic                        = each.value.topic
  ack_deadline_seconds         = each.value.ack_deadline_seconds
  message_retention_duration   = each.value.retention
  retain_acked_messages        = each.value.retain_acked_messages
  enable_message_ordering      = each.value.enable_message_ordering
  enable_exactly_once_delivery = each.value.enable_exactly_once_delivery
  filter                       = each.value.filter
  labels                       = merge(var.labels, each.value.labels)
  tags                         = length(each.value.tags) == 0 ? null : each.value.tags

  expiration_policy {
    ttl = each.value.expiration_ttl
  }

  dynamic "retry_policy" {
    for_each = each.value.retry[*]
    content {
      minimum_backoff = retry_policy.value.minimum_backoff
      maximum_backoff = retry_policy.value.maximum_backoff
    }
  }

  dynamic "dead_letter_policy" {
    for_each = each.value.dead_letter[*]
    content {
      dead_letter_topic     = dead_letter_policy.value.topic
      max_delivery_attempts = dead_letter_policy.value.max_delivery_attempts
    }
  }

  dynamic "message_transforms" {
    for_each = each.value.transforms
    content {
      disabled = message_transforms.value.disabled
      javascript_udf {
        code          = message_transforms.value.code
        function_name = message_transforms.value.function
      }
    }
  }

  dynamic "push_config" {
    for_each = each.value.push[*]
    content {
      push_endpoint = push_config.value.endpoint
      oidc_token {
        service_account_email = push_config.value.service_account
        audience              = push_config.value.audience
      }
      dynamic "no_wrapper" {
        for_each = push_config.value.no_wrapper[*]
        content {
          write_metadata = no_wrapper.value.write_metadata
        }
      }
    }
  }

  dynamic "bigquery_config" {
    for_each = each.value.bigquery[*]
    content {
      table               = "${split("/", bigquery_config.value.dataset)[1]}.${split("/", bigquery_config.value.dataset)[3]}.${bigquery_config.value.table}"
      use_topic_schema    = bigquery_config.value.use_topic_schema
      use_table_schema    = bigquery_config.value.use_table_schema
      write_metadata      = bigquery_config.value.write_metadata
      drop_unknown_fields = bigquery_config.value.drop_unknown_fields
    }
  }

  dynamic "cloud_storage_config" {
    for_each = each.value.cloud_storage[*]
    content {
      bucket                   = cloud_storage_config.value.bucket
      filename_prefix          = cloud_storage_config.value.prefix
      filename_suffix          = cloud_storage_config.value.suffix
      filename_datetime_format = cloud_storage_config.value.datetime_format
      max_duration             = cloud_storage_config.value.max_duration
      max_bytes                = cloud_storage_config.value.max_bytes
      max_messages             = cloud_storage_config.value.max_messages
      dynamic "avro_config" {
        for_each = cloud_storage_config.value.avro[*]
        content {
          write_metadata   = avro_config.value.write_metadata
          use_topic_schema = avro_config.value.use_topic_schema
        }
      }
    }
  }

  # Topics are referred to by name, which may be of this call. Pub/Sub refuses a delivery that it may not write.
  depends_on = [
    google_pubsub_topic.this, google_pubsub_topic_iam_member.dead_letter,
    google_bigquery_table_iam_member.delivery, google_storage_bucket_iam_member.delivery,
  ]

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "subscriptions: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

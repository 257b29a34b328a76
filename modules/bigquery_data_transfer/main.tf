resource "google_bigquery_data_transfer_config" "query" {
  for_each = var.scheduled_queries

  project                   = var.project_id
  location                  = each.value.location
  display_name              = each.key
  data_source_id            = "scheduled_query"
  schedule                  = each.value.schedule
  destination_dataset_id    = each.value.dataset == null ? null : basename(each.value.dataset)
  service_account_name      = each.value.service_account
  notification_pubsub_topic = each.value.topic
  disabled                  = each.value.paused

  params = merge(
    { query = each.value.query },
    each.value.table == null ? {} : { destination_table_name_template = each.value.table, write_disposition = each.value.write },
    each.value.partitioning_field == null ? {} : { partitioning_field = each.value.partitioning_field },
  )

  dynamic "email_preferences" {
    for_each = each.value.email_on_failure ? [true] : []
    content {
      enable_failure_email = true
    }
  }

  dynamic "schedule_options" {
    for_each = each.value.start_time == null && each.value.end_time == null ? [] : [each.value]
    content {
      start_time = schedule_options.value.start_time
      end_time   = schedule_options.value.end_time
    }
  }

  dynamic "encryption_configuration" {
    for_each = each.value.kms_key[*]
    content {
      kms_key_name = encryption_configuration.value
    }
  }
}

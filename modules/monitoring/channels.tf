locals {
  # What a channel's kind is, and the label that says where it leads.
  made_channels = { for id, channel in var.notification_channels : id => channel if channel.existing == null }
  channel_types = {
    for id, channel in local.made_channels : id => (
      channel.email != null ? { type = "email", label = "email_address", value = channel.email } :
      channel.sms != null ? { type = "sms", label = "number", value = channel.sms } :
      channel.topic != null ? { type = "pubsub", label = "topic", value = channel.topic } :
      { type = "google_chat", label = "space", value = channel.google_chat }
    )
  }
  channel_names = merge(
    var.channel_names,
    { for id, channel in google_monitoring_notification_channel.this : id => channel.name },
    { for id, channel in var.notification_channels : id => channel.existing if channel.existing != null },
  )
  known_channels = setunion(keys(var.channel_names), keys(var.notification_channels))
}

resource "google_monitoring_notification_channel" "this" {
  for_each = local.made_channels

  project      = var.project_id
  display_name = coalesce(each.value.display_name, each.key)
  type         = local.channel_types[each.key].type
  labels       = { (local.channel_types[each.key].label) = local.channel_types[each.key].value }
  user_labels  = merge(var.labels, each.value.labels)

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "notification_channels: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

# Monitoring's own agent publishes what it tells.
resource "google_pubsub_topic_iam_member" "channel" {
  for_each = { for id, channel in local.made_channels : id => channel.topic if channel.topic != null }

  project = var.project_id
  topic   = basename(lookup(var.parents, each.value, each.value))
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:service-${coalesce(var.project_number, "0")}@gcp-sa-monitoring-notification.iam.gserviceaccount.com"

  lifecycle {
    precondition {
      condition     = var.project_number != null
      error_message = "notification_channels: ${each.key} is a topic; Monitoring's agent, which publishes to it, is named by the project's number: set project_number."
    }
  }
}

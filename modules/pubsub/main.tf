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
  labels                     = merge(var.labels, each.value.labels)

  dynamic "schema_settings" {
    for_each = each.value.schema[*]
    content {
      schema   = schema_settings.value.id
      encoding = schema_settings.value.encoding
    }
  }

  dynamic "message_storage_policy" {
    for_each = length(each.value.regions) == 0 ? [] : [each.value.regions]
    content {
      allowed_persistence_regions = message_storage_policy.value
    }
  }

  # Schemas are referred to by name, which may be of this call.
  depends_on = [google_pubsub_schema.this]

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))
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

  dynamic "push_config" {
    for_each = each.value.push[*]
    content {
      push_endpoint = push_config.value.endpoint
      oidc_token {
        service_account_email = push_config.value.service_account
        audience              = push_config.value.audience
      }
    }
  }

  # Topics are referred to by name, which may be of this call.
  depends_on = [google_pubsub_topic.this, google_pubsub_topic_iam_member.dead_letter]

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))
      ])
      error_message = "subscriptions: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

locals {
  # Dead letters are forwarded by Pub/Sub's agent: it takes from the exact subscription and publishes to the exact topic.
  agent = "serviceAccount:service-${coalesce(var.project_number, "unknown")}@gcp-sa-pubsub.iam.gserviceaccount.com"
  dead_letter_topics = setunion(var.dead_letter_topics, [
    for subscription in values(var.subscriptions) : subscription.dead_letter.topic if subscription.dead_letter != null
  ])
}

resource "google_pubsub_topic_iam_member" "dead_letter" {
  for_each = { for id, topic in var.topics : id => topic if contains(local.dead_letter_topics, "projects/${var.project_id}/topics/${id}") }

  project = var.project_id
  topic   = google_pubsub_topic.this[each.key].name
  role    = "roles/pubsub.publisher"
  member  = local.agent
}

resource "google_pubsub_subscription_iam_member" "dead_letter" {
  for_each = { for id, subscription in var.subscriptions : id => subscription if subscription.dead_letter != null }

  project      = var.project_id
  subscription = google_pubsub_subscription.this[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.agent
}

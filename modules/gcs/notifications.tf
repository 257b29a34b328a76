locals {
  # Cloud Storage's own agent publishes: it may on the exact topics, once each however many notifications share one.
  agent  = "serviceAccount:service-${coalesce(var.project_number, "unknown")}@gs-project-accounts.iam.gserviceaccount.com"
  topics = toset(values(var.notifications)[*].topic)
}

resource "google_pubsub_topic_iam_member" "notifications" {
  for_each = local.topics

  project = split("/", each.key)[1]
  topic   = basename(lookup(var.parents, each.key, each.key))
  role    = "roles/pubsub.publisher"
  member  = local.agent
}

resource "google_storage_notification" "this" {
  for_each = var.notifications

  bucket             = lookup(var.parents, each.value.bucket, each.value.bucket)
  topic              = each.value.topic
  event_types        = each.value.events
  object_name_prefix = each.value.prefix
  payload_format     = each.value.payload_format
  custom_attributes  = length(each.value.attributes) == 0 ? null : each.value.attributes

  # Cloud Storage refuses a notification that it may not publish. The bucket may be of this call.
  depends_on = [google_storage_bucket.this, google_pubsub_topic_iam_member.notifications]
}

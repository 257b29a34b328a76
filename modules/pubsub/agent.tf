# What Pub/Sub's own agent needs, on the exact things.
locals {
  agent = "serviceAccount:service-${coalesce(var.project_number, "unknown")}@gcp-sa-pubsub.iam.gserviceaccount.com"

  # It takes dead letters from the subscription and publishes them to the topic.
  dead_letter_topics = setunion(var.dead_letter_topics, [
    for subscription in values(var.subscriptions) : subscription.dead_letter.topic if subscription.dead_letter != null
  ])

  # It writes to tables and buckets, once granted however many subscriptions share one.
  tables  = toset([for subscription in values(var.subscriptions) : "${subscription.bigquery.dataset}/tables/${subscription.bigquery.table}" if subscription.bigquery != null])
  buckets = toset([for subscription in values(var.subscriptions) : subscription.cloud_storage.bucket if subscription.cloud_storage != null])

  # It reads the buckets that fill topics.
  sources = toset(flatten([for topic in values(var.topics) : topic.ingestion.cloud_storage[*].bucket if topic.ingestion != null]))
}

resource "google_pubsub_topic_iam_member" "dead_letter" {
  for_each = { for id, topic in var.topics : id => topic if contains(local.dead_letter_topics, "projects/${var.project_id}/topics/${id}") }

  project = var.project_id
  topic   = google_pubsub_topic.this[each.key].name
  role    = "roles/pubsub.publisher"
  member  = local.agent

  # A replaced thing has no grants; its name stays, so nothing else would say so.
  lifecycle {
    replace_triggered_by = [google_pubsub_topic.this[each.key].id]
  }
}

resource "google_pubsub_subscription_iam_member" "dead_letter" {
  for_each = { for id, subscription in var.subscriptions : id => subscription if subscription.dead_letter != null }

  project      = var.project_id
  subscription = google_pubsub_subscription.this[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.agent

  # A replaced thing has no grants; its name stays, so nothing else would say so.
  lifecycle {
    replace_triggered_by = [google_pubsub_subscription.this[each.key].id]
  }
}

resource "google_bigquery_table_iam_member" "delivery" {
  for_each = { for pair in setproduct(local.tables, ["roles/bigquery.dataEditor", "roles/bigquery.metadataViewer"]) : "${pair[0]}/${pair[1]}" => pair }

  project    = split("/", each.value[0])[1]
  dataset_id = split("/", each.value[0])[3]
  table_id   = basename(lookup(var.parents, each.value[0], each.value[0]))
  role       = each.value[1]
  member     = local.agent
}

resource "google_storage_bucket_iam_member" "delivery" {
  for_each = { for pair in setproduct(local.buckets, ["roles/storage.objectCreator", "roles/storage.legacyBucketReader"]) : "${pair[0]}/${pair[1]}" => pair }

  bucket = lookup(var.parents, each.value[0], each.value[0])
  role   = each.value[1]
  member = local.agent
}

resource "google_storage_bucket_iam_member" "ingestion" {
  for_each = { for pair in setproduct(local.sources, ["roles/storage.objectViewer", "roles/storage.legacyBucketReader"]) : "${pair[0]}/${pair[1]}" => pair }

  bucket = lookup(var.parents, each.value[0], each.value[0])
  role   = each.value[1]
  member = local.agent
}

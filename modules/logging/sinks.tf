locals {
  sink_destinations = {
    for id, sink in var.log_sinks : id => (
      sink.dataset != null ? "bigquery.googleapis.com/${sink.dataset}" :
      sink.bucket != null ? "storage.googleapis.com/${sink.bucket}" : "pubsub.googleapis.com/${sink.topic}"
    )
  }
}

resource "google_logging_project_sink" "this" {
  for_each = var.log_sinks

  project                = var.project_id
  name                   = each.key
  description            = each.value.description
  destination            = local.sink_destinations[each.key]
  filter                 = each.value.filter
  unique_writer_identity = true

  dynamic "bigquery_options" {
    for_each = each.value.dataset == null ? [] : [each.value.partitioned]
    content {
      use_partitioned_tables = bigquery_options.value
    }
  }

  dynamic "exclusions" {
    for_each = each.value.exclusions
    content {
      name        = exclusions.key
      filter      = exclusions.value.filter
      description = exclusions.value.description
    }
  }
}

# The writer may write to the one destination. All sinks of a project share it, so each destination is granted once.
resource "google_bigquery_dataset_iam_member" "writer" {
  for_each = { for dataset, sinks in { for id, sink in var.log_sinks : sink.dataset => id... if sink.dataset != null } : dataset => sinks[0] }

  project    = var.project_id
  dataset_id = basename(lookup(var.parents, each.key, each.key))
  role       = "roles/bigquery.dataEditor"
  member     = google_logging_project_sink.this[each.value].writer_identity
}

resource "google_storage_bucket_iam_member" "writer" {
  for_each = { for bucket, sinks in { for id, sink in var.log_sinks : sink.bucket => id... if sink.bucket != null } : bucket => sinks[0] }

  bucket = lookup(var.parents, each.key, each.key)
  role   = "roles/storage.objectCreator"
  member = google_logging_project_sink.this[each.value].writer_identity
}

resource "google_pubsub_topic_iam_member" "writer" {
  for_each = { for topic, sinks in { for id, sink in var.log_sinks : sink.topic => id... if sink.topic != null } : topic => sinks[0] }

  project = var.project_id
  topic   = basename(lookup(var.parents, each.key, each.key))
  role    = "roles/pubsub.publisher"
  member  = google_logging_project_sink.this[each.value].writer_identity
}

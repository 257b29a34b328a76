resource "google_logging_metric" "this" {
  for_each = var.log_metrics

  project          = var.project_id
  name             = each.key
  description      = each.value.description
  filter           = each.value.filter
  value_extractor  = each.value.value_extractor
  label_extractors = { for key, label in each.value.labels : key => label.extractor }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = each.value.value_extractor == null ? "INT64" : "DISTRIBUTION"
    unit        = each.value.unit
    dynamic "labels" {
      for_each = each.value.labels
      content {
        key         = labels.key
        value_type  = labels.value.value_type
        description = labels.value.description
      }
    }
  }

  dynamic "bucket_options" {
    for_each = each.value.buckets[*]
    content {
      dynamic "explicit_buckets" {
        for_each = length(bucket_options.value.bounds) > 0 ? [true] : []
        content {
          bounds = bucket_options.value.bounds
        }
      }
      dynamic "exponential_buckets" {
        for_each = bucket_options.value.growth_factor[*]
        content {
          num_finite_buckets = bucket_options.value.count
          growth_factor      = exponential_buckets.value
          scale              = bucket_options.value.scale
        }
      }
      dynamic "linear_buckets" {
        for_each = bucket_options.value.width[*]
        content {
          num_finite_buckets = bucket_options.value.count
          offset             = bucket_options.value.offset
          width              = linear_buckets.value
        }
      }
    }
  }
}

resource "google_logging_project_bucket_config" "this" {
  for_each = var.log_buckets

  project          = var.project_id
  location         = each.value.location
  bucket_id        = each.key
  description      = each.value.description
  retention_days   = each.value.retention_days
  enable_analytics = each.value.analytics
  locked           = each.value.locked
}

resource "google_logging_log_view" "this" {
  for_each = merge([
    for bucket, value in var.log_buckets : { for id, view in value.views : "${bucket}/${id}" => merge(view, { bucket = bucket, id = id }) }
  ]...)

  name        = each.value.id
  bucket      = google_logging_project_bucket_config.this[each.value.bucket].id
  description = each.value.description
  filter      = each.value.filter
}

# Which accesses are recorded is a part of the project's IAM policy: this changes the part of the one service.
resource "google_project_iam_audit_config" "this" {
  for_each = var.audit_logs

  project = var.project_id
  service = each.key

  dynamic "audit_log_config" {
    for_each = each.value.log_types
    content {
      log_type         = audit_log_config.value
      exempted_members = each.value.exempted
    }
  }
}

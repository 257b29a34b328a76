# Eventarc makes the topic that Cloud Storage publishes a bucket's events to, so the agent's role can only be the project's.
resource "google_project_iam_member" "storage" {
  for_each = toset(var.storage_events ? ["roles/pubsub.publisher"] : [])

  project = var.project_id
  role    = each.key
  member  = "serviceAccount:service-${coalesce(var.project_number, "unknown")}@gs-project-accounts.iam.gserviceaccount.com"
}

resource "google_eventarc_trigger" "this" {
  for_each = var.triggers

  project                 = var.project_id
  location                = coalesce(each.value.location, var.region)
  name                    = each.key
  service_account         = each.value.service_account
  event_data_content_type = each.value.content_type
  labels                  = merge(var.labels, each.value.labels)

  dynamic "matching_criteria" {
    for_each = each.value.criteria
    content {
      attribute = matching_criteria.key
      value     = matching_criteria.value
    }
  }

  dynamic "matching_criteria" {
    for_each = each.value.path_patterns
    content {
      attribute = matching_criteria.key
      value     = matching_criteria.value
      operator  = "match-path-pattern"
    }
  }

  destination {
    workflow = each.value.workflow

    dynamic "cloud_run_service" {
      for_each = each.value.service[*]
      content {
        service = cloud_run_service.value
        region  = var.region
        path    = each.value.path
      }
    }
  }

  dynamic "transport" {
    for_each = each.value.topic[*]
    content {
      pubsub {
        topic = transport.value
      }
    }
  }

  dynamic "retry_policy" {
    for_each = each.value.retry ? [] : [1]
    content {
      max_attempts = retry_policy.value
    }
  }

  depends_on = [google_project_iam_member.storage]

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "triggers: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

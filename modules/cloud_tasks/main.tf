resource "google_cloud_tasks_queue" "this" {
  for_each = var.queues

  project       = var.project_id
  location      = var.region
  name          = coalesce(each.value.name, each.key)
  desired_state = each.value.paused ? "PAUSED" : "RUNNING"
  # With a queue go its tasks, and its name for days.
  deletion_policy = each.value.deletion_protection ? "PREVENT" : "DELETE"

  rate_limits {
    max_dispatches_per_second = each.value.max_dispatches_per_second
    max_concurrent_dispatches = each.value.max_concurrent_dispatches
  }

  retry_config {
    max_attempts       = each.value.max_attempts
    max_retry_duration = each.value.max_retry_duration
    min_backoff        = each.value.min_backoff
    max_backoff        = each.value.max_backoff
    max_doublings      = each.value.max_doublings
  }

  dynamic "stackdriver_logging_config" {
    for_each = each.value.log_sampling_ratio > 0 ? [each.value.log_sampling_ratio] : []
    content {
      sampling_ratio = stackdriver_logging_config.value
    }
  }

  dynamic "http_target" {
    for_each = each.value.target[*]
    content {
      http_method = http_target.value.method

      uri_override {
        scheme                    = upper(split(":", http_target.value.uri)[0])
        host                      = regex("^https?://([^:/]+)", http_target.value.uri)[0]
        port                      = one(flatten(regexall(":([0-9]+)$", http_target.value.uri)))
        uri_override_enforce_mode = http_target.value.only_if_missing ? "IF_NOT_EXISTS" : "ALWAYS"

        dynamic "path_override" {
          for_each = http_target.value.path[*]
          content {
            path = path_override.value
          }
        }
        dynamic "query_override" {
          for_each = http_target.value.query[*]
          content {
            query_params = query_override.value
          }
        }
      }

      dynamic "header_overrides" {
        for_each = http_target.value.headers
        content {
          header {
            key   = header_overrides.key
            value = header_overrides.value
          }
        }
      }

      dynamic "oauth_token" {
        for_each = http_target.value.oauth[*]
        content {
          service_account_email = oauth_token.value.service_account
          scope                 = oauth_token.value.scope
        }
      }
      dynamic "oidc_token" {
        for_each = http_target.value.oidc[*]
        content {
          service_account_email = oidc_token.value.service_account
          audience              = oidc_token.value.audience == null ? http_target.value.uri : oidc_token.value.audience
        }
      }
    }
  }
}

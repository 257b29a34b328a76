resource "google_cloud_scheduler_job" "this" {
  for_each = var.schedules

  project          = var.project_id
  region           = var.region
  name             = each.key
  description      = each.value.description
  schedule         = each.value.cron
  time_zone        = each.value.time_zone
  paused           = each.value.paused
  attempt_deadline = each.value.http == null ? null : each.value.attempt_deadline # a message has none

  dynamic "retry_config" {
    for_each = each.value.retry[*]
    content {
      retry_count          = retry_config.value.count
      max_retry_duration   = retry_config.value.max_duration
      min_backoff_duration = retry_config.value.min_backoff
      max_backoff_duration = retry_config.value.max_backoff
      max_doublings        = retry_config.value.max_doublings
    }
  }

  dynamic "http_target" {
    for_each = each.value.http[*]
    content {
      uri         = http_target.value.uri
      http_method = http_target.value.method
      body        = http_target.value.body == null ? null : base64encode(http_target.value.body)
      headers     = http_target.value.headers

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

  dynamic "pubsub_target" {
    for_each = each.value.pubsub[*]
    content {
      topic_name = pubsub_target.value.topic
      data       = pubsub_target.value.data == "" ? null : base64encode(pubsub_target.value.data)
      attributes = pubsub_target.value.attributes
    }
  }
}

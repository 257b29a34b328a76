output "channel_names" {
  description = "Full names of the notification channels, by id; those that were handed in, too."
  value       = local.channel_names
  depends_on  = [google_pubsub_topic_iam_member.channel]
}

output "alert_policies" {
  description = "Full names of the alert policies, by id; those of uptime checks by \"uptime/ID\", of objectives by \"SERVICE/SLO/SPEED\"."
  value = merge(
    { for id, policy in google_monitoring_alert_policy.this : id => policy.name },
    { for id, policy in google_monitoring_alert_policy.uptime : "uptime/${id}" => policy.name },
    { for id, policy in google_monitoring_alert_policy.burn : id => policy.name },
  )
}

output "uptime_checks" {
  description = "Full names of the uptime checks, by id."
  value       = { for id, check in google_monitoring_uptime_check_config.this : id => check.name }
}

output "slos" {
  description = "Full names of the objectives, by \"SERVICE/SLO\"."
  value       = { for id, slo in google_monitoring_slo.this : id => slo.name }
}

output "dashboards" {
  description = "Full names of the dashboards, by id."
  value       = { for id, dashboard in google_monitoring_dashboard.this : id => dashboard.id }
}

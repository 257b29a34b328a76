output "policy_tags" {
  description = "Full names of the policy tags, which Google makes up, by \"TAXONOMY/PATH\"."
  value       = local.names
  depends_on = [
    google_data_catalog_policy_tag_iam_member.reader, google_bigquery_datapolicy_data_policy.this, google_bigquery_datapolicy_data_policy_iam_member.masked_reader,
  ]
}

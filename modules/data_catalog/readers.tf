# Who sees what: one entry a reader, by "tag/member" and "tag/data policy/member".
locals {
  readers = merge([
    for path, tag in local.tags : { for member in tag.readers : "${path}/${member}" => { tag = path, member = member } }
  ]...)
  masked_readers = merge([
    for key, masking in local.masking : { for member in masking.readers : "${key}/${member}" => { policy = key, member = member } }
  ]...)
}

resource "google_data_catalog_policy_tag_iam_member" "reader" {
  for_each = local.readers

  policy_tag = local.names[each.value.tag]
  role       = "roles/datacatalog.categoryFineGrainedReader"
  member     = each.value.member
}

resource "google_bigquery_datapolicy_data_policy_iam_member" "masked_reader" {
  for_each = local.masked_readers

  project        = var.project_id
  location       = google_bigquery_datapolicy_data_policy.this[each.value.policy].location
  data_policy_id = google_bigquery_datapolicy_data_policy.this[each.value.policy].data_policy_id
  role           = "roles/bigquerydatapolicy.maskedReader"
  member         = each.value.member
}

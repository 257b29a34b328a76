locals {
  tags = merge([
    for id, taxonomy in var.taxonomies : {
      for path, tag in taxonomy.tags : "${id}/${path}" => merge(tag, {
        taxonomy = id, location = taxonomy.location, depth = length(split("/", path)), display_name = coalesce(tag.display_name, basename(path))
      })
    }
  ]...)
  # By how deep they stand: a tag names the one above it, and a resource can't name itself.
  levels = { for depth in range(1, 6) : depth => { for path, tag in local.tags : path => tag if tag.depth == depth } }
  # The names that Google made up.
  names = {
    for path, tag in merge(
      google_data_catalog_policy_tag.first, google_data_catalog_policy_tag.second, google_data_catalog_policy_tag.third,
      google_data_catalog_policy_tag.fourth, google_data_catalog_policy_tag.fifth,
    ) : path => tag.name
  }
  masking = merge([
    for path, tag in local.tags : { for id, masking in tag.masking : "${path}/${id}" => merge(masking, { id = id, tag = path, location = tag.location }) }
  ]...)
}

resource "google_data_catalog_taxonomy" "this" {
  for_each = var.taxonomies

  project                = var.project_id
  region                 = each.value.location
  display_name           = coalesce(each.value.display_name, each.key)
  description            = each.value.description
  activated_policy_types = each.value.activated_policy_types
}

resource "google_data_catalog_policy_tag" "first" {
  for_each = local.levels[1]

  taxonomy     = google_data_catalog_taxonomy.this[each.value.taxonomy].name
  display_name = each.value.display_name
  description  = each.value.description
}

resource "google_data_catalog_policy_tag" "second" {
  for_each = local.levels[2]

  taxonomy          = google_data_catalog_taxonomy.this[each.value.taxonomy].name
  display_name      = each.value.display_name
  description       = each.value.description
  parent_policy_tag = google_data_catalog_policy_tag.first[dirname(each.key)].name
}

resource "google_data_catalog_policy_tag" "third" {
  for_each = local.levels[3]

  taxonomy          = google_data_catalog_taxonomy.this[each.value.taxonomy].name
  display_name      = each.value.display_name
  description       = each.value.description
  parent_policy_tag = google_data_catalog_policy_tag.second[dirname(each.key)].name
}

resource "google_data_catalog_policy_tag" "fourth" {
  for_each = local.levels[4]

  taxonomy          = google_data_catalog_taxonomy.this[each.value.taxonomy].name
  display_name      = each.value.display_name
  description       = each.value.description
  parent_policy_tag = google_data_catalog_policy_tag.third[dirname(each.key)].name
}

resource "google_data_catalog_policy_tag" "fifth" {
  for_each = local.levels[5]

  taxonomy          = google_data_catalog_taxonomy.this[each.value.taxonomy].name
  display_name      = each.value.display_name
  description       = each.value.description
  parent_policy_tag = google_data_catalog_policy_tag.fourth[dirname(each.key)].name
}

resource "google_bigquery_datapolicy_data_policy" "this" {
  for_each = local.masking

  project          = var.project_id
  location         = each.value.location
  data_policy_id   = each.value.id
  policy_tag       = local.names[each.value.tag]
  data_policy_type = "DATA_MASKING_POLICY"

  data_masking_policy {
    predefined_expression = each.value.expression
  }
}

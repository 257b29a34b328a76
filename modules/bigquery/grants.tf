locals {
  granted = {
    datasets           = local.datasets
    tables             = local.tables
    external_tables    = local.external_tables
    views              = local.views
    materialized_views = local.materialized_views
    functions          = local.functions
    procedures         = local.procedures
  }

  # One entry a member, by kind of thing and "thing/grant/member".
  grants = {
    for kind, things in local.granted : kind => merge(flatten([
      for thing, value in things : [
        for name, grant in value.grants : {
          # A grant without members is one of nobody, which is refused below.
          for member in coalescelist(distinct(grant.members), ["nobody"]) : "${thing}/${name}/${member}" => merge(grant, {
            thing = thing, member = member, gives = jsonencode([thing, grant.role, member, grant.condition])
          })
        }
      ]
    ])...)
  }
  # The entries that give the same; two of them would be one binding that either removes.
  gives = { for kind, grants in local.grants : kind => { for key, grant in grants : grant.gives => key... } }
}

resource "google_bigquery_dataset_iam_member" "this" {
  for_each = local.grants.datasets

  project    = var.project_id
  dataset_id = basename(google_bigquery_dataset.this[each.value.thing].id)
  role       = each.value.role
  member     = each.value.member

  dynamic "condition" {
    for_each = each.value.condition[*]
    content {
      title       = condition.value.title
      expression  = condition.value.expression
      description = condition.value.description
    }
  }

  lifecycle {
    precondition {
      condition     = can(regex("^(roles/[a-zA-Z0-9.]+|(projects|organizations)/[a-z0-9-]+/roles/[a-zA-Z0-9_.]+)$", each.value.role))
      error_message = "datasets: grant ${each.key} has role ${each.value.role}; a role is such as roles/viewer or projects/PROJECT/roles/ROLE."
    }
    precondition {
      condition     = can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+|allUsers|allAuthenticatedUsers)$", each.value.member))
      error_message = "datasets: grant ${each.key} has member ${each.value.member}; a member is a principal as IAM writes it, such as group:quants@example.com."
    }
    precondition {
      condition = alltrue([
        for condition in each.value.condition[*] : length(condition.title) >= 1 && length(condition.title) <= 100 &&
        condition.expression != "" && (condition.description == null ? true : length(condition.description) <= 256)
      ])
      error_message = "datasets: grant ${each.key} has a condition that isn't a title (1 to 100 characters), an expression and a description (at most 256)."
    }
    precondition {
      condition     = length(local.gives.datasets[each.value.gives]) == 1
      error_message = "datasets: ${each.value.role} is given to ${each.value.member} by ${join(" and ", local.gives.datasets[each.value.gives])}; one of them is enough."
    }
  }
}

resource "google_bigquery_table_iam_member" "table" {
  for_each = local.grants.tables

  project    = var.project_id
  dataset_id = local.made[each.value.thing].dataset_id
  table_id   = basename(local.made[each.value.thing].id)
  role       = each.value.role
  member     = each.value.member

  dynamic "condition" {
    for_each = each.value.condition[*]
    content {
      title       = condition.value.title
      expression  = condition.value.expression
      description = condition.value.description
    }
  }

  lifecycle {
    precondition {
      condition     = can(regex("^(roles/[a-zA-Z0-9.]+|(projects|organizations)/[a-z0-9-]+/roles/[a-zA-Z0-9_.]+)$", each.value.role))
      error_message = "tables: grant ${each.key} has role ${each.value.role}; a role is such as roles/viewer or projects/PROJECT/roles/ROLE."
    }
    precondition {
      condition     = can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+|allUsers|allAuthenticatedUsers)$", each.value.member))
      error_message = "tables: grant ${each.key} has member ${each.value.member}; a member is a principal as IAM writes it, such as group:quants@example.com."
    }
    precondition {
      condition = alltrue([
        for condition in each.value.condition[*] : length(condition.title) >= 1 && length(condition.title) <= 100 &&
        condition.expression != "" && (condition.description == null ? true : length(condition.description) <= 256)
      ])
      error_message = "tables: grant ${each.key} has a condition that isn't a title (1 to 100 characters), an expression and a description (at most 256)."
    }
    precondition {
      condition     = length(local.gives.tables[each.value.gives]) == 1
      error_message = "tables: ${each.value.role} is given to ${each.value.member} by ${join(" and ", local.gives.tables[each.value.gives])}; one of them is enough."
    }
  }
}

resource "google_bigquery_table_iam_member" "external" {
  for_each = local.grants.external_tables

  project    = var.project_id
  dataset_id = google_bigquery_table.external[each.value.thing].dataset_id
  table_id   = basename(google_bigquery_table.external[each.value.thing].id)
  role       = each.value.role
  member     = each.value.member

  dynamic "condition" {
    for_each = each.value.condition[*]
    content {
      title       = condition.value.title
      expression  = condition.value.expression
      description = condition.value.description
    }
  }

  lifecycle {
    precondition {
      condition     = can(regex("^(roles/[a-zA-Z0-9.]+|(projects|organizations)/[a-z0-9-]+/roles/[a-zA-Z0-9_.]+)$", each.value.role))
      error_message = "external_tables: grant ${each.key} has role ${each.value.role}; a role is such as roles/viewer or projects/PROJECT/roles/ROLE."
    }
    precondition {
      condition     = can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+|allUsers|allAuthenticatedUsers)$", each.value.member))
      error_message = "external_tables: grant ${each.key} has member ${each.value.member}; a member is a principal as IAM writes it, such as group:quants@example.com."
    }
    precondition {
      condition = alltrue([
        for condition in each.value.condition[*] : length(condition.title) >= 1 && length(condition.title) <= 100 &&
        condition.expression != "" && (condition.description == null ? true : length(condition.description) <= 256)
      ])
      error_message = "external_tables: grant ${each.key} has a condition that isn't a title (1 to 100 characters), an expression and a description (at most 256)."
    }
    precondition {
      condition     = length(local.gives.external_tables[each.value.gives]) == 1
      error_message = "external_tables: ${each.value.role} is given to ${each.value.member} by ${join(" and ", local.gives.external_tables[each.value.gives])}; one of them is enough."
    }
  }
}

resource "google_bigquery_table_iam_member" "view" {
  for_each = local.grants.views

  project    = var.project_id
  dataset_id = google_bigquery_table.view[each.value.thing].dataset_id
  table_id   = basename(google_bigquery_table.view[each.value.thing].id)
  role       = each.value.role
  member     = each.value.member

  dynamic "condition" {
    for_each = each.value.condition[*]
    content {
      title       = condition.value.title
      expression  = condition.value.expression
      description = condition.value.description
    }
  }

  lifecycle {
    precondition {
      condition     = can(regex("^(roles/[a-zA-Z0-9.]+|(projects|organizations)/[a-z0-9-]+/roles/[a-zA-Z0-9_.]+)$", each.value.role))
      error_message = "views: grant ${each.key} has role ${each.value.role}; a role is such as roles/viewer or projects/PROJECT/roles/ROLE."
    }
    precondition {
      condition     = can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+|allUsers|allAuthenticatedUsers)$", each.value.member))
      error_message = "views: grant ${each.key} has member ${each.value.member}; a member is a principal as IAM writes it, such as group:quants@example.com."
    }
    precondition {
      condition = alltrue([
        for condition in each.value.condition[*] : length(condition.title) >= 1 && length(condition.title) <= 100 &&
        condition.expression != "" && (condition.description == null ? true : length(condition.description) <= 256)
      ])
      error_message = "views: grant ${each.key} has a condition that isn't a title (1 to 100 characters), an expression and a description (at most 256)."
    }
    precondition {
      condition     = length(local.gives.views[each.value.gives]) == 1
      error_message = "views: ${each.value.role} is given to ${each.value.member} by ${join(" and ", local.gives.views[each.value.gives])}; one of them is enough."
    }
  }
}

resource "google_bigquery_table_iam_member" "materialized_view" {
  for_each = local.grants.materialized_views

  project    = var.project_id
  dataset_id = google_bigquery_table.materialized_view[each.value.thing].dataset_id
  table_id   = basename(google_bigquery_table.materialized_view[each.value.thing].id)
  role       = each.value.role
  member     = each.value.member

  dynamic "condition" {
    for_each = each.value.condition[*]
    content {
      title       = condition.value.title
      expression  = condition.value.expression
      description = condition.value.description
    }
  }

  lifecycle {
    precondition {
      condition     = can(regex("^(roles/[a-zA-Z0-9.]+|(projects|organizations)/[a-z0-9-]+/roles/[a-zA-Z0-9_.]+)$", each.value.role))
      error_message = "materialized_views: grant ${each.key} has role ${each.value.role}; a role is such as roles/viewer or projects/PROJECT/roles/ROLE."
    }
    precondition {
      condition     = can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+|allUsers|allAuthenticatedUsers)$", each.value.member))
      error_message = "materialized_views: grant ${each.key} has member ${each.value.member}; a member is a principal as IAM writes it, such as group:quants@example.com."
    }
    precondition {
      condition = alltrue([
        for condition in each.value.condition[*] : length(condition.title) >= 1 && length(condition.title) <= 100 &&
        condition.expression != "" && (condition.description == null ? true : length(condition.description) <= 256)
      ])
      error_message = "materialized_views: grant ${each.key} has a condition that isn't a title (1 to 100 characters), an expression and a description (at most 256)."
    }
    precondition {
      condition     = length(local.gives.materialized_views[each.value.gives]) == 1
      error_message = "materialized_views: ${each.value.role} is given to ${each.value.member} by ${join(" and ", local.gives.materialized_views[each.value.gives])}; one of them is enough."
    }
  }
}

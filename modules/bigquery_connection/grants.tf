locals {
  granted = { bigquery_connections = var.bigquery_connections }

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

resource "google_bigquery_connection_iam_member" "this" {
  for_each = local.grants.bigquery_connections

  project       = var.project_id
  location      = google_bigquery_connection.this[each.value.thing].location
  connection_id = basename(google_bigquery_connection.this[each.value.thing].id)
  role          = each.value.role
  member        = each.value.member

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
      error_message = "bigquery_connections: grant ${each.key} has role ${each.value.role}; a role is such as roles/viewer or projects/PROJECT/roles/ROLE."
    }
    precondition {
      condition     = can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+|allUsers|allAuthenticatedUsers)$", each.value.member))
      error_message = "bigquery_connections: grant ${each.key} has member ${each.value.member}; a member is a principal as IAM writes it, such as group:quants@example.com."
    }
    precondition {
      condition = alltrue([
        for condition in each.value.condition[*] : length(condition.title) >= 1 && length(condition.title) <= 100 &&
        condition.expression != "" && (condition.description == null ? true : length(condition.description) <= 256)
      ])
      error_message = "bigquery_connections: grant ${each.key} has a condition that isn't a title (1 to 100 characters), an expression and a description (at most 256)."
    }
    precondition {
      condition     = length(local.gives.bigquery_connections[each.value.gives]) == 1
      error_message = "bigquery_connections: ${each.value.role} is given to ${each.value.member} by ${join(" and ", local.gives.bigquery_connections[each.value.gives])}; one of them is enough."
    }
  }
}

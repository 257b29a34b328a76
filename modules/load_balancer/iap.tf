locals {
  # One entry a member, by "load balancer/backend/grant/member": who comes through the proxy.
  proxied = merge(flatten([
    for thing, value in local.backends : [
      for iap in value.iap[*] : [
        for name, grant in iap.grants : {
          # A grant without members is one of nobody, which is refused below.
          for member in coalescelist(distinct(grant.members), ["nobody"]) : "${thing}/${name}/${member}" => merge(grant, {
            thing = thing, member = member, gives = jsonencode([thing, grant.role, member, grant.condition])
          })
        }
      ]
    ]
  ])...)
  # The entries that give the same; two of them would be one binding that either removes.
  proxied_gives = { for key, grant in local.proxied : grant.gives => key... }
}

resource "google_iap_web_backend_service_iam_member" "this" {
  for_each = local.proxied

  project             = var.project_id
  web_backend_service = basename(google_compute_backend_service.this[each.value.thing].id)
  role                = each.value.role
  member              = each.value.member

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
      error_message = "load_balancers[*].backends[*].iap: grant ${each.key} has role ${each.value.role}; a role is such as roles/iap.httpsResourceAccessor or projects/PROJECT/roles/ROLE."
    }
    precondition {
      condition     = can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+|allUsers|allAuthenticatedUsers)$", each.value.member))
      error_message = "load_balancers[*].backends[*].iap: grant ${each.key} has member ${each.value.member}; a member is a principal as IAM writes it, such as group:quants@example.com."
    }
    precondition {
      condition = alltrue([
        for condition in each.value.condition[*] : length(condition.title) >= 1 && length(condition.title) <= 100 &&
        condition.expression != "" && (condition.description == null ? true : length(condition.description) <= 256)
      ])
      error_message = "load_balancers[*].backends[*].iap: grant ${each.key} has a condition that isn't a title (1 to 100 characters), an expression and a description (at most 256)."
    }
    precondition {
      condition     = length(local.proxied_gives[each.value.gives]) == 1
      error_message = "load_balancers[*].backends[*].iap: ${each.value.role} is given to ${each.value.member} by ${join(" and ", local.proxied_gives[each.value.gives])}; one of them is enough."
    }
  }
}

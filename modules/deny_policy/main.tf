resource "google_iam_deny_policy" "this" {
  for_each = var.deny_policies

  parent       = urlencode("cloudresourcemanager.googleapis.com/projects/${var.project_id}")
  name         = each.key
  display_name = each.value.display_name

  dynamic "rules" {
    for_each = each.value.rules
    content {
      description = rules.value.description
      deny_rule {
        denied_principals     = rules.value.denied_principals
        exception_principals  = rules.value.exception_principals
        denied_permissions    = rules.value.denied_permissions
        exception_permissions = rules.value.exception_permissions

        dynamic "denial_condition" {
          for_each = rules.value.condition[*]
          content {
            title      = denial_condition.value.title
            expression = denial_condition.value.expression
          }
        }
      }
    }
  }
}

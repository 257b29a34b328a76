output "ids" {
  description = "Full names of the deny policies (policies/PARENT/denypolicies/ID), by id."
  value       = { for id, policy in google_iam_deny_policy.this : id => "policies/${policy.parent}/denypolicies/${policy.name}" }
}

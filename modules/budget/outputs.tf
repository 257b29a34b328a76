output "name" {
  description = "The budget's full name; null without one."
  value       = one([for budget in google_billing_budget.this : budget.id])
}

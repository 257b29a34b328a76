output "ids" {
  description = "Full names of the roles (projects/PROJECT/roles/ID), as grants write them, by id."
  value       = { for id, role in google_project_iam_custom_role.this : id => "projects/${role.project}/roles/${role.role_id}" }
}

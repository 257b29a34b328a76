output "ids" {
  description = "Full names of the workflows (projects/PROJECT/locations/REGION/workflows/WORKFLOW), by id."
  value = {
    for id, workflow in google_workflows_workflow.this :
    id => "projects/${workflow.project}/locations/${workflow.region}/workflows/${workflow.name}"
  }
}

output "names" {
  description = "Names of the workflows, by id."
  value       = { for id, workflow in google_workflows_workflow.this : id => workflow.name }
}

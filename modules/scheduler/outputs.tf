output "ids" {
  description = "Full names of the schedules (projects/PROJECT/locations/REGION/jobs/SCHEDULE), by id."
  value = {
    for id, schedule in google_cloud_scheduler_job.this :
    id => "projects/${schedule.project}/locations/${schedule.region}/jobs/${schedule.name}"
  }
}

output "names" {
  description = "Names of the schedules, by id."
  value       = { for id, schedule in google_cloud_scheduler_job.this : id => schedule.name }
}

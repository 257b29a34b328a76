output "ids" {
  description = "Full names of the queues (projects/PROJECT/locations/REGION/queues/QUEUE), by id."
  value = {
    for id, queue in google_cloud_tasks_queue.this :
    id => "projects/${queue.project}/locations/${queue.location}/queues/${queue.name}"
  }
  depends_on = [google_cloud_tasks_queue_iam_member.this]
}

output "names" {
  description = "Names of the queues, by id."
  value       = { for id, queue in google_cloud_tasks_queue.this : id => queue.name }
  depends_on  = [google_cloud_tasks_queue_iam_member.this]
}

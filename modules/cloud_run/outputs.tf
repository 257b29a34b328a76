output "ids" {
  description = "Full names of the services, jobs and worker pools (projects/PROJECT/locations/REGION/services/SERVICE), by kind and id."
  value = {
    services = {
      for id, service in google_cloud_run_v2_service.this :
      id => "projects/${service.project}/locations/${service.location}/services/${service.name}"
    }
    jobs = { for id, job in google_cloud_run_v2_job.this : id => "projects/${job.project}/locations/${job.location}/jobs/${job.name}" }
    worker_pools = {
      for id, pool in google_cloud_run_v2_worker_pool.this :
      id => "projects/${pool.project}/locations/${pool.location}/workerPools/${pool.name}"
    }
  }
  depends_on = [google_cloud_run_v2_service_iam_member.this, google_cloud_run_v2_service_iam_member.caller, google_cloud_run_v2_job_iam_member.this, google_cloud_run_v2_worker_pool_iam_member.this]
}

output "names" {
  description = "Names of the services, jobs and worker pools, by kind and id."
  value = {
    services     = { for id, service in google_cloud_run_v2_service.this : id => service.name }
    jobs         = { for id, job in google_cloud_run_v2_job.this : id => job.name }
    worker_pools = { for id, pool in google_cloud_run_v2_worker_pool.this : id => pool.name }
  }
  depends_on = [google_cloud_run_v2_service_iam_member.this, google_cloud_run_v2_service_iam_member.caller, google_cloud_run_v2_job_iam_member.this, google_cloud_run_v2_worker_pool_iam_member.this]
}

output "uris" {
  description = "Addresses of the services, by id; known after apply."
  value       = { for id, service in google_cloud_run_v2_service.this : id => service.uri }
  depends_on  = [google_cloud_run_v2_service_iam_member.this, google_cloud_run_v2_service_iam_member.caller]
}

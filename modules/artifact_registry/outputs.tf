output "ids" {
  description = "Full names of the repositories (projects/PROJECT/locations/LOCATION/repositories/REPOSITORY), by id."
  value = {
    for id, repository in google_artifact_registry_repository.this :
    id => "projects/${repository.project}/locations/${repository.location}/repositories/${repository.repository_id}"
  }
  depends_on = [google_artifact_registry_repository_iam_member.this]
}

output "names" {
  description = "Repository ids, by id."
  value       = { for id, repository in google_artifact_registry_repository.this : id => repository.repository_id }
  depends_on  = [google_artifact_registry_repository_iam_member.this]
}

output "hosts" {
  description = "Where clients push and pull, such as asia-south1-docker.pkg.dev/PROJECT/REPOSITORY, by id."
  value = {
    for id, repository in google_artifact_registry_repository.this :
    id => "${repository.location}-${lower(repository.format)}.pkg.dev/${repository.project}/${repository.repository_id}"
  }
  depends_on = [google_artifact_registry_repository_iam_member.this]
}

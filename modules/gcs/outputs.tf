output "ids" {
  description = "Ids of the buckets, which are their names, by id."
  value       = { for id, bucket in google_storage_bucket.this : id => bucket.name }
  depends_on  = [google_storage_bucket_iam_member.this, google_storage_managed_folder_iam_member.this]
}

output "names" {
  description = "Names of the buckets, by id."
  value       = { for id, bucket in google_storage_bucket.this : id => bucket.name }
  depends_on  = [google_storage_bucket_iam_member.this, google_storage_managed_folder_iam_member.this]
}

output "urls" {
  description = "gs:// addresses of the buckets, by id."
  value       = { for id, bucket in google_storage_bucket.this : id => "gs://${bucket.name}" }
  depends_on  = [google_storage_bucket_iam_member.this, google_storage_managed_folder_iam_member.this]
}

output "objects" {
  description = "gs:// addresses of the objects, by BUCKET/NAME."
  value       = { for key, object in google_storage_bucket_object.this : key => "gs://${object.bucket}/${object.name}" }
}

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
  value       = { for key, object in google_storage_bucket_object.this : key => "gs://${google_storage_bucket.this[local.objects[key].bucket].name}/${object.name}" }
}

output "parents" {
  description = "Ids of the buckets by name; the id of one that is replaced is unknown until it is there again. For the parents of other calls."
  value       = { for bucket in google_storage_bucket.this : bucket.name => bucket.id }
}

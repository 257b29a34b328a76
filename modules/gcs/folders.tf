locals {
  folders = merge([
    for id, bucket in var.buckets : { for name, folder in bucket.managed_folders : "${id}/${name}" => merge(folder, { bucket = id, name = name }) }
  ]...)
  objects = merge([
    for id, bucket in var.buckets : { for name, object in bucket.objects : "${id}/${name}" => merge(object, { bucket = id, name = name }) }
  ]...)
}

resource "google_storage_managed_folder" "this" {
  for_each = local.folders

  bucket        = google_storage_bucket.this[each.value.bucket].id
  name          = each.value.name
  force_destroy = each.value.force_destroy

  lifecycle {
    precondition {
      condition     = can(regex("^[^/][^\r\n#\\[\\]*?]*/$", each.value.name)) && length(each.value.name) <= 1024
      error_message = "buckets: a managed folder's name, as of ${each.key}, ends with a slash and doesn't begin with one."
    }
  }
}

resource "google_storage_bucket_object" "this" {
  for_each = local.objects

  bucket        = google_storage_bucket.this[each.value.bucket].id
  name          = each.value.name
  content       = each.value.content
  content_type  = each.value.content_type
  cache_control = each.value.cache_control
  storage_class = each.value.storage_class
  metadata      = each.value.metadata

  lifecycle {
    precondition {
      condition     = length(each.value.name) >= 1 && length(each.value.name) <= 1024 && !can(regex("[\r\n]|^[.]{1,2}$", each.value.name))
      error_message = "buckets: an object's name, as of ${each.key}, is one line of at most 1024 characters."
    }
    precondition {
      condition     = contains(["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"], coalesce(each.value.storage_class, "STANDARD"))
      error_message = "buckets: the storage class of the object ${each.key} is STANDARD, NEARLINE, COLDLINE or ARCHIVE."
    }
  }
}

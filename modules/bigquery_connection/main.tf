resource "google_bigquery_connection" "this" {
  for_each = var.bigquery_connections

  project       = var.project_id
  location      = each.value.location
  connection_id = each.key
  friendly_name = each.value.friendly_name
  description   = each.value.description
  kms_key_name  = each.value.kms_key

  dynamic "cloud_resource" {
    for_each = each.value.cloud_sql == null && each.value.spark == null ? [{}] : []
    content {}
  }

  dynamic "cloud_sql" {
    for_each = each.value.cloud_sql[*]
    content {
      instance_id = cloud_sql.value.instance
      database    = cloud_sql.value.database
      type        = cloud_sql.value.type
      credential {
        username = cloud_sql.value.username
        # Opens nothing: the real one, of the secret, would stand in the state.
        password = "unset: see ${cloud_sql.value.password_secret}"
      }
    }
  }

  dynamic "spark" {
    for_each = each.value.spark[*]
    content {
      dynamic "metastore_service_config" {
        for_each = spark.value.metastore_service[*]
        content {
          metastore_service = metastore_service_config.value
        }
      }
      dynamic "spark_history_server_config" {
        for_each = spark.value.history_cluster[*]
        content {
          dataproc_cluster = spark_history_server_config.value
        }
      }
    }
  }

  lifecycle {
    # Google tells no password, and ours must not take the place of the one that was put in.
    ignore_changes = [cloud_sql[0].credential]
  }
}

locals {
  # Who a connection is: Google makes an account for each.
  accounts = {
    for id, connection in google_bigquery_connection.this : id => one(concat(
      connection.cloud_resource[*].service_account_id, connection.cloud_sql[*].service_account_id, connection.spark[*].service_account_id,
    ))
  }
  buckets = merge(flatten([
    for id, connection in var.bigquery_connections : [
      for role, buckets in { "roles/storage.objectViewer" = connection.reads, "roles/storage.objectUser" = connection.writes } : {
        for bucket in buckets : "${id}/${bucket}" => { connection = id, bucket = bucket, role = role }
      }
    ]
  ])...)
}

resource "google_storage_bucket_iam_member" "files" {
  for_each = local.buckets

  bucket = lookup(var.parents, each.value.bucket, each.value.bucket)
  role   = each.value.role
  member = "serviceAccount:${local.accounts[each.value.connection]}"
}

resource "google_project_iam_member" "cloud_sql" {
  for_each = { for id, connection in var.bigquery_connections : id => connection if connection.cloud_sql != null }

  project = var.project_id
  role    = "roles/cloudsql.client"
  member  = "serviceAccount:${local.accounts[each.key]}"
}

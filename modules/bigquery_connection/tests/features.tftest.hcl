variables {
  project_id = "atm-dev"
}

# cloud_resource: by default: reads files of Cloud Storage and calls Google's APIs
# reads, writes: the buckets that the connection's own account may read or write
# grants: on the connection, additive
run "a_connection_to_files" {
  command = plan
  variables {
    bigquery_connections = {
      lake = {
        location      = "asia-south1"
        friendly_name = "Lake"
        kms_key       = "projects/atm-dev/locations/asia-south1/keyRings/lake/cryptoKeys/data"
        reads         = ["atm-dev-raw"]
        writes        = ["atm-dev-lake"]
        grants        = { use = { role = "roles/bigquery.connectionUser", members = ["group:quants@example.com"] } }
      }
    }
  }
  assert {
    condition = (
      length(google_bigquery_connection.this["lake"].cloud_resource) == 1 && google_bigquery_connection.this["lake"].connection_id == "lake" &&
      google_bigquery_connection.this["lake"].friendly_name == "Lake"
    )
    error_message = "It is one to Cloud Storage."
  }
  assert {
    condition = (
      google_storage_bucket_iam_member.files["lake/atm-dev-raw"].role == "roles/storage.objectViewer" &&
      google_storage_bucket_iam_member.files["lake/atm-dev-lake"].role == "roles/storage.objectUser"
    )
    error_message = "Its account reads one bucket and writes the other."
  }
  assert {
    condition     = keys(google_bigquery_connection_iam_member.this) == ["lake/use/group:quants@example.com"] && output.ids == { lake = "projects/atm-dev/locations/asia-south1/connections/lake" }
    error_message = "It is granted, and named."
  }
}

# cloud_sql: a database; its account may connect, and the password is none of Terraform's
run "a_connection_to_a_database" {
  command = plan
  variables {
    bigquery_connections = {
      ledger = {
        location  = "asia-south1"
        cloud_sql = { instance = "atm-dev:asia-south1:ledger", database = "book", username = "reader", password_secret = "ledger-reader" }
      }
    }
  }
  assert {
    condition = (
      google_bigquery_connection.this["ledger"].cloud_sql[0].credential[0].username == "reader" &&
      startswith(google_bigquery_connection.this["ledger"].cloud_sql[0].credential[0].password, "unset") &&
      length(google_bigquery_connection.this["ledger"].cloud_resource) == 0
    )
    error_message = "The password is a placeholder."
  }
  assert {
    condition     = google_project_iam_member.cloud_sql["ledger"].role == "roles/cloudsql.client"
    error_message = "Its account may connect."
  }
}

# spark: stored procedures in Spark, with a metastore and a history server
run "a_connection_to_spark" {
  command = plan
  variables {
    bigquery_connections = {
      spark = {
        location = "asia-south1"
        spark = {
          metastore_service = "projects/atm-dev/locations/asia-south1/services/hive"
          history_cluster   = "projects/atm-dev/regions/asia-south1/clusters/history"
        }
      }
    }
  }
  assert {
    condition = (
      google_bigquery_connection.this["spark"].spark[0].metastore_service_config[0].metastore_service == "projects/atm-dev/locations/asia-south1/services/hive" &&
      google_bigquery_connection.this["spark"].spark[0].spark_history_server_config[0].dataproc_cluster == "projects/atm-dev/regions/asia-south1/clusters/history"
    )
    error_message = "Spark has both."
  }
}

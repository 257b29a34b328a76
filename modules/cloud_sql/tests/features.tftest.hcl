variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

# network: a private address on the network, by private service access; no public one, and encrypted connections only
# backups: daily with a point in time to go back to, unless switched off
# deletion_protection: by Terraform and by the API, by default
# iam_authentication: on by default, by the flag that the engine has for it
# labels: the module's and the thing's own, which win
run "an_instance_by_default" {
  command = plan
  variables {
    labels        = { environment = "dev" }
    sql_instances = { orders = { network = "projects/atm-dev/global/networks/main" } }
  }
  assert {
    condition     = !google_sql_database_instance.this["orders"].settings[0].ip_configuration[0].ipv4_enabled && google_sql_database_instance.this["orders"].settings[0].ip_configuration[0].private_network == "projects/atm-dev/global/networks/main"
    error_message = "It has a private address only."
  }
  assert {
    condition     = google_sql_database_instance.this["orders"].settings[0].ip_configuration[0].ssl_mode == "ENCRYPTED_ONLY"
    error_message = "Connections are encrypted."
  }
  assert {
    condition     = google_sql_database_instance.this["orders"].settings[0].backup_configuration[0].enabled && google_sql_database_instance.this["orders"].settings[0].backup_configuration[0].point_in_time_recovery_enabled
    error_message = "It is backed up, to the point in time."
  }
  assert {
    condition     = google_sql_database_instance.this["orders"].deletion_protection && google_sql_database_instance.this["orders"].settings[0].deletion_protection_enabled
    error_message = "It is protected."
  }
  assert {
    condition     = one(google_sql_database_instance.this["orders"].settings[0].database_flags).name == "cloudsql.iam_authentication"
    error_message = "IAM principals may log in."
  }
  assert {
    condition     = google_sql_database_instance.this["orders"].settings[0].availability_type == "ZONAL" && google_sql_database_instance.this["orders"].settings[0].edition == "ENTERPRISE"
    error_message = "In one zone, of the cheaper edition."
  }
  assert {
    condition     = google_sql_database_instance.this["orders"].settings[0].user_labels == tomap({ environment = "dev" })
    error_message = "The module's labels are on it."
  }
  assert {
    condition     = output.connection_names["orders"] == "atm-dev:asia-south1:orders"
    error_message = "Its connection name is known at plan."
  }
}

# high_availability: a second instance in another zone
# edition, tier: the machine; ENTERPRISE or ENTERPRISE_PLUS
# disk: its type and size, whether it grows and how far
# maintenance_window: when Google may restart it, and how soon it gets a new version
# insights: which queries take the time
# flags: of the engine
# kms_key: encrypted with a key of one's own
run "an_instance_with_everything" {
  command = plan
  variables {
    sql_instances = {
      orders = {
        edition                  = "ENTERPRISE_PLUS"
        tier                     = "db-perf-optimized-N-2"
        high_availability        = true
        disk_size_gb             = 50
        disk_autoresize_limit_gb = 200
        log_retention_days       = 14
        maintenance_window       = { day = 7, hour = 20, track = "week5" }
        insights                 = { query_plans_per_minute = 10 }
        flags                    = { log_min_duration_statement = "500" }
        network                  = "projects/atm-dev/global/networks/main"
        kms_key                  = "projects/atm-dev/locations/asia-south1/keyRings/orders/cryptoKeys/data"
        deletion_protection      = false
      }
    }
  }
  assert {
    condition     = google_sql_database_instance.this["orders"].settings[0].availability_type == "REGIONAL" && google_sql_database_instance.this["orders"].settings[0].tier == "db-perf-optimized-N-2"
    error_message = "In two zones, on its machine."
  }
  assert {
    condition     = google_sql_database_instance.this["orders"].settings[0].disk_size == 50 && google_sql_database_instance.this["orders"].settings[0].disk_autoresize_limit == 200
    error_message = "The disk grows from 50 to 200 GB."
  }
  assert {
    condition     = google_sql_database_instance.this["orders"].settings[0].maintenance_window[0].update_track == "week5" && google_sql_database_instance.this["orders"].settings[0].insights_config[0].query_plans_per_minute == 10
    error_message = "It has its window, and tells its queries."
  }
  assert {
    condition     = length(google_sql_database_instance.this["orders"].settings[0].database_flags) == 2 && endswith(google_sql_database_instance.this["orders"].encryption_key_name, "/data")
    error_message = "Its flag is there beside that of IAM, and its key."
  }
  assert {
    condition     = !google_sql_database_instance.this["orders"].deletion_protection && !google_sql_database_instance.this["orders"].settings[0].deletion_protection_enabled
    error_message = "It may be deleted."
  }
}

# databases: each with its character set and collation
# users: service accounts that log in with their IAM token, by the name that the engine knows them by; never a password
run "databases_and_users_of_both_engines" {
  command = plan
  variables {
    sql_instances = {
      orders = {
        network   = "projects/atm-dev/global/networks/main"
        databases = { book = {} }
        users     = ["router@atm-dev.iam.gserviceaccount.com"]
      }
      legacy = {
        version   = "MYSQL_8_4"
        network   = "projects/atm-dev/global/networks/main"
        databases = { book = { charset = "utf8mb4", collation = "utf8mb4_0900_ai_ci" } }
        users     = ["router@atm-dev.iam.gserviceaccount.com"]
      }
    }
  }
  assert {
    condition     = google_sql_user.this["orders/router@atm-dev.iam.gserviceaccount.com"].name == "router@atm-dev.iam" && google_sql_user.this["legacy/router@atm-dev.iam.gserviceaccount.com"].name == "router@atm-dev.iam.gserviceaccount.com"
    error_message = "PostgreSQL's name has no last part."
  }
  assert {
    condition     = google_sql_database.this["legacy/book"].collation == "utf8mb4_0900_ai_ci"
    error_message = "The database has its collation."
  }
  assert {
    condition     = google_sql_database_instance.this["legacy"].settings[0].backup_configuration[0].binary_log_enabled && one(google_sql_database_instance.this["legacy"].settings[0].database_flags).name == "cloudsql_iam_authentication"
    error_message = "MySQL goes back in time by its binary log, and has a flag of its own."
  }
}

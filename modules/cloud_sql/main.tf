locals {
  databases = merge([
    for id, instance in var.sql_instances : { for name, database in instance.databases : "${id}/${name}" => merge(database, { instance = id, name = name }) }
  ]...)
  users = merge([
    for id, instance in var.sql_instances : { for account in instance.users : "${id}/${account}" => { instance = id, account = account } }
  ]...)

  # How each engine calls the switch of IAM authentication.
  iam_flags = { for id, instance in var.sql_instances : id => startswith(instance.version, "POSTGRES") ? "cloudsql.iam_authentication" : "cloudsql_iam_authentication" }
}

resource "google_sql_database_instance" "this" {
  for_each = var.sql_instances

  project             = var.project_id
  region              = var.region
  name                = each.key
  database_version    = each.value.version
  encryption_key_name = each.value.kms_key
  # Terraform's own, and the API's below: neither Terraform nor a person deletes it by mistake.
  deletion_protection = each.value.deletion_protection

  settings {
    tier                        = each.value.tier
    edition                     = each.value.edition
    availability_type           = each.value.high_availability ? "REGIONAL" : "ZONAL"
    disk_type                   = each.value.disk_type
    disk_size                   = each.value.disk_size_gb
    disk_autoresize             = each.value.disk_autoresize
    disk_autoresize_limit       = each.value.disk_autoresize_limit_gb
    deletion_protection_enabled = each.value.deletion_protection
    user_labels                 = merge(var.labels, each.value.labels)

    backup_configuration {
      enabled                        = each.value.backups
      start_time                     = each.value.backup_start_time
      location                       = each.value.backup_location
      point_in_time_recovery_enabled = each.value.point_in_time_recovery && startswith(each.value.version, "POSTGRES") ? true : null
      binary_log_enabled             = each.value.point_in_time_recovery && startswith(each.value.version, "MYSQL") ? true : null
      transaction_log_retention_days = each.value.log_retention_days
      backup_retention_settings {
        retained_backups = each.value.backups_retained
      }
    }

    # No public address, ever.
    ip_configuration {
      ipv4_enabled    = false
      private_network = each.value.network
      ssl_mode        = each.value.ssl_mode
    }

    dynamic "maintenance_window" {
      for_each = each.value.maintenance_window[*]
      content {
        day          = maintenance_window.value.day
        hour         = maintenance_window.value.hour
        update_track = maintenance_window.value.track
      }
    }

    dynamic "insights_config" {
      for_each = each.value.insights[*]
      content {
        query_insights_enabled  = true
        query_string_length     = insights_config.value.query_string_length
        query_plans_per_minute  = insights_config.value.query_plans_per_minute
        record_application_tags = insights_config.value.record_application_tags
        record_client_address   = insights_config.value.record_client_address
      }
    }

    dynamic "database_flags" {
      for_each = merge(each.value.flags, each.value.iam_authentication ? { (local.iam_flags[each.key]) = "on" } : {})
      content {
        name  = database_flags.key
        value = database_flags.value
      }
    }
  }

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "sql_instances: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

resource "google_sql_database" "this" {
  for_each = local.databases

  project   = var.project_id
  instance  = google_sql_database_instance.this[each.value.instance].name
  name      = each.value.name
  charset   = each.value.charset
  collation = each.value.collation
}

# PostgreSQL knows a service account by its address without the last part, MySQL by all of it.
resource "google_sql_user" "this" {
  for_each = local.users

  project  = var.project_id
  instance = google_sql_database_instance.this[each.value.instance].name
  name     = startswith(var.sql_instances[each.value.instance].version, "POSTGRES") ? trimsuffix(each.value.account, ".gserviceaccount.com") : each.value.account
  type     = "CLOUD_IAM_SERVICE_ACCOUNT"
}

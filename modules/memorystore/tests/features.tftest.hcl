variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

# network: by private service access only
# auth, tls: a password that Memorystore makes, and encrypted connections, by default
# deletion_protection: Terraform refuses to destroy it, by default
# labels: the module's and the thing's own, which win
run "a_cache_by_default" {
  command = plan
  variables {
    labels          = { environment = "dev" }
    redis_instances = { cache = { network = "projects/atm-dev/global/networks/main" } }
  }
  assert {
    condition     = google_redis_instance.this["cache"].connect_mode == "PRIVATE_SERVICE_ACCESS" && google_redis_instance.this["cache"].authorized_network == "projects/atm-dev/global/networks/main"
    error_message = "It is on the network."
  }
  assert {
    condition     = google_redis_instance.this["cache"].auth_enabled && google_redis_instance.this["cache"].transit_encryption_mode == "SERVER_AUTHENTICATION"
    error_message = "Clients need a password, over TLS."
  }
  assert {
    condition     = google_redis_instance.this["cache"].tier == "BASIC" && google_redis_instance.this["cache"].memory_size_gb == 1 && google_redis_instance.this["cache"].deletion_protection
    error_message = "The smallest there is, and protected."
  }
  assert {
    condition     = google_redis_instance.this["cache"].labels == tomap({ environment = "dev" }) && google_redis_instance.this["cache"].persistence_config[0].persistence_mode == "DISABLED"
    error_message = "The module's labels are on it, and nothing on a disk."
  }
  assert {
    condition     = output.ids["cache"] == "projects/atm-dev/locations/asia-south1/instances/cache"
    error_message = "Its full name is known at plan."
  }
}

# tier, memory_size_gb: STANDARD_HA has a replica to fail over to
# read_replicas: replicas that answer reads
# snapshot_period: a snapshot on disk, so that it comes back with its data
# maintenance_window: when Google may update it
# configs: of Redis, such as maxmemory-policy
# kms_key: encrypted with a key of one's own
run "a_cache_with_everything" {
  command = plan
  variables {
    redis_instances = {
      cache = {
        tier                = "STANDARD_HA"
        memory_size_gb      = 5
        version             = "REDIS_7_0"
        display_name        = "Quotes"
        auth                = false
        tls                 = false
        network             = "projects/atm-dev/global/networks/main"
        configs             = { maxmemory-policy = "allkeys-lru" }
        read_replicas       = 2
        snapshot_period     = "SIX_HOURS"
        maintenance_window  = { day = "SUNDAY", hour = 20 }
        kms_key             = "projects/atm-dev/locations/asia-south1/keyRings/quotes/cryptoKeys/data"
        deletion_protection = false
      }
    }
  }
  assert {
    condition     = google_redis_instance.this["cache"].read_replicas_mode == "READ_REPLICAS_ENABLED" && google_redis_instance.this["cache"].replica_count == 2
    error_message = "It has replicas."
  }
  assert {
    condition     = google_redis_instance.this["cache"].persistence_config[0].rdb_snapshot_period == "SIX_HOURS" && google_redis_instance.this["cache"].redis_configs["maxmemory-policy"] == "allkeys-lru"
    error_message = "It keeps snapshots, and its configuration."
  }
  assert {
    condition     = google_redis_instance.this["cache"].maintenance_policy[0].weekly_maintenance_window[0].start_time[0].hours == 20 && endswith(google_redis_instance.this["cache"].customer_managed_key, "/data")
    error_message = "It has its window and its key."
  }
  assert {
    condition     = !google_redis_instance.this["cache"].auth_enabled && google_redis_instance.this["cache"].transit_encryption_mode == "DISABLED" && !google_redis_instance.this["cache"].deletion_protection
    error_message = "Each switch is off."
  }
}

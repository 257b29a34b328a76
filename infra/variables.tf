# `envctl render ENV` writes the values of all of these to build/ENV/terraform.tfvars.json. The models of scripts/envctl check them first
# and fill every default, so nothing here is optional: a field that is missing is an error, not a default.

variable "environment" {
  description = "The environment's name, such as prod."
  type        = string
  nullable    = false
}

variable "project_id" {
  description = "The project that holds the environment."
  type        = string
  nullable    = false
}

variable "project_number" {
  description = "The project's number, which names Google's own agents; null where none of them is given a role."
  type        = string
}

variable "region" {
  description = "Where everything runs that doesn't say otherwise."
  type        = string
  nullable    = false
}

variable "labels" {
  description = "Labels of everything; each subproject's name is added."
  type        = map(string)
  nullable    = false
}

variable "apis" {
  description = "APIs that the project enables."
  type        = list(string)
  nullable    = false
}

variable "state" {
  description = "Where the state of all this is kept."
  type        = object({ bucket = string, prefix = string })
  nullable    = false
}

variable "github" {
  description = "The repository whose workflows plan and apply, or null where none is trusted."
  type = object({
    repository    = string
    repository_id = string
    environment   = string
    branch        = string
    pool          = string
    provider      = string
    plan          = object({ service_account = string, project_roles = list(string) })
    apply         = object({ service_account = string, project_roles = list(string) })
  })
}

variable "network" {
  description = "The network, or null where there is none."
  type = object({
    name                   = string
    description            = string
    routing_mode           = string
    mtu                    = number
    default_internet_route = bool

    subnets = map(object({
      range                 = string
      region                = string
      description           = string
      private_google_access = bool
      secondary_ranges      = map(string)
      flow_logs             = object({ interval = string, sampling = number, metadata = string, filter = string })
    }))

    firewall = map(object({
      description             = string
      direction               = string
      action                  = string
      traffic                 = list(object({ protocol = string, ports = list(string) }))
      ranges                  = list(string)
      source_tags             = list(string)
      source_service_accounts = list(string)
      target_tags             = list(string)
      target_service_accounts = list(string)
      priority                = number
      public                  = bool
      disabled                = bool
      logging                 = bool
    }))

    addresses = map(object({
      region      = string
      description = string
      subnet      = string
      address     = string
      labels      = map(string)
    }))

    nats = map(object({
      region                       = string
      addresses                    = list(string)
      subnets                      = list(string)
      dynamic_ports                = bool
      min_ports_per_vm             = number
      max_ports_per_vm             = number
      log                          = string
      udp_idle_seconds             = number
      icmp_idle_seconds            = number
      tcp_established_idle_seconds = number
      tcp_transitory_idle_seconds  = number
      tcp_time_wait_seconds        = number
    }))

    private_services = object({ name = string, range = string, prefix_length = number, description = string })

    routes = map(object({
      range       = string
      description = string
      internet    = bool
      next_hop_ip = string
      priority    = number
      tags        = list(string)
    }))

    dns_zones = map(object({
      dns_name    = string
      description = string
      records     = map(object({ name = string, type = string, ttl = number, data = list(string) }))
      labels      = map(string)
    }))

    connectors = map(object({
      region        = string
      subnet        = string
      range         = string
      machine_type  = string
      min_instances = number
      max_instances = number
    }))
  })
}

variable "notification_channels" {
  description = "Whom alerts and the budget tell, by id."
  type = map(object({
    display_name = string
    email        = string
    sms          = string
    topic        = string
    google_chat  = string
    existing     = string
    labels       = map(string)
  }))
  nullable = false
}

variable "log_sinks" {
  description = "Where log entries go, by name."
  type = map(object({
    description = string
    filter      = string
    dataset     = string
    bucket      = string
    topic       = string
    partitioned = bool
    exclusions  = map(object({ filter = string, description = string }))
  }))
  nullable = false
}

variable "log_buckets" {
  description = "Where log entries are kept, by id."
  type = map(object({
    description    = string
    location       = string
    retention_days = number
    analytics      = bool
    locked         = bool
    views          = map(object({ filter = string, description = string }))
  }))
  nullable = false
}

variable "audit_logs" {
  description = "Which accesses to data are recorded, by API."
  type = map(object({
    log_types = list(string)
    exempted  = list(string)
  }))
  nullable = false
}

variable "deny_policies" {
  description = "What nobody may do on the project, whatever roles they have, by id."
  type = map(object({
    display_name = string
    rules = list(object({
      description           = string
      denied_principals     = list(string)
      exception_principals  = list(string)
      denied_permissions    = list(string)
      exception_permissions = list(string)
      condition             = object({ title = string, expression = string })
    }))
  }))
  nullable = false
}

variable "budget" {
  description = "What a month may cost, or null where nobody is to be told."
  type = object({
    billing_account = string
    display_name    = string
    amount          = number
    currency        = string
    labels          = map(string)
    thresholds = list(object({
      percent = number
      basis   = string
    }))
    topic              = string
    channels           = list(string)
    default_recipients = bool
  })
}

variable "subprojects" {
  description = "The subprojects by id, with all that belongs to them. References are full names, files are their text."
  type = map(object({
    description = string

    custom_roles = map(object({
      title       = string
      description = string
      stage       = string
      permissions = list(string)
    }))

    service_accounts = map(object({
      display_name  = string
      description   = string
      disabled      = bool
      project_roles = list(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    kms_keys = map(object({
      location                   = string
      purpose                    = string
      algorithm                  = string
      protection_level           = string
      rotation_period            = string
      destroy_scheduled_duration = string
      deletion_protection        = bool
      used_by                    = list(string)
      labels                     = map(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    secrets = map(object({
      locations   = list(string)
      topics      = list(string)
      rotation    = object({ period = string, next_time = string })
      placeholder = bool
      labels      = map(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    repositories = map(object({
      format            = string
      description       = string
      location          = string
      immutable_tags    = bool
      keep_count        = number
      delete_older_than = string
      labels            = map(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    buckets = map(object({
      name                   = string
      location               = string
      regions                = list(string)
      rpo                    = string
      storage_class          = string
      autoclass              = object({ terminal_storage_class = string })
      versioning             = bool
      soft_delete_seconds    = number
      force_destroy          = bool
      hierarchical_namespace = bool
      requester_pays         = bool
      event_based_hold       = bool
      object_retention       = bool
      public_access          = bool
      kms_key                = string
      refused_encryption     = list(string)
      lifecycle_rules = list(object({
        action                 = string
        storage_class          = string
        age_days               = number
        num_newer_versions     = number
        days_since_noncurrent  = number
        days_since_custom_time = number
        created_before         = string
        custom_time_before     = string
        noncurrent_time_before = string
        size_above_bytes       = number
        size_below_bytes       = number
        with_state             = string
        matches_prefix         = list(string)
        matches_suffix         = list(string)
        matches_storage_class  = list(string)
      }))
      retention = object({ period_seconds = number, locked = bool })
      cors = list(object({
        origins          = list(string)
        methods          = list(string)
        response_headers = list(string)
        max_age_seconds  = number
      }))
      logging = object({ bucket = string, prefix = string })
      website = object({ main_page = string, not_found_page = string })
      ip_filter = object({
        mode                 = string
        public_ranges        = list(string)
        vpc_sources          = list(object({ network = string, ranges = list(string) }))
        allow_cross_org_vpcs = bool
        allow_service_agents = bool
      })
      managed_folders = map(object({
        force_destroy = bool
        grants = map(object({
          role      = string
          members   = list(string)
          condition = object({ title = string, expression = string, description = string })
        }))
      }))
      objects = map(object({
        content       = string
        content_type  = string
        cache_control = string
        storage_class = string
        metadata      = map(string)
      }))
      labels = map(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    bucket_notifications = map(object({
      bucket         = string
      topic          = string
      events         = list(string)
      prefix         = string
      payload_format = string
      attributes     = map(string)
    }))

    bigquery_connections = map(object({
      friendly_name = string
      description   = string
      location      = string
      kms_key       = string
      cloud_sql     = object({ instance = string, database = string, type = string, username = string, password_secret = string })
      spark         = object({ metastore_service = string, history_cluster = string })
      reads         = list(string)
      writes        = list(string)
      calls         = list(string) # services, as "subproject/service"
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    taxonomies = map(object({
      display_name           = string
      description            = string
      location               = string
      activated_policy_types = list(string)
      tags = map(object({
        display_name = string
        description  = string
        readers      = list(string)
        masking      = map(object({ expression = string, readers = list(string) }))
      }))
    }))

    datasets = map(object({
      friendly_name                     = string
      description                       = string
      location                          = string
      default_table_expiration_days     = number
      default_partition_expiration_days = number
      max_time_travel_hours             = number
      storage_billing_model             = string
      kms_key                           = string
      default_collation                 = string
      case_insensitive                  = bool
      delete_contents_on_destroy        = bool
      tables = map(object({
        description              = string
        schema                   = string
        time_partitioning        = object({ type = string, field = string, expiration_days = number })
        range_partitioning       = object({ field = string, start = number, end = number, interval = number })
        require_partition_filter = bool
        clustering               = list(string)
        primary_key              = list(string)
        foreign_keys             = map(object({ table = string, column = string, references = string }))
        iceberg                  = object({ connection = string, storage_uri = string })
        row_access_policies      = map(object({ filter = string, grantees = list(string) }))
        deletion_protection      = bool
        labels                   = map(string)
        grants = map(object({
          role      = string
          members   = list(string)
          condition = object({ title = string, expression = string, description = string })
        }))
      }))
      external_tables = map(object({
        description           = string
        format                = string
        source_uris           = list(string)
        schema                = string
        compression           = string
        ignore_unknown_values = bool
        max_bad_records       = number
        connection            = string
        metadata_cache        = object({ mode = string, max_staleness = string })
        hive_partitioning     = object({ mode = string, source_uri_prefix = string, require_partition_filter = bool })
        csv = object({
          delimiter             = string
          quote                 = string
          skip_leading_rows     = number
          allow_quoted_newlines = bool
          allow_jagged_rows     = bool
          encoding              = string
        })
        json                = object({ encoding = string })
        parquet             = object({ enum_as_string = bool, enable_list_inference = bool })
        avro                = object({ use_logical_types = bool })
        deletion_protection = bool
        labels              = map(string)
        grants = map(object({
          role      = string
          members   = list(string)
          condition = object({ title = string, expression = string, description = string })
        }))
      }))
      views = map(object({
        description         = string
        query               = string
        deletion_protection = bool
        labels              = map(string)
        grants = map(object({
          role      = string
          members   = list(string)
          condition = object({ title = string, expression = string, description = string })
        }))
      }))
      materialized_views = map(object({
        description              = string
        query                    = string
        enable_refresh           = bool
        refresh_interval_minutes = number
        clustering               = list(string)
        deletion_protection      = bool
        labels                   = map(string)
        grants = map(object({
          role      = string
          members   = list(string)
          condition = object({ title = string, expression = string, description = string })
        }))
      }))
      routines = map(object({
        type          = string
        language      = string
        description   = string
        body          = string
        arguments     = list(object({ name = string, type = string, mode = string }))
        returns       = string
        returns_table = list(object({ name = string, type = string }))
        libraries     = list(string)
        determinism   = string
        security      = string
        masking       = bool
        remote = object({
          connection        = string
          endpoint          = string
          max_batching_rows = number
          context           = map(string)
        })
        spark = object({
          connection      = string
          runtime_version = string
          container_image = string
          main_file       = string
          main_class      = string
          jars            = list(string)
          py_files        = list(string)
          files           = list(string)
          archives        = list(string)
          properties      = map(string)
        })
        grants = map(object({
          role      = string
          members   = list(string)
          condition = object({ title = string, expression = string, description = string })
        }))
      }))
      authorized = object({
        views    = list(string)
        datasets = list(string)
        routines = list(string)
      })
      labels = map(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    sql_instances = map(object({
      version                  = string
      edition                  = string
      tier                     = string
      high_availability        = bool
      disk_type                = string
      disk_size_gb             = number
      disk_autoresize          = bool
      disk_autoresize_limit_gb = number
      backups                  = bool
      backup_start_time        = string
      backup_location          = string
      backups_retained         = number
      point_in_time_recovery   = bool
      log_retention_days       = number
      maintenance_window       = object({ day = number, hour = number, track = string })
      insights = object({
        query_string_length     = number
        query_plans_per_minute  = number
        record_application_tags = bool
        record_client_address   = bool
      })
      flags               = map(string)
      iam_authentication  = bool
      network             = string
      ssl_mode            = string
      kms_key             = string
      databases           = map(object({ charset = string, collation = string }))
      users               = list(string)
      deletion_protection = bool
      labels              = map(string)
    }))

    redis_instances = map(object({
      tier                = string
      memory_size_gb      = number
      version             = string
      display_name        = string
      auth                = bool
      tls                 = bool
      network             = string
      configs             = map(string)
      read_replicas       = number
      snapshot_period     = string
      maintenance_window  = object({ day = string, hour = number })
      kms_key             = string
      deletion_protection = bool
      labels              = map(string)
    }))

    schemas = map(object({
      type       = string
      definition = string
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    topics = map(object({
      retention          = string
      schema             = object({ id = string, encoding = string, first_revision = string, last_revision = string })
      regions            = list(string)
      enforce_in_transit = bool
      kms_key            = string
      transforms         = list(object({ code = string, function = string, disabled = bool }))
      ingestion = object({
        cloud_storage    = object({ bucket = string, format = string, delimiter = string, match_glob = string, created_after = string })
        aws_kinesis      = object({ stream_arn = string, consumer_arn = string, aws_role_arn = string, service_account = string })
        aws_msk          = object({ cluster_arn = string, topic = string, aws_role_arn = string, service_account = string })
        azure_event_hubs = object({ resource_group = string, namespace = string, event_hub = string, client_id = string, tenant_id = string, subscription_id = string, service_account = string })
        confluent_cloud  = object({ bootstrap_server = string, cluster_id = string, topic = string, identity_pool_id = string, service_account = string })
        platform_logs    = string
      })
      tags   = map(string)
      labels = map(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    subscriptions = map(object({
      topic                        = string
      ack_deadline_seconds         = number
      retention                    = string
      retain_acked_messages        = bool
      enable_message_ordering      = bool
      enable_exactly_once_delivery = bool
      filter                       = string
      expiration_ttl               = string
      retry                        = object({ minimum_backoff = string, maximum_backoff = string })
      dead_letter                  = object({ topic = string, max_delivery_attempts = number })
      transforms                   = list(object({ code = string, function = string, disabled = bool }))
      tags                         = map(string)
      labels                       = map(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    push_subscriptions = map(object({
      topic                        = string
      ack_deadline_seconds         = number
      retention                    = string
      retain_acked_messages        = bool
      enable_message_ordering      = bool
      enable_exactly_once_delivery = bool
      filter                       = string
      expiration_ttl               = string
      retry                        = object({ minimum_backoff = string, maximum_backoff = string })
      dead_letter                  = object({ topic = string, max_delivery_attempts = number })
      transforms                   = list(object({ code = string, function = string, disabled = bool }))
      push = object({
        service         = string
        path            = string
        endpoint        = string
        service_account = string
        audience        = string
        no_wrapper      = object({ write_metadata = bool })
      })
      tags   = map(string)
      labels = map(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    export_subscriptions = map(object({
      topic                        = string
      ack_deadline_seconds         = number
      retention                    = string
      retain_acked_messages        = bool
      enable_message_ordering      = bool
      enable_exactly_once_delivery = bool
      filter                       = string
      expiration_ttl               = string
      retry                        = object({ minimum_backoff = string, maximum_backoff = string })
      dead_letter                  = object({ topic = string, max_delivery_attempts = number })
      transforms                   = list(object({ code = string, function = string, disabled = bool }))
      bigquery = object({
        dataset             = string
        table               = string
        use_topic_schema    = bool
        use_table_schema    = bool
        write_metadata      = bool
        drop_unknown_fields = bool
      })
      cloud_storage = object({
        bucket          = string
        prefix          = string
        suffix          = string
        datetime_format = string
        max_duration    = string
        max_bytes       = number
        max_messages    = number
        avro            = object({ write_metadata = bool, use_topic_schema = bool })
      })
      tags   = map(string)
      labels = map(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    services = map(object({
      image           = string
      cpu             = string
      memory          = string
      command         = list(string)
      args            = list(string)
      working_dir     = string
      env             = map(string)
      secrets         = map(object({ secret = string, version = string }))
      mounts          = map(object({ volume = string, sub_path = string }))
      depends_on      = list(string)
      service_account = string
      sidecars = map(object({
        image       = string
        cpu         = string
        memory      = string
        command     = list(string)
        args        = list(string)
        working_dir = string
        env         = map(string)
        secrets     = map(object({ secret = string, version = string }))
        mounts      = map(object({ volume = string, sub_path = string }))
        depends_on  = list(string)
        startup_probe = object({
          path                  = string
          grpc                  = string
          port                  = number
          timeout_seconds       = number
          period_seconds        = number
          failure_threshold     = number
          tcp                   = bool
          headers               = map(string)
          initial_delay_seconds = number
        })
        liveness_probe = object({
          path                  = string
          grpc                  = string
          port                  = number
          timeout_seconds       = number
          period_seconds        = number
          failure_threshold     = number
          tcp                   = bool
          headers               = map(string)
          initial_delay_seconds = number
        })
      }))
      volumes = map(object({
        secret = object({
          secret = string
          items  = map(object({ version = string, mode = string }))
          mode   = string
        })
        memory    = object({ size_limit = string })
        bucket    = object({ bucket = string, read_only = bool, mount_options = list(string) })
        nfs       = object({ server = string, path = string, read_only = bool })
        cloud_sql = list(string)
      }))
      vpc_access           = object({ subnet = string, connector = string, egress = string, tags = list(string) })
      gpu                  = object({ type = string, zonal_redundancy = bool })
      kms_key              = string
      binary_authorization = object({ policy = string, breakglass_justification = string })
      client               = object({ name = string, version = string })
      launch_stage         = string
      annotations          = map(string)
      deletion_protection  = bool
      labels               = map(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
      description           = string
      port                  = number
      http2                 = bool
      min_instances         = number
      max_instances         = number
      service_scaling       = object({ min_instances = number, max_instances = number, manual_instances = number })
      concurrency           = number
      timeout               = string
      session_affinity      = bool
      cpu_idle              = bool
      startup_cpu_boost     = bool
      execution_environment = string
      ingress               = string
      default_url           = bool
      invoker_check         = bool
      iap = object({
        grants = map(object({
          role      = string
          members   = list(string)
          condition = object({ title = string, expression = string, description = string })
        }))
      })
      connections      = list(string) # of BigQuery, that may call it, as "subproject/connection"
      custom_audiences = list(string)
      revision         = string
      traffic          = map(object({ percent = number, tag = string }))
      startup_probe = object({
        path                  = string
        grpc                  = string
        port                  = number
        timeout_seconds       = number
        period_seconds        = number
        failure_threshold     = number
        tcp                   = bool
        headers               = map(string)
        initial_delay_seconds = number
      })
      liveness_probe = object({
        path                  = string
        grpc                  = string
        port                  = number
        timeout_seconds       = number
        period_seconds        = number
        failure_threshold     = number
        tcp                   = bool
        headers               = map(string)
        initial_delay_seconds = number
      })
      readiness_probe = object({
        path              = string
        grpc              = string
        port              = number
        timeout_seconds   = number
        period_seconds    = number
        failure_threshold = number
        success_threshold = number
      })
      tags = map(string)
    }))

    jobs = map(object({
      image           = string
      cpu             = string
      memory          = string
      command         = list(string)
      args            = list(string)
      working_dir     = string
      env             = map(string)
      secrets         = map(object({ secret = string, version = string }))
      mounts          = map(object({ volume = string, sub_path = string }))
      depends_on      = list(string)
      service_account = string
      sidecars = map(object({
        image       = string
        cpu         = string
        memory      = string
        command     = list(string)
        args        = list(string)
        working_dir = string
        env         = map(string)
        secrets     = map(object({ secret = string, version = string }))
        mounts      = map(object({ volume = string, sub_path = string }))
        depends_on  = list(string)
        startup_probe = object({
          path                  = string
          grpc                  = string
          port                  = number
          timeout_seconds       = number
          period_seconds        = number
          failure_threshold     = number
          tcp                   = bool
          headers               = map(string)
          initial_delay_seconds = number
        })
        liveness_probe = object({
          path                  = string
          grpc                  = string
          port                  = number
          timeout_seconds       = number
          period_seconds        = number
          failure_threshold     = number
          tcp                   = bool
          headers               = map(string)
          initial_delay_seconds = number
        })
      }))
      volumes = map(object({
        secret = object({
          secret = string
          items  = map(object({ version = string, mode = string }))
          mode   = string
        })
        memory    = object({ size_limit = string })
        bucket    = object({ bucket = string, read_only = bool, mount_options = list(string) })
        nfs       = object({ server = string, path = string, read_only = bool })
        cloud_sql = list(string)
      }))
      vpc_access           = object({ subnet = string, connector = string, egress = string, tags = list(string) })
      gpu                  = object({ type = string, zonal_redundancy = bool })
      kms_key              = string
      binary_authorization = object({ policy = string, breakglass_justification = string })
      client               = object({ name = string, version = string })
      launch_stage         = string
      annotations          = map(string)
      deletion_protection  = bool
      labels               = map(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
      tasks                 = number
      parallelism           = number
      max_retries           = number
      timeout               = string
      execution_environment = string
      tags                  = map(string)
    }))

    worker_pools = map(object({
      image           = string
      cpu             = string
      memory          = string
      command         = list(string)
      args            = list(string)
      working_dir     = string
      env             = map(string)
      secrets         = map(object({ secret = string, version = string }))
      mounts          = map(object({ volume = string, sub_path = string }))
      depends_on      = list(string)
      service_account = string
      sidecars = map(object({
        image       = string
        cpu         = string
        memory      = string
        command     = list(string)
        args        = list(string)
        working_dir = string
        env         = map(string)
        secrets     = map(object({ secret = string, version = string }))
        mounts      = map(object({ volume = string, sub_path = string }))
        depends_on  = list(string)
        startup_probe = object({
          path                  = string
          grpc                  = string
          port                  = number
          timeout_seconds       = number
          period_seconds        = number
          failure_threshold     = number
          tcp                   = bool
          headers               = map(string)
          initial_delay_seconds = number
        })
        liveness_probe = object({
          path                  = string
          grpc                  = string
          port                  = number
          timeout_seconds       = number
          period_seconds        = number
          failure_threshold     = number
          tcp                   = bool
          headers               = map(string)
          initial_delay_seconds = number
        })
      }))
      volumes = map(object({
        secret = object({
          secret = string
          items  = map(object({ version = string, mode = string }))
          mode   = string
        })
        memory    = object({ size_limit = string })
        bucket    = object({ bucket = string, read_only = bool, mount_options = list(string) })
        nfs       = object({ server = string, path = string, read_only = bool })
        cloud_sql = list(string)
      }))
      vpc_access           = object({ subnet = string, connector = string, egress = string, tags = list(string) })
      gpu                  = object({ type = string, zonal_redundancy = bool })
      kms_key              = string
      binary_authorization = object({ policy = string, breakglass_justification = string })
      client               = object({ name = string, version = string })
      launch_stage         = string
      annotations          = map(string)
      deletion_protection  = bool
      labels               = map(string)
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
      description = string
      instances   = number
      scaling     = object({ min_instances = number, max_instances = number })
      revision    = string
      splits      = map(number)
      startup_probe = object({
        path                  = string
        grpc                  = string
        port                  = number
        timeout_seconds       = number
        period_seconds        = number
        failure_threshold     = number
        tcp                   = bool
        headers               = map(string)
        initial_delay_seconds = number
      })
      liveness_probe = object({
        path                  = string
        grpc                  = string
        port                  = number
        timeout_seconds       = number
        period_seconds        = number
        failure_threshold     = number
        tcp                   = bool
        headers               = map(string)
        initial_delay_seconds = number
      })
    }))

    load_balancers = map(object({
      description = string
      domains     = list(string)
      certificate = string
      backends = map(object({
        service      = string
        log_sampling = number
        iap = object({
          grants = map(object({
            role      = string
            members   = list(string)
            condition = object({ title = string, expression = string, description = string })
          }))
        })
      }))
      default_backend = string
      routes          = list(object({ hosts = list(string), paths = list(string), backend = string }))
      min_tls         = string
      tls_profile     = string
      redirect_http   = bool
      armor = object({
        allow_ranges        = list(string)
        deny_ranges         = list(string)
        allow_countries     = list(string)
        deny_countries      = list(string)
        waf                 = list(string)
        waf_sensitivity     = number
        waf_preview         = bool
        rate_limit          = object({ requests = number, interval_seconds = number, client = string, ban_seconds = number })
        default             = string
        adaptive_protection = bool
      })
      labels = map(string)
    }))

    workflows = map(object({
      description             = string
      source                  = string
      service_account         = string
      call_log_level          = string
      execution_history_level = string
      env                     = map(string)
      deletion_protection     = bool
      labels                  = map(string)
      tags                    = map(string)
      kms_key                 = string
    }))

    schedules = map(object({
      description      = string
      cron             = string
      time_zone        = string
      paused           = bool
      attempt_deadline = string
      retry = object({
        count         = number
        max_duration  = string
        min_backoff   = string
        max_backoff   = string
        max_doublings = number
      })
      http = object({
        uri     = string
        service = string
        path    = string
        method  = string
        body    = string
        headers = map(string)
        oauth   = object({ service_account = string, scope = string })
        oidc    = object({ service_account = string, audience = string })
      })
      pubsub = object({
        topic      = string
        data       = string
        attributes = map(string)
      })
    }))

    triggers = map(object({
      criteria        = map(string)
      path_patterns   = map(string)
      service         = string
      path            = string
      workflow        = string
      topic           = string
      service_account = string
      location        = string
      content_type    = string
      retry           = bool
      labels          = map(string)
    }))

    scheduled_queries = map(object({
      query              = string
      schedule           = string
      service_account    = string
      dataset            = string
      table              = string
      write              = string
      partitioning_field = string
      location           = string
      email_on_failure   = bool
      topic              = string
      start_time         = string
      end_time           = string
      kms_key            = string
      paused             = bool
    }))

    queues = map(object({
      name                      = string
      paused                    = bool
      max_dispatches_per_second = number
      max_concurrent_dispatches = number
      max_attempts              = number
      max_retry_duration        = string
      min_backoff               = string
      max_backoff               = string
      max_doublings             = number
      log_sampling_ratio        = number
      target = object({
        service         = string
        uri             = string
        path            = string
        query           = string
        only_if_missing = bool
        method          = string
        headers         = map(string)
        oauth           = object({ service_account = string, scope = string })
        oidc            = object({ service_account = string, audience = string })
      })
      deletion_protection = bool
      grants = map(object({
        role      = string
        members   = list(string)
        condition = object({ title = string, expression = string, description = string })
      }))
    }))

    log_metrics = map(object({
      description     = string
      filter          = string
      value_extractor = string
      unit            = string
      labels = map(object({
        extractor   = string
        value_type  = string
        description = string
      }))
      buckets = object({
        bounds        = list(number)
        count         = number
        scale         = number
        growth_factor = number
        offset        = number
        width         = number
      })
    }))

    alert_policies = map(object({
      display_name = string
      combiner     = string
      severity     = string
      conditions = list(object({
        name = string
        threshold = object({
          filter     = string
          comparison = string
          value      = number
          duration   = string
          aggregations = list(object({
            alignment_period     = string
            per_series_aligner   = string
            cross_series_reducer = string
            group_by_fields      = list(string)
          }))
          denominator_filter = string
          denominator_aggregations = list(object({
            alignment_period     = string
            per_series_aligner   = string
            cross_series_reducer = string
            group_by_fields      = list(string)
          }))
          trigger_count = number
          missing_data  = string
        })
        absent = object({
          filter   = string
          duration = string
          aggregations = list(object({
            alignment_period     = string
            per_series_aligner   = string
            cross_series_reducer = string
            group_by_fields      = list(string)
          }))
        })
        log_match = object({ filter = string, label_extractors = map(string) })
        promql = object({
          query               = string
          duration            = string
          evaluation_interval = string
          labels              = map(string)
        })
        undelivered = object({ subscription = string, more_than = number, duration = string })
      }))
      channels      = list(string)
      rate_limit    = string
      auto_close    = string
      documentation = string
      runbook       = string
      labels        = map(string)
    }))

    uptime_checks = map(object({
      display_name   = string
      service        = string
      host           = string
      path           = string
      port           = number
      use_ssl        = bool
      authenticate   = bool
      method         = string
      body           = string
      headers        = map(string)
      status_classes = list(string)
      content        = string
      matcher        = string
      period         = string
      timeout        = string
      regions        = list(string)
      alert_channels = list(string)
      labels         = map(string)
    }))

    slo_services = map(object({
      display_name = string
      slos = map(object({
        display_name    = string
        goal            = number
        rolling_days    = number
        calendar_period = string
        availability    = string
        latency         = object({ service = string, milliseconds = number })
        ratio           = object({ good = string, bad = string, total = string })
        distribution    = object({ filter = string, min = number, max = number })
        windows = object({
          period          = string
          good_bad_filter = string
          mean_in_range   = object({ filter = string, min = number, max = number })
          sum_in_range    = object({ filter = string, min = number, max = number })
          ratio           = object({ good = string, bad = string, total = string })
          ratio_threshold = number
        })
        burn_alerts = object({ channels = list(string), runbook = string })
        labels      = map(string)
      }))
      labels = map(string)
    }))

    dashboards = map(object({
      json = string
    }))
  }))
  nullable = false

  # One project holds them all, so what names a thing in it names one thing only.
  validation {
    condition = alltrue([for paths in values({
      for path in flatten([
        for kind in ["service_accounts", "secrets", "datasets", "sql_instances", "redis_instances", "schemas", "topics", "services", "jobs", "worker_pools", "workflows", "schedules", "queues", "triggers"] : [
          for subproject in var.subprojects : [for id in keys(subproject[kind]) : "${kind}.${id}"]
        ]
      ]) : path => path...
    }) : length(paths) == 1])
    error_message = "subprojects: an id is there once in the project; more than one subproject has ${join(", ", [for path, paths in {
      for path in flatten([
        for kind in ["service_accounts", "secrets", "datasets", "sql_instances", "redis_instances", "schemas", "topics", "services", "jobs", "worker_pools", "workflows", "schedules", "queues", "triggers"] : [
          for subproject in var.subprojects : [for id in keys(subproject[kind]) : "${kind}.${id}"]
        ]
      ]) : path => path...
    } : path if length(paths) > 1])}."
  }
}

resource "google_storage_bucket" "this" {
  for_each = var.buckets

  project                     = var.project_id
  name                        = coalesce(each.value.name, "${var.project_id}-${each.key}")
  location                    = each.value.location
  storage_class               = each.value.storage_class
  force_destroy               = each.value.force_destroy
  uniform_bucket_level_access = true
  public_access_prevention    = each.value.public_access ? "inherited" : "enforced"
  rpo                         = each.value.rpo
  requester_pays              = each.value.requester_pays
  default_event_based_hold    = each.value.event_based_hold
  enable_object_retention     = each.value.object_retention
  labels                      = merge(var.labels, each.value.labels)

  versioning {
    enabled = each.value.versioning
  }

  soft_delete_policy {
    retention_duration_seconds = each.value.soft_delete_seconds
  }

  dynamic "custom_placement_config" {
    for_each = length(each.value.regions) == 0 ? [] : [each.value.regions]
    content {
      data_locations = [for region in custom_placement_config.value : upper(region)]
    }
  }

  dynamic "autoclass" {
    for_each = each.value.autoclass[*]
    content {
      enabled                = true
      terminal_storage_class = autoclass.value.terminal_storage_class
    }
  }

  dynamic "hierarchical_namespace" {
    for_each = each.value.hierarchical_namespace ? [true] : []
    content {
      enabled = true
    }
  }

  # A way to encrypt that isn't refused is said to be allowed, so that the next plan is empty.
  dynamic "encryption" {
    for_each = each.value.kms_key == null && length(each.value.refused_encryption) == 0 ? [] : [each.value.refused_encryption]
    content {
      default_kms_key_name = each.value.kms_key
      google_managed_encryption_enforcement_config {
        restriction_mode = contains(encryption.value, "google_managed") ? "FullyRestricted" : "NotRestricted"
      }
      customer_managed_encryption_enforcement_config {
        restriction_mode = contains(encryption.value, "customer_managed") ? "FullyRestricted" : "NotRestricted"
      }
      customer_supplied_encryption_enforcement_config {
        restriction_mode = contains(encryption.value, "customer_supplied") ? "FullyRestricted" : "NotRestricted"
      }
    }
  }

  dynamic "retention_policy" {
    for_each = each.value.retention[*]
    content {
      retention_period = retention_policy.value.period_seconds
      is_locked        = retention_policy.value.locked
    }
  }

  dynamic "lifecycle_rule" {
    for_each = each.value.lifecycle_rules
    iterator = rule
    content {
      action {
        type          = rule.value.action
        storage_class = rule.value.storage_class
      }
      condition {
        age                        = rule.value.age_days
        num_newer_versions         = rule.value.num_newer_versions
        days_since_noncurrent_time = rule.value.days_since_noncurrent
        with_state                 = rule.value.with_state
        days_since_custom_time     = rule.value.days_since_custom_time
        created_before             = rule.value.created_before
        custom_time_before         = rule.value.custom_time_before
        noncurrent_time_before     = rule.value.noncurrent_time_before
        size_above_bytes           = rule.value.size_above_bytes
        size_below_bytes           = rule.value.size_below_bytes
        matches_prefix             = rule.value.matches_prefix
        matches_suffix             = rule.value.matches_suffix
        matches_storage_class      = rule.value.matches_storage_class

        # Without these the provider takes a zero for an absent condition.
        send_age_if_zero                        = rule.value.age_days == 0
        send_num_newer_versions_if_zero         = rule.value.num_newer_versions == 0
        send_days_since_noncurrent_time_if_zero = rule.value.days_since_noncurrent == 0
        send_days_since_custom_time_if_zero     = rule.value.days_since_custom_time == 0
      }
    }
  }

  dynamic "cors" {
    for_each = each.value.cors
    content {
      origin          = cors.value.origins
      method          = cors.value.methods
      response_header = cors.value.response_headers
      max_age_seconds = cors.value.max_age_seconds
    }
  }

  dynamic "logging" {
    for_each = each.value.logging[*]
    content {
      log_bucket        = logging.value.bucket
      log_object_prefix = logging.value.prefix
    }
  }

  dynamic "website" {
    for_each = each.value.website[*]
    content {
      main_page_suffix = website.value.main_page
      not_found_page   = website.value.not_found_page
    }
  }

  dynamic "ip_filter" {
    for_each = each.value.ip_filter[*]
    content {
      mode                           = ip_filter.value.mode
      allow_cross_org_vpcs           = ip_filter.value.allow_cross_org_vpcs ? true : null
      allow_all_service_agent_access = ip_filter.value.allow_service_agents
      dynamic "public_network_source" {
        for_each = length(ip_filter.value.public_ranges) == 0 ? [] : [ip_filter.value.public_ranges]
        content {
          allowed_ip_cidr_ranges = public_network_source.value
        }
      }
      dynamic "vpc_network_sources" {
        for_each = ip_filter.value.vpc_sources
        content {
          network                = vpc_network_sources.value.network
          allowed_ip_cidr_ranges = vpc_network_sources.value.ranges
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = length(each.value.regions) == 0 || (length(distinct(each.value.regions)) == 2 && length(each.value.regions) == 2 && !strcontains(each.value.location, "-"))
      error_message = "buckets: the regions of ${each.key} are two, and its location the multi-region that has both, such as \"IN\" or \"ASIA\"."
    }
    precondition {
      condition     = contains(length(each.value.regions) == 0 ? ["DEFAULT"] : ["DEFAULT", "ASYNC_TURBO"], coalesce(each.value.rpo, "DEFAULT"))
      error_message = "buckets: the rpo of ${each.key} is DEFAULT or, with regions, ASYNC_TURBO."
    }
    precondition {
      condition     = alltrue([for autoclass in each.value.autoclass[*] : contains(["NEARLINE", "ARCHIVE"], autoclass.terminal_storage_class)])
      error_message = "buckets: the terminal_storage_class of ${each.key} is NEARLINE or ARCHIVE."
    }
    precondition {
      condition = each.value.autoclass == null || (each.value.storage_class == "STANDARD" && alltrue([
        for rule in each.value.lifecycle_rules : rule.action != "SetStorageClass" && length(rule.matches_storage_class) == 0
      ]))
      error_message = "buckets: autoclass moves the objects of ${each.key} itself: its class is STANDARD, and no rule sets or matches a class."
    }
    precondition {
      condition     = !(each.value.hierarchical_namespace && each.value.versioning)
      error_message = "buckets: ${each.key} has a hierarchical namespace and keeps versions; Cloud Storage has one or the other."
    }
    precondition {
      condition     = length(setsubtract(each.value.refused_encryption, ["google_managed", "customer_managed", "customer_supplied"])) == 0 && length(distinct(each.value.refused_encryption)) < 3
      error_message = "buckets: the refused_encryption of ${each.key} is one or two of google_managed, customer_managed and customer_supplied."
    }
    precondition {
      condition     = each.value.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", each.value.kms_key))
      error_message = "buckets: the kms_key of ${each.key} is a full name, such as \"projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/KEY\"."
    }
    precondition {
      condition     = alltrue([for website in each.value.website[*] : website.main_page != null || website.not_found_page != null])
      error_message = "buckets: the website of ${each.key} has a main_page, a not_found_page or both."
    }
    precondition {
      condition     = alltrue([for filter in each.value.ip_filter[*] : contains(["Enabled", "Disabled"], filter.mode)])
      error_message = "buckets: the mode of ${each.key}'s ip_filter is Enabled or Disabled."
    }
    precondition {
      condition = alltrue(flatten([
        for filter in each.value.ip_filter[*] : [for range in concat(filter.public_ranges, flatten(filter.vpc_sources[*].ranges)) : can(cidrhost(range, 0))]
      ]))
      error_message = "buckets: the ranges of ${each.key}'s ip_filter are such as \"203.0.113.0/24\"."
    }
    precondition {
      condition = alltrue(flatten([
        for filter in each.value.ip_filter[*] : [for source in filter.vpc_sources : can(regex("^projects/[^/]+/global/networks/[^/]+$", source.network))]
      ]))
      error_message = "buckets: the networks of ${each.key}'s ip_filter are full names, such as \"projects/PROJECT/global/networks/NETWORK\"."
    }
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "buckets: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

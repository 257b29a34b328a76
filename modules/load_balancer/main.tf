locals {
  # One entry a backend, by "load balancer/backend".
  backends = merge([
    for id, balancer in var.load_balancers : {
      for key, backend in balancer.backends : "${id}/${key}" => merge(backend, { balancer = id, name = "${id}-${key}" })
    }
  ]...)

  # Routes by host: each host has a matcher of its own, and what is for every host is in all of them.
  hosts = {
    for id, balancer in var.load_balancers : id => {
      for host in distinct(concat(["*"], flatten([for route in balancer.routes : route.hosts]))) : host => [
        for route in balancer.routes : route if contains(length(route.hosts) > 0 ? route.hosts : ["*"], host)
      ]
    }
  }
}

resource "google_compute_global_address" "this" {
  for_each = var.load_balancers

  project     = var.project_id
  name        = each.key
  description = each.value.description
  labels      = merge(var.labels, each.value.labels)

  lifecycle {
    precondition {
      condition = length(merge(var.labels, each.value.labels)) <= 64 && alltrue([
        for key, value in each.value.labels : length(key) <= 63 && length(value) <= 63 && can(regex("^[a-z][a-z0-9_-]*=[a-z0-9_-]*$", "${key}=${value}"))
      ])
      error_message = "load_balancers: labels of ${each.key} are at most 64 with the module's; a key is a lower-case letter, then letters, digits, - or _ (at most 63), a value the same or empty."
    }
  }
}

resource "google_compute_region_network_endpoint_group" "this" {
  for_each = local.backends

  project               = var.project_id
  name                  = each.value.name
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = lookup(var.services, each.value.service, each.value.service)
  }
}

resource "google_compute_backend_service" "this" {
  for_each = local.backends

  project               = var.project_id
  name                  = each.value.name
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = var.load_balancers[each.value.balancer].armor == null ? null : google_compute_security_policy.this[each.value.balancer].id

  backend {
    group = google_compute_region_network_endpoint_group.this[each.key].id
  }

  # Said where it is off too: without the block the provider leaves what was.
  iap {
    enabled = each.value.iap != null
  }

  log_config {
    enable      = each.value.log_sampling > 0
    sample_rate = each.value.log_sampling
  }
}

resource "google_compute_url_map" "this" {
  for_each = var.load_balancers

  project         = var.project_id
  name            = each.key
  description     = each.value.description
  default_service = google_compute_backend_service.this["${each.key}/${each.value.default_backend}"].id

  dynamic "host_rule" {
    for_each = { for host, routes in local.hosts[each.key] : host => routes if length(routes) > 0 }
    content {
      hosts        = [host_rule.key]
      path_matcher = host_rule.key == "*" ? "every-host" : replace(host_rule.key, ".", "-")
    }
  }

  dynamic "path_matcher" {
    for_each = { for host, routes in local.hosts[each.key] : host => routes if length(routes) > 0 }
    content {
      name            = path_matcher.key == "*" ? "every-host" : replace(path_matcher.key, ".", "-")
      default_service = google_compute_backend_service.this["${each.key}/${each.value.default_backend}"].id

      dynamic "path_rule" {
        for_each = path_matcher.value
        content {
          paths   = path_rule.value.paths
          service = google_compute_backend_service.this["${each.key}/${path_rule.value.backend}"].id
        }
      }
    }
  }
}

resource "google_compute_managed_ssl_certificate" "this" {
  for_each = var.load_balancers

  project = var.project_id
  name    = coalesce(each.value.certificate, each.key)

  managed {
    domains = each.value.domains
  }

  lifecycle {
    # The proxy lets go of the old one only when it has the new one. Terraform does the same to all that this depends on: no more than the APIs.
    create_before_destroy = true
  }
}

resource "google_compute_ssl_policy" "this" {
  for_each = var.load_balancers

  project         = var.project_id
  name            = each.key
  min_tls_version = each.value.min_tls
  profile         = each.value.tls_profile
}

resource "google_compute_target_https_proxy" "this" {
  for_each = var.load_balancers

  project          = var.project_id
  name             = each.key
  url_map          = google_compute_url_map.this[each.key].id
  ssl_certificates = [google_compute_managed_ssl_certificate.this[each.key].id]
  ssl_policy       = google_compute_ssl_policy.this[each.key].id
}

resource "google_compute_global_forwarding_rule" "https" {
  for_each = var.load_balancers

  project               = var.project_id
  name                  = each.key
  target                = google_compute_target_https_proxy.this[each.key].id
  ip_address            = google_compute_global_address.this[each.key].address
  port_range            = "443"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  labels                = merge(var.labels, each.value.labels)
}

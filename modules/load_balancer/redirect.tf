# Port 80 answers only where HTTPS is.

resource "google_compute_url_map" "redirect" {
  for_each = { for id, balancer in var.load_balancers : id => balancer if balancer.redirect_http }

  project = var.project_id
  name    = "${each.key}-http"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }
}

resource "google_compute_target_http_proxy" "redirect" {
  for_each = google_compute_url_map.redirect

  project = var.project_id
  name    = each.value.name
  url_map = each.value.id
}

resource "google_compute_global_forwarding_rule" "http" {
  for_each = google_compute_target_http_proxy.redirect

  project               = var.project_id
  name                  = each.value.name
  target                = each.value.id
  ip_address            = google_compute_global_address.this[each.key].address
  port_range            = "80"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  labels                = merge(var.labels, var.load_balancers[each.key].labels)
}

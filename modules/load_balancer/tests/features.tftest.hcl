variables {
  project_id = "atm-dev"
  region     = "asia-south1"
}

# load_balancers: one address, HTTPS in front of a Cloud Run service, TLS 1.2 at least
# certificate: managed by Google, for the domains
# redirect_http: port 80 answers only where HTTPS is
# logging: every request, or a part
run "one_service" {
  command = plan
  variables {
    load_balancers = { gateway = { domains = ["api.example.com"], backends = { api = { service = "api-gateway" } }, default_backend = "api" } }
  }
  assert {
    condition     = google_compute_region_network_endpoint_group.this["gateway/api"].cloud_run[0].service == "api-gateway" && google_compute_backend_service.this["gateway/api"].load_balancing_scheme == "EXTERNAL_MANAGED"
    error_message = "The service is behind it."
  }
  assert {
    condition     = google_compute_ssl_policy.this["gateway"].min_tls_version == "TLS_1_2" && google_compute_ssl_policy.this["gateway"].profile == "MODERN"
    error_message = "Nothing older than TLS 1.2."
  }
  assert {
    condition     = google_compute_managed_ssl_certificate.this["gateway"].managed[0].domains == tolist(["api.example.com"])
    error_message = "The certificate is for the domain."
  }
  assert {
    condition     = google_compute_global_forwarding_rule.https["gateway"].port_range == "443" && google_compute_global_forwarding_rule.http["gateway"].port_range == "80" && google_compute_url_map.redirect["gateway"].default_url_redirect[0].https_redirect
    error_message = "Port 80 redirects."
  }
  assert {
    condition     = google_compute_backend_service.this["gateway/api"].log_config[0].enable && length(google_compute_security_policy.this) == 0 && length(google_compute_url_map.this["gateway"].host_rule) == 0
    error_message = "Requests are logged; no policy and no routes."
  }
}

# routes: hosts and paths to several services
# labels: the module's and the thing's own, which win
run "several_services" {
  command = plan
  variables {
    labels = { environment = "dev" }
    load_balancers = {
      gateway = {
        domains         = ["api.example.com", "www.example.com"]
        certificate     = "gateway-2"
        backends        = { api = { service = "api-gateway" }, web = { service = "dashboard", log_sampling = 0 } }
        default_backend = "web"
        routes = [
          { hosts = ["api.example.com"], paths = ["/*"], backend = "api" },
          { paths = ["/v1/*"], backend = "api" },
        ]
        redirect_http = false
        labels        = { tier = "edge" }
      }
    }
  }
  assert {
    condition     = length(google_compute_url_map.this["gateway"].host_rule) == 2 && length(google_compute_url_map.redirect) == 0
    error_message = "A host has its own matcher."
  }
  assert {
    condition     = google_compute_managed_ssl_certificate.this["gateway"].name == "gateway-2" && !google_compute_backend_service.this["gateway/web"].log_config[0].enable
    error_message = "The certificate has its own name."
  }
  assert {
    condition     = google_compute_global_address.this["gateway"].labels == tomap({ environment = "dev", tier = "edge" })
    error_message = "Both kinds of labels are on it."
  }
}

# armor: ranges, countries, Google's rules against attacks, a rate for each client, a default rule, adaptive protection
run "behind_cloud_armor" {
  command = plan
  variables {
    load_balancers = {
      gateway = {
        domains         = ["api.example.com"]
        backends        = { api = { service = "api-gateway" } }
        default_backend = "api"
        armor = {
          deny_ranges         = ["203.0.113.0/24"]
          allow_ranges        = ["198.51.100.0/24"]
          allow_countries     = ["IN"]
          waf                 = ["sqli", "xss"]
          rate_limit          = { requests = 100, ban_seconds = 600 }
          adaptive_protection = true
        }
      }
    }
  }
  assert {
    condition     = tomap({ for rule in google_compute_security_policy.this["gateway"].rule : rule.priority => rule.action }) == tomap({ 100 = "deny(403)", 200 = "allow", 310 = "deny(403)", 1000 = "deny(403)", 1001 = "deny(403)", 2000 = "rate_based_ban", 2147483647 = "allow" })
    error_message = "The rules are in their order."
  }
  assert {
    condition     = google_compute_security_policy.this["gateway"].adaptive_protection_config[0].layer_7_ddos_defense_config[0].enable
    error_message = "It learns what is normal."
  }
}

# armor.default: deny what no rule allows; a rate without a ban only refuses what is more
run "closed_by_default" {
  command = plan
  variables {
    load_balancers = {
      gateway = {
        domains         = ["api.example.com"]
        backends        = { api = { service = "api-gateway" } }
        default_backend = "api"
        armor           = { default = "deny", deny_countries = ["KP"], rate_limit = { requests = 10 } }
      }
    }
  }
  assert {
    condition     = tomap({ for rule in google_compute_security_policy.this["gateway"].rule : rule.priority => rule.action }) == tomap({ 300 = "deny(403)", 2000 = "throttle", 2147483647 = "deny(403)" })
    error_message = "The default rule denies."
  }
}

# iap: people sign in with Google before a backend's service, by Google's own OAuth client
# iap.grants: who comes through, under a condition as well
run "behind_a_sign_in" {
  command = plan
  variables {
    load_balancers = {
      gateway = {
        domains = ["api.example.com"]
        backends = {
          api = { service = "api-gateway" }
          web = {
            service = "dashboard"
            iap = {
              grants = {
                staff  = { role = "roles/iap.httpsResourceAccessor", members = ["group:quants@example.com"] }
                guests = { role = "roles/iap.httpsResourceAccessor", members = ["user:ann@example.com"], condition = { title = "reports", expression = "request.path.startsWith('/reports')" } }
              }
            }
          }
        }
        default_backend = "web"
      }
    }
  }
  assert {
    condition     = google_compute_backend_service.this["gateway/web"].iap[0].enabled && !google_compute_backend_service.this["gateway/api"].iap[0].enabled
    error_message = "One backend asks who is there."
  }
  assert {
    condition     = google_iap_web_backend_service_iam_member.this["gateway/web/staff/group:quants@example.com"].role == "roles/iap.httpsResourceAccessor" && google_iap_web_backend_service_iam_member.this["gateway/web/guests/user:ann@example.com"].condition[0].title == "reports"
    error_message = "The members come through."
  }
}

"""Network Services: meshes, gateways, their routes, endpoint policies and service bindings; a secure web proxy."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case, edited

_MESH = """
resource "google_compute_health_check" "grpc" {
  name = "mesh"
  grpc_health_check {
    port = 80
  }
}
resource "google_compute_backend_service" "mesh" {
  for_each              = toset(["HTTP", "GRPC", "TCP"])
  name                  = "mesh-${lower(each.key)}"
  protocol              = each.key
  load_balancing_scheme = "INTERNAL_SELF_MANAGED"
  health_checks         = [google_compute_health_check.grpc.id]
}
resource "google_network_services_mesh" "mesh" {
  name              = "mesh"
  description       = "A mesh"
  interception_port = 443
  labels            = { of = "first" }
}
resource "google_network_services_gateway" "edge" {
  name        = "edge"
  type        = "OPEN_MESH"
  scope       = "default-scope"
  ports       = [443]
  description = "An edge"
  labels      = { of = "first" }
}
resource "google_network_services_http_route" "http" {
  name        = "http"
  description = "By HTTP"
  hostnames   = ["example"]
  meshes      = [google_network_services_mesh.mesh.id]
  gateways    = [google_network_services_gateway.edge.id]
  labels      = { of = "first" }
  rules {
    matches {
      prefix_match = "/redirected"
      ignore_case  = true
      headers {
        header       = "x-one"
        invert_match = false
        range_match {
          start = 1
          end   = 10
        }
      }
      query_parameters {
        query_parameter = "key"
        exact_match     = "value"
      }
    }
    action {
      redirect {
        host_redirect  = "elsewhere"
        prefix_rewrite = "/there"
        response_code  = "FOUND"
        https_redirect = true
        port_redirect  = 4430
      }
    }
  }
  rules {
    action {
      timeout = "10s"
      destinations {
        service_name = google_compute_backend_service.mesh["HTTP"].id
        weight       = 1
      }
      fault_injection_policy {
        delay {
          fixed_delay = "10s"
          percentage  = 1
        }
        abort {
          http_status = 500
          percentage  = 1
        }
      }
      url_rewrite {
        path_prefix_rewrite = "/"
        host_rewrite        = "other"
      }
      retry_policy {
        retry_conditions = ["server-error"]
        num_retries      = 1
        per_try_timeout  = "1s"
      }
      request_mirror_policy {
        destination {
          service_name = google_compute_backend_service.mesh["HTTP"].id
          weight       = 1
        }
      }
      cors_policy {
        allow_origins     = ["abc"]
        allow_methods     = ["PUT"]
        allow_headers     = ["version"]
        expose_headers    = ["version"]
        max_age           = "1s"
        allow_credentials = true
        disabled          = false
      }
      request_header_modifier {
        set    = { version = "1" }
        add    = { build = "2" }
        remove = ["plugin"]
      }
    }
  }
}
resource "google_network_services_grpc_route" "grpc" {
  name        = "grpc"
  description = "By gRPC"
  hostnames   = ["example"]
  meshes      = [google_network_services_mesh.mesh.id]
  labels      = { of = "first" }
  rules {
    matches {
      headers {
        key   = "key"
        value = "value"
      }
      method {
        grpc_service = "foo"
        grpc_method  = "bar"
      }
    }
    action {
      destinations {
        service_name = google_compute_backend_service.mesh["GRPC"].id
      }
      retry_policy {
        retry_conditions = ["cancelled"]
        num_retries      = 1
      }
    }
  }
}
resource "google_network_services_tcp_route" "tcp" {
  name        = "tcp"
  description = "By TCP"
  meshes      = [google_network_services_mesh.mesh.id]
  labels      = { of = "first" }
  rules {
    matches {
      address = "10.0.0.1/32"
      port    = "8081"
    }
    action {
      idle_timeout = "60s"
      destinations {
        service_name = google_compute_backend_service.mesh["TCP"].id
        weight       = 1
      }
    }
  }
  rules {
    action {
      original_destination = true
    }
  }
}
resource "google_network_services_tls_route" "tls" {
  name        = "tls"
  description = "By TLS"
  meshes      = [google_network_services_mesh.mesh.id]
  rules {
    matches {
      sni_host = ["example.com"]
      alpn     = ["http/1.1"]
    }
    action {
      destinations {
        service_name = google_compute_backend_service.mesh["TCP"].id
        weight       = 1
      }
    }
  }
}
resource "google_network_services_endpoint_policy" "policy" {
  name        = "policy"
  type        = "SIDECAR_PROXY"
  description = "Of sidecars"
  labels      = { of = "first" }
  traffic_port_selector {
    ports = ["8081"]
  }
  endpoint_matcher {
    metadata_label_matcher {
      metadata_label_match_criteria = "MATCH_ANY"
      metadata_labels {
        label_name  = "foo"
        label_value = "bar"
      }
    }
  }
}
resource "google_service_directory_namespace" "bound" {
  namespace_id = "bound"
  location     = "asia-south1"
}
resource "google_service_directory_service" "bound" {
  service_id = "bound"
  namespace  = google_service_directory_namespace.bound.id
}
resource "google_network_services_service_binding" "bound" {
  name        = "bound"
  description = "A binding"
  service     = google_service_directory_service.bound.id
  labels      = { of = "binding" }
}
"""
_PROXY = """
resource "google_compute_network" "vpc" {
  name                    = "proxied"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "vpc" {
  for_each = {
    PRIVATE                 = "10.47.0.0/24"
    REGIONAL_MANAGED_PROXY  = "10.47.1.0/24"
    PRIVATE_SERVICE_CONNECT = "10.47.2.0/24"
  }
  name          = "proxied-${lower(replace(each.key, "_", "-"))}"
  region        = "asia-south1"
  ip_cidr_range = each.value
  purpose       = each.key
  role          = each.key == "REGIONAL_MANAGED_PROXY" ? "ACTIVE" : null
  network       = google_compute_network.vpc.id
}
resource "google_network_security_gateway_security_policy" "policy" {
  name     = "proxied"
  location = "asia-south1"
}
resource "google_network_services_gateway" "proxy" {
  name                                 = "proxied"
  location                             = "asia-south1"
  type                                 = "SECURE_WEB_GATEWAY"
  description                          = "A proxy"
  addresses                            = ["10.47.0.9"]
  ports                                = [80, 443]
  scope                                = "proxied"
  network                              = google_compute_network.vpc.id
  subnetwork                           = google_compute_subnetwork.vpc["PRIVATE"].id
  gateway_security_policy              = google_network_security_gateway_security_policy.policy.id
  delete_swg_autogen_router_on_destroy = true
  labels                               = { of = "first" }
  depends_on                           = [google_compute_subnetwork.vpc]
}
resource "google_compute_service_attachment" "proxy" {
  name                  = "proxied"
  region                = "asia-south1"
  target_service        = google_network_services_gateway.proxy.self_link
  nat_subnets           = [google_compute_subnetwork.vpc["PRIVATE_SERVICE_CONNECT"].id]
  connection_preference = "ACCEPT_AUTOMATIC"
  enable_proxy_protocol = false
}
"""
CASES = [
    edited(
        Case(
            "network services",
            first=_MESH,
            replaced=(
                (
                    'scope       = "default-scope"',
                    'scope       = "other-scope"',
                    "google_network_services_gateway.edge",
                ),
                ('"A binding"', '"The binding"', "google_network_services_service_binding.bound"),
            ),
            imports={
                "google_network_services_mesh.mesh": "global/mesh",
                "google_network_services_gateway.edge": "global/edge",
                "google_network_services_tls_route.tls": "global/tls",
                "google_network_services_endpoint_policy.policy": "policy",
                "google_network_services_service_binding.bound": "bound",
                "google_service_directory_namespace.bound": "asia-south1/bound",
                "google_service_directory_service.bound": (
                    "projects/PROJECT/locations/asia-south1/namespaces/bound/services/bound"
                ),
            },
            after_import=LABELS | {"rules"},
        ),
        ("A mesh", "The mesh"),
        ("interception_port = 443", "interception_port = 8443"),
        ("An edge", "The edge"),
        ("By HTTP", "By HTTP only"),
        ("prefix_match", "full_path_match"),
        ('"FOUND"', '"SEE_OTHER"'),
        ("By gRPC", "By gRPC only"),
        ('"bar"\n      }\n    }\n    action', '"baz"\n      }\n    }\n    action'),
        ("By TCP", "By TCP only"),
        ("8081", "8082"),
        ("By TLS", "By TLS only"),
        ('"http/1.1"', '"h2"'),
        ("Of sidecars", "Of the sidecars"),
        ('of = "first"', 'of = "second"'),
        updated={
            "google_network_services_mesh.mesh",
            "google_network_services_gateway.edge",
            *(f"google_network_services_{kind}_route.{kind}" for kind in ("http", "grpc", "tcp", "tls")),
            "google_network_services_endpoint_policy.policy",
        },
    ),
    edited(
        Case(
            "secure web proxy",
            first=_PROXY,
            replaced=(('["10.47.0.9"]', '["10.47.0.10"]', "google_network_services_gateway.proxy"),),
            imports={
                "google_compute_network.vpc": "proxied",
                'google_compute_subnetwork.vpc["PRIVATE"]': "asia-south1/proxied-private",
                "google_network_security_gateway_security_policy.policy": "asia-south1/proxied",
                "google_network_services_gateway.proxy": "asia-south1/proxied",
            },
            after_import=LABELS | {"delete_swg_autogen_router_on_destroy", "tls_inspection_policy"},
        ),
        ("A proxy", "The proxy"),
        ("[80, 443]", "[443]"),
        ('of = "first"', 'of = "second"'),
        updated={"google_network_services_gateway.proxy"},
    ),
]

"""Load balancers of a region, internal ones, and what they lead to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.integration.provider.cases import LABELS, Case


def _certificate() -> tuple[str, str]:
    """A certificate and its key, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "api.example.com")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("api.example.com")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


_PEM, _KEY = _certificate()
NETWORK = """
resource "google_compute_network" "main" {
  name                    = "main"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "main" {
  name          = "main"
  region        = "asia-south1"
  network       = google_compute_network.main.id
  ip_cidr_range = "10.0.0.0/24"
}
resource "google_compute_subnetwork" "proxies" {
  name          = "proxies"
  region        = "asia-south1"
  network       = google_compute_network.main.id
  ip_cidr_range = "10.1.0.0/24"
  purpose       = "REGIONAL_MANAGED_PROXY"
  role          = "ACTIVE"
}
"""
_REGIONAL = (
    NETWORK
    + f"""
resource "google_compute_region_health_check" "tcp" {{
  name   = "tcp"
  region = "asia-south1"
  tcp_health_check {{
    port = 8080
  }}
}}
resource "google_compute_network_endpoint_group" "machines" {{
  name                  = "machines"
  zone                  = "asia-south1-a"
  network               = google_compute_network.main.id
  network_endpoint_type = "NON_GCP_PRIVATE_IP_PORT"
}}
resource "google_compute_network_endpoint" "one" {{
  network_endpoint_group = google_compute_network_endpoint_group.machines.id
  zone                   = "asia-south1-a"
  ip_address             = "192.0.2.10"
  port                   = 8080
}}
resource "google_compute_network_endpoint_group" "more" {{
  name                  = "more"
  zone                  = "asia-south1-b"
  network               = google_compute_network.main.id
  subnetwork            = google_compute_subnetwork.main.id
  network_endpoint_type = "NON_GCP_PRIVATE_IP_PORT"
  default_port          = 90
}}
resource "google_compute_network_endpoints" "more" {{
  network_endpoint_group = google_compute_network_endpoint_group.more.name
  zone                   = "asia-south1-b"
  network_endpoints {{
    ip_address = "192.0.2.20"
    port       = 90
  }}
  network_endpoints {{
    ip_address = "192.0.2.21"
    port       = 90
  }}
}}
resource "google_compute_region_backend_service" "http" {{
  name                  = "http"
  region                = "asia-south1"
  load_balancing_scheme = "INTERNAL_MANAGED"
  protocol              = "HTTP"
  health_checks         = [google_compute_region_health_check.tcp.id]
  backend {{
    group           = google_compute_network_endpoint_group.machines.id
    balancing_mode  = "RATE"
    max_rate        = 100
    capacity_scaler = 1
  }}
  log_config {{
    enable      = true
    sample_rate = 0.5
  }}
}}
resource "google_compute_region_backend_service" "off" {{
  name                  = "off"
  region                = "asia-south1"
  load_balancing_scheme = "INTERNAL_MANAGED"
  protocol              = "TCP"
  health_checks         = [google_compute_region_health_check.tcp.id]
  log_config {{
    enable = false
  }}
}}
resource "google_compute_region_backend_service" "internal" {{
  name                            = "internal"
  region                          = "asia-south1"
  load_balancing_scheme           = "INTERNAL"
  protocol                        = "TCP"
  session_affinity                = "CLIENT_IP"
  connection_draining_timeout_sec = 10
  health_checks                   = [google_compute_region_health_check.tcp.id]
  failover_policy {{
    drop_traffic_if_unhealthy = true
    failover_ratio            = 0.5
  }}
}}
resource "google_compute_region_backend_service" "external" {{
  name                  = "external"
  region                = "asia-south1"
  load_balancing_scheme = "EXTERNAL"
  protocol              = "UDP"
  health_checks         = [google_compute_region_health_check.tcp.id]
  connection_tracking_policy {{
    tracking_mode                                = "PER_SESSION"
    connection_persistence_on_unhealthy_backends = "NEVER_PERSIST"
  }}
  session_affinity = "CLIENT_IP_PROTO"
}}
resource "google_compute_region_url_map" "main" {{
  name            = "main"
  region          = "asia-south1"
  default_service = google_compute_region_backend_service.http.id
  host_rule {{
    hosts        = ["api.example.com"]
    path_matcher = "api"
  }}
  path_matcher {{
    name            = "api"
    default_service = google_compute_region_backend_service.http.self_link
    path_rule {{
      paths   = ["/v1/*"]
      service = google_compute_region_backend_service.http.id
    }}
  }}
}}
resource "google_compute_region_target_http_proxy" "main" {{
  name    = "main"
  region  = "asia-south1"
  url_map = google_compute_region_url_map.main.id
}}
resource "google_compute_region_ssl_policy" "main" {{
  name            = "main"
  region          = "asia-south1"
  min_tls_version = "TLS_1_2"
  profile         = "MODERN"
}}
resource "google_compute_region_ssl_certificate" "main" {{
  name        = "main"
  region      = "asia-south1"
  certificate = <<-PEM
{_PEM}PEM
  private_key = <<-PEM
{_KEY}PEM
}}
resource "google_compute_region_target_https_proxy" "main" {{
  name             = "main"
  region           = "asia-south1"
  url_map          = google_compute_region_url_map.main.id
  ssl_certificates = [google_compute_region_ssl_certificate.main.id]
  ssl_policy       = google_compute_region_ssl_policy.main.id
}}
resource "google_compute_region_target_tcp_proxy" "main" {{
  name            = "main"
  region          = "asia-south1"
  backend_service = google_compute_region_backend_service.off.id
}}
resource "google_compute_address" "inside" {{
  name         = "inside"
  region       = "asia-south1"
  address_type = "INTERNAL"
  subnetwork   = google_compute_subnetwork.main.id
  purpose      = "SHARED_LOADBALANCER_VIP"
}}
resource "google_compute_forwarding_rule" "http" {{
  name                  = "http"
  region                = "asia-south1"
  load_balancing_scheme = "INTERNAL_MANAGED"
  ip_address            = google_compute_address.inside.id
  port_range            = "80"
  target                = google_compute_region_target_http_proxy.main.id
  network               = google_compute_network.main.id
  subnetwork            = google_compute_subnetwork.main.id
  depends_on            = [google_compute_subnetwork.proxies]
  labels                = {{ tier = "one" }}
}}
resource "google_compute_forwarding_rule" "https" {{
  name                  = "https"
  region                = "asia-south1"
  load_balancing_scheme = "INTERNAL_MANAGED"
  ip_address            = google_compute_address.inside.address
  port_range            = "443"
  target                = google_compute_region_target_https_proxy.main.id
  network               = google_compute_network.main.id
  subnetwork            = google_compute_subnetwork.main.id
  depends_on            = [google_compute_subnetwork.proxies]
}}
resource "google_compute_forwarding_rule" "tcp" {{
  name                  = "tcp"
  region                = "asia-south1"
  load_balancing_scheme = "INTERNAL_MANAGED"
  port_range            = "5432"
  target                = google_compute_region_target_tcp_proxy.main.id
  network               = google_compute_network.main.id
  subnetwork            = google_compute_subnetwork.main.id
  depends_on            = [google_compute_subnetwork.proxies]
}}
resource "google_compute_forwarding_rule" "internal" {{
  name                  = "internal"
  region                = "asia-south1"
  load_balancing_scheme = "INTERNAL"
  backend_service       = google_compute_region_backend_service.internal.id
  ports                 = ["80", "8080"]
  network               = google_compute_network.main.id
  subnetwork            = google_compute_subnetwork.main.id
  service_label         = "db"
  allow_global_access   = true
}}
resource "google_compute_forwarding_rule" "external" {{
  name            = "external"
  region          = "asia-south1"
  backend_service = google_compute_region_backend_service.external.id
  ip_protocol     = "UDP"
  port_range      = "53"
}}
"""
)
_IN_REGION = "projects/PROJECT/regions/asia-south1/"
REGIONAL = Case(
    "regional load balancers",
    first=_REGIONAL,
    second=_REGIONAL.replace("sample_rate = 0.5", "sample_rate = 1")
    .replace("max_rate        = 100", "max_rate        = 200")
    .replace("connection_draining_timeout_sec = 10", "connection_draining_timeout_sec = 20")
    .replace('paths   = ["/v1/*"]', 'paths   = ["/v2/*"]')
    .replace('profile         = "MODERN"', 'profile         = "RESTRICTED"')
    .replace('labels                = { tier = "one" }', 'labels                = { tier = "two" }')
    .replace("allow_global_access   = true", "allow_global_access   = false")
    .replace('"192.0.2.21"', '"192.0.2.22"'),
    updated=frozenset(
        (
            "google_compute_network_endpoints.more",
            "google_compute_region_backend_service.http",
            "google_compute_region_backend_service.internal",
            "google_compute_region_url_map.main",
            "google_compute_region_ssl_policy.main",
            "google_compute_forwarding_rule.http",
            "google_compute_forwarding_rule.internal",
        )
    ),
    replaced=(
        ("port                   = 8080", "port                   = 8081", "google_compute_network_endpoint.one"),
        ('"machines"\n  zone', '"engines"\n  zone', "google_compute_network_endpoint_group.machines"),
        ('port_range      = "53"', 'port_range      = "54"', "google_compute_forwarding_rule.external"),
        (
            'load_balancing_scheme = "EXTERNAL"\n  protocol',
            'load_balancing_scheme = "INTERNAL"\n  protocol',
            "google_compute_region_backend_service.external",
        ),
    ),
    imports={
        "google_compute_network.main": "main",
        "google_compute_subnetwork.main": "asia-south1/main",
        "google_compute_address.inside": "asia-south1/inside",
        "google_compute_region_backend_service.off": "asia-south1/off",
        "google_compute_region_backend_service.internal": "asia-south1/internal",
        "google_compute_network_endpoint_group.machines": "asia-south1-a/machines",
        "google_compute_network_endpoint.one": "asia-south1-a/machines//192.0.2.10/8080",
        "google_compute_network_endpoints.more": "asia-south1-b/more",
        "google_compute_region_backend_service.http": _IN_REGION + "backendServices/http",
        "google_compute_region_url_map.main": "asia-south1/main",
        "google_compute_region_target_http_proxy.main": "asia-south1/main",
        "google_compute_region_target_https_proxy.main": _IN_REGION + "targetHttpsProxies/main",
        "google_compute_region_target_tcp_proxy.main": "asia-south1/main",
        "google_compute_region_ssl_policy.main": "asia-south1/main",
        "google_compute_forwarding_rule.internal": "asia-south1/internal",
        "google_compute_forwarding_rule.http": _IN_REGION + "forwardingRules/http",
    },
    after_import=LABELS | {"log_config"},
)
_PROXIES = f"""
resource "google_compute_health_check" "tcp" {{
  name = "tcp"
  tcp_health_check {{
    port = 8080
  }}
}}
resource "google_compute_global_network_endpoint_group" "site" {{
  name                  = "site"
  network_endpoint_type = "INTERNET_FQDN_PORT"
  default_port          = 443
}}
resource "google_compute_global_network_endpoint" "site" {{
  global_network_endpoint_group = google_compute_global_network_endpoint_group.site.name
  fqdn                          = "www.example.com"
  port                          = 443
}}
resource "google_compute_region_network_endpoint_group" "far" {{
  name                  = "far"
  region                = "asia-south1"
  network_endpoint_type = "INTERNET_IP_PORT"
  network               = google_compute_network.main.id
}}
resource "google_compute_region_network_endpoint" "far" {{
  region_network_endpoint_group = google_compute_region_network_endpoint_group.far.name
  region                        = "asia-south1"
  ip_address                    = "192.0.2.30"
  port                          = 443
}}
resource "google_compute_network" "main" {{
  name                    = "main"
  auto_create_subnetworks = false
}}
resource "google_compute_instance_group" "machines" {{
  name        = "machines"
  description = "Filled by hand"
  zone        = "asia-south1-a"
  network     = google_compute_network.main.id
  named_port {{
    name = "tcp"
    port = 8080
  }}
}}
resource "google_compute_backend_service" "tcp" {{
  name          = "tcp"
  protocol      = "TCP"
  health_checks = [google_compute_health_check.tcp.id]
  backend {{
    group = google_compute_instance_group.machines.id
  }}
}}
resource "google_compute_backend_service" "ssl" {{
  name          = "ssl"
  protocol      = "SSL"
  health_checks = [google_compute_health_check.tcp.id]
}}
resource "google_compute_backend_service" "site" {{
  name                  = "site"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  backend {{
    group = google_compute_global_network_endpoint_group.site.id
  }}
}}
resource "google_compute_ssl_certificate" "main" {{
  name_prefix = "main-"
  certificate = <<-PEM
{_PEM}PEM
  private_key = <<-PEM
{_KEY}PEM
  lifecycle {{
    create_before_destroy = true
  }}
}}
resource "google_compute_target_tcp_proxy" "main" {{
  name            = "main"
  backend_service = google_compute_backend_service.tcp.id
}}
resource "google_compute_target_ssl_proxy" "main" {{
  name             = "main"
  backend_service  = google_compute_backend_service.ssl.id
  ssl_certificates = [google_compute_ssl_certificate.main.id]
}}
resource "google_compute_global_forwarding_rule" "tcp" {{
  name       = "tcp"
  target     = google_compute_target_tcp_proxy.main.id
  port_range = "5432"
}}
resource "google_compute_global_address" "apis" {{
  name         = "apis"
  address_type = "INTERNAL"
  purpose      = "PRIVATE_SERVICE_CONNECT"
  network      = google_compute_network.main.id
  address      = "10.0.32.32"
}}
resource "google_compute_global_forwarding_rule" "apis" {{
  name                  = "apis"
  target                = "all-apis"
  network               = google_compute_network.main.name
  ip_address            = google_compute_global_address.apis.id
  load_balancing_scheme = ""
}}
resource "google_storage_bucket" "files" {{
  name                        = "PROJECT-files"
  location                    = "ASIA-SOUTH1"
  uniform_bucket_level_access = true
}}
resource "google_compute_backend_bucket" "files" {{
  name        = "files"
  bucket_name = google_storage_bucket.files.name
  enable_cdn  = true
}}
resource "google_compute_backend_bucket" "plain" {{
  name        = "plain"
  bucket_name = google_storage_bucket.files.name
}}
resource "google_compute_url_map" "files" {{
  name            = "files"
  default_service = google_compute_backend_bucket.files.id
}}
"""
PROXIES = Case(
    "proxies and endpoints",
    first=_PROXIES,
    second=_PROXIES.replace(
        "backend_service = google_compute_backend_service.tcp.id",
        'backend_service = google_compute_backend_service.tcp.id\n  proxy_header    = "PROXY_V1"',
    )
    .replace(
        "backend_service  = google_compute_backend_service.ssl.id",
        'backend_service  = google_compute_backend_service.ssl.id\n  proxy_header     = "PROXY_V1"',
    )
    .replace(
        'port = 8080\n  }\n}\nresource "google_compute_backend', 'port = 8081\n  }\n}\nresource "google_compute_backend'
    )
    .replace("enable_cdn  = true", 'enable_cdn  = true\n  description = "Files"'),
    updated=frozenset(
        (
            "google_compute_target_tcp_proxy.main",
            "google_compute_target_ssl_proxy.main",
            "google_compute_backend_bucket.files",
            "google_compute_instance_group.machines",
        )
    ),
    replaced=(
        ('"Filled by hand"', '"Filled"', "google_compute_instance_group.machines"),
        ('"www.example.com"', '"example.com"', "google_compute_global_network_endpoint.site"),
        ('"192.0.2.30"', '"192.0.2.31"', "google_compute_region_network_endpoint.far"),
    ),
    imports={
        "google_compute_network.main": "main",
        "google_compute_instance_group.machines": "asia-south1-a/machines",
        "google_compute_global_network_endpoint_group.site": "site",
        "google_compute_global_network_endpoint.site": "PROJECT/site//www.example.com/443",
        "google_compute_region_network_endpoint.far": "asia-south1/far/192.0.2.30//443",
        "google_compute_target_tcp_proxy.main": "main",
        "google_compute_target_ssl_proxy.main": "main",
        "google_compute_backend_bucket.files": "files",
    },
)
CASES = [REGIONAL, PROXIES]

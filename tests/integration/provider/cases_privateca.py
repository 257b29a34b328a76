"""Certificate Authority Service: pools, authorities that sign themselves and below others, certificates, templates."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

_AUTHORITY = """
resource "google_privateca_certificate_authority" "NAME" {
  pool                                   = google_privateca_ca_pool.pool.name
  certificate_authority_id               = "NAME"
  location                               = "asia-south1"
  lifetime                               = "LIFETIME"
  deletion_protection                    = false
  skip_grace_period                      = true
  ignore_active_certificates_on_deletion = true
  MORE
  config {
    subject_config {
      subject {
        organization = "ACME"
        common_name  = "NAME"
      }
      subject_alt_name {
        dns_names = ["example.com"]
      }
    }
    x509_config {
      ca_options {
        is_ca                  = true
        LENGTH
      }
      key_usage {
        base_key_usage {
          cert_sign = true
          crl_sign  = true
        }
        extended_key_usage {
        }
      }
    }
  }
  key_spec {
    KEY
  }
}
"""


def _authority(name: str, length: str, key: str, more: str = "", lifetime: str = "315360000s") -> str:
    found = _AUTHORITY.replace("NAME", name).replace("LENGTH", length).replace("KEY", key).replace("MORE", more)
    return found.replace("LIFETIME", lifetime)


_EC = 'algorithm = "EC_P256_SHA256"'
_FIRST = (
    """
resource "google_kms_key_ring" "ring" {
  name     = "ring"
  location = "asia-south1"
}
resource "google_kms_crypto_key" "key" {
  name     = "key"
  key_ring = google_kms_key_ring.ring.id
  purpose  = "ASYMMETRIC_SIGN"
  version_template {
    algorithm = "EC_SIGN_P384_SHA384"
  }
}
resource "google_privateca_ca_pool" "pool" {
  name     = "pool"
  location = "asia-south1"
  tier     = "ENTERPRISE"
  labels   = { of = "first" }
  publishing_options {
    publish_ca_cert = true
    publish_crl     = true
    encoding_format = "PEM"
  }
  issuance_policy {
    maximum_lifetime = "31536000s"
    allowed_key_types {
      elliptic_curve {
        signature_algorithm = "ECDSA_P256"
      }
    }
    allowed_key_types {
      rsa {
        min_modulus_size = 2048
        max_modulus_size = 4096
      }
    }
    allowed_issuance_modes {
      allow_csr_based_issuance    = true
      allow_config_based_issuance = true
    }
    identity_constraints {
      allow_subject_passthrough           = true
      allow_subject_alt_names_passthrough = true
    }
    baseline_values {
      aia_ocsp_servers = ["http://ocsp.example.com"]
      policy_ids {
        object_id_path = [1, 5, 7]
      }
      ca_options {
      }
      key_usage {
        base_key_usage {
        }
        extended_key_usage {
        }
      }
    }
  }
}
resource "google_privateca_ca_pool" "plain" {
  name     = "plain"
  location = "asia-south1"
  tier     = "DEVOPS"
}
resource "google_privateca_ca_pool_iam_member" "member" {
  ca_pool = google_privateca_ca_pool.pool.id
  role    = "roles/privateca.certificateManager"
  member  = "user:ann@example.com"
}
resource "google_privateca_certificate_template" "template" {
  name             = "template"
  location         = "asia-south1"
  description      = "First"
  maximum_lifetime = "86400s"
  labels           = { of = "first" }
  identity_constraints {
    allow_subject_passthrough           = true
    allow_subject_alt_names_passthrough = true
    cel_expression {
      expression = "true"
      title      = "always"
    }
  }
  passthrough_extensions {
    known_extensions = ["EXTENDED_KEY_USAGE"]
    additional_extensions {
      object_id_path = [1, 6]
    }
  }
  predefined_values {
    ca_options {
      is_ca = false
    }
    key_usage {
      base_key_usage {
        digital_signature = true
        key_agreement     = true
      }
      extended_key_usage {
        server_auth = true
      }
      unknown_extended_key_usages {
        object_id_path = [1, 6, 1]
      }
    }
    additional_extensions {
      critical = false
      value    = "c3RyaW5nCg=="
      object_id {
        object_id_path = [1, 6]
      }
    }
  }
}
resource "google_privateca_certificate_template_iam_member" "member" {
  certificate_template = google_privateca_certificate_template.template.id
  role                 = "roles/privateca.templateUser"
  member               = "user:ann@example.com"
}
"""
    + _authority("root", "max_issuer_path_length = 10", _EC)
    + _authority("own", "", 'cloud_kms_key_version = "${google_kms_crypto_key.key.id}/cryptoKeyVersions/1"')
    + _authority("staged", "", _EC, 'desired_state = "STAGED"')
    + _authority(
        "below",
        "zero_max_issuer_path_length = true",
        _EC,
        'type = "SUBORDINATE"\n  labels = { of = "first" }\n  subordinate_config {\n'
        "    certificate_authority = google_privateca_certificate_authority.root.name\n  }",
        "31536000s",
    )
)
_REQUEST = """\
-----BEGIN CERTIFICATE REQUEST-----
MIIBATCBqQIBADAaMRgwFgYDVQQDDA93d3cuZXhhbXBsZS5jb20wWTATBgcqhkjO
PQIBBggqhkjOPQMBBwNCAATmT4gvkUqmmdxRXoOsDJ7Ef0+yYsGN4sqOUOBNx8Da
ONcqBZdyR+oFwbBbqeoASbmedSF+gB0wR/kWDnSPBbpeoC0wKwYJKoZIhvcNAQkO
MR4wHDAaBgNVHREEEzARgg93d3cuZXhhbXBsZS5jb20wCgYIKoZIzj0EAwIDRwAw
RAIgP+57ZZmvkreunI0+mtBC+uEEZKmwAryyPIIGJtEoPHcCIFJu8y50j+KthRII
/NwlNYiaierPY5jcmt1NaeJOExcm
-----END CERTIFICATE REQUEST-----
"""
_PUBLIC = """\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE5k+IL5FKppncUV6DrAyexH9PsmLB
jeLKjlDgTcfA2jjXKgWXckfqBcGwW6nqAEm5nnUhfoAdMEf5Fg50jwW6Xg==
-----END PUBLIC KEY-----
"""
_CERTIFIED = (
    (
        """
resource "google_privateca_ca_pool" "pool" {
  name     = "pool"
  location = "asia-south1"
  tier     = "ENTERPRISE"
}
"""
        + _authority("root", "", _EC)
        + """
resource "google_privateca_certificate" "requested" {
  name                  = "requested"
  location              = "asia-south1"
  pool                  = google_privateca_ca_pool.pool.name
  certificate_authority = google_privateca_certificate_authority.root.certificate_authority_id
  lifetime              = "86400s"
  pem_csr               = <<-CSR
REQUEST  CSR
  labels                = { of = "first" }
}
resource "google_privateca_certificate" "configured" {
  name       = "configured"
  location   = "asia-south1"
  pool       = google_privateca_ca_pool.pool.name
  lifetime   = "86400s"
  depends_on = [google_privateca_certificate_authority.root]
  config {
    subject_config {
      subject {
        common_name         = "san.example.com"
        country_code        = "us"
        organization        = "google"
        organizational_unit = "enterprise"
        locality            = "mountain view"
        province            = "california"
        street_address      = "1600 amphitheatre parkway"
        postal_code         = "94109"
      }
      subject_alt_name {
        dns_names       = ["san.example.com"]
        email_addresses = ["email@example.com"]
        ip_addresses    = ["127.0.0.1"]
        uris            = ["http://www.ietf.org/rfc/rfc3986.txt"]
      }
    }
    x509_config {
      ca_options {
        non_ca = true
      }
      key_usage {
        base_key_usage {
          digital_signature = true
        }
        extended_key_usage {
          server_auth = true
        }
      }
      name_constraints {
        critical            = true
        permitted_dns_names = ["example.com"]
        excluded_ip_ranges  = ["10.0.0.0/8"]
      }
    }
    public_key {
      format = "PEM"
      key    = base64encode(<<-KEY
PUBLIC      KEY
      )
    }
  }
}
"""
    )
    .replace("REQUEST", _REQUEST)
    .replace("PUBLIC", _PUBLIC)
)
CASES = [
    edited(
        Case(
            "privateca",
            first=_FIRST,
            stays="already exists (resource=ring)",
            replaced=(
                ('"DEVOPS"', '"ENTERPRISE"', "google_privateca_ca_pool.plain"),
                ('"EC_P256_SHA256"', '"EC_P384_SHA384"', "google_privateca_certificate_authority.root"),
            ),
            imports={
                "google_privateca_ca_pool.pool": "asia-south1/pool",
                "google_privateca_certificate_authority.root": (
                    "projects/PROJECT/locations/asia-south1/caPools/pool/certificateAuthorities/root"
                ),
                "google_privateca_certificate_template.template": "asia-south1/template",
            },
            after_import=frozenset(
                (
                    *("labels", "terraform_labels", "deletion_protection", "skip_grace_period"),
                    "ignore_active_certificates_on_deletion",
                )
            ),
        ),
        ('"31536000s"\n    allowed', '"63072000s"\n    allowed'),
        ('"First"', '"Second"'),
        ("server_auth = true", "client_auth = true"),
        ('desired_state = "STAGED"', 'desired_state = "ENABLED"'),
        ('labels = { of = "first" }\n  subordinate', 'labels = { of = "second" }\n  subordinate'),
        updated={
            "google_privateca_ca_pool.pool",
            "google_privateca_certificate_template.template",
            "google_privateca_certificate_authority.staged",
            "google_privateca_certificate_authority.below",
        },
    ),
    Case(
        "privateca certificates",
        first=_CERTIFIED,
        second=_CERTIFIED.replace('of = "first"', 'of = "second"'),
        updated=frozenset(("google_privateca_certificate.requested",)),
        replaced=(('"86400s"\n  pem', '"43200s"\n  pem', "google_privateca_certificate.requested"),),
        imports={
            "google_privateca_certificate.configured": (
                "projects/PROJECT/locations/asia-south1/caPools/pool/certificates/configured"
            )
        },
        after_import=frozenset(("labels", "terraform_labels")),
    ),
]

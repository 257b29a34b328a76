"""hashicorp/google-beta: what it has besides is served or refused by name; the real one against the sandbox too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.provider.real import MIRROR, real_root
from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

pytestmark = pytest.mark.terraform
HAS_BETA = bool(MIRROR) and (Path(MIRROR) / "registry.terraform.io/hashicorp/google-beta").is_dir()
SERVICES = "projects/PROJECT/locations/us-central1/namespaces"
# The type, its arguments with whatever else it needs, and what the state then holds, by path.
TYPES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "security policy": (
        "google_compute_security_policy",
        """
  name = "p"
  adaptive_protection_config {
    layer_7_ddos_defense_config { enable = true }
    auto_deploy_config {
      load_threshold = 0.3
      expiration_sec = 300
    }
  }
}
""",
        {"adaptive_protection_config.0.auto_deploy_config.0.load_threshold": 0.3},
    ),
    "regional security policy": (
        "google_compute_region_security_policy",
        """
  name   = "r"
  region = "us-central1"
  type   = "CLOUD_ARMOR"
  advanced_options_config { request_body_inspection_size = "16KB" }
}
""",
        {"advanced_options_config.0.request_body_inspection_size": "16KB"},
    ),
    "firewall rule": (
        "google_compute_network_firewall_policy_rule",
        """
  firewall_policy = google_compute_network_firewall_policy.f.name
  action          = "allow"
  direction       = "INGRESS"
  priority        = 100
  match {
    src_network_scope = "INTERNET"
    src_ip_ranges     = ["10.0.0.0/8"]
    layer4_configs { ip_protocol = "tcp" }
  }
}
resource "google_compute_network_firewall_policy" "f" {
  name = "f"
}
""",
        {"match.0.src_network_scope": "INTERNET", "match.0.dest_network_scope": ""},
    ),
    "address group": (
        "google_network_security_address_group",
        """
  name     = "a"
  parent   = "projects/PROJECT"
  location = "global"
  type     = "IPV4"
  capacity = 100
  purpose  = ["CLOUD_ARMOR"]
}
""",
        {"purpose.0": "CLOUD_ARMOR"},
    ),
    "zone of a service directory": (
        "google_dns_managed_zone",
        """
  name       = "z"
  dns_name   = "services.example.com."
  visibility = "private"
  service_directory_config {
    namespace { namespace_url = google_service_directory_namespace.s.id }
  }
}
resource "google_service_directory_namespace" "s" {
  namespace_id = "svc"
  location     = "us-central1"
}
""",
        {"service_directory_config.0.namespace.0.namespace_url": f"{SERVICES}/svc"},
    ),
    "autoscaler": (
        "google_compute_autoscaler",
        """
  name   = "m"
  zone   = "us-central1-a"
  target = google_compute_instance_group_manager.m.id
  autoscaling_policy {
    max_replicas = 1
    min_replicas = 1
    cpu_utilization { target = 0.5 }
    scale_down_control {
      max_scaled_down_replicas { percent = 80 }
      time_window_sec = 300
    }
  }
}
resource "google_compute_instance_group_manager" "m" {
  provider           = google-beta
  name               = "m"
  zone               = "us-central1-a"
  base_instance_name = "m"
  version { instance_template = google_compute_instance_template.t.self_link_unique }
  update_policy {
    type            = "PROACTIVE"
    minimal_action  = "REPLACE"
    max_surge_fixed = 3
    min_ready_sec   = 30
  }
}
resource "google_compute_instance_template" "t" {
  name         = "t"
  machine_type = "e2-medium"
  disk { source_image = "debian-cloud/debian-12" }
  network_interface { network = "default" }
}
""",
        {"autoscaling_policy.0.scale_down_control.0.max_scaled_down_replicas.0.percent": 80},
    ),
}


def served(root: Root, name: str) -> None:
    """Its arguments are applied, told, and planned no further."""
    type, arguments, expected = TYPES[name]
    root.apply(f'resource "{type}" "it" {{\n  provider = google-beta{arguments.replace("PROJECT", root.project)}')
    assert root.actions() == {}
    for path, value in expected.items():
        found: Any = root.state()[f"{type}.it"]
        for step in path.split("."):
            found = found[int(step) if step.isdigit() else step]
        assert found == (value.replace("PROJECT", root.project) if isinstance(value, str) else value), path
    root.destroy()


@pytest.mark.parametrize("name", TYPES)
def test_an_argument_of_beta_is_served(root: Root, name: str) -> None:
    served(root, name)


@pytest.mark.real_provider
@pytest.mark.skipif(not HAS_BETA, reason="ATM_PROVIDER_MIRROR names no filesystem mirror with hashicorp/google-beta")
@pytest.mark.parametrize("name", TYPES)
def test_the_real_google_beta_finds_it_served(sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    served(real_root(sandbox, tmp_path), name)


def test_what_is_only_known_of_beta_passes_unset_and_is_refused_set(root: Root) -> None:
    disk = (
        'resource "google_compute_disk" "d" {\n  provider = google-beta\n'
        '  name = "d"\n  zone = "us-central1-a"\n  size = 10\n'
    )
    said = root.fails(disk + "  multi_writer = true\n}\n", "plan", "-input=false", "-no-color")
    assert "The sandbox does not serve multi_writer" in said
    assert "hashicorp/google-beta has this argument" in said
    root.apply(disk + "  multi_writer = null\n}\n")
    assert root.actions() == {}
    assert root.state()["google_compute_disk.d"]["multi_writer"] is None
    root.destroy()


def test_the_agent_of_an_api_is_told_by_google_beta(root: Root) -> None:
    block = 'provider = google-beta\n  service = "pubsub.googleapis.com"'
    identity = f'resource "google_project_service_identity" "pubsub" {{\n  {block}\n}}\n'
    root.apply(identity)
    assert root.changes() == {}
    told = root.state()["google_project_service_identity.pubsub"]
    assert told["email"].endswith("@gcp-sa-pubsub.iam.gserviceaccount.com")
    assert told["member"] == f"serviceAccount:{told['email']}"
    assert told["id"] == f"projects/{root.project}/services/pubsub.googleapis.com"
    root.destroy()


def test_a_rule_that_lets_a_name_pass_is_served_as_google_beta(root: Root) -> None:
    root.apply(
        'resource "google_dns_response_policy" "p" {\n  response_policy_name = "p"\n}\n'
        'resource "google_dns_response_policy_rule" "r" {\n'
        "  provider        = google-beta\n"
        "  response_policy = google_dns_response_policy.p.response_policy_name\n"
        '  rule_name       = "r"\n'
        '  dns_name        = "a.example.com."\n'
        '  behavior        = "bypassResponsePolicy"\n}\n'
    )
    assert root.changes() == {}
    assert root.state()["google_dns_response_policy_rule.r"]["behavior"] == "bypassResponsePolicy"
    root.destroy()

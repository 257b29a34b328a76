"""Rules that mute findings, and detectors, of a project, a folder and an organization."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_FIRST = """
resource "google_scc_v2_project_mute_config" "low" {
  mute_config_id = "low"
  filter         = "severity=\\"LOW\\""
  type           = "STATIC"
  description    = "What nobody looks at"
}
resource "google_scc_v2_folder_mute_config" "tests" {
  folder         = "281475"
  mute_config_id = "tests-PROJECT"
  location       = "global"
  filter         = "category=\\"PUBLIC_BUCKET_ACL\\""
  type           = "DYNAMIC"
}
resource "google_scc_v2_organization_mute_config" "sandboxes" {
  organization   = "281475"
  mute_config_id = "sandboxes-PROJECT"
  location       = "global"
  filter         = "resource.project_display_name=\\"sandbox\\""
  type           = "STATIC"
}
"""
_MODULE = """
resource "google_scc_management_LEVEL_security_health_analytics_custom_module" "keys" {
  PARENT
  display_name     = "old_keys_of_PROJECT"
  location         = "global"
  enablement_state = "ENABLED"
  custom_config {
    predicate {
      expression = "resource.rotationPeriod > duration(\\"2592000s\\")"
    }
    custom_output {
      properties {
        name = "period"
        value_expression {
          expression = "resource.rotationPeriod"
        }
      }
    }
    resource_selector {
      resource_types = ["cloudkms.googleapis.com/CryptoKey"]
    }
    description    = "Keys that are seldom rotated"
    recommendation = "Rotate them"
    severity       = "MEDIUM"
  }
}
"""
_MODULES = "".join(
    _MODULE.replace("LEVEL", level).replace("PARENT", parent).replace("old_keys_of_PROJECT", f"old_keys_{level}")
    for level, parent in (
        ("project", 'project = "PROJECT"'),
        ("folder", "folder = google_folder.detectors.folder_id"),
        ("organization", 'organization = "281475"'),
    )
)
_FOLDER = """
resource "google_folder" "detectors" {
  display_name        = "detectors-PROJECT"
  parent              = "organizations/281475"
  deletion_protection = false
}
"""
CASES = [
    Case(
        "detectors",
        first=_FOLDER + _MODULES,
        second=_FOLDER
        + _MODULES.replace('"ENABLED"', '"DISABLED"').replace('"MEDIUM"', '"HIGH"').replace("Rotate them", "Rotate"),
        updated=frozenset(
            (
                "google_scc_management_project_security_health_analytics_custom_module.keys",
                "google_scc_management_folder_security_health_analytics_custom_module.keys",
                "google_scc_management_organization_security_health_analytics_custom_module.keys",
            )
        ),
        replaced=(
            (
                "old_keys_project",
                "older_keys_project",
                "google_scc_management_project_security_health_analytics_custom_module.keys",
            ),
        ),
        imports={},
    ),
    Case(
        "mute rules",
        first=_FIRST,
        second=_FIRST.replace("What nobody looks at", "Nobody looks at it")
        .replace("PUBLIC_BUCKET_ACL", "OPEN_FIREWALL")
        .replace('"sandbox\\"', '"sandboxes\\"'),
        updated=frozenset(
            (
                "google_scc_v2_project_mute_config.low",
                "google_scc_v2_folder_mute_config.tests",
                "google_scc_v2_organization_mute_config.sandboxes",
            )
        ),
        replaced=(
            ('mute_config_id = "low"', 'mute_config_id = "lower"', "google_scc_v2_project_mute_config.low"),
            (
                'mute_config_id = "tests-PROJECT"',
                'mute_config_id = "test-PROJECT"',
                "google_scc_v2_folder_mute_config.tests",
            ),
        ),
        imports={
            "google_scc_v2_project_mute_config.low": "projects/PROJECT/locations/global/muteConfigs/low",
            "google_scc_v2_folder_mute_config.tests": "281475/global/tests-PROJECT",
            "google_scc_v2_organization_mute_config.sandboxes": "281475/global/sandboxes-PROJECT",
        },
    ),
]

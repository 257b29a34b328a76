"""Rules that mute findings of a project, a folder and an organization."""

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
CASES = [
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
    )
]

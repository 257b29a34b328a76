"""Workload identity, where an id stays taken for 30 days after its pool was deleted."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_NAME = "projects/PROJECT/locations/global/workloadIdentityPools/github"

WORKLOAD_IDENTITY = Case(
    "workload-identity",
    first="""
resource "google_iam_workload_identity_pool" "github" {
  workload_identity_pool_id = "github"
}
resource "google_iam_workload_identity_pool_provider" "actions" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "actions"
  attribute_condition                = "assertion.repository_id == '1'"
  attribute_mapping                  = { "google.subject" = "assertion.sub" }
  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}
""",
    second="""
resource "google_iam_workload_identity_pool" "github" {
  workload_identity_pool_id = "github"
  display_name              = "GitHub"
  description               = "Workflows."
  disabled                  = true
}
resource "google_iam_workload_identity_pool_provider" "actions" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "actions"
  display_name                       = "Actions"
  attribute_condition                = "assertion.repository_id == '2'"
  attribute_mapping                  = { "google.subject" = "assertion.sub", "attribute.ref" = "assertion.ref" }
  oidc {
    issuer_uri        = "https://token.actions.githubusercontent.com"
    allowed_audiences = ["https://example.com"]
  }
}
""",
    updated=frozenset(
        ("google_iam_workload_identity_pool.github", "google_iam_workload_identity_pool_provider.actions")
    ),
    replaced=(
        ('pool_id = "github"', 'pool_id = "gitlab"', "google_iam_workload_identity_pool.github"),
        ('provider_id = "actions"', 'provider_id = "builds"', "google_iam_workload_identity_pool_provider.actions"),
    ),
    imports={
        "google_iam_workload_identity_pool.github": "PROJECT/github",
        "google_iam_workload_identity_pool_provider.actions": f"{_NAME}/providers/actions",
    },
    stays="already exists",
)

CASES = [WORKLOAD_IDENTITY]

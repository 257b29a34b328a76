"""What is in no state: an ephemeral key is gone afterwards, a secret leaves no trace, refusals say what was asked."""

from __future__ import annotations

import pytest

from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

pytestmark = pytest.mark.terraform

ACCOUNT = 'resource "google_service_account" "a" {\n  account_id = "signer"\n}\n'
SECRET = """
resource "google_secret_manager_secret" "SECRET" {
  secret_id = "SECRET"
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret_version" "SECRET" {
  secret                 = google_secret_manager_secret.SECRET.id
  secret_data_wo         = VALUE
  secret_data_wo_version = 1
}
"""
KEY = """
ephemeral "google_service_account_key" "k" {
  service_account_id = google_service_account.a.name
}
"""


def test_an_ephemeral_key_is_gone_once_terraform_is(root: Root, sandbox: Sandbox) -> None:
    value = "ephemeral.google_service_account_key.k.private_key"
    root.apply(ACCOUNT + KEY + SECRET.replace("SECRET", "copy").replace("VALUE", value))
    account = f"/iam/v1/projects/{root.project}/serviceAccounts/signer@{root.project}.iam.gserviceaccount.com"
    kept = sandbox.get(f"/secretmanager/v1/projects/{root.project}/secrets/copy/versions/1:access")
    assert kept["payload"]["data"], "it was there while terraform ran"
    keys = sandbox.get(f"{account}/keys?keyTypes=USER_MANAGED").get("keys", [])
    assert keys == []
    assert kept["payload"]["data"] not in (root.folder / "terraform.tfstate").read_text()


def test_a_version_that_is_not_there_is_told_by_its_name(root: Root) -> None:
    said = root.fails('ephemeral "google_secret_manager_secret_version" "v" {\n  secret = "nobodys"\n}\n')
    assert "Error retrieving secret version" in said
    assert "nobodys" in said


@pytest.mark.parametrize(
    ("kind", "arguments", "says"),
    [
        ("google_service_account_jwt", 'target_service_account = "ann"\n  payload = "{}"', "target_service_account"),
        ("google_service_account_id_token", 'target_audience = "x"', "target_service_account"),
        ("google_service_account_access_token", 'scopes = ["cloud-platform"]', "target_service_account"),
        ("google_service_account_key", 'service_account_id = "nobody"', "nobody@"),
        (
            "google_service_account_jwt",
            'target_service_account = "a@p.iam.gserviceaccount.com"\n  payload = "{"\n  expires_in = 60',
            "decoding payload",
        ),
    ],
)
def test_what_cannot_be_opened_says_why(root: Root, kind: str, arguments: str, says: str) -> None:
    assert says in root.fails(f'ephemeral "{kind}" "x" {{\n  {arguments}\n}}\n')


def test_a_function_refuses_what_is_no_id(root: Root) -> None:
    said = root.fails('output "x" {\n  value = provider::google::project_from_id("nothing")\n}\n' + ACCOUNT)
    assert "doesn't contain the expected" in " ".join(said.split())

"""Data sources that no configuration can hold beside the real provider: it asks Google itself, or a file is needed.

Where `ATM_PROVIDER_MIRROR` holds the real one, what can go the same way beside it does.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.integration.provider.real import MIRROR, real_root
from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

pytestmark = pytest.mark.terraform
_BUCKETS = """
resource "google_storage_bucket" "b" {
  for_each                    = toset(["PROJECT-one", "PROJECT-two"])
  name                        = each.key
  location                    = "ASIA-SOUTH1"
  uniform_bucket_level_access = true
  labels                      = each.key == "PROJECT-one" ? { team = "risk" } : null
}
data "google_storage_buckets" "all" {
  depends_on = [google_storage_bucket.b]
}
data "google_storage_buckets" "one" {
  prefix     = "PROJECT-one"
  depends_on = [google_storage_bucket.b]
}
"""
_KEY = """
resource "google_kms_key_ring" "r" {
  name     = "RING"
  location = "asia-south1"
}
resource "google_kms_crypto_key" "k" {
  name     = "letters"
  key_ring = google_kms_key_ring.r.id
  purpose  = "ASYMMETRIC_DECRYPT"
  version_template {
    algorithm = "RSA_DECRYPT_OAEP_2048_SHA256"
  }
}
data "google_kms_crypto_key_version" "k" {
  crypto_key = google_kms_crypto_key.k.id
}
"""
_SIGNED = """
resource "google_service_account" "a" {
  account_id = "signer-one"
}
resource "google_service_account_key" "a" {
  service_account_id = google_service_account.a.name
}
resource "google_storage_bucket" "b" {
  name                        = "PROJECT-signed"
  location                    = "ASIA-SOUTH1"
  uniform_bucket_level_access = true
}
resource "google_storage_bucket_object" "o" {
  bucket  = google_storage_bucket.b.name
  name    = "risk/limits.txt"
  content = "canary"
}
data "google_storage_object_signed_url" "u" {
  bucket      = google_storage_bucket.b.name
  path        = google_storage_bucket_object.o.name
  credentials = base64decode(google_service_account_key.a.private_key)
}
"""


def test_the_buckets_of_a_project_are_listed(root: Root) -> None:
    root.apply(_BUCKETS)
    state = root.state()
    told = state["data.google_storage_buckets.all"]
    assert [(one["name"], one["labels"]) for one in told["buckets"]] == [
        (f"{root.project}-one", {"goog-terraform-provisioned": "true", "team": "risk"}),
        (f"{root.project}-two", {"goog-terraform-provisioned": "true"}),
    ]
    assert told["id"] == root.project
    assert {one["location"] for one in told["buckets"]} == {"ASIA-SOUTH1"}
    [one] = state["data.google_storage_buckets.one"]["buckets"]
    assert one["self_link"].endswith(f"/b/{root.project}-one")


def test_what_a_public_key_encrypted_is_decrypted(root: Root, sandbox: Sandbox, tmp_path: Path) -> None:
    told = [_decrypted(one) for one in (root, *([real_root(sandbox, tmp_path)] if MIRROR else []))]
    assert told[0]["plaintext"] == "canary"
    assert told[0]["id"].endswith(
        f"/cryptoKeyVersions/1:{told[0]['crc32']}:{told[0]['ciphertext'].replace(chr(10), '')}"
    )
    assert all(one["id"].count(one["crc32"]) == 1 and one["plaintext"] == "canary" for one in told[1:])


def _decrypted(root: Root) -> dict[str, Any]:
    configuration = _KEY.replace("RING", root.project)
    root.apply(configuration)
    version = root.state()["data.google_kms_crypto_key_version.k"]
    public = serialization.load_pem_public_key(version["public_key"][0]["pem"].encode())
    assert isinstance(public, rsa.RSAPublicKey)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    cipher = base64.encodebytes(public.encrypt(b"canary", oaep)).decode()
    root.apply(
        f"""{configuration}
data "google_kms_secret_asymmetric" "s" {{
  crypto_key_version = data.google_kms_crypto_key_version.k.name
  ciphertext         = <<-EOT
{cipher}EOT
}}
"""
    )
    return root.state()["data.google_kms_secret_asymmetric.s"]


def test_a_signed_url_opens_its_object(root: Root, sandbox: Sandbox) -> None:
    root.apply(_SIGNED)
    url = urlsplit(root.state()["data.google_storage_object_signed_url.u"]["signed_url"])
    assert url.hostname == f"{root.project}-signed.storage.googleapis.com"
    path = f"/{root.project}-signed{url.path}"
    assert sandbox.request("GET", f"{path}?{url.query}").body == b"canary"
    assert sandbox.request("GET", f"{path.replace('limits', 'orders')}?{url.query}").status == 403


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            'google_storage_object_signed_url" "x" {\n  bucket = "b"\n  path = "p"\n',
            "Credentials not found in datasource, provider configuration or GOOGLE_APPLICATION_CREDENTIALS",
        ),
        (
            'google_storage_object_signed_url" "x" {\n  bucket = "b"\n  path = "p"\n  duration = "soon"\n',
            'could not parse duration: time: invalid duration "soon"',
        ),
        (
            'google_storage_object_signed_url" "x" {\n  bucket = "b"\n  path = "p"\n'
            '  credentials = jsonencode({ type = "authorized_user" })\n',
            "Error parsing credentials: google: read JWT from JSON credentials: 'type' field is \"authorized_user\" "
            '(expected "service_account")',
        ),
        ('google_service_account_id_token" "x" {\n  target_audience = "a"\n', "unable to retrieve TokenSource"),
        (
            'google_kms_crypto_keys" "x" {\n  key_ring = "a/b/c/d/e"\n',
            "Invalid KeyRing id format, expecting `{projectId}/{locationId}/{keyRingName}` or "
            "`{locationId}/{keyRingName}.`",
        ),
        (
            'google_kms_crypto_key_versions" "x" {\n  crypto_key = "a/b"\n',
            "Invalid CryptoKey id format, expecting `{projectId}/{locationId}/{KeyringName}/{cryptoKeyName}` or "
            "`{locationId}/{keyRingName}/{cryptoKeyName}, got id: a/b`",
        ),
        (
            'google_secret_manager_regional_secret_version" "x" {\n  secret = "s"\n',
            "location must be set when providing only secret name",
        ),
        (
            'google_secret_manager_secret_version_access" "x" {\n  secret = "projects/p/secrets/s"\n  project = "q"\n',
            "project field value (q) does not match project of secret (p).",
        ),
        (
            'google_storage_bucket_object_content" "x" {\n  bucket = "no-such-bucket-anywhere"\n  name = "n"\n',
            "Error downloading storage bucket object: googleapi: got HTTP response code 404 with body:",
        ),
    ],
)
def test_what_cannot_be_read_is_said_in_the_real_ones_words(
    root: Root, sandbox: Sandbox, tmp_path: Path, source: str, words: str
) -> None:
    for one in (root, *([real_root(sandbox, tmp_path)] if MIRROR else [])):
        said = " ".join(one.fails(f'data "{source}}}\n').replace("│", "").replace("╷", "").split())
        assert words in said, (one.reattach and "embedded") or "real"

"""google-cloud-iam and google-auth, unchanged, against the sandbox."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from google.api_core import exceptions
from google.auth import impersonated_credentials, jwt
from google.auth.transport.requests import Request
from google.cloud import iam_admin_v1, iam_credentials_v1
from google.cloud.iam_admin_v1 import types
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials

from tests.integration.sandbox_process import Sandbox

PROJECT = "iam-client"
PATH = f"/iam/v1/projects/{PROJECT}/serviceAccounts"


@pytest.fixture(scope="module")
def client(sandbox: Sandbox) -> Any:
    return sandbox.over_grpc(iam_admin_v1.IAMClient)


@pytest.fixture
def account(client: Any, request: pytest.FixtureRequest) -> Any:
    request_ = {"name": f"projects/{PROJECT}", "account_id": f"a-{abs(hash(request.node.name)) % 10**8:08}"}
    made = client.create_service_account(request=request_)
    yield made
    client.delete_service_account(request={"name": made.name})


def test_account_is_listed_changed_switched_and_has_a_policy(client: Any, account: Any) -> None:
    assert account.email in [each.email for each in client.list_service_accounts(name=f"projects/{PROJECT}")]
    patch = {
        "service_account": {"name": account.name, "display_name": "Quant"},
        "update_mask": {"paths": ["display_name"]},
    }
    assert client.patch_service_account(request=patch).display_name == "Quant"
    client.disable_service_account(request={"name": account.name})
    assert client.get_service_account(name=account.name).disabled
    client.enable_service_account(request={"name": account.name})
    policy = client.get_iam_policy(request={"resource": account.name})
    policy.bindings.add(role="roles/iam.serviceAccountUser", members=["user:one@example.com"])
    client.set_iam_policy(request={"resource": account.name, "policy": policy})
    assert client.get_iam_policy(request={"resource": account.name}).bindings[0].members == ["user:one@example.com"]


def test_key_is_made_used_listed_switched_and_deleted(client: Any, account: Any, sandbox: Sandbox) -> None:
    made = client.create_service_account_key(request={"name": account.name})
    document = json.loads(made.private_key_data)
    assert (document["client_email"], made.name) == (account.email, f"{account.name}/keys/{document['private_key_id']}")
    assert made.key_type == types.ListServiceAccountKeysRequest.KeyType.USER_MANAGED
    # The file is a credential of this sandbox, as it is.
    credentials = service_account.Credentials.from_service_account_info(document, scopes=["any"])
    credentials.refresh(Request())
    assert credentials.token

    asked = {"name": made.name, "public_key_type": "TYPE_X509_PEM_FILE"}
    seen = client.get_service_account_key(request=asked)
    private: Any = load_pem_private_key(document["private_key"].encode(), None)
    certificate: Any = x509.load_pem_x509_certificate(seen.public_key_data).public_key()
    raw: Any = load_pem_public_key(
        client.get_service_account_key(request={**asked, "public_key_type": "TYPE_RAW_PUBLIC_KEY"}).public_key_data
    )
    assert certificate.public_numbers() == raw.public_numbers() == private.public_key().public_numbers()
    assert not seen.private_key_data

    client.disable_service_account_key(request={"name": made.name})
    assert [each.disabled for each in client.list_service_account_keys(name=account.name).keys] == [True]
    client.enable_service_account_key(request={"name": made.name})
    client.delete_service_account_key(request={"name": made.name})
    assert not client.list_service_account_keys(name=account.name).keys
    with pytest.raises(exceptions.NotFound):
        client.get_service_account_key(request={"name": made.name})


def test_the_private_half_is_kept_nowhere(client: Any, account: Any, sandbox: Sandbox) -> None:
    key = json.loads(client.create_service_account_key(request={"name": account.name}).private_key_data)["private_key"]
    secret = key.splitlines()[3].encode()
    state = sandbox.state
    assert [file for file in state.rglob("*") if file.is_file() and secret in file.read_bytes()] == []


def test_key_is_uploaded_and_ten_are_enough(client: Any, account: Any) -> None:
    made = client.create_service_account_key(request={"name": account.name, "key_algorithm": "KEY_ALG_RSA_1024"})
    pem = client.get_service_account_key(
        request={"name": made.name, "public_key_type": "TYPE_X509_PEM_FILE"}
    ).public_key_data
    for _ in range(9):
        uploaded = client.upload_service_account_key(request={"name": account.name, "public_key_data": pem})
    assert uploaded.key_origin == types.ServiceAccountKeyOrigin.USER_PROVIDED
    with pytest.raises(exceptions.ResourceExhausted):
        client.create_service_account_key(request={"name": account.name})


@pytest.mark.parametrize(
    ("body", "verb", "status"),
    [
        ({"keyAlgorithm": "KEY_ALG_GOST"}, "", 400),
        ({"publicKeyData": base64.b64encode(b"no certificate").decode()}, ":upload", 400),
    ],
)
def test_what_is_no_key_is_refused(account: Any, sandbox: Sandbox, body: Any, verb: str, status: int) -> None:
    assert sandbox.request("POST", f"/iam/v1/{account.name}/keys{verb}", body).status == status


def test_an_account_signs_and_gets_tokens_for_who_acts_as_it(sandbox: Sandbox, account: Any) -> None:
    client = sandbox.over_grpc(iam_credentials_v1.IAMCredentialsClient)
    name = f"projects/-/serviceAccounts/{account.email}"
    signed = client.sign_blob(name=name, payload=b"order 1")
    published = sandbox.get(f"/robot/v1/metadata/x509/{account.email}")
    certificate = x509.load_pem_x509_certificate(published[signed.key_id].encode())
    public: Any = certificate.public_key()
    public.verify(signed.signed_blob, b"order 1", padding.PKCS1v15(), hashes.SHA256())
    payload = {"sub": account.email, "iat": int(time.time()), "exp": int(time.time()) + 600}
    token = client.sign_jwt(name=name, payload=json.dumps(payload)).signed_jwt
    assert jwt.decode(token, certs=published) == payload
    assert client.generate_access_token(name=name, scope=["any"]).access_token.startswith("sandbox-")
    claims = client.generate_id_token(name=name, audience="https://desk").token.split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(claims + "=="))["aud"] == "https://desk"
    with pytest.raises(exceptions.InvalidArgument):
        client.generate_access_token(name=name, scope=["any"], lifetime={"seconds": 50_000})


def test_a_credential_impersonates_an_account_of_the_sandbox(sandbox: Sandbox, account: Any) -> None:
    acting = impersonated_credentials.Credentials(
        Credentials("any"),
        account.email,
        ["any"],
        iam_endpoint_override=f"{sandbox.url}/iamcredentials/v1/{account.name}:generateAccessToken",
    )
    acting.refresh(Request())
    assert acting.token.startswith("sandbox-")

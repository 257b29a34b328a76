"""Signed URLs and HTML forms of Cloud Storage, signed by Google's client and asked as anybody does who got them."""

from __future__ import annotations

import base64
import datetime
import json
import re
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from google.oauth2 import service_account

from tests.integration.sandbox_process import Sandbox

PROJECT = "signed-project"
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(scope="module")
def bucket(sandbox: Sandbox) -> Any:
    client = storage.Client(PROJECT, AnonymousCredentials(), client_options={"api_endpoint": sandbox.url})
    return client.create_bucket("signed-urls", location="asia-south1")


@pytest.fixture(scope="module")
def signer(sandbox: Sandbox) -> Any:
    """Credentials by a key that the sandbox made for an account of its own."""
    accounts = f"/iam/v1/projects/{PROJECT}/serviceAccounts"
    email = sandbox.request("POST", accounts, {"accountId": "signer"}).json()["email"]
    key = sandbox.request("POST", f"{accounts}/{email}/keys", {}).json()["privateKeyData"]
    return service_account.Credentials.from_service_account_info(json.loads(base64.b64decode(key)))


@pytest.fixture(scope="module")
def stranger() -> Any:
    """Credentials of an account that the sandbox doesn't know."""
    private = rsa.generate_private_key(65537, 2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    info = {
        "client_email": "someone@elsewhere.iam.gserviceaccount.com",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    return service_account.Credentials.from_service_account_info(
        {**info, "private_key": private.private_bytes(*form).decode()}
    )


def url(sandbox: Sandbox, bucket: Any, name: str, method: str, credentials: Any, **more: Any) -> str:
    settings = {"version": "v4", "expiration": HOUR, "api_access_endpoint": sandbox.url, **more}
    return str(bucket.blob(name).generate_signed_url(method=method, credentials=credentials, **settings))


def code(answer: httpx.Response) -> tuple[int, str]:
    found = re.search("<Code>(.*?)</Code>", answer.text)
    return answer.status_code, found[1] if found else ""


@pytest.mark.parametrize("version", ["v4", "v2"])
@pytest.mark.parametrize("who", ["signer", "stranger"])
def test_an_object_is_written_read_and_deleted(
    sandbox: Sandbox, bucket: Any, request: pytest.FixtureRequest, version: str, who: str
) -> None:
    credentials, name = request.getfixturevalue(who), f"{who} {version}/ü.txt"
    headers = {"content-type": "text/plain", "x-goog-meta-made": "here"}
    put = url(
        sandbox,
        bucket,
        name,
        "PUT",
        credentials,
        version=version,
        content_type="text/plain",
        headers={"x-goog-meta-made": "here"},
    )
    assert httpx.put(put, content=b"signed", headers=headers).status_code == 200
    stored = bucket.get_blob(name)
    assert (stored.content_type, stored.metadata) == ("text/plain", {"made": "here"})
    get = url(sandbox, bucket, name, "GET", credentials, version=version, response_disposition="attachment; filename=x")
    answer = httpx.get(get)
    assert (answer.text, answer.headers["content-disposition"]) == ("signed", "attachment; filename=x")
    delete = url(sandbox, bucket, name, "DELETE", credentials, version=version)
    assert httpx.delete(delete).status_code == 204
    assert code(httpx.get(get)) == (404, "NoSuchKey")


def test_a_known_accounts_signature_must_be_its_own_and_of_this_request(
    sandbox: Sandbox, bucket: Any, signer: Any, stranger: Any
) -> None:
    bucket.blob("kept").upload_from_string("kept")
    get = url(sandbox, bucket, "kept", "GET", signer)
    assert code(httpx.delete(get)) == (403, "SignatureDoesNotMatch")
    assert code(httpx.get(get.replace("/kept?", "/other?"))) == (403, "SignatureDoesNotMatch")
    forged = url(sandbox, bucket, "kept", "GET", stranger).replace("someone%40elsewhere", f"signer%40{PROJECT}")
    assert code(httpx.get(forged)) == (403, "SignatureDoesNotMatch")
    assert bucket.get_blob("kept").size == 4


def test_what_has_expired_is_refused(sandbox: Sandbox, bucket: Any, stranger: Any) -> None:
    past = datetime.datetime.now(datetime.UTC) - HOUR
    old = url(sandbox, bucket, "kept", "GET", stranger, version="v2", expiration=past)
    assert code(httpx.get(old)) == (400, "ExpiredToken")
    now = url(sandbox, bucket, "kept", "GET", stranger)
    assert code(httpx.get(re.sub(r"X-Goog-Date=\d{8}", "X-Goog-Date=20200101", now))) == (400, "ExpiredToken")


def test_a_resumable_upload_begins_by_a_signed_url(sandbox: Sandbox, bucket: Any, signer: Any) -> None:
    start = {"x-goog-resumable": "start"}
    begin = url(sandbox, bucket, "resumed", "POST", signer, headers=start)
    answer = httpx.post(begin, headers={**start, "content-type": "text/plain"})
    assert answer.status_code == 201
    assert httpx.put(answer.headers["location"], content=b"in pieces").status_code == 200
    assert bucket.get_blob("resumed").download_as_bytes() == b"in pieces"


def test_conditions_and_limits_of_a_put_are_kept(sandbox: Sandbox, bucket: Any, signer: Any) -> None:
    limited = {"x-goog-content-length-range": "1,5"}
    put = url(sandbox, bucket, "limited", "PUT", signer, headers=limited)
    assert code(httpx.put(put, content=b"123456", headers=limited)) == (400, "EntityTooLarge")
    assert httpx.put(put, content=b"12345", headers=limited).status_code == 200
    new = {"x-goog-if-generation-match": "0"}
    put = url(sandbox, bucket, "limited", "PUT", signer, headers=new)
    assert code(httpx.put(put, content=b"1", headers=new)) == (412, "PreconditionFailed")


def test_a_form_uploads_what_its_policy_allows(sandbox: Sandbox, bucket: Any, signer: Any, stranger: Any) -> None:
    def send(credentials: Any, file: bytes, **changed: str) -> httpx.Response:
        policy = bucket.client.generate_signed_post_policy_v4(
            bucket.name,
            "by-form.txt",
            expiration=HOUR,
            credentials=credentials,
            conditions=[["content-length-range", 0, 10]],
            fields={"success_action_status": "201", "x-goog-meta-by": "form"},
        )
        fields = {**policy["fields"], **changed}
        # The library's address is Google's: the bucket's path is what counts.
        return httpx.post(
            sandbox.url + urlsplit(policy["url"]).path, data=fields, files={"file": ("a.txt", file, "text/plain")}
        )

    answer = send(signer, b"in a form")
    assert (answer.status_code, "<Key>by-form.txt</Key>" in answer.text) == (201, True)
    stored = bucket.get_blob("by-form.txt")
    assert (stored.download_as_bytes(), stored.metadata, stored.content_type) == (
        b"in a form",
        {"by": "form"},
        "text/plain",
    )
    assert code(send(signer, b"far too long")) == (400, "EntityTooLarge")
    assert code(send(signer, b"x", key="elsewhere")) == (403, "AccessDenied")
    assert code(send(signer, b"x", **{"x-goog-meta-more": "y"})) == (403, "AccessDenied")
    assert code(send(signer, b"x", **{"x-goog-signature": "00"})) == (403, "SignatureDoesNotMatch")
    assert send(stranger, b"x").status_code == 201

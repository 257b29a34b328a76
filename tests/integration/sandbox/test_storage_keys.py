"""Customer-supplied encryption keys, by Google's clients over REST and gRPC, and by the XML API."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import _storage_v2 as v2
from google.cloud import storage

from tests.integration.sandbox_process import Sandbox

KEY, OTHER = b"k" * 32, b"o" * 32
INCORRECT = "The provided encryption key is incorrect."
ENCRYPTED = "The target object is encrypted by a customer-supplied encryption key."


@pytest.fixture(scope="module")
def client(sandbox: Sandbox) -> Any:
    return storage.Client("storage-keys", AnonymousCredentials(), client_options={"api_endpoint": sandbox.url})


@pytest.fixture(scope="module")
def bucket(client: Any) -> Any:
    return client.create_bucket(f"keys-{os.urandom(6).hex()}", location="asia-south1")


@pytest.fixture(scope="module")
def web(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, timeout=60) as found:
        yield found


def sha256(key: bytes) -> str:
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


def headers(key: bytes, kind: str = "") -> dict[str, str]:
    prefix = f"x-goog-{kind}encryption-"
    return {
        f"{prefix}algorithm": "AES256",
        f"{prefix}key": base64.b64encode(key).decode(),
        f"{prefix}key-sha256": sha256(key),
    }


def reason(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["errors"][0]["reason"]


def code(answer: httpx.Response) -> tuple[int, str]:
    found = re.search("<Code>(.*?)</Code>", answer.text)
    return answer.status_code, found[1] if found else ""


def test_content_is_read_with_its_key_alone(bucket: Any) -> None:
    bucket.blob("a", encryption_key=KEY).upload_from_string(b"secret", checksum="crc32c")
    assert bucket.blob("a", encryption_key=KEY).download_as_bytes() == b"secret"
    assert bucket.blob("a", encryption_key=KEY).download_as_bytes(start=1, end=2) == b"ec"
    with pytest.raises(exceptions.BadRequest, match=INCORRECT):
        bucket.blob("a", encryption_key=OTHER).download_as_bytes()
    with pytest.raises(exceptions.BadRequest, match=ENCRYPTED):
        bucket.blob("a").download_as_bytes()
    bucket.blob("plain").upload_from_string(b"open")
    with pytest.raises(exceptions.BadRequest, match="is not encrypted by a customer-supplied"):
        bucket.blob("plain", encryption_key=KEY).download_as_bytes()


def test_hashes_are_shown_to_who_has_the_key(bucket: Any) -> None:
    made = bucket.blob("hashes", encryption_key=KEY)
    made.upload_from_string(b"hello")
    assert made.md5_hash == "XUFAKrxLKna5cZ2REBfFkg=="
    without = bucket.get_blob("hashes")
    assert without._properties["customerEncryption"] == {"encryptionAlgorithm": "AES256", "keySha256": sha256(KEY)}
    assert (without.md5_hash, without.crc32c, without.size) == (None, None, 5)
    assert bucket.get_blob("hashes", encryption_key=KEY).crc32c == made.crc32c
    with pytest.raises(exceptions.BadRequest, match=INCORRECT):
        bucket.get_blob("hashes", encryption_key=OTHER)
    (listed,) = bucket.list_blobs(prefix="hashes")
    assert (listed.md5_hash, listed.crc32c) == (None, None)
    without.metadata = {"k": "v"}
    without.patch()
    assert bucket.blob("hashes", encryption_key=KEY).download_as_bytes() == b"hello"


def test_a_resumable_upload_keeps_the_key_that_it_began_with(bucket: Any, web: httpx.Client) -> None:
    data = os.urandom(600_000)
    made = bucket.blob("long", chunk_size=262_144, encryption_key=KEY)
    made.upload_from_string(data, checksum="md5")
    assert bucket.blob("long", encryption_key=KEY).download_as_bytes() == data
    begin = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable&name=longer"
    session = web.post(begin, json={}, headers=headers(KEY)).headers["location"]
    assert reason(web.put(session, content=b"x", headers=headers(OTHER))) == (400, "customerEncryptionKeyIsIncorrect")
    answer = web.put(session, content=b"x").json()
    assert answer["customerEncryption"]["keySha256"] == sha256(KEY)
    assert answer["crc32c"]


def test_a_rewrite_encrypts_anew_and_a_copy_is_not_encrypted_as_its_source(bucket: Any) -> None:
    old = bucket.blob("turned", encryption_key=KEY)
    old.upload_from_string(b"turned")
    new = bucket.blob("turned", encryption_key=OTHER)
    assert new.rewrite(old) == (None, 6, 6)
    assert new.download_as_bytes() == b"turned"
    plain = bucket.blob("bare")
    with pytest.raises(exceptions.BadRequest, match=INCORRECT):
        plain.rewrite(bucket.blob("turned", encryption_key=KEY))
    with pytest.raises(exceptions.BadRequest, match=ENCRYPTED):
        plain.rewrite(bucket.blob("turned"))
    plain.rewrite(new)
    assert bucket.blob("bare").download_as_bytes() == b"turned"
    assert "customerEncryption" not in bucket.get_blob("bare")._properties


def test_a_composition_has_the_key_of_all_its_sources(bucket: Any, web: httpx.Client) -> None:
    for name, key in (("part-1", KEY), ("part-2", KEY), ("part-3", OTHER)):
        bucket.blob(name, encryption_key=key).upload_from_string(name)

    def compose(*names: str, **given: Any) -> httpx.Response:
        body = {"sourceObjects": [{"name": name} for name in names]}
        return web.post(f"/storage/v1/b/{bucket.name}/o/whole/compose", json=body, **given)

    assert compose("part-1", "part-2", headers=headers(KEY)).json()["customerEncryption"]["keySha256"] == sha256(KEY)
    assert bucket.blob("whole", encryption_key=KEY).download_as_bytes() == b"part-1part-2"
    answer = compose("part-1", "part-3", headers=headers(KEY))
    assert reason(answer) == (400, "customerEncryptionKeyIsIncorrect")
    # Google's library sends no key with a composition.
    with pytest.raises(exceptions.BadRequest, match=ENCRYPTED):
        bucket.blob("whole").compose([bucket.blob("part-1", encryption_key=KEY)])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"x-goog-encryption-algorithm": "AES128"}, "customerEncryptionAlgorithmIsInvalid"),
        ({"x-goog-encryption-algorithm": None}, "customerEncryptionAlgorithmIsInvalid"),
        ({"x-goog-encryption-key": "c2hvcnQ="}, "customerEncryptionKeyFormatIsInvalid"),
        ({"x-goog-encryption-key": "no base64!"}, "customerEncryptionKeyFormatIsInvalid"),
        ({"x-goog-encryption-key-sha256": None}, "customerEncryptionKeySha256IsInvalid"),
        ({"x-goog-encryption-key-sha256": "AAAA"}, "customerEncryptionKeySha256IsInvalid"),
    ],
)
def test_a_key_that_is_incomplete_is_refused(
    bucket: Any, web: httpx.Client, change: dict[str, str | None], expected: str
) -> None:
    given = {name: value for name, value in {**headers(KEY), **change}.items() if value is not None}
    url = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=incomplete"
    assert reason(web.post(url, content=b"x", headers=given)) == (400, expected)
    expected_code = expected[0].upper() + expected[1:]
    assert code(web.put(f"/{bucket.name}/incomplete", content=b"x", headers=given)) == (400, expected_code)


def test_a_bucket_that_restricts_such_keys_takes_none(client: Any, web: httpx.Client) -> None:
    made = client.create_bucket(f"keys-{os.urandom(6).hex()}")
    config = {"encryption": {"customerSuppliedEncryptionEnforcementConfig": {"restrictionMode": "FullyRestricted"}}}
    assert web.patch(f"/storage/v1/b/{made.name}", json=config).status_code == 200
    with pytest.raises(exceptions.PreconditionFailed, match="customer-supplied"):
        made.blob("x", encryption_key=KEY).upload_from_string(b"x")


def test_no_file_of_the_sandbox_has_the_key(sandbox: Sandbox, bucket: Any) -> None:
    key = os.urandom(32)
    bucket.blob("kept", encryption_key=key).upload_from_string(b"x" * 300_000)
    for path in Path(sandbox.state).rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert key not in data, path
        assert base64.b64encode(key) not in data, path


# ---------------------------------------------------------------- the XML API


def test_the_xml_api_reads_and_writes_with_a_key(bucket: Any, web: httpx.Client) -> None:
    place = f"/{bucket.name}/xml"
    made = web.put(place, content=b"hello", headers=headers(KEY))
    assert made.headers["x-goog-encryption-key-sha256"] == sha256(KEY)
    assert made.headers["etag"].startswith('"-'), "the MD5 would tell of the content"
    assert web.get(place, headers=headers(KEY)).content == b"hello"
    assert code(web.get(place)) == (400, "ResourceIsEncryptedWithCustomerEncryptionKey")
    assert code(web.get(place, headers=headers(OTHER))) == (400, "CustomerEncryptionKeyIsIncorrect")
    without, with_key = web.head(place), web.head(place, headers=headers(KEY))
    assert ("x-goog-hash" in without.headers, "x-goog-hash" in with_key.headers) == (False, True)
    copied = {"x-goog-copy-source": place, **headers(KEY, "copy-source-"), **headers(OTHER)}
    assert web.put(f"{place}-2", headers=copied).status_code == 200
    assert web.get(f"{place}-2", headers=headers(OTHER)).content == b"hello"
    theirs = {"x-amz-server-side-encryption-customer-algorithm": "AES256"}
    assert code(web.put(place, content=b"x", headers=theirs)) == (501, "NotImplemented")


def test_parts_need_the_key_of_their_upload(bucket: Any, web: httpx.Client) -> None:
    place = f"/{bucket.name}/in-parts"
    begun = re.search("<UploadId>(.*?)</UploadId>", web.post(f"{place}?uploads", headers=headers(KEY)).text)
    assert begun
    part = f"{place}?uploadId={begun[1]}&partNumber=1"
    assert code(web.put(part, content=b"x"))[0] == 400
    etag = web.put(part, content=b"bytes", headers=headers(KEY)).headers["etag"]
    inner = f"<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part>"
    body = f"<CompleteMultipartUpload>{inner}</CompleteMultipartUpload>"
    assert web.post(f"{place}?uploadId={begun[1]}", content=body).status_code == 200
    assert bucket.blob("in-parts", encryption_key=KEY).download_as_bytes() == b"bytes"
    assert code(web.get(place)) == (400, "ResourceIsEncryptedWithCustomerEncryptionKey")


# ---------------------------------------------------------------- gRPC


def parameters(key: bytes) -> v2.CommonObjectRequestParams:
    return v2.CommonObjectRequestParams(
        encryption_algorithm="AES256",
        encryption_key_bytes=key,
        encryption_key_sha256_bytes=hashlib.sha256(key).digest(),
    )


def test_grpc_takes_keys(sandbox: Sandbox, bucket: Any) -> None:
    grpc, parent = sandbox.over_grpc(v2.StorageClient), f"projects/_/buckets/{bucket.name}"
    spec = v2.WriteObjectSpec(resource=v2.Object(bucket=parent, name="grpc"))
    sent = v2.WriteObjectRequest(
        write_object_spec=spec,
        checksummed_data=v2.ChecksummedData(content=b"hello"),
        common_object_request_params=parameters(KEY),
        finish_write=True,
    )
    made = grpc.write_object(iter([sent])).resource
    assert made.customer_encryption.key_sha256_bytes == hashlib.sha256(KEY).digest()
    assert made.checksums.crc32c

    def read(**more: Any) -> bytes:
        request = v2.ReadObjectRequest(bucket=parent, object_="grpc", **more)
        return b"".join(part.checksummed_data.content for part in grpc.read_object(request))

    assert read(common_object_request_params=parameters(KEY)) == b"hello"
    with pytest.raises(exceptions.InvalidArgument, match=ENCRYPTED):
        read()
    with pytest.raises(exceptions.InvalidArgument, match=INCORRECT):
        read(common_object_request_params=parameters(OTHER))
    assert not grpc.get_object(bucket=parent, object_="grpc").checksums.crc32c
    request = v2.RewriteObjectRequest(
        source_bucket=parent,
        source_object="grpc",
        destination_bucket=parent,
        destination_name="grpc-2",
        copy_source_encryption_algorithm="AES256",
        copy_source_encryption_key_bytes=KEY,
        copy_source_encryption_key_sha256_bytes=hashlib.sha256(KEY).digest(),
        common_object_request_params=parameters(OTHER),
    )
    assert grpc.rewrite_object(request).resource.checksums.crc32c == made.checksums.crc32c
    assert bucket.blob("grpc-2", encryption_key=OTHER).download_as_bytes() == b"hello"

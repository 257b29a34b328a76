"""Google's KMS client, unchanged, over REST and gRPC: skipped where google-cloud-kms is not installed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import google_crc32c
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials

from tests.integration.sandbox_process import Sandbox

kms = pytest.importorskip("google.cloud.kms_v1", reason="google-cloud-kms is not installed")

Key = Callable[..., str]


@pytest.fixture(scope="module", params=["rest", "grpc"])
def client(sandbox: Sandbox, request: pytest.FixtureRequest) -> Any:
    kind = kms.KeyManagementServiceClient
    if request.param == "grpc":
        return sandbox.over_grpc(kind)
    return kind(credentials=AnonymousCredentials(), transport="rest", client_options={"api_endpoint": sandbox.url})


@pytest.fixture(scope="module")
def key(client: Any) -> Key:
    kind = type(client.transport).__name__
    ring = client.create_key_ring(
        parent="projects/kms-client/locations/asia-south1", key_ring_id=kind, key_ring={}
    ).name

    def make(name: str, purpose: str = "ENCRYPT_DECRYPT", algorithm: str = "GOOGLE_SYMMETRIC_ENCRYPTION") -> str:
        document = {"purpose": purpose, "version_template": {"algorithm": algorithm}}
        return str(client.create_crypto_key(parent=ring, crypto_key_id=name, crypto_key=document).name)

    return make


def test_a_ciphertext_is_decrypted_after_the_rotation(client: Any, key: Key) -> None:
    name = key("rotated")
    extra, crc = b"order 7", google_crc32c.value
    made = client.encrypt(
        request={
            "name": name,
            "plaintext": b"margin",
            "plaintext_crc32c": crc(b"margin"),
            "additional_authenticated_data": extra,
            "additional_authenticated_data_crc32c": crc(extra),
        }
    )
    assert (made.name, made.ciphertext_crc32c) == (f"{name}/cryptoKeyVersions/1", crc(made.ciphertext))
    assert made.verified_plaintext_crc32c
    assert made.verified_additional_authenticated_data_crc32c

    second = client.create_crypto_key_version(parent=name, crypto_key_version={}).name
    client.update_crypto_key_primary_version(name=name, crypto_key_version_id="2")
    assert client.encrypt(name=name, plaintext=b"x").name == second
    back = client.decrypt(request={"name": name, "ciphertext": made.ciphertext, "additional_authenticated_data": extra})
    assert (back.plaintext, back.plaintext_crc32c, back.used_primary) == (b"margin", crc(b"margin"), False)

    for wrong in ({"ciphertext": made.ciphertext}, {"ciphertext": made.ciphertext[:-1] + b"!"}, {"ciphertext": b"a"}):
        with pytest.raises(exceptions.BadRequest, match="Decryption failed"):
            client.decrypt(request={"name": name, **wrong})
    with pytest.raises(exceptions.BadRequest, match="ciphertext_crc32c did not match"):
        client.decrypt(request={"name": name, "ciphertext": made.ciphertext, "ciphertext_crc32c": 1})


def test_a_version_that_is_disabled_or_destroyed_does_nothing(client: Any, key: Key) -> None:
    name = key("states")
    cipher = client.encrypt(name=name, plaintext=b"a").ciphertext
    version = f"{name}/cryptoKeyVersions/1"
    change = {"crypto_key_version": {"name": version, "state": "DISABLED"}, "update_mask": "state"}
    client.update_crypto_key_version(request=change)
    for use in (
        lambda: client.encrypt(name=name, plaintext=b"a"),
        lambda: client.decrypt(name=name, ciphertext=cipher),
    ):
        with pytest.raises(exceptions.BadRequest, match=r"is not enabled, current state is: DISABLED"):
            use()
    change["crypto_key_version"]["state"] = "ENABLED"  # type: ignore[index]
    client.update_crypto_key_version(request=change)
    assert client.decrypt(name=name, ciphertext=cipher).plaintext == b"a"
    assert client.destroy_crypto_key_version(name=version).state.name == "DESTROY_SCHEDULED"
    with pytest.raises(exceptions.BadRequest, match="DESTROY_SCHEDULED"):
        client.decrypt(name=name, ciphertext=cipher)
    assert client.restore_crypto_key_version(name=version).state.name == "DISABLED"
    listed = client.list_crypto_key_versions(request={"parent": name, "filter": "state=DISABLED"})
    assert [each.name for each in listed] == [version]


def test_signatures_hold_against_the_public_key(client: Any, key: Key) -> None:
    version = f"{key('signs', 'ASYMMETRIC_SIGN', 'EC_SIGN_P256_SHA256')}/cryptoKeyVersions/1"
    shown = client.get_public_key(name=version)
    assert (shown.algorithm.name, shown.pem_crc32c) == ("EC_SIGN_P256_SHA256", google_crc32c.value(shown.pem.encode()))
    public = serialization.load_pem_public_key(shown.pem.encode())
    assert isinstance(public, ec.EllipticCurvePublicKey)
    digest = hashlib.sha256(b"order").digest()
    made = client.asymmetric_sign(
        request={"name": version, "digest": {"sha256": digest}, "digest_crc32c": google_crc32c.value(digest)}
    )
    assert (made.name, made.verified_digest_crc32c) == (version, True)
    public.verify(made.signature, b"order", ec.ECDSA(hashes.SHA256()))
    public.verify(
        client.asymmetric_sign(request={"name": version, "data": b"b"}).signature, b"b", ec.ECDSA(hashes.SHA256())
    )
    with pytest.raises(exceptions.BadRequest, match="digest of sha256"):
        client.asymmetric_sign(name=version, digest={"sha512": b"0" * 64})
    with pytest.raises(exceptions.BadRequest, match="ASYMMETRIC_DECRYPT"):
        client.asymmetric_decrypt(name=version, ciphertext=b"a")


def test_rsa_decrypts_what_its_public_key_encrypted(client: Any, key: Key) -> None:
    version = f"{key('opens', 'ASYMMETRIC_DECRYPT', 'RSA_DECRYPT_OAEP_2048_SHA256')}/cryptoKeyVersions/1"
    public: Any = serialization.load_pem_public_key(client.get_public_key(name=version).pem.encode())
    cipher = public.encrypt(b"pin", padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    back = client.asymmetric_decrypt(
        request={"name": version, "ciphertext": cipher, "ciphertext_crc32c": google_crc32c.value(cipher)}
    )
    assert (back.plaintext, back.verified_ciphertext_crc32c) == (b"pin", True)


def test_macs_raw_encryption_and_random_bytes(client: Any, key: Key) -> None:
    version = f"{key('macs', 'MAC', 'HMAC_SHA256')}/cryptoKeyVersions/1"
    made = client.mac_sign(name=version, data=b"tick")
    assert client.mac_verify(name=version, data=b"tick", mac=made.mac).success
    assert not client.mac_verify(name=version, data=b"tock", mac=made.mac).success

    raw = f"{key('raw', 'RAW_ENCRYPT_DECRYPT', 'AES_256_GCM')}/cryptoKeyVersions/1"
    sealed = client.raw_encrypt(request={"name": raw, "plaintext": b"p", "additional_authenticated_data": b"e"})
    given = {"name": raw, "ciphertext": sealed.ciphertext, "initialization_vector": sealed.initialization_vector}
    assert client.raw_decrypt(request={**given, "additional_authenticated_data": b"e"}).plaintext == b"p"
    with pytest.raises(exceptions.BadRequest, match="Decryption failed"):
        client.raw_decrypt(request=given)

    place = "projects/kms-client/locations/asia-south1"
    answer = client.generate_random_bytes(location=place, length_bytes=32, protection_level="HSM")
    assert (len(answer.data), answer.data_crc32c) == (32, google_crc32c.value(answer.data))
    with pytest.raises(exceptions.BadRequest, match="8 to 1024"):
        client.generate_random_bytes(location=place, length_bytes=4, protection_level="HSM")

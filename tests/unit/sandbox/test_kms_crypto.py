"""Cloud KMS: what its keys do, by their REST, and that the material stays where it is."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from sandbox.apis.cloudkms import api as cloudkms
from sandbox.apis.cloudkms import material as kms_material
from sandbox.control.context import Control
from sandbox.control.http import Request
from sandbox.control.router import Router
from sandbox.control.store import Store

_RING = "projects/kms-unit/locations/asia-south1/keyRings/r"


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Kms:
    """The API over a state directory."""

    def __init__(self, path: Path) -> None:
        self.now = 1_800_000_000.0
        self.control = Control(Store(path / "sandbox.db"), path, clock=lambda: self.now)
        self.router = Router(self.control)
        self.router.add(cloudkms.API)
        kms_material.start(self.control)

    async def ask(self, method: str, path: str, document: Any = None, status: int = 200) -> dict[str, Any]:
        answer = await self.router.dispatch(Request.of(method, f"/cloudkms/v1/{path}", document))
        told: dict[str, Any] = answer.json()
        assert answer.status == status, told
        return told

    async def key(self, name: str, purpose: str, algorithm: str, level: str = "SOFTWARE") -> str:
        template = {"algorithm": algorithm, "protectionLevel": level}
        body = {"purpose": purpose, "versionTemplate": template, "destroyScheduledDuration": "86400s"}
        return str((await self.ask("POST", f"{_RING}/cryptoKeys?cryptoKeyId={name}", body))["name"])


@pytest.fixture
async def kms(tmp_path: Path) -> AsyncIterator[Kms]:
    made = Kms(tmp_path)
    await made.ask("POST", "projects/kms-unit/locations/asia-south1/keyRings?keyRingId=r", {})
    yield made
    made.control.store.close()


async def test_what_was_encrypted_is_decrypted_after_a_restart_and_by_its_own_key_only(
    kms: Kms, tmp_path: Path
) -> None:
    name = await kms.key("a", "ENCRYPT_DECRYPT", "GOOGLE_SYMMETRIC_ENCRYPTION")
    other = await kms.key("b", "ENCRYPT_DECRYPT", "GOOGLE_SYMMETRIC_ENCRYPTION")
    made = await kms.ask("POST", f"{name}:encrypt", {"plaintext": _b64(b"x")})
    told = await kms.ask("POST", f"{other}:decrypt", {"ciphertext": made["ciphertext"]}, 400)
    assert told["error"]["message"] == "Decryption failed: the ciphertext is invalid."
    again = Kms(tmp_path)
    back = await again.ask("POST", f"{name}:decrypt", {"ciphertext": made["ciphertext"]})
    assert (back["plaintext"], back["usedPrimary"], back["protectionLevel"]) == (_b64(b"x"), True, "SOFTWARE")
    again.control.store.close()


@pytest.mark.parametrize("level", ["SOFTWARE", "HSM"])
async def test_how_much_is_encrypted_at_once(kms: Kms, level: str) -> None:
    name = await kms.key(level, "ENCRYPT_DECRYPT", "GOOGLE_SYMMETRIC_ENCRYPTION", level)
    most = 65_536 if level == "SOFTWARE" else 8_192
    await kms.ask("POST", f"{name}:encrypt", {"plaintext": _b64(b"x" * most)})
    await kms.ask("POST", f"{name}:encrypt", {"plaintext": _b64(b"x" * (most + 1))}, 400)


async def test_a_destroyed_version_s_material_is_gone(kms: Kms) -> None:
    name = await kms.key("a", "ENCRYPT_DECRYPT", "GOOGLE_SYMMETRIC_ENCRYPTION")
    made = await kms.ask("POST", f"{name}:encrypt", {"plaintext": _b64(b"x")})
    await kms.ask("POST", f"{name}/cryptoKeyVersions/1:destroy", {})
    kms.now += 90_000
    told = await kms.ask("POST", f"{name}:decrypt", {"ciphertext": made["ciphertext"]}, 400)
    assert told["error"]["message"].endswith("cryptoKeyVersions/1 is not enabled, current state is: DESTROYED.")
    assert kms.control.store.rows("SELECT * FROM kms_material") == []


async def test_material_that_was_to_go_while_nothing_ran_is_gone_at_the_start(kms: Kms) -> None:
    name = await kms.key("a", "ENCRYPT_DECRYPT", "GOOGLE_SYMMETRIC_ENCRYPTION")
    await kms.ask("POST", f"{name}:encrypt", {"plaintext": _b64(b"x")})
    await kms.ask("POST", f"{name}/cryptoKeyVersions/1:destroy", {})
    kms_material.start(kms.control)
    assert len(kms.control.store.rows("SELECT * FROM kms_material")) == 1
    kms.now += 90_000
    kms_material.start(kms.control)
    assert kms.control.store.rows("SELECT * FROM kms_material") == []


@pytest.mark.parametrize(
    "algorithm",
    [
        "EC_SIGN_P256_SHA256",
        "EC_SIGN_P384_SHA384",
        "EC_SIGN_SECP256K1_SHA256",
        "EC_SIGN_ED25519",
        "RSA_SIGN_PSS_2048_SHA256",
        "RSA_SIGN_PKCS1_2048_SHA256",
        "RSA_SIGN_RAW_PKCS1_2048",
    ],
)
async def test_each_algorithm_signs(kms: Kms, algorithm: str) -> None:
    version = f"{await kms.key('s', 'ASYMMETRIC_SIGN', algorithm)}/cryptoKeyVersions/1"
    pem = (await kms.ask("GET", f"{version}/publicKey"))["pem"]
    public: Any = serialization.load_pem_public_key(pem.encode())
    data = b"order"
    if "RAW" in algorithm:  # the caller's DigestInfo
        data = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(b"order").digest()
    signature = base64.b64decode(
        (await kms.ask("POST", f"{version}:asymmetricSign", {"data": _b64(data)}))["signature"]
    )
    made = hashes.SHA384() if algorithm.endswith("384") else hashes.SHA256()
    if algorithm == "EC_SIGN_ED25519":
        public.verify(signature, data)
    elif algorithm.startswith("EC"):
        public.verify(signature, data, ec.ECDSA(made))
    elif "PSS" in algorithm:
        public.verify(signature, data, padding.PSS(padding.MGF1(made), made.digest_size), made)
    else:
        public.verify(signature, b"order", padding.PKCS1v15(), made)


@pytest.mark.parametrize("mode", ["GCM", "CBC", "CTR"])
async def test_raw_encryption_in_each_mode(kms: Kms, mode: str) -> None:
    version = f"{await kms.key('raw', 'RAW_ENCRYPT_DECRYPT', f'AES_128_{mode}')}/cryptoKeyVersions/1"
    made = await kms.ask("POST", f"{version}:rawEncrypt", {"plaintext": _b64(b"0123456789abcdef")})
    given = {field: made[field] for field in ("ciphertext", "initializationVector")}
    back = await kms.ask("POST", f"{version}:rawDecrypt", given)
    assert back["plaintext"] == _b64(b"0123456789abcdef")
    if mode == "CBC":
        told = await kms.ask("POST", f"{version}:rawEncrypt", {"plaintext": _b64(b"short")}, 400)
        assert "whole blocks" in told["error"]["message"]
    extra = {"plaintext": _b64(b"0" * 16), "additionalAuthenticatedData": _b64(b"e")}
    await kms.ask("POST", f"{version}:rawEncrypt", extra, 200 if mode == "GCM" else 400)


async def test_no_answer_holds_the_material(kms: Kms) -> None:
    name = await kms.key("a", "ENCRYPT_DECRYPT", "GOOGLE_SYMMETRIC_ENCRYPTION")
    await kms.ask("POST", f"{name}:encrypt", {"plaintext": _b64(b"x")})
    ((material,),) = kms.control.store.rows("SELECT data FROM kms_material")
    for path in (name, f"{name}/cryptoKeyVersions", f"{name}/cryptoKeyVersions/1"):
        assert _b64(material) not in str(await kms.ask("GET", path))


async def test_what_is_malformed_is_refused(kms: Kms) -> None:
    name = await kms.key("a", "ENCRYPT_DECRYPT", "GOOGLE_SYMMETRIC_ENCRYPTION")
    for document in ({"plaintext": "%%%"}, {"plaintext": _b64(b"x"), "plaintextCrc32c": "1"}):
        assert (await kms.ask("POST", f"{name}:encrypt", document, 400))["error"]["status"] == "INVALID_ARGUMENT"
    told = await kms.ask("POST", f"{name}/cryptoKeyVersions/1:macSign", {"data": ""}, 400)
    assert told["error"]["status"] == "FAILED_PRECONDITION"
    made = await kms.key("pq", "ASYMMETRIC_SIGN", "PQ_SIGN_ML_DSA_65")
    told = await kms.ask("GET", f"{made}/cryptoKeyVersions/1/publicKey", status=501)
    assert "PQ_SIGN_ML_DSA_65" in told["error"]["message"]

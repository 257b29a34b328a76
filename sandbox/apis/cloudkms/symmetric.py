"""Cloud KMS with one key for both ways: encrypt, decrypt, raw encryption, MACs.

A ciphertext of `encrypt` is three bytes that mark it, the number of the version that made it, a nonce, and what
AES-256-GCM makes: so a key decrypts what its older versions encrypted.
"""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Any

from sandbox.apis.cloudkms import material
from sandbox.apis.cloudkms.fields import put, take
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

_MARK = b"\x0a\x24\x00"
_HEAD = len(_MARK) + 4
_MOST = 65_536
_HSM_MOST = 8_192  # plaintext and additional data together
_OVERHEAD = 256
_INVALID = "Decryption failed: the ciphertext is invalid."


def _said(version: Resource) -> dict[str, Any]:
    return {"protectionLevel": version.document["protectionLevel"]}


async def encrypt(version: Resource, call: Call) -> dict[str, Any]:
    """`encrypt`, with one version of a key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    body, answer = call.body(), {"name": version.name, **_said(version)}
    plain = take(body, "plaintext", answer, most=_MOST)
    extra = take(body, "additionalAuthenticatedData", answer, most=_MOST)
    if version.document["protectionLevel"] == "HSM" and len(plain) + len(extra) > _HSM_MOST:
        message = f"With an HSM, plaintext and additional data are at most {_HSM_MOST} bytes together."
        raise invalid_argument(message, {"plaintext": message})
    head, nonce = _MARK + int(version.id).to_bytes(4, "big"), secrets.token_bytes(12)
    sealed = AESGCM(await material.of(version, call.control)).encrypt(nonce, plain, extra)
    put(answer, "ciphertext", head + nonce + sealed)
    return answer


def version_of(call: Call) -> str:
    """The number of the version that made the ciphertext of a request."""
    cipher = take(call.body(), "ciphertext", most=_MOST + _OVERHEAD)
    if len(cipher) < _HEAD + 28 or not cipher.startswith(_MARK):
        raise invalid_argument(_INVALID, {"ciphertext": _INVALID})
    return str(int.from_bytes(cipher[len(_MARK) : _HEAD], "big"))


async def decrypt(version: Resource, call: Call) -> dict[str, Any]:
    """`decrypt`, by the version that the ciphertext names."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    body, answer = call.body(), _said(version)
    cipher = take(body, "ciphertext", most=_MOST + _OVERHEAD)
    extra = take(body, "additionalAuthenticatedData", most=_MOST)
    key = AESGCM(await material.of(version, call.control))
    try:
        plain = key.decrypt(cipher[_HEAD : _HEAD + 12], cipher[_HEAD + 12 :], extra)
    except InvalidTag as error:
        raise invalid_argument(_INVALID, {"ciphertext": _INVALID}) from error
    put(answer, "plaintext", plain)
    return answer


# Raw: the caller keeps initialization vector, tag length and version.


async def _raw(version: Resource, call: Call, body: dict[str, Any], answer: dict[str, Any]) -> tuple[str, bytes, bytes]:
    """Mode, additional data, initialization vector; what a mode can't have is refused."""
    mode = str(version.document["algorithm"]).rpartition("_")[2]
    extra = take(body, "additionalAuthenticatedData", answer, most=_MOST)
    vector = take(body, "initializationVector", answer, most=16)
    if extra and mode != "GCM":
        message = f"AES-{mode} takes no additional authenticated data."
        raise invalid_argument(message, {"additional_authenticated_data": message})
    size = 12 if mode == "GCM" else 16
    if vector and len(vector) != size:
        message = f"The initialization vector of AES-{mode} has {size} bytes."
        raise invalid_argument(message, {"initialization_vector": message})
    return mode, extra, vector


def _cipher(mode: str, key: bytes, vector: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    return Cipher(algorithms.AES(key), modes.CBC(vector) if mode == "CBC" else modes.CTR(vector))


def _whole_blocks(mode: str, data: bytes, field: str) -> None:
    if mode == "CBC" and len(data) % 16:
        message = f"AES-CBC takes whole blocks of 16 bytes, not {len(data)} bytes: padding is the caller's."
        raise invalid_argument(message, {field: message})


async def raw_encrypt(version: Resource, call: Call) -> dict[str, Any]:
    """`rawEncrypt`: AES in the key's mode, without an envelope."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    body, answer = call.body(), {"name": version.name, **_said(version)}
    plain = take(body, "plaintext", answer, most=_MOST)
    mode, extra, vector = await _raw(version, call, body, answer)
    if mode == "GCM" and vector:
        message = "The initialization vector of AES-GCM is made by the server."
        raise invalid_argument(message, {"initialization_vector": message})
    _whole_blocks(mode, plain, "plaintext")
    vector = vector or secrets.token_bytes(12 if mode == "GCM" else 16)
    key = await material.of(version, call.control)
    if mode == "GCM":
        sealed = AESGCM(key).encrypt(vector, plain, extra)
        answer["tagLength"] = 16
    else:
        sealed = _cipher(mode, key, vector).encryptor().update(plain)
    put(answer, "ciphertext", sealed)
    put(answer, "initializationVector", vector)
    return answer


async def raw_decrypt(version: Resource, call: Call) -> dict[str, Any]:
    """`rawDecrypt`."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    body, answer = call.body(), _said(version)
    cipher = take(body, "ciphertext", answer, most=_MOST + _OVERHEAD)
    mode, extra, vector = await _raw(version, call, body, answer)
    if not vector:
        raise invalid_argument("initialization_vector is required.", {"initialization_vector": "required"})
    if mode == "GCM" and int(body.get("tagLength") or 16) != 16:
        raise invalid_argument("The tag of AES-GCM has 16 bytes.", {"tag_length": "16"})
    _whole_blocks(mode, cipher, "ciphertext")
    key = await material.of(version, call.control)
    try:
        plain = AESGCM(key).decrypt(vector, cipher, extra) if mode == "GCM" else None
    except (InvalidTag, ValueError) as error:
        raise invalid_argument(_INVALID, {"ciphertext": _INVALID}) from error
    put(answer, "plaintext", _cipher(mode, key, vector).decryptor().update(cipher) if plain is None else plain)
    return answer


# Message authentication codes


def _mac(version: Resource, key: bytes, data: bytes) -> bytes:
    match = re.fullmatch(r"HMAC_(SHA\d+)", str(version.document["algorithm"]))
    return hmac.digest(key, data, match[1].lower() if match else "")


async def mac_sign(version: Resource, call: Call) -> dict[str, Any]:
    """`macSign`."""
    answer = {"name": version.name, **_said(version)}
    data = take(call.body(), "data", answer, most=_MOST)
    put(answer, "mac", _mac(version, await material.of(version, call.control), data))
    return answer


async def mac_verify(version: Resource, call: Call) -> dict[str, Any]:
    """`macVerify`: a MAC that isn't right is an answer, no error."""
    body, answer = call.body(), {"name": version.name, **_said(version)}
    data, given = take(body, "data", answer, most=_MOST), take(body, "mac", answer, most=64)
    right = hmac.compare_digest(given, _mac(version, await material.of(version, call.control), data))
    return {**answer, "success": right, "verifiedSuccessIntegrity": right}

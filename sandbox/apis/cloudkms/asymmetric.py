"""Cloud KMS with key pairs: public keys, signatures, RSA decryption."""

from __future__ import annotations

import base64
import re
from typing import Any

import google_crc32c

from sandbox.apis.cloudkms import material
from sandbox.apis.cloudkms.fields import decode, put, take, verify
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

_MOST = 65_536
_FORMATS = ("PUBLIC_KEY_FORMAT_UNSPECIFIED", "PEM", "DER")
_DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}


async def public_key(version: Resource, call: Call) -> dict[str, Any]:
    """`getPublicKey`: PEM; a format that is asked for comes in `publicKey`."""
    from cryptography.hazmat.primitives import serialization

    form = call.query("publicKeyFormat") or _FORMATS[0]
    if form in ("0", "1", "2"):
        form = _FORMATS[int(form)]
    if form not in _FORMATS:
        raise unimplemented(f"The sandbox gives public keys as PEM and DER, not as {form}.")
    key = (await material.private_key(version, call.control)).public_key()
    encoding = serialization.Encoding.DER if form == "DER" else serialization.Encoding.PEM
    data = key.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    checksum = str(google_crc32c.value(data))
    answer = {
        "name": version.name,
        "algorithm": version.document["algorithm"],
        "protectionLevel": version.document["protectionLevel"],
    }
    if form != "DER":
        answer |= {"pem": data.decode(), "pemCrc32c": checksum}
    if form != _FORMATS[0]:
        answer["publicKeyFormat"] = form
        answer["publicKey"] = {"data": base64.b64encode(data).decode(), "crc32cChecksum": checksum}
    return answer


def _hash(algorithm: str) -> Any:
    from cryptography.hazmat.primitives import hashes

    match = re.search(r"_(SHA\d+)$", algorithm)
    return getattr(hashes, match[1])() if match else None


def _digest(body: dict[str, Any], algorithm: str, answer: dict[str, Any]) -> bytes:
    """The digest that is given, of the kind that the algorithm signs."""
    given = body["digest"]
    wanted = _hash(algorithm)
    name = wanted.name if wanted else ""
    if not isinstance(given, dict) or list(given) != [name]:
        message = f"The algorithm {algorithm} signs {'a digest of ' + name if name else 'data, not a digest'}."
        raise invalid_argument(message, {"digest": message})
    digest = decode(given[name], "digest")
    if len(digest) != _DIGESTS[name]:
        message = f"A digest of {name} has {_DIGESTS[name]} bytes, not {len(digest)}."
        raise invalid_argument(message, {f"digest.{name}": message})
    verify(body, "digest", digest, answer)
    return digest


async def sign(version: Resource, call: Call) -> dict[str, Any]:
    """`asymmetricSign` of a digest, or of data that the server digests."""
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

    body, algorithm = call.body(), str(version.document["algorithm"])
    answer = {"name": version.name, "protectionLevel": version.document["protectionLevel"]}
    if ("digest" in body) == ("data" in body):
        raise invalid_argument("Exactly one of digest and data is required.", {"digest": "digest or data"})
    made: Any = _hash(algorithm)
    if "digest" in body:
        data = _digest(body, algorithm, answer)
        made = Prehashed(made)
    else:
        data = take(body, "data", answer, most=_MOST)
    key = await material.private_key(version, call.control)
    put(answer, "signature", _signature(key, algorithm, data, made))
    return answer


def _signature(key: Any, algorithm: str, data: bytes, made: Any) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec, padding

    if algorithm == "EC_SIGN_ED25519":
        return bytes(key.sign(data))
    if algorithm.startswith("EC_"):
        return bytes(key.sign(data, ec.ECDSA(made)))
    if algorithm.startswith("RSA_SIGN_RAW"):
        return _raw(key, data)
    if algorithm.startswith("RSA_SIGN_PKCS1"):
        return bytes(key.sign(data, padding.PKCS1v15(), made))
    pss = padding.PSS(padding.MGF1(_hash(algorithm)), padding.PSS.DIGEST_LENGTH)
    return bytes(key.sign(data, pss, made))


def _raw(key: Any, data: bytes) -> bytes:
    """PKCS #1 padding around the data as they are: the caller made the DigestInfo, or wants none."""
    size = key.key_size // 8
    if len(data) > size - 11:
        message = f"The key signs at most {size - 11} bytes."
        raise invalid_argument(message, {"data": message})
    padded = b"\x00\x01" + b"\xff" * (size - 3 - len(data)) + b"\x00" + data
    numbers = key.private_numbers()
    signature: int = pow(int.from_bytes(padded, "big"), numbers.d, numbers.public_numbers.n)
    return signature.to_bytes(size, "big")


async def decrypt(version: Resource, call: Call) -> dict[str, Any]:
    """`asymmetricDecrypt` of what was encrypted with the public key, by OAEP."""
    from cryptography.hazmat.primitives.asymmetric import padding

    answer: dict[str, Any] = {"protectionLevel": version.document["protectionLevel"]}
    cipher = take(call.body(), "ciphertext", answer, most=_MOST)
    key, made = await material.private_key(version, call.control), _hash(str(version.document["algorithm"]))
    try:
        plain = key.decrypt(cipher, padding.OAEP(padding.MGF1(made), made, None))
    except ValueError as error:
        message = "Decryption failed: the ciphertext is invalid."
        raise invalid_argument(message, {"ciphertext": message}) from error
    put(answer, "plaintext", plain)
    return answer

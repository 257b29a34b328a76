"""What the versions of keys are made of. It is kept in the sandbox's store, and shown and logged nowhere.

A version's material is made when it is first used: an RSA key takes a second, and most keys of a plan never encrypt.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import TYPE_CHECKING, Any

from sandbox.control.context import Control
from sandbox.control.errors import unimplemented
from sandbox.control.store import Resource

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

_SCHEMA = "CREATE TABLE IF NOT EXISTS kms_material (version TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID"
_HMAC_BYTES = {"SHA1": 20, "SHA224": 28, "SHA256": 32, "SHA384": 48, "SHA512": 64}
# By their numbers: Google's REST clients send these.
PURPOSES = {
    0: "CRYPTO_KEY_PURPOSE_UNSPECIFIED",
    1: "ENCRYPT_DECRYPT",
    5: "ASYMMETRIC_SIGN",
    6: "ASYMMETRIC_DECRYPT",
    7: "RAW_ENCRYPT_DECRYPT",
    9: "MAC",
}
ALGORITHMS = {
    0: "CRYPTO_KEY_VERSION_ALGORITHM_UNSPECIFIED",
    1: "GOOGLE_SYMMETRIC_ENCRYPTION",
    2: "RSA_SIGN_PSS_2048_SHA256",
    3: "RSA_SIGN_PSS_3072_SHA256",
    4: "RSA_SIGN_PSS_4096_SHA256",
    5: "RSA_SIGN_PKCS1_2048_SHA256",
    6: "RSA_SIGN_PKCS1_3072_SHA256",
    7: "RSA_SIGN_PKCS1_4096_SHA256",
    8: "RSA_DECRYPT_OAEP_2048_SHA256",
    9: "RSA_DECRYPT_OAEP_3072_SHA256",
    10: "RSA_DECRYPT_OAEP_4096_SHA256",
    12: "EC_SIGN_P256_SHA256",
    13: "EC_SIGN_P384_SHA384",
    15: "RSA_SIGN_PSS_4096_SHA512",
    16: "RSA_SIGN_PKCS1_4096_SHA512",
    17: "RSA_DECRYPT_OAEP_4096_SHA512",
    18: "EXTERNAL_SYMMETRIC_ENCRYPTION",
    19: "AES_256_GCM",
    28: "RSA_SIGN_RAW_PKCS1_2048",
    29: "RSA_SIGN_RAW_PKCS1_3072",
    30: "RSA_SIGN_RAW_PKCS1_4096",
    31: "EC_SIGN_SECP256K1_SHA256",
    32: "HMAC_SHA256",
    33: "HMAC_SHA1",
    34: "HMAC_SHA384",
    35: "HMAC_SHA512",
    36: "HMAC_SHA224",
    37: "RSA_DECRYPT_OAEP_2048_SHA1",
    38: "RSA_DECRYPT_OAEP_3072_SHA1",
    39: "RSA_DECRYPT_OAEP_4096_SHA1",
    40: "EC_SIGN_ED25519",
    41: "AES_128_GCM",
    42: "AES_128_CBC",
    43: "AES_256_CBC",
    44: "AES_128_CTR",
    45: "AES_256_CTR",
    56: "PQ_SIGN_ML_DSA_65",
    57: "PQ_SIGN_SLH_DSA_SHA2_128S",
    60: "PQ_SIGN_HASH_SLH_DSA_SHA2_128S_SHA256",
    67: "PQ_SIGN_ML_DSA_65_EXTERNAL_MU",
    68: "PQ_SIGN_ML_DSA_44",
    69: "PQ_SIGN_ML_DSA_87",
    70: "PQ_SIGN_ML_DSA_44_EXTERNAL_MU",
    71: "PQ_SIGN_ML_DSA_87_EXTERNAL_MU",
}
_CURVES = {"P256": "SECP256R1", "P384": "SECP384R1", "SECP256K1": "SECP256K1"}


def start(control: Control) -> None:
    """The table; what was to be destroyed while the sandbox was down is so."""
    control.store.schema(_SCHEMA)
    moment = control.now()
    for (name,) in control.store.rows("SELECT version FROM kms_material"):
        version = control.store.get("cloudkms.cryptoKeyVersions", name)
        if version is None or version.document.get("destroyTime", "~") <= moment:
            forget(control, name)


def forget(control: Control, name: str) -> None:
    """The material of a version is gone for good."""
    control.store.execute("DELETE FROM kms_material WHERE version = ?", (name,))


async def of(version: Resource, control: Control) -> bytes:
    """The material: raw bytes of a symmetric key, PKCS #8 of an asymmetric one."""
    sql = "SELECT data FROM kms_material WHERE version = ?"
    rows = control.store.rows(sql, (version.name,))
    if not rows:
        algorithm = version.document["algorithm"]
        data = await asyncio.to_thread(_make, algorithm)
        # Who came meanwhile may have been quicker: the first holds.
        control.store.execute("INSERT OR IGNORE INTO kms_material VALUES (?, ?)", (version.name, data))
        rows = control.store.rows(sql, (version.name,))
    return bytes(rows[0][0])


async def private_key(version: Resource, control: Control) -> Any:
    """The private key of an asymmetric version."""
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    return load_der_private_key(await of(version, control), None)


def _make(algorithm: str) -> bytes:
    if algorithm == "GOOGLE_SYMMETRIC_ENCRYPTION":
        return secrets.token_bytes(32)
    if match := re.fullmatch(r"AES_(128|256)_(GCM|CBC|CTR)", algorithm):
        return secrets.token_bytes(int(match[1]) // 8)
    if algorithm.startswith("HMAC_") and algorithm[5:] in _HMAC_BYTES:
        return secrets.token_bytes(_HMAC_BYTES[algorithm[5:]])
    return _der(_asymmetric(algorithm))


def _asymmetric(algorithm: str) -> PrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if match := re.search(r"^RSA_.*_(2048|3072|4096)(_|$)", algorithm):
        return rsa.generate_private_key(public_exponent=65537, key_size=int(match[1]))
    if algorithm == "EC_SIGN_ED25519":
        return ed25519.Ed25519PrivateKey.generate()
    if (match := re.fullmatch(r"EC_SIGN_(\w+)_SHA\d+", algorithm)) and match[1] in _CURVES:
        return ec.generate_private_key(getattr(ec, _CURVES[match[1]])())
    raise unimplemented(f"The sandbox has no keys of the algorithm {algorithm}.")


def _der(key: PrivateKey) -> bytes:
    from cryptography.hazmat.primitives import serialization

    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

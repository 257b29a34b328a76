"""Keys in the notations that hashicorp/tls tells them in."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from sandbox.provider.diagnostics import Problem, ProviderError

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
CURVES: dict[str, ec.EllipticCurve] = {
    "P224": ec.SECP224R1(),
    "P256": ec.SECP256R1(),
    "P384": ec.SECP384R1(),
    "P521": ec.SECP521R1(),
}


def make(algorithm: str, bits: int, curve: str) -> PrivateKey:
    """A new key: RSA of `bits`, ECDSA on `curve`, or ED25519."""
    if algorithm == "RSA":
        return rsa.generate_private_key(65537, bits)
    if algorithm == "ECDSA":
        return ec.generate_private_key(CURVES[curve])
    return ed25519.Ed25519PrivateKey.generate()


def load(text: str, name: str = "private_key_pem", *, openssh: bool = False) -> PrivateKey:
    """The key of an argument `name`. Raises ProviderError where it is none that the provider takes."""
    try:
        found = (load_ssh_private_key if openssh else load_pem_private_key)(text.encode(), None)
    except (ValueError, TypeError) as error:
        raise ProviderError(Problem("Failed to parse private key PEM", str(error), (name,))) from error
    if not isinstance(found, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise ProviderError(Problem("Failed to parse private key PEM", "It is not RSA, ECDSA or ED25519.", (name,)))
    return found


def algorithm(key: Any) -> str:
    """As the provider calls it."""
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey):
        return "RSA"
    return "ECDSA" if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey) else "ED25519"


def _has_openssh(key: PrivateKey) -> bool:
    """OpenSSH has no P224."""
    return not (isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP224R1))


def private(key: PrivateKey) -> dict[str, str]:
    """The attributes that tell the private key."""
    plain = PrivateFormat.PKCS8 if algorithm(key) == "ED25519" else PrivateFormat.TraditionalOpenSSL

    def pem(form: PrivateFormat) -> str:
        return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()

    return {
        "private_key_pem": pem(plain),
        "private_key_pem_pkcs8": pem(PrivateFormat.PKCS8),
        "private_key_openssh": pem(PrivateFormat.OpenSSH) if _has_openssh(key) else "",
    }


def public(key: PrivateKey) -> dict[str, str]:
    """The attributes that tell the public key, with the id that is made of it."""
    told = key.public_key()
    der = told.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    found = {
        "id": digest(der),
        "public_key_pem": told.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "public_key_openssh": "",
        "public_key_fingerprint_md5": "",
        "public_key_fingerprint_sha256": "",
    }
    if not _has_openssh(key):
        return found
    line = told.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    blob = base64.b64decode(line.split()[1])
    md5 = hashlib.md5(blob, usedforsecurity=False).hexdigest()
    sha256 = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return {
        **found,
        "public_key_openssh": line + "\n",
        "public_key_fingerprint_md5": ":".join(md5[at : at + 2] for at in range(0, 32, 2)),
        "public_key_fingerprint_sha256": f"SHA256:{sha256}",
    }


def digest(der: bytes) -> str:
    """The id of what has no other: a hash of its bytes."""
    return hashlib.sha1(der.strip(b" \t\n\v\f\r"), usedforsecurity=False).hexdigest()

"""The keys that authorities sign with: versions of Cloud KMS, the caller's own or one in a project of Google's."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

from sandbox.apis.cloudkms import material
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, not_found
from sandbox.control.store import Resource

_VERSIONS = "cloudkms.cryptoKeyVersions"
_ALGORITHMS = re.compile(r"RSA_(?:PSS|PKCS1)_(?:2048|3072|4096)_SHA256|EC_P256_SHA256|EC_P384_SHA384")
_SIGNING = re.compile(r"RSA_SIGN_(?:PSS|PKCS1)_\d+_SHA\d+|EC_SIGN_P(?:256|384)_SHA\d+")


def provide(authority: Resource, call: Call) -> None:
    """Check the key that an authority asks for; of one that it leaves to Google a version is kept. Raises 400, 404."""
    spec = authority.document["keySpec"]
    own, algorithm = str(spec.get("cloudKmsKeyVersion") or ""), str(spec.get("algorithm") or "")
    if bool(own) == bool(algorithm):
        raise invalid_argument(
            "The key_spec has either an algorithm or a cloud_kms_key_version.", {"key_spec": "one of two"}
        )
    if own:
        version = call.store.get(_VERSIONS, own)
        if version is None:
            raise not_found(f"The CryptoKeyVersion '{own}' was not found.")
        if not _SIGNING.fullmatch(version.document["algorithm"]):
            message = f"The algorithm {version.document['algorithm']} of '{own}' doesn't sign certificates."
            raise invalid_argument(message, {"key_spec.cloud_kms_key_version": "algorithm"})
        _enabled(version)
        return
    if not _ALGORITHMS.fullmatch(algorithm):
        raise invalid_argument(f"Unknown algorithm {algorithm}.", {"key_spec.algorithm": "unknown"})
    kind, _, rest = algorithm.partition("_")
    moment = call.control.clock()
    document = {"algorithm": f"{kind}_SIGN_{rest}", "state": "ENABLED", "protectionLevel": "HSM"}
    call.store.keep(Resource(_VERSIONS, _name(authority), document, moment, moment))


def forget(authority: Resource, call: Call) -> None:
    """A key in a project of Google's goes with its authority."""
    if not authority.document["keySpec"].get("cloudKmsKeyVersion"):
        call.store.delete(_VERSIONS, _name(authority))
        material.forget(call.control, _name(authority))


async def of(authority: Resource, call: Call) -> tuple[Any, str]:
    """An authority's private key, and the algorithm of Cloud KMS that it signs by."""
    name = authority.document["keySpec"].get("cloudKmsKeyVersion") or _name(authority)
    version = call.store.get(_VERSIONS, name)
    if version is None:
        raise failed_precondition(f"The key '{name}' of '{authority.name}' is not there.")
    _enabled(version)
    return await material.private_key(version, call.control), str(version.document["algorithm"])


def signing(algorithm: str) -> tuple[Any, Any]:
    """The hash, and the padding where it is not the usual one, that an algorithm signs with."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    digest = getattr(hashes, algorithm.rpartition("_")[2])()
    pss = "_PSS_" in algorithm
    return digest, padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH) if pss else None


def _enabled(version: Resource) -> None:
    if version.document["state"] != "ENABLED":
        raise failed_precondition(f"The CryptoKeyVersion '{version.name}' is {version.document['state']}.")


def _name(authority: Resource) -> str:
    digest = sha256(authority.name.encode()).hexdigest()
    location = authority.name.split("/")[3]
    ring = f"projects/{digest[:18]}p-tp/locations/{location}/keyRings/privateca"
    return f"{ring}/cryptoKeys/{digest[18:40]}/cryptoKeyVersions/1"

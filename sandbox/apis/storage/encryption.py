"""Customer-supplied encryption keys: a key is checked and forgotten; its SHA-256 stays, as Storage shows it."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from sandbox.apis.storage.rows import Object
from sandbox.control.errors import ApiError, unimplemented
from sandbox.control.store import Resource

OWN = "x-goog-encryption-"
SOURCE = "x-goog-copy-source-encryption-"
_FIELD = "customerEncryption"
_KEY_BYTES = 32
_MESSAGES = {
    "customerEncryptionAlgorithmIsInvalid": 'Missing an encryption algorithm, or it is not "AES256".',
    "customerEncryptionKeyFormatIsInvalid": "Missing an encryption key, or it is not Base64 encoded, or it does not "
    "meet the required length of the encryption algorithm.",
    "customerEncryptionKeySha256IsInvalid": "Missing a SHA256 hash of the encryption key, or it is not Base64 "
    "encoded, or it does not match the encryption key.",
    "customerEncryptionKeyIsIncorrect": "The provided encryption key is incorrect.",
    "resourceIsEncryptedWithCustomerEncryptionKey": "The target object is encrypted by a customer-supplied "
    "encryption key.",
    "resourceNotEncryptedWithCustomerEncryptionKey": "The target object is not encrypted by a customer-supplied "
    "encryption key.",
}


def _refusal(reason: str) -> ApiError:
    return ApiError("INVALID_ARGUMENT", _MESSAGES[reason], reason=reason)


def code_in_xml(error: ApiError) -> str:
    """What the XML API calls a refusal of a key; empty for another error."""
    return error.reason[0].upper() + error.reason[1:] if error.reason in _MESSAGES else ""


def key_of(headers: Mapping[str, str], prefix: str = OWN) -> str:
    """The SHA-256, in base64, of the key that a request's headers give; empty where they give none.

    Raises ApiError 400 for a key that is incomplete or is not the one of its hash.

    >>> key_of({"content-type": "text/plain"})
    ''
    """
    if any(name.startswith("x-goog-server-side-encryption-customer-") for name in headers):
        raise unimplemented(
            "The sandbox does not implement S3's headers for customer-supplied keys "
            f"(x-amz-server-side-encryption-customer-…): send {OWN}algorithm, {OWN}key and {OWN}key-sha256."
        )
    algorithm, key, sha256 = (headers.get(prefix + name) for name in ("algorithm", "key", "key-sha256"))
    if algorithm is None and key is None and sha256 is None:
        return ""
    if algorithm != "AES256":
        raise _refusal("customerEncryptionAlgorithmIsInvalid")
    try:
        secret = base64.b64decode(key or "", validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != _KEY_BYTES:
        raise _refusal("customerEncryptionKeyFormatIsInvalid")
    have = base64.b64encode(hashlib.sha256(secret).digest()).decode()
    if sha256 != have:
        raise _refusal("customerEncryptionKeySha256IsInvalid")
    return have


def of_object(target: Object) -> str:
    """The SHA-256 of the key that an object is encrypted with; empty where none was supplied."""
    return str((target.document.get(_FIELD) or {}).get("keySha256", ""))


def check(have: str, given: str) -> None:
    """Raise ApiError 400 where a key is not the one that something is encrypted with. Both are SHA-256s, or empty."""
    if have == given:
        return
    if not given:
        raise _refusal("resourceIsEncryptedWithCustomerEncryptionKey")
    raise _refusal("customerEncryptionKeyIsIncorrect" if have else "resourceNotEncryptedWithCustomerEncryptionKey")


def check_content(target: Object, headers: Mapping[str, str], prefix: str = OWN) -> None:
    """Raise ApiError 400 where a request's headers don't open an object's content."""
    check(of_object(target), key_of(headers, prefix))


def check_metadata(target: Object, headers: Mapping[str, str]) -> None:
    """Raise ApiError 400 for a wrong key; without one all but the hashes may be seen."""
    if given := key_of(headers):
        check(of_object(target), given)


def settle(bucket: Resource, document: dict[str, Any], key: str) -> None:
    """How a new object is encrypted: by the key of that SHA-256, or else by the key of Cloud KMS that it names.

    Raises ApiError 400 for both, and 412 where the bucket restricts customer-supplied keys.
    """
    settings = bucket.document.get("encryption") or {}
    if not key:
        default = settings.get("defaultKmsKeyName")
        if default:
            document.setdefault("kmsKeyName", f"{default}/cryptoKeyVersions/1")
        return
    if document.get("kmsKeyName"):
        raise ApiError(
            "INVALID_ARGUMENT", "A customer-supplied encryption key and a Cloud KMS key can't both be given."
        )
    restriction = settings.get("customerSuppliedEncryptionEnforcementConfig") or {}
    if restriction.get("restrictionMode") == "FullyRestricted":
        raise ApiError(
            "FAILED_PRECONDITION",
            f"Bucket {bucket.name} does not allow objects that are encrypted with customer-supplied encryption keys.",
            code=412,
            reason="conditionNotMet",
        )
    document[_FIELD] = {"encryptionAlgorithm": "AES256", "keySha256": key}


def told(target: Object) -> dict[str, str]:
    """The headers that say how an object is encrypted."""
    key = of_object(target)
    return {f"{OWN}algorithm": "AES256", f"{OWN}key-sha256": key} if key else {}

"""Keys of Cloud KMS that disks, snapshots and images are encrypted with."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.errors import required
from sandbox.control.errors import unimplemented

Json = dict[str, Any]


def encrypted(key: Json | None, field: str = "diskEncryptionKey") -> Json | None:
    """A key as it is told: the version of Cloud KMS's key that was used. Keys that people bring answer 501."""
    if not key:
        return None
    if key.get("rawKey") or key.get("rsaEncryptedKey"):
        raise unimplemented("The sandbox takes keys of Cloud KMS only, not keys that customers supply.")
    name = str(key.get("kmsKeyName") or "")
    if not name:
        raise required(f"{field}.kmsKeyName")
    version = name if "/cryptoKeyVersions/" in name else f"{name}/cryptoKeyVersions/1"
    return {**key, "kmsKeyName": version}

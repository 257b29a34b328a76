"""Data sources of Cloud KMS that encrypt and decrypt."""

from __future__ import annotations

import base64
import re
from collections.abc import Awaitable, Callable
from typing import Any

import google_crc32c

from sandbox.provider.api import ApiError, Json
from sandbox.provider.data.keys import full
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
_VERSION = "^(//[^/]*/[^/]*/)?(projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+/cryptoKeyVersions/[^/]+)$"
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_kms_secret": (
        "cloudkms/v1",
        "{crypto_key}:{ciphertext}",
        """
additional_authenticated_data string
ciphertext string required
crypto_key string required
plaintext string computed sensitive
""",
    ),
    "google_kms_secret_ciphertext": (
        "cloudkms/v1",
        "{crypto_key}",
        """
crypto_key string required
plaintext string required sensitive
ciphertext string computed
""",
    ),
    "google_kms_secret_asymmetric": (
        "cloudkms/v1",
        "{crypto_key_version}:{crc32}:{ciphertext}",
        f"""
ciphertext string required check=base64_lines
crc32 string check=hexadecimal
crypto_key_version string required matches={_VERSION}
plaintext string computed sensitive
""",
    ),
}


async def _asked(ctx: Context, name: str, verb: str, body: Json, wrong: str) -> Json:
    try:
        answer: Json = await ctx.api.call("POST", f"{ctx.kind.base}{name}:{verb}", body)
    except ApiError as error:
        raise ProviderError(f"{wrong}: {error.text()}") from error
    return answer


async def _decrypted(ctx: Context) -> State:
    """What a key decrypts."""
    given, key = ctx.planned, full(ctx, str(ctx.planned["crypto_key"]), key=True)
    extra = given["additional_authenticated_data"]
    body = {"ciphertext": given["ciphertext"]} | ({"additionalAuthenticatedData": extra} if extra else {})
    answer = await _asked(ctx, key, "decrypt", body, "Error decrypting ciphertext")
    plain = base64.b64decode(answer.get("plaintext") or "").decode(errors="replace")
    return given | {"id": f"{given['crypto_key']}:{given['ciphertext']}", "plaintext": plain}


async def _encrypted(ctx: Context) -> State:
    """What a key encrypts, anew each time that it is read."""
    key = full(ctx, str(ctx.planned["crypto_key"]), key=True)
    plain = base64.b64encode(str(ctx.planned["plaintext"]).encode()).decode()
    answer = await _asked(ctx, key, "encrypt", {"plaintext": plain}, "Error encrypting plaintext")
    return ctx.planned | {"id": ctx.planned["crypto_key"], "ciphertext": answer["ciphertext"]}


async def _decrypted_by_private(ctx: Context) -> State:
    """What the private half of a key decrypts; the ciphertext is held against its checksum."""
    given = ctx.planned
    name = f"projects/{str(given['crypto_key_version']).partition('projects/')[2]}"
    cipher = re.sub(r"\s+", "", str(given["ciphertext"]))
    checksum = int(given["crc32"], 16) if given["crc32"] else google_crc32c.value(base64.b64decode(cipher))
    body = {"ciphertext": cipher, "ciphertextCrc32c": str(checksum)}
    answer = await _asked(ctx, name, "asymmetricDecrypt", body, "failed to decrypt ciphertext")
    told = {"crc32": given["crc32"] or f"{checksum:x}", "id": f"{name}:{checksum:x}:{cipher}"}
    return given | told | {"plaintext": base64.b64decode(answer.get("plaintext") or "").decode(errors="replace")}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_kms_secret": _decrypted,
    "google_kms_secret_asymmetric": _decrypted_by_private,
    "google_kms_secret_ciphertext": _encrypted,
}

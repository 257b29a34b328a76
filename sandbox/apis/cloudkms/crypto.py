"""What the versions of Cloud KMS keys are used for: which are ready, and the routes of `symmetric` and
`asymmetric`."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.apis.cloudkms import asymmetric, fields, material, symmetric
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_Use = Callable[[Resource, Call], Awaitable[dict[str, Any]]]
_INVALID = "Decryption failed: the ciphertext is invalid."
# Of versions: what does it, and the purpose that its key must have.
_USES: dict[str, tuple[_Use, str]] = {
    "encrypt": (symmetric.encrypt, "ENCRYPT_DECRYPT"),
    "rawEncrypt": (symmetric.raw_encrypt, "RAW_ENCRYPT_DECRYPT"),
    "rawDecrypt": (symmetric.raw_decrypt, "RAW_ENCRYPT_DECRYPT"),
    "macSign": (symmetric.mac_sign, "MAC"),
    "macVerify": (symmetric.mac_verify, "MAC"),
    "asymmetricSign": (asymmetric.sign, "ASYMMETRIC_SIGN"),
    "asymmetricDecrypt": (asymmetric.decrypt, "ASYMMETRIC_DECRYPT"),
}
_HSM = ("HSM", 2)


def routes(keys: Collection, versions: Collection) -> list[Route]:
    """The verbs of keys and versions join their collections; the routes are what is neither."""

    def ready(version: Resource, call: Call, *purposes: str) -> Resource:
        """The version, where it is enabled and its key is for that."""
        purpose = keys.must(call.control, version.parent).document["purpose"]
        if purpose not in purposes:
            wanted = " or ".join(purposes)
            raise failed_precondition(f"{version.parent} has the purpose {purpose}: this needs {wanted}.")
        state = versions.view(version, call)["state"]
        if state != "ENABLED":
            if state == "DESTROYED":
                material.forget(call.control, version.name)
            raise failed_precondition(f"{version.name} is not enabled, current state is: {state}.")
        return version

    def of_version(use: _Use, purpose: str) -> _Use:
        async def serve(version: Resource, call: Call) -> dict[str, Any]:
            return await use(ready(version, call, purpose), call)

        return serve

    for verb, (use, purpose) in _USES.items():
        versions.verb(verb, data=True)(of_version(use, purpose))

    @keys.verb("encrypt", data=True)
    async def encrypt(key: Resource, call: Call) -> dict[str, Any]:
        """`cryptoKeys.encrypt`, with the primary version."""
        purpose = key.document["purpose"]
        if "primary" not in key.document:
            why = "has no primary version" if purpose == "ENCRYPT_DECRYPT" else f"has the purpose {purpose}"
            raise failed_precondition(f"{key.name} {why}.")
        version = versions.must(call.control, key.document["primary"]["name"])
        return await symmetric.encrypt(ready(version, call, "ENCRYPT_DECRYPT"), call)

    @keys.verb("decrypt", data=True)
    async def decrypt(key: Resource, call: Call) -> dict[str, Any]:
        """`cryptoKeys.decrypt`, with the version that encrypted."""
        name = f"{key.name}/cryptoKeyVersions/{symmetric.version_of(call)}"
        version = versions.find(call.control, name)
        if version is None:
            raise invalid_argument(_INVALID, {"ciphertext": _INVALID})
        answer = await symmetric.decrypt(ready(version, call, "ENCRYPT_DECRYPT"), call)
        return {**answer, "usedPrimary": key.document.get("primary", {}).get("name") == name}

    async def public_key(call: Call) -> Response:
        """`cryptoKeyVersions.getPublicKey`."""
        version = versions.must(call.control, versions.name(call.params))
        usable = ready(version, call, "ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT")
        return Response.of(await asymmetric.public_key(usable, call))

    place = "v1/projects/{project}/locations/{location}"
    return [
        Route("GET", f"{versions.path}/publicKey", public_key, data=True),
        Route("POST", place, random_bytes, "generateRandomBytes", data=True),
    ]


async def random_bytes(call: Call) -> Response:
    """`locations.generateRandomBytes`: only an HSM makes them."""
    body = call.body()
    length = body.get("lengthBytes") or 0
    if not isinstance(length, int) or not 8 <= length <= 1024:
        raise invalid_argument("length_bytes must be 8 to 1024.", {"length_bytes": "8 to 1024"})
    if body.get("protectionLevel") not in _HSM:
        raise invalid_argument("Random bytes come with protection level HSM.", {"protection_level": "HSM"})
    answer: dict[str, Any] = {}
    fields.put(answer, "data", secrets.token_bytes(length))
    return Response.of(answer)

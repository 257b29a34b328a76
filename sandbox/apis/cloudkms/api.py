"""Cloud KMS v1: key rings, keys and their versions. What never goes in Google Cloud never goes here: rings and keys.

What versions are used for is in `symmetric` and `asymmetric`. Rotation is kept but not carried out.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.cloudkms import autokey, crypto, material
from sandbox.control import locations, names, operations
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call, Control, timestamp
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

_PURPOSES = {
    "ENCRYPT_DECRYPT": r"GOOGLE_SYMMETRIC_ENCRYPTION",
    "ASYMMETRIC_SIGN": r"(RSA|EC|PQ)_SIGN_\w+",
    "ASYMMETRIC_DECRYPT": r"RSA_DECRYPT_\w+",
    "MAC": r"HMAC_\w+",
    "RAW_ENCRYPT_DECRYPT": r"AES_\w+",
}
_LEVELS = ("PROTECTION_LEVEL_UNSPECIFIED", "SOFTWARE", "HSM", "EXTERNAL", "EXTERNAL_VPC")
_ID = r"[a-zA-Z0-9_-]{1,63}"
_ID_MESSAGE = "It must be 1 to 63 letters, numbers, underscores or hyphens."
_ENDED = ("DESTROYED", "DESTROY_SCHEDULED")
_STATES = ("CRYPTO_KEY_VERSION_STATE_UNSPECIFIED", "ENABLED", "DISABLED", *reversed(_ENDED))


def _by_number(names: dict[int, str]) -> tuple[str, ...]:
    return tuple(names.get(number, "") for number in range(max(names) + 1))


key_rings = Collection(
    path="v1/projects/{project}/locations/{location}/keyRings/{keyRing}",
    noun="KeyRing",
    id_rule=_ID,
    id_message=_ID_MESSAGE,
    id_param="keyRingId",
    on_create_set={"createTime": now},
    update=(),
    delete=False,
    iam=True,
)

keys = Collection(
    path="v1/projects/{project}/locations/{location}/keyRings/{keyRing}/cryptoKeys/{cryptoKey}",
    noun="CryptoKey",
    id_rule=_ID,
    id_message=_ID_MESSAGE,
    id_param="cryptoKeyId",
    mask="required",
    defaults={"destroyScheduledDuration": "2592000s"},
    output_only=("primary",),
    on_create_set={"createTime": now},
    immutable=("purpose", "destroyScheduledDuration", "importOnly", "cryptoKeyBackend"),
    required=("purpose",),
    enums={
        "purpose": _by_number(material.PURPOSES),
        "versionTemplate.protectionLevel": _LEVELS,
        "versionTemplate.algorithm": _by_number(material.ALGORITHMS),
    },
    parents=(key_rings,),
    delete=False,
    iam=True,
)

versions = Collection(
    path="v1/projects/{project}/locations/{location}/keyRings/{keyRing}/cryptoKeys/{cryptoKey}"
    "/cryptoKeyVersions/{cryptoKeyVersion}",
    noun="CryptoKeyVersion",
    id_param="cryptoKeyVersionId",
    id_required=False,
    output_only=("protectionLevel", "algorithm", "generateTime", "destroyTime", "destroyEventTime"),
    on_create_set={"createTime": now, "state": lambda version, call: "ENABLED"},
    mask="required",
    parents=(keys,),
    delete=False,
    create=None,
)

API = Api(
    "cloudkms.googleapis.com",
    "cloudkms",
    [key_rings, keys, versions, autokey.handles],
    [*locations.routes("v1"), *operations.routes("v1"), *autokey.routes(), *crypto.routes(keys, versions)],
)


async def _start(control: Control) -> None:
    material.start(control)


API.start = _start


@key_rings.on_create
async def check_ring(ring: Resource, call: Call) -> None:
    """A ring is in a region, in a multi-region, or global."""
    if call.params["location"] != "global":
        names.check_location(call.params["location"], multi=True)


def _check(key: Resource) -> None:
    document = key.document
    purpose, template = document["purpose"], document.setdefault("versionTemplate", {})
    if purpose not in _PURPOSES:
        raise invalid_argument(f"Unknown purpose {purpose}.", {"crypto_key.purpose": f"one of {', '.join(_PURPOSES)}"})
    if purpose == "ENCRYPT_DECRYPT":
        template.setdefault("algorithm", "GOOGLE_SYMMETRIC_ENCRYPTION")
    template.setdefault("protectionLevel", "SOFTWARE")
    if not re.fullmatch(_PURPOSES[purpose], str(template.get("algorithm", ""))):
        message = f"The algorithm {template.get('algorithm', '')!r} does not fit the purpose {purpose}."
        raise invalid_argument(message, {"crypto_key.version_template.algorithm": message})
    if template["protectionLevel"] not in ("SOFTWARE", "HSM"):
        message = f"The sandbox has no keys with protection level {template['protectionLevel']}."
        raise failed_precondition(message)
    _check_duration(document, "destroyScheduledDuration", 86_400, 10_368_000)
    if document.get("rotationPeriod"):
        _check_duration(document, "rotationPeriod", 86_400, 3_153_600_000)
        if purpose != "ENCRYPT_DECRYPT":
            raise invalid_argument(
                f"Keys with purpose {purpose} do not rotate.", {"crypto_key.rotation_period": purpose}
            )
        if not document.get("nextRotationTime"):
            message = "next_rotation_time is required with rotation_period."
            raise invalid_argument(message, {"crypto_key.next_rotation_time": "required"})


def _check_duration(document: dict[str, Any], field: str, least: int, most: int) -> None:
    text = str(document[field])
    if not re.fullmatch(r"\d+(\.\d{1,9})?s", text) or not least <= float(text[:-1]) <= most:
        message = f"{field} must be {least}s to {most}s, not {text}."
        raise invalid_argument(message, {f"crypto_key.{field}": message})


@keys.on_create
async def complete(key: Resource, call: Call) -> None:
    """Checked, with the algorithm that the purpose has by default."""
    _check(key)


@keys.created
async def first_version(key: Resource, call: Call) -> None:
    """A new key has a version, unless it is to have none."""
    if not call.flag("skipInitialVersionCreation"):
        made = _add_version(key, call)
        if key.document["purpose"] == "ENCRYPT_DECRYPT":
            key.document["primary"] = {"name": made.name}
            call.store.put(key)


@keys.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """The protection level is for good; a rotation that ends takes its time along."""
    if not new.document.get("rotationPeriod"):
        new.document.pop("nextRotationTime", None)
    _check(new)
    before, after = (each.document["versionTemplate"]["protectionLevel"] for each in (old, new))
    if before != after:
        message = "The protection level of a CryptoKey can't be changed."
        raise invalid_argument(message, {"crypto_key.version_template.protection_level": "immutable"})


@keys.shown_by
def shown_key(key: Resource, call: Call) -> dict[str, Any]:
    """With the primary version as it is now."""
    document = dict(key.document)
    if primary := document.get("primary"):
        document["primary"] = shown_version(versions.must(call.control, primary["name"]), call)
    return document


def _add_version(key: Resource, call: Call) -> Resource:
    number = call.control.store.select(versions.key, key.name)
    moment = call.control.now()
    document = {
        "name": f"{key.name}/cryptoKeyVersions/{len(number) + 1}",
        "state": "ENABLED",
        "createTime": moment,
        "generateTime": moment,
        "protectionLevel": key.document["versionTemplate"]["protectionLevel"],
        "algorithm": key.document["versionTemplate"]["algorithm"],
    }
    made = Resource(versions.key, document["name"], document, call.control.clock(), call.control.clock())
    call.store.insert(made)
    return made


@versions.shown_by
def shown_version(version: Resource, call: Call) -> dict[str, Any]:
    """A version whose time has come is destroyed."""
    document = dict(version.document)
    if document["state"] == "DESTROY_SCHEDULED" and document["destroyTime"] <= call.control.now():
        document["state"] = "DESTROYED"
        document["destroyEventTime"] = document.pop("destroyTime")
    return document


@API.route(
    "POST",
    "v1/projects/{project}/locations/{location}/keyRings/{keyRing}/cryptoKeys/{cryptoKey}/cryptoKeyVersions",
)
async def add_version(call: Call) -> Any:
    """`cryptoKeyVersions.create`: the next number; what it is made of follows from the key."""
    key = keys.must(call.control, keys.name(call.params))
    return Response.of(_add_version(key, call).document)


@versions.on_update
async def switch(old: Resource, new: Resource, call: Call) -> None:
    """Only the state, between enabled and disabled."""
    wanted = call.body().get("state")
    if isinstance(wanted, int) and 0 <= wanted < len(_STATES):
        wanted = _STATES[wanted]
    states = (shown_version(old, call)["state"], wanted)
    if not set(states) <= {"ENABLED", "DISABLED"}:
        raise failed_precondition(f"A CryptoKeyVersion can't go from {states[0]} to {states[1]}.")
    new.document["state"] = states[1]


@versions.verb("destroy")
async def destroy(version: Resource, call: Call) -> dict[str, Any]:
    """It is destroyed after the key's waiting time."""
    if shown_version(version, call)["state"] in _ENDED:
        raise failed_precondition(f"{version.name} has been destroyed, or will be.")
    key = keys.must(call.control, version.parent)
    wait = float(key.document["destroyScheduledDuration"][:-1])
    ends = timestamp(call.control.clock() + wait)
    version.document.update(state="DESTROY_SCHEDULED", destroyTime=ends)
    return _stored(version, call)


@versions.verb("restore")
async def restore(version: Resource, call: Call) -> dict[str, Any]:
    """A version that waits for its end is disabled instead."""
    if shown_version(version, call)["state"] != "DESTROY_SCHEDULED":
        raise failed_precondition(f"{version.name} is not scheduled for destruction.")
    version.document.update(state="DISABLED")
    version.document.pop("destroyTime")
    return _stored(version, call)


@keys.verb("updatePrimaryVersion")
async def update_primary(key: Resource, call: Call) -> dict[str, Any]:
    """Another version encrypts from now on."""
    if key.document["purpose"] != "ENCRYPT_DECRYPT":
        raise failed_precondition("Only keys that encrypt and decrypt have a primary version.")
    version = versions.must(call.control, f"{key.name}/cryptoKeyVersions/{call.body().get('cryptoKeyVersionId', '')}")
    if shown_version(version, call)["state"] != "ENABLED":
        raise failed_precondition(f"{version.name} is not enabled.")
    key.document["primary"] = {"name": version.name}
    call.store.put(key)
    return shown_key(key, call)


def _stored(version: Resource, call: Call) -> dict[str, Any]:
    version.updated = call.control.clock()
    call.store.put(version)
    return version.document


def usable(control: Control, name: str) -> bool:
    """Whether a key is there and its primary version encrypts: for the products that are given a key."""
    key = keys.find(control, name)
    if key is None or "primary" not in key.document:
        return False
    return bool(versions.must(control, key.document["primary"]["name"]).document["state"] == "ENABLED")

"""What machines and their templates have in common: type, scheduling, accounts, metadata and tags."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.compute.errors import invalid, required
from sandbox.apis.compute.kinds import NAME
from sandbox.apis.compute.unserved import refuse
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument

Json = dict[str, Any]
UNSERVED = ("instanceEncryptionKey", "workloadIdentityConfig", "sourceMachineImage")
MODELS = ("STANDARD", "SPOT", "FLEX_START", "RESERVATION_BOUND")
_METADATA = 262_144
RESERVATION = "compute.googleapis.com/reservation-name"
_CONSUMED = ("ANY_RESERVATION", "NO_RESERVATION", "SPECIFIC_RESERVATION")


def complete(properties: Json, call: Call) -> None:
    """Fill in what the server does, and refuse what Google refuses, apart from disks and interfaces."""
    refuse(properties, UNSERVED, "machines")
    if not properties.get("machineType"):
        raise required("machineType")
    if not properties.get("networkInterfaces"):
        raise invalid("networkInterfaces", "[]", "At least one network interface is required.")
    metadata(properties.setdefault("metadata", {}))
    tags(properties.setdefault("tags", {}))
    properties["scheduling"] = scheduling(properties.get("scheduling") or {})
    accounts = properties.get("serviceAccounts") or []
    if len(accounts) > 1:
        raise invalid("serviceAccounts", len(accounts), "A machine has at most one service account.")
    properties["canIpForward"] = bool(properties.get("canIpForward"))
    affinity(properties.get("reservationAffinity") or {})


def affinity(given: Json) -> None:
    """Which reservations a machine takes up: any, none, or those that are named."""
    kind = given.get("consumeReservationType", "ANY_RESERVATION")
    if kind not in _CONSUMED:
        why = f"Must be one of {', '.join(_CONSUMED)}."
        raise invalid("reservationAffinity.consumeReservationType", kind, why)
    named = bool(given.get("key") and given.get("values"))
    if named != (kind == "SPECIFIC_RESERVATION"):
        why = "A key and values go with SPECIFIC_RESERVATION."
        raise invalid("reservationAffinity.key", given.get("key") or "", why)


def scheduling(given: Json) -> Json:
    """With its defaults: what may be taken away at any time neither restarts nor moves."""
    found = {key: value for key, value in given.items() if value not in (None, "", [None], {})}
    if not found.get("nodeAffinities"):
        found.pop("nodeAffinities", None)
    preemptible = bool(found.get("preemptible"))
    model = found.setdefault("provisioningModel", "SPOT" if preemptible else "STANDARD")
    if model not in MODELS:
        raise invalid("scheduling.provisioningModel", model, f"Must be one of {', '.join(MODELS)}.")
    brief = preemptible or model == "SPOT"
    found["preemptible"] = brief
    found.setdefault("automaticRestart", not brief)
    found.setdefault("onHostMaintenance", "TERMINATE" if brief else "MIGRATE")
    if brief and found["automaticRestart"]:
        raise invalid_argument("Scheduling must have automatic restart be false when provisioningModel is SPOT.")
    if brief and found["onHostMaintenance"] != "TERMINATE":
        raise invalid_argument("Scheduling must have onHostMaintenance TERMINATE when provisioningModel is SPOT.")
    return found


def metadata(given: Json) -> None:
    """Keys once each, of letters, digits, hyphens and underscores, in bounds."""
    given.pop("fingerprint", None)
    given.pop("kind", None)
    keys = [str(item.get("key") or "") for item in given.get("items") or []]
    for key in keys:
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,128}", key):
            raise invalid("metadata.items[].key", key, "Must be a match of regex '[a-zA-Z0-9-_]{1,128}'")
    if len(keys) != len(set(keys)):
        raise invalid_argument("Metadata has duplicate keys.")
    for item in given.get("items") or []:
        if len(str(item.get("value") or "").encode()) > _METADATA:
            raise invalid("metadata.items[].value", item["key"], f"At most {_METADATA} bytes are allowed.")


def tags(given: Json) -> None:
    """Network tags: names, once each."""
    given.pop("fingerprint", None)
    items = given.pop("items", None) or []
    for tag in items:
        if not re.fullmatch(NAME, str(tag)):
            raise invalid("tags.items[]", tag, f"Must be a match of regex '{NAME}'")
    if items:
        given["items"] = sorted(set(items))

"""What machines and their templates have in common: scopes, metadata, interfaces and accelerators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.compute import NETWORKS
from sandbox.provider.hooks.machine_rules import scope
from sandbox.provider.hooks.registry import Context
from sandbox.provider.resource import fill


def full(name: str, prefix: str) -> str:
    """A name in full: `prefix` stands before a short one."""
    return name if "/" in name or not name else prefix + name


def block(values: Mapping[str, Any] | None, name: str) -> Mapping[str, Any]:
    """A block of which there is one at most; empty where it isn't there, or isn't known."""
    found = (values or {}).get(name)
    return found[0] if isinstance(found, list) and found and isinstance(found[0], Mapping) else {}


def plan(ctx: Context) -> None:
    """The scopes of an account by their addresses; the plan of a new machine says nothing of how it is shielded."""
    planned = ctx.planned
    name = "shielded_instance_config"
    if ctx.prior is None and planned.get(name) is UNKNOWN and not ctx.config.get(name):
        planned[name] = []  # the server fills it in
    for account in planned.get("service_account") or [] if planned.get("service_account") is not UNKNOWN else []:
        if isinstance(account, dict) and isinstance(account.get("scopes"), list):
            account["scopes"] = [one if one is UNKNOWN else scope(one) for one in account["scopes"]]


def metadata(document: Json) -> None:
    """As a list; the startup script is one of it."""
    told = dict(document.pop("metadata", None) or {})
    script = document.pop("metadataStartupScript", None)
    if script and told.setdefault("startup-script", script) != script:
        raise ProviderError("Cannot provide both metadata_startup_script and metadata.startup-script.")
    if told:
        document["metadata"] = {"items": [{"key": key, "value": told[key]} for key in sorted(told)]}


def told_metadata(ctx: Context, document: Json) -> None:
    """As a map, without the startup script where that has an argument of its own; and the fingerprints."""
    told = document.get("metadata") or {}
    document["metadataFingerprint"] = told.get("fingerprint")
    document["tagsFingerprint"] = (document.get("tags") or {}).get("fingerprint")
    values = {item["key"]: item.get("value", "") for item in told.get("items") or []}
    if ctx.planned.get("metadata_startup_script"):
        document["metadataStartupScript"] = values.pop("startup-script", None)
    document["metadata"] = values


def affinity(document: Json) -> None:
    """The reservations that are named, beside how they are taken up."""
    given = document.get("reservationAffinity") or {}
    named = given.pop("specificReservation", None)
    if (given.get("consumeReservationType") == "SPECIFIC_RESERVATION") != bool(named) and given:
        raise ProviderError(
            "specific_reservation must be set when reservation_affinity is SPECIFIC_RESERVATION, and not set otherwise"
        )
    given.update(named or {})


def told_affinity(document: Json) -> None:
    """The reservations that are named, in a block of their own."""
    told = document.get("reservationAffinity") or {}
    if told.get("consumeReservationType") == "SPECIFIC_RESERVATION":
        told["specificReservation"] = {"key": told.get("key"), "values": told.get("values")}


def interfaces(ctx: Context, document: Json, region: str) -> None:
    """Networks, subnetworks and the account in full."""
    for one in document.get("networkInterfaces") or []:
        project = one.pop("subnetworkProject", None) or fill("{project}", ctx.planned)
        if one.get("network"):
            one["network"] = full(one["network"], fill(NETWORKS, ctx.planned))
        if one.get("subnetwork"):
            one["subnetwork"] = full(one["subnetwork"], f"projects/{project}/regions/{region}/subnetworks/")
        for config in one.get("accessConfigs") or []:
            config["type"] = "ONE_TO_ONE_NAT"
            if config.get("publicPtrDomainName"):
                config["setPublicPtr"] = True
    for account in document.get("serviceAccounts") or []:
        account.setdefault("email", "default")
        account["scopes"] = [scope(one) for one in account.get("scopes") or []]


def accelerators(document: Json, prefix: str) -> None:
    """Those of which there are any, their types in full."""
    found = [one for one in document.pop("guestAccelerators", None) or [] if one.get("acceleratorCount")]
    if found:
        document["guestAccelerators"] = [
            {**one, "acceleratorType": full(one["acceleratorType"], prefix)} for one in found
        ]


def told_interfaces(document: Json) -> None:
    """The project of each interface's subnetwork."""
    for one in document.get("networkInterfaces") or []:
        if link := one.get("subnetwork"):
            one["subnetworkProject"] = link.partition("/projects/")[2].partition("/")[0]

"""Configurations of single machines in managed groups: made with their machines, applied when they change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.compute import waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill
from sandbox.provider.suppress import relative_name

_ZONAL, _REGIONAL = "google_compute_per_instance_config", "google_compute_region_per_instance_config"
_TYPES = (_ZONAL, _REGIONAL)
_IPS = ("internalIPs", "externalIPs")


def _group(ctx: Context) -> str:
    """The URL of the group."""
    return fill(ctx.kind.calls["read"].url, ctx.planned).removesuffix("/listPerInstanceConfigs")


@hook("expand", *_TYPES)
def config(ctx: Context, document: Json) -> Json:
    """Disks and numbers by their names; addresses in full."""
    state = document.get("preservedState") or {}
    if disks := state.pop("disks", None):
        state["disks"] = {one.pop("deviceName"): one for one in disks}
    for kind in _IPS:
        if cards := state.pop(kind, None):
            state[kind] = {one.pop("interfaceName"): _reserved(ctx, one) for one in cards}
    found = {"name": document["name"]}
    return {**found, "preservedState": state} if state else found


def _reserved(ctx: Context, one: Json) -> Json:
    if name := (one.get("ipAddress") or {}).get("address"):
        one["ipAddress"]["address"] = _address(ctx, str(name))
    return one


def _address(ctx: Context, name: str) -> str:
    if "projects/" in name:
        return relative_name(name)
    region = str(ctx.planned.get("region") or str(ctx.planned.get("zone")).rpartition("-")[0]).rpartition("/")[2]
    return f"{fill('projects/{project}', ctx.planned)}/regions/{region}/addresses/{name.rpartition('/')[2]}"


@hook("create", *_TYPES)
async def create(ctx: Context) -> None:
    """`createInstances`: the machine comes with its configuration."""
    await waited(ctx, "POST", f"{_group(ctx)}/createInstances", {"instances": [document_of(ctx)]}, "create")


@hook("read", *_TYPES)
async def read(ctx: Context) -> Json | None:
    """The one of its name."""
    found = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned), method="POST")
    one = next((item for item in (found or {}).get("items") or [] if item["name"] == ctx.planned["name"]), None)
    if one is None:
        return None
    state: Mapping[str, Any] = one.get("preservedState") or {}
    told: Json = {"metadata": state.get("metadata")}
    if disks := state.get("disks"):
        kept = sorted(disks.items())
        told["disks"] = [{"deviceName": key, **value, "source": relative_name(value["source"])} for key, value in kept]
    for kind in _IPS:
        if cards := state.get(kind):
            told[kind] = [{"interfaceName": key, **value} for key, value in sorted(cards.items())]
    places: Json = {
        name: str(ctx.planned[name]).rpartition("/")[2] for name in ("zone", "region") if name in ctx.planned
    }
    answer: Json = {"name": one["name"], **places}
    return {**answer, "preservedState": told} if state else answer


async def _machine(ctx: Context) -> str:
    """The machine's link: a region's group tells where it is."""
    name = str(ctx.planned["name"])
    if ctx.kind.name == _ZONAL:
        return fill("zones/{~zone}/instances/", ctx.planned) + name
    found = await ctx.api.call("POST", f"{ctx.kind.base}{_group(ctx)}/listManagedInstances")
    for one in found.get("managedInstances") or []:
        if str(one["instance"]).endswith(f"/{name}"):
            return str(one["instance"])
    raise ProviderError(f"Failed to find managed instance with name: /{name}")


@hook("update", *_TYPES)
async def update(ctx: Context) -> None:
    """What is said, then its machine is brought to it."""
    group = _group(ctx)
    await waited(ctx, "POST", f"{group}/updatePerInstanceConfigs", {"perInstanceConfigs": [document_of(ctx)]})
    body = {
        "instances": [await _machine(ctx)],
        "minimalAction": ctx.planned.get("minimal_action") or "NONE",
        "mostDisruptiveAllowedAction": ctx.planned.get("most_disruptive_allowed_action") or "REPLACE",
    }
    await waited(ctx, "POST", f"{group}/applyUpdatesToInstances", body)


@hook("delete", *_TYPES)
async def delete(ctx: Context) -> None:
    """With its machine, or with what the machine has of it, or by itself."""
    group = _group(ctx)
    if ctx.planned.get("remove_instance_on_destroy"):
        await waited(ctx, "POST", f"{group}/deleteInstances", {"instances": [await _machine(ctx)]}, "delete")
        return
    machine = await _machine(ctx) if ctx.planned.get("remove_instance_state_on_destroy") else ""
    await waited(ctx, "POST", f"{group}/deletePerInstanceConfigs", {"names": [ctx.planned["name"]]}, "delete")
    if machine:
        await waited(ctx, "POST", f"{group}/applyUpdatesToInstances", {"instances": [machine]}, "delete")

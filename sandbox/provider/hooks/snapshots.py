"""Snapshots and images: their sources by any spelling, and the disks that a region copies to another."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.compute import LINK, set_labels, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill
from sandbox.provider.settings import Settings
from sandbox.provider.suppress import without_version
from sandbox.provider.table import ResourceType

_SNAPSHOT, _IMAGE = "google_compute_snapshot", "google_compute_image"
_INSTANT = ("google_compute_instant_snapshot", "google_compute_region_instant_snapshot")
_REPLICATION = "google_compute_disk_async_replication"
_GLOBAL = {"sourceImage": "images", "sourceSnapshot": "snapshots"}


def _relative(ctx: Context, name: str, collection: str, place: str) -> str:
    """The name of a resource in full, without a host; `place` is where a short one is."""
    if "/" in name:
        at = name.find("projects/")
        return name[at:] if at >= 0 else fill("projects/{project}/", ctx.planned) + name
    return fill("projects/{project}/", ctx.planned) + f"{place}/{collection}/{name}"


def _zone(ctx: Context) -> str:
    zone = ctx.planned.get("zone")
    zone = zone if isinstance(zone, str) and zone else ctx.settings.get("zone")
    return f"zones/{str(zone).rpartition('/')[2]}"


@hook("expand", _SNAPSHOT)
def snapshot(ctx: Context, document: Json) -> Json:
    """Its source in full, and nothing of the zone, which stands in it."""
    document.pop("zone", None)
    for field, collection in (("sourceDisk", "disks"), ("sourceInstantSnapshot", "instantSnapshots")):
        if document.get(field):
            document[field] = _relative(ctx, str(document[field]), collection, _zone(ctx))
    return document


@hook("create", _SNAPSHOT)
async def create_snapshot(ctx: Context) -> None:
    """A call to the disk, or one of a snapshot's own where it comes from an instant one."""
    document = document_of(ctx)
    url = ctx.kind.calls["create"].url
    if disk := document.get("sourceDisk"):
        await waited(ctx, "POST", f"{disk}/createSnapshot", document, "create")
    else:
        await waited(ctx, "POST", fill(url, ctx.planned), document, "create")


@hook("expand", *_INSTANT)
def instant(ctx: Context, document: Json) -> Json:
    """Its disk in full; where it is stands in the URL."""
    place = "zones" if "zone" in ctx.kind.fields else "regions"
    at = str(document.pop(place[:-1], "")).rpartition("/")[2]
    document["sourceDisk"] = _relative(ctx, str(document["sourceDisk"]), "disks", f"{place}/{at}")
    return document


@hook("expand", _IMAGE)
def image(ctx: Context, document: Json) -> Json:
    """Its source in full."""
    for field, collection in _GLOBAL.items():
        if document.get(field):
            document[field] = _relative(ctx, str(document[field]), collection, "global")
    if document.get("sourceDisk"):
        document["sourceDisk"] = _relative(ctx, str(document["sourceDisk"]), "disks", _zone(ctx))
    return document


@hook("flatten", _SNAPSHOT, _IMAGE, *_INSTANT)
def state_of(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Places by name; a key without its version."""
    for name in ("zone", "region"):
        if isinstance(state.get(name), str):
            state[name] = state[name].rpartition("/")[2]
    for field in ("snapshot_encryption_key", "image_encryption_key"):
        for block in state.get(field) or []:
            if block.get("kms_key_self_link"):
                block["kms_key_self_link"] = without_version(block["kms_key_self_link"])
    return state


@hook("update", _SNAPSHOT, _IMAGE, *_INSTANT)
async def relabel(ctx: Context) -> None:
    """Labels are all that changes."""
    if ctx.changed("effective_labels"):
        await set_labels(ctx, fill(ctx.kind.calls["read"].url, ctx.planned), ctx.planned["effective_labels"])


# Disks that are copied to another region: the id is the primary one.


def _disk(ctx: Context, name: object) -> str:
    text = str(name)
    at = text.find("projects/")
    if at < 0:
        raise ProviderError(f"regional disk expected: {text}")
    return text[at:]


@hook("create", _REPLICATION)
async def replicate(ctx: Context) -> None:
    """`startAsyncReplication`."""
    primary, secondary = _disk(ctx, ctx.planned["primary_disk"]), ctx.planned["secondary_disk"][0]["disk"]
    await waited(ctx, "POST", f"{primary}/startAsyncReplication", {"asyncSecondaryDisk": secondary}, "create")
    ctx.planned["id"] = primary


@hook("read", _REPLICATION)
async def read_replication(ctx: Context) -> Json | None:
    """The primary disk."""
    found: Json | None = await ctx.api.get(ctx.kind.base + _disk(ctx, ctx.planned["primary_disk"]))
    return found


@hook("flatten", _REPLICATION)
def replication_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The secondary disks and their states."""
    states = (document.get("resourceStatus") or {}).get("asyncSecondaryDisks") or {}
    disks = [one["asyncReplicationDisk"]["disk"] for one in (document.get("asyncSecondaryDisks") or {}).values()]
    told = [disk.removeprefix(LINK) for disk in disks]
    secondary = [{"disk": disk, "state": (states.get(disk) or {}).get("state", "")} for disk in told]
    return {**state, "primary_disk": ctx.planned["primary_disk"], "secondary_disk": secondary}


@hook("delete", _REPLICATION)
async def stop_replication(ctx: Context) -> None:
    """`stopAsyncReplication` where it goes on."""
    if any(one.get("state") != "STOPPED" for one in ctx.planned.get("secondary_disk") or []):
        url = f"{_disk(ctx, ctx.planned['primary_disk'])}/stopAsyncReplication"
        await waited(ctx, "POST", url, None, "delete")


@hook("identify", _REPLICATION)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The primary disk."""
    return {"primary_disk": given, "id": given}

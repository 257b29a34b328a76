"""Disks: what they are made from by any spelling, a call for each change, and taken from machines before deletion."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks import images
from sandbox.provider.hooks.compute import LINK, set_labels, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill, general_delete
from sandbox.provider.suppress import without_version

_DISK, _REGION = "google_compute_disk", "google_compute_region_disk"
_ATTACHMENTS = (
    "google_compute_disk_resource_policy_attachment",
    "google_compute_region_disk_resource_policy_attachment",
)
_SNAPSHOTS = "projects/{project}/global/snapshots"
_LONGEST = 48
"""How long a name may be that the time is put behind."""


def _place(ctx: Context) -> str:
    """Where the disk is, with a slash."""
    return fill(ctx.kind.calls["create"].url, ctx.planned).removesuffix("disks")


@hook("plan", _DISK, _REGION)
def plan(ctx: Context) -> None:
    """A disk grows in place, and shrinks by being made anew; only a hyperdisk's speed changes in place."""
    old, new = (ctx.prior or {}).get("size"), ctx.planned.get("size")
    if isinstance(old, int) and isinstance(new, int) and new < old:
        ctx.replace.append(("size",))
    if ctx.prior and "hyperdisk" not in str(ctx.planned.get("type")) and ctx.changed("provisioned_iops"):
        ctx.replace.append(("provisioned_iops",))


@hook("expand", _DISK, _REGION)
def disk(ctx: Context, document: Json) -> Json:
    """Links in full; the place is in the URL."""
    place = _place(ctx)
    for name in ("zone", "region"):
        document.pop(name, None)
    kind = str(document.get("type") or "pd-standard")
    document["type"] = kind if "/" in kind else f"{place}diskTypes/{kind}"
    snapshot = str(document.get("sourceSnapshot") or "")
    if snapshot and "projects/" not in snapshot:
        document["sourceSnapshot"] = (
            fill("projects/{project}/global/snapshots/", ctx.planned) + snapshot.rpartition("/")[2]
        )
    source = str(document.get("sourceDisk") or "")
    if source and "/" not in source:
        document["sourceDisk"] = f"{place}disks/{source}"
    return document


@hook("create", _DISK, _REGION)
async def create(ctx: Context) -> None:
    """The image is looked up first."""
    document = document_of(ctx)
    if image := document.get("sourceImage"):
        document["sourceImage"] = await images.resolve(ctx, str(image))
    await waited(ctx, "POST", fill(ctx.kind.calls["create"].url, ctx.planned), document, "create")


@hook("flatten", _DISK, _REGION)
def state_of(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Names where the API has links; keys without their versions."""
    for name in ("type", "zone", "region"):
        if isinstance(state.get(name), str):
            state[name] = state[name].rpartition("/")[2]
    for block in state.get("disk_encryption_key") or []:
        for name in ("kms_key_self_link", "kms_key_name"):
            if block.get(name):
                block[name] = without_version(block[name])
    return state


@hook("update", _DISK, _REGION)
async def update(ctx: Context) -> None:
    """Labels, the size, then the speed."""
    url = fill(ctx.kind.calls["read"].url, ctx.planned)
    if ctx.changed("effective_labels"):
        await set_labels(ctx, url, ctx.planned["effective_labels"])
    if ctx.changed("size"):
        await waited(ctx, "POST", f"{url}/resize", {"sizeGb": ctx.planned["size"]})
    names = {"provisioned_iops": "provisionedIops", "provisioned_throughput": "provisionedThroughput"}
    names |= {"access_mode": "accessMode"}
    if changed := {api: ctx.planned[name] for name, api in names.items() if ctx.changed(name)}:
        await waited(ctx, "PATCH", f"{url}?paths={'&paths='.join(changed)}", {**changed, "name": ctx.planned["name"]})


@hook("delete", _DISK, _REGION)
async def delete(ctx: Context) -> None:
    """It is taken from the machines that have it first."""
    if ctx.planned.get("create_snapshot_before_destroy"):
        await _snapshot(ctx)
    found = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned)) or {}
    for user in found.get("users") or []:
        machine = user.removeprefix(LINK)
        for one in (await ctx.api.call("GET", ctx.kind.base + machine))["disks"]:
            if one.get("source") == found["selfLink"]:
                await waited(ctx, "POST", f"{machine}/detachDisk?deviceName={one['deviceName']}", None, "delete")
    await general_delete(ctx)


async def _snapshot(ctx: Context) -> None:
    """A snapshot of what is about to go, called after the disk and the time."""
    field = "create_snapshot_before_destroy_prefix" if ctx.planned.get("create_snapshot_before_destroy_prefix") else ""
    name = str(ctx.planned[field or "name"])
    if len(name) > _LONGEST:
        raise ProviderError(
            f"Your {field or 'disk'} name is too long to perform this action. The max is {_LONGEST} characters. "
            'Please use "create_snapshot_before_destroy_prefix" to set a custom name for the snapshot.'
        )
    document = {"name": f"{name}-{datetime.now():%Y%m%d-%H%M%S}", "sourceDisk": ctx.planned["self_link"]}
    await waited(ctx, "POST", fill(_SNAPSHOTS, ctx.planned), document, "create")


def _attached(ctx: Context) -> tuple[str, Json]:
    """The disk of an attachment, and what its policy is called."""
    if "region" in ctx.kind.fields:
        region = fill("{~region}", ctx.planned)
        disk = fill("projects/{project}/regions/{~region}/disks/{~disk}", ctx.planned)
    else:
        region = fill("{~zone}", ctx.planned).rpartition("-")[0]
        disk = fill("projects/{project}/zones/{~zone}/disks/{~disk}", ctx.planned)
    policy = fill("projects/{project}", ctx.planned) + f"/regions/{region}/resourcePolicies/{ctx.planned['name']}"
    return disk, {"resourcePolicies": [policy]}


@hook("create", *_ATTACHMENTS)
async def attach(ctx: Context) -> None:
    """One more policy of the disk."""
    url, body = _attached(ctx)
    await waited(ctx, "POST", f"{url}/addResourcePolicies", body, "create")


@hook("read", *_ATTACHMENTS)
async def read_attachment(ctx: Context) -> Json | None:
    """Whether the disk has the policy."""
    url, body = _attached(ctx)
    found = await ctx.api.get(ctx.kind.base + url) or {}
    wanted = LINK + body["resourcePolicies"][0]
    return {"name": ctx.planned["name"]} if wanted in (found.get("resourcePolicies") or []) else None


@hook("delete", *_ATTACHMENTS)
async def detach(ctx: Context) -> None:
    """Take it from the disk."""
    url, body = _attached(ctx)
    await waited(ctx, "POST", f"{url}/removeResourcePolicies", body, "delete")


@hook("expand", "google_compute_resource_policy")
def policy(ctx: Context, document: Json) -> Json:
    """The region is in the URL."""
    document.pop("region", None)
    return document


@hook("flatten", "google_compute_resource_policy")
def policy_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The region by name."""
    state["region"] = str(state["region"]).rpartition("/")[2]
    return state

"""Disks that are attached to a machine by a resource of their own."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.hooks.compute import waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill
from sandbox.provider.suppress import relative_name

_TYPE = "google_compute_attached_disk"


def _machine(ctx: Context) -> str:
    """The machine's name in full; a link says project and zone."""
    given = relative_name(str(ctx.planned["instance"]))
    if given.startswith("projects/"):
        ctx.planned |= dict(zip(("project", "zone"), given.split("/")[1:4:2], strict=True))
        return given
    return fill("projects/{project}/zones/{~zone}/instances/", ctx.planned) + given.rpartition("/")[2]


def _disk(ctx: Context) -> str:
    return str(ctx.planned["disk"]).rpartition("/")[2]


async def _attached(ctx: Context, machine: str) -> tuple[Json | None, Json | None]:
    """The machine, and the disk as it has it."""
    found: Json | None = await ctx.api.get(ctx.kind.base + machine)
    disks = (found or {}).get("disks") or []
    return found, next((one for one in disks if str(one.get("source")).rpartition("/")[2] == _disk(ctx)), None)


@hook("plan", _TYPE)
def plan(ctx: Context) -> None:
    """The zone is the machine's, where a link says it."""
    given = ctx.planned.get("instance")
    name = relative_name(given) if isinstance(given, str) else ""
    if ctx.planned.get("zone") is UNKNOWN and ctx.config.get("zone") is None and name:
        ctx.planned["zone"] = (
            name.split("/")[3] if name.startswith("projects/") else ctx.settings.get("zone") or UNKNOWN
        )


@hook("create", _TYPE)
async def attach(ctx: Context) -> None:
    """`attachDisk`."""
    machine, disk = _machine(ctx), relative_name(str(ctx.planned["disk"]))
    source = disk if "/regions/" in disk else f"{machine.partition('/instances/')[0]}/disks/{_disk(ctx)}"
    body: dict[str, Any] = {"source": source, "mode": ctx.planned["mode"]}
    for name, field in (("device_name", "deviceName"), ("interface", "interface")):
        if ctx.planned.get(name) not in (None, "", UNKNOWN):
            body[field] = ctx.planned[name]
    await waited(ctx, "POST", f"{machine}/attachDisk", body, "create")
    ctx.planned["id"] = f"{machine}/{_disk(ctx)}"


@hook("read", _TYPE)
async def read(ctx: Context) -> Json | None:
    """Whether the machine has it."""
    found, attached = await _attached(ctx, _machine(ctx))
    if found is None or attached is None:
        return None
    names = {"instance": relative_name(found["selfLink"]), "disk": relative_name(attached["source"])}
    return {**attached, **names, "zone": found["zone"].rpartition("/")[2]}


@hook("delete", _TYPE)
async def detach(ctx: Context) -> None:
    """`detachDisk`, of what is still there."""
    machine = _machine(ctx)
    _, attached = await _attached(ctx, machine)
    if attached is not None:
        await waited(ctx, "POST", f"{machine}/detachDisk?deviceName={attached['deviceName']}", None, "delete")

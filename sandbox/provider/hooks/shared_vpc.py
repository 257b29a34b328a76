"""Shared VPC: what a project is to others is asked for and changed by calls of its own."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.compute import waited
from sandbox.provider.hooks.registry import Context, hook

_HOST, _SERVICE = "google_compute_shared_vpc_host_project", "google_compute_shared_vpc_service_project"


@hook("create", _HOST)
async def enable(ctx: Context) -> None:
    """A host from now on."""
    await waited(ctx, "POST", f"projects/{ctx.planned['project']}/enableXpnHost", None, "create")


@hook("read", _HOST)
async def read_host(ctx: Context) -> Json | None:
    """Gone where the project is no host any more."""
    found: Json | None = await ctx.api.get(f"{ctx.kind.base}projects/{ctx.planned['project']}")
    return found if found and found.get("xpnProjectStatus") == "HOST" else None


@hook("flatten", _HOST, _SERVICE)
def as_it_was(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """There is nothing to tell but that it is so."""
    return {**state, **{name: ctx.planned[name] for name in ("project", "host_project") if name in ctx.planned}}


@hook("delete", _HOST)
async def disable(ctx: Context) -> None:
    """A host no more."""
    await waited(ctx, "POST", f"projects/{ctx.planned['project']}/disableXpnHost", None, "delete")


def _resource(ctx: Context) -> Json:
    return {"xpnResource": {"id": ctx.planned["service_project"], "type": "PROJECT"}}


@hook("create", _SERVICE)
async def attach(ctx: Context) -> None:
    """Attached to its host."""
    await waited(ctx, "POST", f"projects/{ctx.planned['host_project']}/enableXpnResource", _resource(ctx), "create")


@hook("read", _SERVICE)
async def read_service(ctx: Context) -> Json | None:
    """Gone where it is attached to nothing, or to another."""
    found: Json | None = await ctx.api.get(f"{ctx.kind.base}projects/{ctx.planned['service_project']}/getXpnHost")
    return found if found and found.get("name") == ctx.planned["host_project"] else None


@hook("delete", _SERVICE)
async def detach(ctx: Context) -> None:
    """Attached no more."""
    await waited(ctx, "POST", f"projects/{ctx.planned['host_project']}/disableXpnResource", _resource(ctx), "delete")

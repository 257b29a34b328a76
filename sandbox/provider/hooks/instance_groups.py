"""Instance groups: their machines and ports are changed by a call each."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.expand import expand
from sandbox.provider.hooks.compute import NETWORKS, completed, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill

_GROUP = "google_compute_instance_group"


def _url(ctx: Context) -> str:
    return fill(ctx.kind.calls["read"].url, ctx.planned)


def _instances(state: Any) -> list[str]:
    found = (state or {}).get("instances")
    return [str(one) for one in found if one is not UNKNOWN] if isinstance(found, list) else []


async def _fill(ctx: Context, verb: str, instances: list[str], step: str) -> None:
    if instances:
        body = {"instances": [{"instance": one} for one in instances]}
        await waited(ctx, "POST", f"{_url(ctx)}/{verb}", body, step)


@hook("expand", _GROUP)
def group(ctx: Context, document: Json) -> Json:
    """Machines come after it."""
    document.pop("instances", None)
    return completed(ctx, document, {"network": NETWORKS})


@hook("after_create", _GROUP)
async def first(ctx: Context) -> None:
    """Its machines."""
    await _fill(ctx, "addInstances", _instances(ctx.planned), "create")


@hook("read", _GROUP)
async def read(ctx: Context) -> Json | None:
    """The group with its machines."""
    found: Json | None = await ctx.api.get(ctx.kind.base + _url(ctx))
    if found is None:
        return None
    members = await ctx.api.call("POST", f"{ctx.kind.base}{_url(ctx)}/listInstances", {"instanceState": "ALL"})
    return {**found, "instances": [one["instance"] for one in members.get("items") or []]}


@hook("update", _GROUP)
async def update(ctx: Context) -> None:
    """What is no longer in it goes, what is new comes; then the ports."""
    before, after = _instances(ctx.prior), _instances(ctx.planned)
    await _fill(ctx, "removeInstances", [one for one in before if one not in after], "update")
    await _fill(ctx, "addInstances", [one for one in after if one not in before], "update")
    if ctx.changed("named_port"):
        document = expand(ctx.kind.fields, ctx.planned, ctx.config)
        await waited(ctx, "POST", f"{_url(ctx)}/setNamedPorts", {"namedPorts": document.get("namedPorts") or []})

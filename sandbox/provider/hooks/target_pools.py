"""Target pools: their machines by zone and name, and a call for each thing that changes."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.expand import expand
from sandbox.provider.hooks.compute import LINK, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill

_POOL = "google_compute_target_pool"
_MACHINE = re.compile(r"projects/.+/zones/(.+)/instances/(.+)")
_CHECKS = "projects/{project}/global/httpHealthChecks/"


def _short(machine: str) -> str:
    """`zone/name` of a link."""
    found = _MACHINE.search(machine)
    return f"{found[1]}/{found[2]}" if found else machine


@hook("plan", _POOL)
def plan(ctx: Context) -> None:
    """The machines by zone and name, however they are said."""
    if isinstance(named := ctx.planned.get("instances"), list):
        short = [one if one is UNKNOWN else _short(one) for one in named]
        ctx.planned["instances"] = [one for at, one in enumerate(short) if one is UNKNOWN or one not in short[:at]]


def _machines(ctx: Context, state: Any) -> list[str]:
    """The links of a state's machines, which need not be there."""
    links = []
    for one in (state or {}).get("instances") or []:
        if one.startswith("https://"):
            links.append(one)
            continue
        if one.count("/") != 1:
            raise ProviderError(f"Invalid instance name, require URL or zone/name: {one}")
        links.append(LINK + fill("projects/{project}/zones/", ctx.planned) + one.replace("/", "/instances/"))
    return links


def _checks(ctx: Context, state: Any) -> list[str]:
    place = fill(_CHECKS, ctx.planned)
    return [one if "/" in one else place + one for one in (state or {}).get("health_checks") or []]


@hook("expand", _POOL)
def pool(ctx: Context, document: Json) -> Json:
    """Links in full; the region is in the URL."""
    document.pop("region", None)
    return {**document, "instances": _machines(ctx, _known(ctx)), "healthChecks": _checks(ctx, ctx.planned)}


def _known(ctx: Context) -> Json:
    named = ctx.planned.get("instances")
    return {"instances": [one for one in named if one is not UNKNOWN] if isinstance(named, list) else []}


@hook("read", _POOL)
async def read(ctx: Context) -> Json | None:
    """Machines by zone and name, the region by its own."""
    found: Json | None = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned))
    if found is None:
        return None
    machines = [_short(one) for one in found.get("instances") or []]
    return {**found, "instances": machines, "region": found["region"].rpartition("/")[2]}


@hook("update", _POOL)
async def update(ctx: Context) -> None:
    """Checks and machines that go and come, then the pool that stands in."""
    url = fill(ctx.kind.id, ctx.planned)

    async def call(verb: str, field: str, item: str, links: list[str]) -> None:
        if links:
            await waited(ctx, "POST", f"{url}/{verb}", {field: [{item: one} for one in links]})

    before, after = _checks(ctx, ctx.prior), _checks(ctx, ctx.planned)
    await call("removeHealthCheck", "healthChecks", "healthCheck", [one for one in before if one not in after])
    await call("addHealthCheck", "healthChecks", "healthCheck", [one for one in after if one not in before])
    before, after = _machines(ctx, ctx.prior), _machines(ctx, _known(ctx))
    await call("addInstance", "instances", "instance", [one for one in after if one not in before])
    await call("removeInstance", "instances", "instance", [one for one in before if one not in after])
    if ctx.changed("backup_pool"):
        document = expand(ctx.kind.fields, ctx.planned, ctx.config)
        await waited(ctx, "POST", f"{url}/setBackup", {"target": document.get("backupPool") or ""})

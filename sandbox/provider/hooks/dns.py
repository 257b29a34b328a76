"""Cloud DNS: records are changed by changes, zones as a whole."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.expand import expand
from sandbox.provider.fields import camel_case
from sandbox.provider.hooks.compute import LINK, NETWORKS
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill

_ZONE = "google_dns_managed_zone"
_RECORD = "google_dns_record_set"


@hook("expand", _ZONE)
def zone(ctx: Context, document: Json) -> Json:
    """The networks as links; an empty description is said."""
    document.setdefault("description", "")
    for network in (document.get("privateVisibilityConfig") or {}).get("networks") or []:
        network["networkUrl"] = _link(ctx, network.get("networkUrl") or "")
    if peer := (document.get("peeringConfig") or {}).get("targetNetwork"):
        peer["networkUrl"] = _link(ctx, peer.get("networkUrl") or "")
    return document


_POLICIES = ("google_dns_policy", "google_dns_response_policy")
_RULE = "google_dns_response_policy_rule"
_POLICY_WITHOUT: dict[str, Any] = {
    "networks": [],
    "alternative_name_server_config": None,
    "enable_logging": False,
    "enable_inbound_forwarding": False,
}


@hook("expand", *_POLICIES)
def policy(ctx: Context, document: Json) -> Json:
    """The networks as links; what is no longer there is said on a change."""
    for network in document.get("networks") or []:
        network["networkUrl"] = _link(ctx, network.get("networkUrl") or "")
    if ctx.prior is not None:
        for name, nothing in _POLICY_WITHOUT.items():
            if name in ctx.kind.fields:
                document.setdefault(camel_case(name), nothing)
    return document


@hook("delete", *_POLICIES)
async def delete_policy(ctx: Context) -> None:
    """Its networks are let go first."""
    url = ctx.kind.base + fill(ctx.kind.id, ctx.planned)
    for name in ("gke_clusters", "networks"):
        if ctx.planned.get(name):
            await ctx.api.call("PATCH", url, {camel_case(name): None})
    await ctx.api.call("DELETE", url)


@hook("expand", _RULE)
def rule(ctx: Context, document: Json) -> Json:
    """Data that is no longer there is said on a change."""
    return document if ctx.prior is None else {"localData": None, **document}


def _link(ctx: Context, name: str) -> str:
    if name.startswith("https://"):
        return name
    return LINK + (name if "/" in name else fill(NETWORKS, ctx.planned) + name)


@hook("delete", _ZONE)
async def delete_zone(ctx: Context) -> None:
    """Its records go first, where that is wanted."""
    url = ctx.kind.base + fill(ctx.kind.id, ctx.planned)
    if ctx.planned.get("force_destroy"):
        records = (await ctx.api.call("GET", f"{url}/rrsets")).get("rrsets") or []
        apex = ctx.planned["dns_name"]
        mine = [r for r in records if not (r["type"] in ("NS", "SOA") and r["name"] == apex)]
        if mine:
            await ctx.api.call("POST", f"{url}/changes", {"deletions": mine})
    await ctx.api.call("DELETE", url)


def _place(ctx: Context) -> str:
    managed = str(ctx.planned["managed_zone"]).rpartition("/")[2]
    return f"{ctx.kind.base}projects/{ctx.planned['project']}/managedZones/{managed}"


def _record(ctx: Context) -> Json:
    document = expand(ctx.kind.fields, ctx.planned, ctx.config)
    document.pop("managedZone", None)
    return document


async def _found(ctx: Context, name: str, kind: str) -> Json | None:
    document: Json | None = await ctx.api.get(f"{_place(ctx)}/rrsets?name={name}&type={kind}")
    return next(iter((document or {}).get("rrsets") or []), None)


@hook("create", _RECORD)
async def create(ctx: Context) -> None:
    """An addition; the zone's own NS and SOA are replaced."""
    addition, deletions = _record(ctx), []
    if addition["type"] in ("NS", "SOA") and (old := await _found(ctx, addition["name"], addition["type"])):
        deletions = [old]
    await ctx.api.call("POST", f"{_place(ctx)}/changes", {"additions": [addition], "deletions": deletions})


@hook("read", _RECORD)
async def read(ctx: Context) -> Json | None:
    """The record set of that name and type."""
    return await _found(ctx, str(ctx.planned["name"]), str(ctx.planned["type"]))


@hook("update", _RECORD)
async def update(ctx: Context) -> None:
    """A deletion and an addition in one change."""
    old = await _found(ctx, str((ctx.prior or {})["name"]), str((ctx.prior or {})["type"]))
    change = {"additions": [_record(ctx)], "deletions": [old] if old else []}
    await ctx.api.call("POST", f"{_place(ctx)}/changes", change)
    ctx.planned["id"] = fill(ctx.kind.id, ctx.planned)


@hook("flatten", _RECORD)
def state(ctx: Context, document: Json, found: dict[str, Any]) -> dict[str, Any]:
    """The zone stays as it was named."""
    found["managed_zone"] = ctx.planned["managed_zone"]
    return found


@hook("delete", _RECORD)
async def delete(ctx: Context) -> None:
    """A deletion; the zone's own NS and SOA stay."""
    old = await _found(ctx, str(ctx.planned["name"]), str(ctx.planned["type"]))
    if old is not None and not (old["type"] in ("NS", "SOA") and await _is_apex(ctx)):
        await ctx.api.call("POST", f"{_place(ctx)}/changes", {"deletions": [old]})


async def _is_apex(ctx: Context) -> bool:
    zone = await ctx.api.get(_place(ctx))
    return bool(zone and zone["dnsName"] == ctx.planned["name"])

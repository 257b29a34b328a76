"""Firewall policies, of networks and of what is above projects, with their rules and associations."""

from __future__ import annotations

from sandbox.provider.api import Json
from sandbox.provider.expand import expand
from sandbox.provider.hooks.compute import patch, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import changed_fields, document_of, fill

_ABOVE = "google_compute_firewall_policy"
_NETWORKS = ("google_compute_network_firewall_policy", "google_compute_region_network_firewall_policy")
_RULES = tuple(f"{policy}_rule" for policy in (_ABOVE, *_NETWORKS))
_ASSOCIATIONS = tuple(f"{policy}_association" for policy in (_ABOVE, *_NETWORKS))


@hook("create", _ABOVE)
async def create(ctx: Context) -> None:
    """Its name is the number that the operation tells."""
    call = ctx.kind.calls["create"]
    answer = await ctx.api.call(call.method, ctx.kind.base + fill(call.url, ctx.planned), document_of(ctx))
    ctx.planned["name"] = answer["targetId"]


@hook("update", _ABOVE, *_NETWORKS)
async def update(ctx: Context) -> None:
    """A PATCH with the current fingerprint."""
    document = expand(ctx.kind.fields, ctx.planned, ctx.config)
    await patch(ctx, {"description": "", **document}, fingerprint=True)


@hook("expand", *_RULES, *_ASSOCIATIONS)
def within(ctx: Context, document: Json) -> Json:
    """The policy is in the URL; what is above projects knows it by its number alone."""
    if ctx.kind.name in (f"{_ABOVE}_rule", f"{_ABOVE}_association"):
        ctx.planned["firewall_policy"] = str(ctx.planned["firewall_policy"]).rpartition("/")[2]
    return document


@hook("update", *_RULES)
async def change_rule(ctx: Context) -> None:
    """The whole rule, and what is no longer there as empty."""
    document = document_of(ctx)
    for field in changed_fields(ctx):
        name = (field.api or (field.name,))[0]
        document.setdefault(name, [] if field.kind in ("list", "set") else False if field.kind == "bool" else "")
    call = ctx.kind.calls["update"]
    await waited(ctx, call.method, fill(call.url, ctx.planned), document)


@hook("update", f"{_ABOVE}_association")
async def move(ctx: Context) -> None:
    """To another policy, in the place of the one that it had."""
    if ctx.changed("firewall_policy"):
        document = document_of(ctx)
        await waited(ctx, "POST", fill(ctx.kind.calls["update"].url, ctx.planned), document)

"""NATs, which are part of their router, and a NAT's addresses, which may be a resource of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.expand import expand
from sandbox.provider.hooks.compute import SUBNETWORKS, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill
from sandbox.provider.suppress.links import last_part

_NAT, _ADDRESSES = "google_compute_router_nat", "google_compute_router_nat_address"
_PLACE = "projects/{project}/regions/{region}/"
_OF_ADDRESSES = {"natIps", "drainNatIps", "sourceNatActiveIps", "sourceNatDrainIps"}


def _router(ctx: Context) -> str:
    return fill(_PLACE, ctx.planned) + "routers/" + last_part(ctx.planned["router"])


async def _nats(ctx: Context) -> list[Json]:
    return list((await ctx.api.call("GET", ctx.kind.base + _router(ctx))).get("nats") or [])


async def _write(ctx: Context, nats: list[Json], step: str) -> None:
    await waited(ctx, "PATCH", _router(ctx), {"nats": nats}, step)


def _addresses(ctx: Context, names: Iterable[str]) -> list[str]:
    """Links to addresses of the region, which may be given by their names."""
    return [name if "/" in name else f"{fill(_PLACE, ctx.planned)}addresses/{name}" for name in names]


def _nat(ctx: Context) -> Json:
    document = expand(ctx.kind.fields, ctx.planned, ctx.config)
    for block in document.get("subnetworks") or []:
        if "/" not in block["name"]:
            block["name"] = fill(SUBNETWORKS, ctx.planned) + block["name"]
    if first := document.pop("initialNatIps", None):  # others may decide them later
        document["natIps"] = first
    for body in (document, *(rule.get("action") or {} for rule in document.get("rules") or [])):
        for name in _OF_ADDRESSES & body.keys():
            body[name] = _addresses(ctx, body[name])
    return document


@hook("plan", _NAT, _ADDRESSES)
def plan_drained(ctx: Context) -> None:
    """An address is drained that was in use and is so no more."""
    prior = ctx.prior or {}
    added = _names(ctx.planned.get("drain_nat_ips")) - _names(prior.get("drain_nat_ips"))
    if added and ctx.prior is None:
        raise ProviderError(f"New RouterNat cannot have drain_nat_ips, got values {_listed(added)}")
    before, after = _names(prior.get("nat_ips")), _names(ctx.planned.get("nat_ips"))
    for name in sorted(added):
        if name not in before:
            raise ProviderError(f'drain_nat_ip "{name}" was not previously set in nat_ips {_listed(before)}')
        if name in after:
            raise ProviderError(f'drain_nat_ip "{name}" cannot be drained if still set in nat_ips {_listed(after)}')


def _names(links: Any) -> set[str]:
    return {last_part(link) for link in links if isinstance(link, str)} if isinstance(links, list) else set()


def _listed(names: Iterable[str]) -> str:
    return f"[{' '.join(sorted(names))}]"


@hook("create", _NAT)
async def create_nat(ctx: Context) -> None:
    """Add it to the router's NATs."""
    async with ctx.api.lock(_router(ctx)):
        await _write(ctx, [*await _nats(ctx), _nat(ctx)], "create")
    ctx.planned["router"] = last_part(ctx.planned["router"])


@hook("read", _NAT)
async def read_nat(ctx: Context) -> Json | None:
    """The router's NAT of that name."""
    return await _found(ctx, ctx.planned["name"])


async def _found(ctx: Context, name: Any) -> Json | None:
    router: Json | None = await ctx.api.get(ctx.kind.base + _router(ctx))
    return next((nat for nat in (router or {}).get("nats") or [] if nat["name"] == name), None)


@hook("flatten", _NAT)
def nat_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The router by name."""
    for name in ("router", "region"):
        if isinstance(state.get(name), str):
            state[name] = last_part(state[name])
    if not (document.get("logConfig") or {}).get("enable") and not ctx.planned.get("log_config"):
        state["log_config"] = []
    return state


@hook("update", _NAT)
async def update_nat(ctx: Context) -> None:
    """Put it in the place of what it was."""
    async with ctx.api.lock(_router(ctx)):
        others = [nat for nat in await _nats(ctx) if nat["name"] != ctx.planned["name"]]
        await _write(ctx, [*others, _nat(ctx)], "update")


@hook("delete", _NAT)
async def delete_nat(ctx: Context) -> None:
    """Take it from the router's NATs."""
    async with ctx.api.lock(_router(ctx)):
        await _write(ctx, [nat for nat in await _nats(ctx) if nat["name"] != ctx.planned["name"]], "delete")


async def _change(ctx: Context, step: str, **fields: list[str]) -> None:
    """Set fields of the NAT that the addresses are of; without the NAT, nothing."""
    async with ctx.api.lock(_router(ctx)):
        nats = await _nats(ctx)
        await _write(
            ctx, [{**nat, **fields} if nat["name"] == ctx.planned["router_nat"] else nat for nat in nats], step
        )


@hook("create", _ADDRESSES)
async def create_addresses(ctx: Context) -> None:
    """Give them to the NAT."""
    await _change(ctx, "create", natIps=_addresses(ctx, ctx.planned["nat_ips"]), drainNatIps=[])


@hook("read", _ADDRESSES)
async def read_addresses(ctx: Context) -> Json | None:
    """The NAT that they are of."""
    return await _found(ctx, ctx.planned["router_nat"])


@hook("update", _ADDRESSES)
async def update_addresses(ctx: Context) -> None:
    """Give the NAT others, and drain some."""
    drained = _addresses(ctx, ctx.planned.get("drain_nat_ips") or [])
    await _change(ctx, "update", natIps=_addresses(ctx, ctx.planned["nat_ips"]), drainNatIps=drained)


@hook("delete", _ADDRESSES)
async def delete_addresses(ctx: Context) -> None:
    """Leave the NAT the first of them: it can't be without."""
    nat = await _found(ctx, ctx.planned["router_nat"])
    if nat is not None and nat.get("natIps"):
        await _change(ctx, "delete", natIps=nat["natIps"][:1])

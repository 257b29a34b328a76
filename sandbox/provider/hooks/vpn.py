"""VPN by highly available and classic gateways: links in full; interfaces and BGP peers are parts of their router."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.compute import NETWORKS, completed, relabel, short_region, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill, identity
from sandbox.provider.suppress import relative_name

_GATEWAY, _EXTERNAL = "google_compute_ha_vpn_gateway", "google_compute_external_vpn_gateway"
_CLASSIC = "google_compute_vpn_gateway"
_TUNNEL = "google_compute_vpn_tunnel"
_INTERFACE, _PEER = "google_compute_router_interface", "google_compute_router_peer"
_REGION = "projects/{project}/regions/{~region}/"
_ROUTER = _REGION + "routers/{~router}"
# Zero is what nobody says, unless the switch beside it is on.
_PRIORITIES = {
    "advertised_route_priority": ("zero_advertised_route_priority", "is_advertised_route_priority_set"),
    "custom_learned_route_priority": ("zero_custom_learned_route_priority", "is_custom_learned_priority_set"),
}
_KEYS = "md5AuthenticationKeys"


@hook("expand", _GATEWAY, _CLASSIC)
def gateway(ctx: Context, document: Json) -> Json:
    """The network by its short name too; the region is in the URL."""
    document.pop("region", None)
    return completed(ctx, document, {"network": NETWORKS})


@hook("expand", _TUNNEL)
def tunnel(ctx: Context, document: Json) -> Json:
    """What it joins, in full; the secret may be one that isn't kept."""
    document.pop("region", None)
    if (secret := ctx.config.get("shared_secret_wo")) is not None:
        document["sharedSecret"] = secret
    links = {
        "router": _REGION + "routers/",
        "vpnGateway": _REGION + "vpnGateways/",
        "peerGcpGateway": _REGION + "vpnGateways/",
        "targetVpnGateway": _REGION + "targetVpnGateways/",
        "peerExternalGateway": "projects/{project}/global/externalVpnGateways/",
    }
    if document.get("vpnGateway"):
        document["vpnGatewayInterface"] = ctx.planned.get("vpn_gateway_interface") or 0
    if document.get("peerExternalGateway"):
        document["peerExternalGatewayInterface"] = ctx.planned.get("peer_external_gateway_interface") or 0
    return completed(ctx, document, links)


@hook("flatten", _GATEWAY, _CLASSIC, _TUNNEL)
def regional(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The region by name; the version of a tunnel's secret is told as it was given, or empty."""
    if "shared_secret_wo_version" in state:
        state["shared_secret_wo_version"] = state["shared_secret_wo_version"] or ""
    return short_region(state)


@hook("update", _GATEWAY, _EXTERNAL, _TUNNEL)
async def update_labels(ctx: Context) -> None:
    """Labels are all that changes."""
    await relabel(ctx)


async def _standing(ctx: Context) -> Json:
    return dict(await ctx.api.get(ctx.kind.base + fill(_ROUTER, ctx.planned)) or {})


def _named(ctx: Context, parts: list[Json]) -> Json | None:
    return next((one for one in parts if one["name"] == ctx.planned["name"]), None)


async def _patch(ctx: Context, document: Json, step: str) -> None:
    await waited(ctx, "PATCH", fill(_ROUTER, ctx.planned), document, step)


@hook("create", _INTERFACE)
async def add_interface(ctx: Context) -> None:
    """One more interface of the router."""
    document = completed(ctx, document_of(ctx), {"linkedVpnTunnel": _REGION + "vpnTunnels/"})
    async with ctx.api.lock(fill(_ROUTER, ctx.planned)):
        standing = list((await _standing(ctx)).get("interfaces") or [])
        await _patch(ctx, {"interfaces": [*standing, document]}, "create")


@hook("read", _INTERFACE)
async def read_interface(ctx: Context) -> Json | None:
    """The router's interface of that name."""
    return _named(ctx, list((await _standing(ctx)).get("interfaces") or []))


@hook("delete", _INTERFACE)
async def remove_interface(ctx: Context) -> None:
    """It goes, and others forget it."""
    name = ctx.planned["name"]
    async with ctx.api.lock(fill(_ROUTER, ctx.planned)):
        left = [one for one in (await _standing(ctx)).get("interfaces") or [] if one["name"] != name]
        for one in left:
            if one.get("redundantInterface") == name:
                del one["redundantInterface"]
        await _patch(ctx, {"interfaces": left}, "delete")


def _peer(ctx: Context) -> tuple[Json, Json | None]:
    """A peer and its key."""
    document = document_of(ctx)
    document["enable"] = "TRUE" if ctx.planned.get("enable") is not False else "FALSE"
    document["enableIpv6"] = bool(ctx.planned.get("enable_ipv6"))
    for name, (switch, mark) in _PRIORITIES.items():
        api = (ctx.kind.fields[name].api or ("",))[0]
        value, zero = ctx.planned.get(name) or 0, bool(ctx.planned.get(switch))
        document.pop(api, None)
        if zero and value:
            raise ProviderError(f"[ERROR] {name} cannot be set to value other than zero unless {switch} is false")
        if value or zero:
            document[api] = value
            ctx.planned[mark] = True
        elif ctx.planned.get(mark) is True:
            raise ProviderError(
                f"Invalid {name} value: When {switch} is set to 'false', the {name} field cannot be 0. "
                "Please provide a non-zero value."
            )
    if appliance := document.get("routerApplianceInstance"):
        document["routerApplianceInstance"] = relative_name(str(appliance))
    key: Json | None = document.pop("md5AuthenticationKey", None)
    return document | ({"md5AuthenticationKeyName": key["name"]} if key else {}), key


async def _write_peer(ctx: Context, step: str, mine: tuple[Json, Json | None] | None = None) -> None:
    """The router's peers and their keys, with `mine`, a peer and its key, in the place of what has the name."""
    async with ctx.api.lock(fill(_ROUTER, ctx.planned)):
        router = await _standing(ctx)
        peers = [one for one in router.get("bgpPeers") or [] if one["name"] != ctx.planned["name"]]
        kept = {one.get("md5AuthenticationKeyName") for one in peers}
        keys = [one for one in router.get(_KEYS) or [] if one["name"] in kept]
        if mine:
            peers.append(mine[0])
            keys += [mine[1]] if mine[1] else []
        await _patch(ctx, {"bgpPeers": peers, _KEYS: keys}, step)


@hook("create", _PEER)
async def add_peer(ctx: Context) -> None:
    """One more peer of the router."""
    await _write_peer(ctx, "create", _peer(ctx))
    ctx.planned["router"] = str(ctx.planned["router"]).rpartition("/")[2]
    ctx.planned["id"] = identity(ctx.kind.id, ctx.planned)


@hook("update", _PEER)
async def update_peer(ctx: Context) -> None:
    """In the place of what it was."""
    await _write_peer(ctx, "update", _peer(ctx))


@hook("read", _PEER)
async def read_peer(ctx: Context) -> Json | None:
    """The router's peer of that name; a key is known by its name alone."""
    found = _named(ctx, list((await _standing(ctx)).get("bgpPeers") or []))
    if found is None:
        return None
    told = {**found, "enable": str(found.get("enable", "TRUE")).upper() == "TRUE"}
    if name := found.get("md5AuthenticationKeyName"):
        known = ctx.planned.get("md5_authentication_key")
        given = known[0].get("key") if isinstance(known, list) and known else None
        told["md5AuthenticationKey"] = {"name": name, "key": given}
    return told


@hook("flatten", _PEER)
def peer_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Router and region by their names."""
    for name in ("router", "region"):
        if isinstance(state.get(name), str):
            state[name] = state[name].rpartition("/")[2]
    for _, mark in _PRIORITIES.values():
        known = ctx.planned.get(mark)
        state[mark] = None if known is UNKNOWN else known
    return state


@hook("delete", _PEER)
async def remove_peer(ctx: Context) -> None:
    """It goes, with its key."""
    await _write_peer(ctx, "delete")

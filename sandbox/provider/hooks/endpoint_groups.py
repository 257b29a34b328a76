"""Network endpoint groups, and their endpoints, which are attached and detached."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.expand import expand
from sandbox.provider.hooks.compute import NETWORKS, completed, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import complete
from sandbox.provider.resource import fill
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_ZONAL = "google_compute_network_endpoint_group"
_EVERY = "google_compute_network_endpoints"
# Type of one endpoint → the argument that names its group, and where that is.
_GROUPS = {
    "google_compute_network_endpoint": ("network_endpoint_group", "zones/{~zone}"),
    "google_compute_region_network_endpoint": ("region_network_endpoint_group", "regions/{~region}"),
    "google_compute_global_network_endpoint": ("global_network_endpoint_group", "global"),
}
_AT_ONCE = 500
"""How many endpoints one call takes."""


@hook("expand", _ZONAL)
def group(ctx: Context, document: Json) -> Json:
    """Links in full; the zone is in the URL."""
    document.pop("zone", None)
    region = str(ctx.planned.get("zone")).rpartition("/")[2].rpartition("-")[0]
    return completed(
        ctx, document, {"network": NETWORKS, "subnetwork": f"projects/{{project}}/regions/{region}/subnetworks/"}
    )


@hook("flatten", _ZONAL)
def group_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The zone by name."""
    state["zone"] = str(state["zone"]).rpartition("/")[2]
    return state


def _place(ctx: Context) -> str:
    argument, where = _GROUPS.get(ctx.kind.name, ("network_endpoint_group", "zones/{~zone}"))
    return fill(f"projects/{{project}}/{where}/networkEndpointGroups/{{~{argument}}}", ctx.planned)


def _endpoint(ctx: Context) -> Json:
    document = expand(ctx.kind.fields, ctx.planned, ctx.config)
    if "instance" in document:
        document["instance"] = document["instance"].rpartition("/")[2]
    return document


async def _attached(ctx: Context) -> list[Json] | None:
    answer = await ctx.api.get(f"{ctx.kind.base}{_place(ctx)}/listNetworkEndpoints", "POST")
    return None if answer is None else [item["networkEndpoint"] for item in answer.get("items") or []]


@hook("create", *_GROUPS)
async def attach(ctx: Context) -> None:
    """Add it to its group."""
    argument = _GROUPS[ctx.kind.name][0]
    async with ctx.api.lock(_place(ctx)):
        body = {"networkEndpoints": [_endpoint(ctx)]}
        await waited(ctx, "POST", _place(ctx) + "/attachNetworkEndpoints", body, "create")
    ctx.planned[argument] = str(ctx.planned[argument]).rpartition("/")[2]


@hook("read", *_GROUPS)
async def find(ctx: Context) -> Json | None:
    """The group's endpoint that is the same."""
    wanted = _endpoint(ctx)
    for known in await _attached(ctx) or []:
        if all((known.get(key) or "") == (wanted.get(key) or "") for key in ("instance", "ipAddress", "fqdn", "port")):
            return known
    return None


@hook("delete", *_GROUPS)
async def detach(ctx: Context) -> None:
    """Take it out of its group."""
    async with ctx.api.lock(_place(ctx)):
        body = {"networkEndpoints": [_endpoint(ctx)]}
        await waited(ctx, "POST", _place(ctx) + "/detachNetworkEndpoints", body, "delete")


@hook("identify", *_GROUPS)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The parts of an import id, of which some may be empty."""
    names = re.findall(r"\{(\w+)\}", kind.id)
    argument, where = _GROUPS[kind.name]
    parts = given.removeprefix("projects/").replace(f"/{where.partition('/')[0]}/", "/", 1).split("/")
    if "networkEndpointGroups" in parts:
        parts.remove("networkEndpointGroups")
    if not 0 <= len(names) - len(parts) <= names.index(argument):
        raise ProviderError(f'Import id "{given}" is not of the form {kind.id}')
    state: dict[str, Any] = dict(zip(names[len(names) - len(parts) :], parts, strict=True))
    found = complete(kind, state, settings)
    return {**found, "port": int(found["port"] or 0)}


def _endpoints(ctx: Context, state: Any) -> list[Json]:
    found = []
    for block in (state or {}).get("network_endpoints") or []:
        known = {"instance": block.get("instance"), "ipAddress": block.get("ip_address"), "port": block.get("port")}
        document = {key: value for key, value in known.items() if value}
        if "instance" in document:
            document["instance"] = document["instance"].rpartition("/")[2]
        found.append(document)
    return found


async def _mutate(ctx: Context, verb: str, endpoints: list[Json], step: str) -> None:
    for at in range(0, len(endpoints), _AT_ONCE):
        await waited(ctx, "POST", f"{_place(ctx)}/{verb}", {"networkEndpoints": endpoints[at : at + _AT_ONCE]}, step)


@hook("create", _EVERY)
async def attach_all(ctx: Context) -> None:
    """All of a group."""
    async with ctx.api.lock(_place(ctx)):
        await _mutate(ctx, "attachNetworkEndpoints", _endpoints(ctx, ctx.planned), "create")
    ctx.planned["network_endpoint_group"] = str(ctx.planned["network_endpoint_group"]).rpartition("/")[2]


@hook("read", _EVERY)
async def read_all(ctx: Context) -> Json | None:
    """What is attached."""
    found = await _attached(ctx)
    return {"networkEndpoints": found} if found else None


@hook("update", _EVERY)
async def change_all(ctx: Context) -> None:
    """What is no longer there is detached, what is new attached."""
    old, new = _endpoints(ctx, ctx.prior), _endpoints(ctx, ctx.planned)
    async with ctx.api.lock(_place(ctx)):
        await _mutate(ctx, "detachNetworkEndpoints", [one for one in old if one not in new], "update")
        await _mutate(ctx, "attachNetworkEndpoints", [one for one in new if one not in old], "update")


@hook("delete", _EVERY)
async def detach_all(ctx: Context) -> None:
    """All of a group."""
    async with ctx.api.lock(_place(ctx)):
        await _mutate(ctx, "detachNetworkEndpoints", _endpoints(ctx, ctx.planned), "delete")

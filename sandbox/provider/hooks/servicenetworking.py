"""Service Networking: a connection has no name of its own, only a network and a service."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import refusal
from sandbox.provider.resource import timeout
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_CONNECTION = "google_service_networking_connection"


def _network(ctx: Context) -> tuple[str, str]:
    """The project and the name of the network, however it is written."""
    text = str(ctx.planned["network"])
    parts = text.split("/")
    if "projects" in parts:
        return parts[parts.index("projects") + 1], parts[-1]
    return str(ctx.settings.project), parts[-1]


async def _full(ctx: Context) -> str:
    """With the project's number, as the service wants it."""
    project, name = _network(ctx)
    found = await ctx.api.get(f"/cloudresourcemanager/v1/projects/{project}")
    if found is None:
        raise ProviderError(f"Failed to retrieve project, pid: {project}")
    return f"projects/{found['projectNumber']}/global/networks/{name}"


def _place(ctx: Context) -> str:
    return f"{ctx.kind.base}services/{ctx.planned['service']}/connections"


async def _do(ctx: Context, method: str, url: str, document: Json, step: str) -> None:
    answer = await ctx.api.call(method, url, document)
    await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, step))


@hook("create", _CONNECTION)
async def create(ctx: Context) -> None:
    """Peer the network; its id is the network and the service."""
    document = {"network": await _full(ctx), "reservedPeeringRanges": ctx.planned["reserved_peering_ranges"]}
    await _do(ctx, "POST", _place(ctx), document, "create")
    ctx.planned["id"] = f"{quote(str(ctx.planned['network']), safe='')}:{ctx.planned['service']}"
    if ctx.planned.get("deletion_policy") in (None, UNKNOWN):
        ctx.planned["deletion_policy"] = ctx.settings.deletion_policy


@hook("read", _CONNECTION)
async def read(ctx: Context) -> Json | None:
    """The network's connection."""
    document: Json | None = await ctx.api.get(f"{_place(ctx)}?network={await _full(ctx)}")
    return next(iter((document or {}).get("connections") or []), None)


@hook("flatten", _CONNECTION)
def state(ctx: Context, document: Json, found: dict[str, Any]) -> dict[str, Any]:
    """Network and service stay as they were written."""
    return found | {"network": ctx.planned["network"], "service": ctx.planned["service"]}


@hook("update", _CONNECTION)
async def update(ctx: Context) -> None:
    """Other ranges."""
    if ctx.changed("reserved_peering_ranges"):
        document = {"network": await _full(ctx), "reservedPeeringRanges": ctx.planned["reserved_peering_ranges"]}
        await _do(ctx, "PATCH", f"{_place(ctx)}/-?updateMask=reservedPeeringRanges&force=true", document, "update")


@hook("delete", _CONNECTION)
async def delete(ctx: Context) -> None:
    """End the peering."""
    peering = str(ctx.planned.get("peering") or "servicenetworking-googleapis-com")
    await _do(ctx, "POST", f"{_place(ctx)}/{peering}", {"consumerNetwork": await _full(ctx)}, "delete")


@hook("identify", _CONNECTION)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """`NETWORK:SERVICE`, the network's slashes encoded or not."""
    network, colon, service = given.rpartition(":")
    if not colon:
        raise refusal(given, ["{network}:{service}"])
    network = unquote(network)
    return {"id": f"{quote(network, safe='')}:{service}", "network": network, "service": service}

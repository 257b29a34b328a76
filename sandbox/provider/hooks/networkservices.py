"""Network Services: the router that Google makes for secure web proxies goes with the last where that is asked."""

from __future__ import annotations

from sandbox.provider.api import ApiError, Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill, general_delete, timeout
from sandbox.provider.suppress import relative_name

_GATEWAY = "google_network_services_gateway"


@hook("delete", _GATEWAY)
async def delete_gateway(ctx: Context) -> None:
    """The gateway, and the router where no other proxy of the network has it."""
    await general_delete(ctx)
    if not ctx.planned.get("delete_swg_autogen_router_on_destroy"):
        return
    network = ctx.planned.get("network")
    beside: Json = await ctx.api.call(
        "GET", ctx.kind.base + fill("projects/{project}/locations/{location}/gateways", ctx.planned)
    )
    for one in beside.get("gateways") or []:
        if one.get("type") == "SECURE_WEB_GATEWAY" and one.get("network") == network:
            return
    told = await ctx.api.call("GET", f"/compute/v1/{relative_name(str(network))}")
    router = f"projects/{{project}}/regions/{{location}}/routers/swg-autogen-router-{told['id']}"
    try:
        answer = await ctx.api.call("DELETE", f"/compute/v1/{fill(router, ctx.planned)}")
    except ApiError as error:
        if error.status != 404:
            raise
    else:
        await ctx.api.wait("/compute/v1/", answer, timeout(ctx.planned, "delete"))

"""Service attachments: links in full, and a PATCH that says again what the API wants said again."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.compute import SUBNETWORKS, short_region, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import changed_fields, document_of, fill

_ATTACHMENT = "google_compute_service_attachment"


@hook("expand", _ATTACHMENT)
def in_full(ctx: Context, document: Json) -> Json:
    """Subnetworks by their short names too; no limit unless it is to be zero."""
    document.pop("region", None)
    if str(document.get("targetService")).count("/") < 3:
        raise ProviderError("invalid value for target_service")
    place = fill(SUBNETWORKS, ctx.planned)
    document["natSubnets"] = [name if "/" in name else place + name for name in document.get("natSubnets") or []]
    if ctx.planned.get("send_propagated_connection_limit_if_zero") and not ctx.planned["propagated_connection_limit"]:
        document["propagatedConnectionLimit"] = 0
    return {**document, "enableProxyProtocol": bool(ctx.planned["enable_proxy_protocol"])}


@hook("flatten", _ATTACHMENT)
def state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The region by name."""
    return short_region(state)


@hook("update", _ATTACHMENT)
async def update(ctx: Context) -> None:
    """What changed, with the name, the proxy protocol and the fingerprint."""
    whole, changed = document_of(ctx), {(field.api or ("",))[0] for field in changed_fields(ctx)}
    body = {key: whole.get(key) for key in changed if key}
    again = {key: whole[key] for key in ("name", "enableProxyProtocol")}
    url = fill(ctx.kind.calls["update"].url, ctx.planned)
    again["fingerprint"] = (await ctx.api.call("GET", ctx.kind.base + url))["fingerprint"]
    if body:
        await waited(ctx, "PATCH", url, {**body, **again})

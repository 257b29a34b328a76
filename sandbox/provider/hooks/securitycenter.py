"""Security Command Center: detectors have a number from the server."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill

_MODULES = tuple(
    f"google_scc_management_{level}_security_health_analytics_custom_module"
    for level in ("project", "folder", "organization")
)


@hook("create", *_MODULES)
async def create(ctx: Context) -> None:
    """The answer tells the name."""
    url = ctx.kind.base + fill(ctx.kind.calls["create"].url, ctx.planned)
    answer = await ctx.api.call("POST", url, document_of(ctx))
    ctx.planned["name"] = str(answer["name"]).rpartition("/")[2]


@hook("flatten", *_MODULES)
def state_of(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The number by itself."""
    return {**state, "name": str(document["name"]).rpartition("/")[2]}

"""A project's network tier: it is set, and stays as it is when it is no longer declared."""

from __future__ import annotations

from typing import Any

from sandbox.provider.hooks.compute import waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_TIER = "google_compute_project_default_network_tier"


@hook("create", _TIER)
@hook("update", _TIER)
async def put(ctx: Context) -> None:
    """`setDefaultNetworkTier`."""
    url = f"projects/{ctx.planned['project']}/setDefaultNetworkTier"
    await waited(ctx, "POST", url, {"networkTier": ctx.planned["network_tier"]}, "create")


@hook("delete", _TIER)
async def forget(ctx: Context) -> None:
    """Nothing is undone."""


@hook("identify", _TIER)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The project's id."""
    return {"project": given, "id": given}

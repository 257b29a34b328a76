"""Feeds of folders: the folder's number by itself is in the address."""

from __future__ import annotations

from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import general_create


@hook("create", "google_cloud_asset_folder_feed")
async def create(ctx: Context) -> None:
    """Under the folder's number."""
    ctx.planned["folder_id"] = str(ctx.planned["folder"]).removeprefix("folders/")
    await general_create(ctx)

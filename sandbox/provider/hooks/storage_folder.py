"""Folders of buckets with hierarchical namespace: how they are deleted."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.provider.api import ApiError
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_FOLDER = "google_storage_folder"


@hook("identify", _FOLDER)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By `BUCKET/folders/NAME` or `BUCKET/NAME`, where the name has slashes."""
    bucket, _, rest = given.partition("/")
    name = rest.removeprefix("folders/")
    return {"bucket": bucket, "name": name, "id": f"{bucket}/{name}"}


@hook("delete", _FOLDER)
async def delete(ctx: Context) -> None:
    """Delete the folder, with `force_destroy` the objects and the folders in it first."""
    bucket, name = f"{ctx.kind.base}b/{ctx.planned['bucket']}", str(ctx.planned["name"])
    force, prefix = bool(ctx.planned.get("force_destroy")), quote(name, safe="")
    while items := (await ctx.api.call("GET", f"{bucket}/o?prefix={prefix}")).get("items"):
        if not force:
            where = ctx.planned["bucket"]
            raise ProviderError(
                f"Error trying to delete folder {where} containing objects without force_destroy set to true"
            )
        for item in items:
            at = f"{bucket}/o/{quote(item['name'], safe='')}?generation={item['generation']}"
            await ctx.api.call("DELETE", at)
    try:
        await ctx.api.call("DELETE", f"{bucket}/folders/{prefix}")
    except ApiError as error:
        if error.status == 404:
            return
        if error.status != 409 or "not empty" not in error.message:
            raise
        if not force:
            text = "Sub folders or items may exist within folder, use force_destroy to true to delete all subfolders"
            raise ProviderError(f"{text}: {error.message}") from error
        listed = await ctx.api.call("GET", f"{bucket}/folders?prefix={prefix}")
        for item in reversed(listed.get("items", [])):
            await ctx.api.call("DELETE", f"{bucket}/folders/{quote(item['name'], safe='')}")

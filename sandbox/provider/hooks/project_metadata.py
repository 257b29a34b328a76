"""Metadata that all machines of a project read: as a whole, and a key by itself."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.compute import waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_WHOLE, _ITEM = "google_compute_project_metadata", "google_compute_project_metadata_item"


async def _standing(ctx: Context) -> tuple[dict[str, str], str]:
    """What there is, and its fingerprint."""
    found = await ctx.api.call("GET", f"{ctx.kind.base}projects/{ctx.planned['project']}")
    metadata: Json = found.get("commonInstanceMetadata") or {}
    return {item["key"]: item["value"] for item in metadata.get("items") or []}, str(metadata.get("fingerprint") or "")


async def _put(ctx: Context, values: dict[str, str], fingerprint: str, step: str) -> None:
    items = [{"key": key, "value": value} for key, value in sorted(values.items())]
    url = f"projects/{ctx.planned['project']}/setCommonInstanceMetadata"
    await waited(ctx, "POST", url, {"items": items, "fingerprint": fingerprint}, step)


@hook("create", _WHOLE)
@hook("update", _WHOLE)
async def put(ctx: Context) -> None:
    """All of it at once, in place of what there is."""
    _, fingerprint = await _standing(ctx)
    await _put(ctx, dict(ctx.planned["metadata"]), fingerprint, "create")


@hook("delete", _WHOLE)
async def clear(ctx: Context) -> None:
    """Nothing stays."""
    _, fingerprint = await _standing(ctx)
    await _put(ctx, {}, fingerprint, "delete")


@hook("flatten", _WHOLE)
def whole(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Keys and values."""
    items = (document.get("commonInstanceMetadata") or {}).get("items") or []
    return {**state, "metadata": {item["key"]: item["value"] for item in items}}


@hook("identify", _WHOLE)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The project's id."""
    return {"project": given, "id": given}


async def _set(ctx: Context, value: str | None, step: str) -> None:
    """Change one key; the others stay."""
    key, project = str(ctx.planned["key"]), ctx.planned["project"]
    async with ctx.api.lock(f"projects/{project}/commoninstancemetadata"):
        values, fingerprint = await _standing(ctx)
        if step == "create" and key in values:
            raise ProviderError(
                f'key "{key}" already present in metadata for project "{project}". '
                "Use `terraform import` to manage it with Terraform"
            )
        if values.get(key) == value:
            return
        others = {name: text for name, text in values.items() if name != key}
        await _put(ctx, others if value is None else {**others, key: value}, fingerprint, step)


@hook("create", _ITEM)
async def add_item(ctx: Context) -> None:
    """One key more; one that is there is somebody else's."""
    await _set(ctx, str(ctx.planned["value"]), "create")


@hook("read", _ITEM)
async def read_item(ctx: Context) -> Json | None:
    """The value of the key."""
    values, _ = await _standing(ctx)
    key = str(ctx.planned["key"])
    return {"key": key, "value": values[key]} if key in values else None


@hook("update", _ITEM)
async def change_item(ctx: Context) -> None:
    """Another value."""
    await _set(ctx, str(ctx.planned["value"]), "update")


@hook("delete", _ITEM)
async def take_item(ctx: Context) -> None:
    """The others stay."""
    await _set(ctx, None, "delete")

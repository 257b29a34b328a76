"""Cloud Quotas: preferences that the server may name, and that stay when they are no longer declared."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import refusal
from sandbox.provider.resource import document_of, fill
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_PREFERENCE = "google_cloud_quotas_quota_preference"
_PLACE = "{parent}/locations/global/quotaPreferences?ignoreSafetyChecks={ignore_safety_checks}"


@hook("create", _PREFERENCE)
async def create(ctx: Context) -> None:
    """Under its name, or one that the server makes."""
    url, name = ctx.kind.base + fill(_PLACE, ctx.planned), ctx.planned.get("name")
    document = document_of(ctx)
    document.pop("name", None)
    if name not in (None, UNKNOWN, ""):
        url += f"&quotaPreferenceId={str(name).rpartition('/')[2]}"
    made = await ctx.api.call("POST", url, document)
    ctx.planned["name"] = str(made["name"]).rpartition("/")[2]


@hook("flatten", _PREFERENCE)
def short(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The name by itself."""
    return {**state, "name": str(document["name"]).rpartition("/")[2]}


@hook("identify", _PREFERENCE)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """A project, a folder or an organization, and the name."""
    parent, place, name = given.partition("/locations/global/quotaPreferences/")
    if not place or not parent or not name or "/" in name:
        raise refusal(given, [kind.id])
    return {"id": given, "parent": parent, "name": name}


@hook("delete", _PREFERENCE)
async def leave(ctx: Context) -> None:
    """The API deletes none: it is forgotten."""

"""Access Context Manager: the server numbers policies; what is in one is named in full."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, timeout
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_POLICY = "google_access_context_manager_access_policy"
_INSIDE = ("google_access_context_manager_access_level", "google_access_context_manager_service_perimeter")


@hook("create", _POLICY)
async def create(ctx: Context) -> None:
    """The operation tells the number."""
    answer = await ctx.api.call("POST", ctx.kind.base + ctx.kind.calls["create"].url, document_of(ctx))
    made = await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, "create"))
    ctx.planned["name"] = str(made["name"]).rpartition("/")[2]


@hook("flatten", _POLICY)
def state_of(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The number by itself."""
    return {**state, "name": str(document["name"]).rpartition("/")[2]}


@hook("identify", *_INSIDE)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The full name, which tells the policy."""
    parts = given.split("/")
    if len(parts) < 2:
        raise ProviderError("Error parsing parent name. Should be in form accessPolicies/{{policy_id}}/…")
    return {"name": given, "parent": f"{parts[0]}/{parts[1]}", "id": given}

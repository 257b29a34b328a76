"""Artifact Registry: cleanup policies are a map in the API, and names are short in the state."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill

_REPOSITORY = "google_artifact_registry_repository"


@hook("expand", _REPOSITORY)
def policies_by_id(ctx: Context, document: Json) -> Json:
    """The policies keyed by their id, which is said again inside."""
    policies = document.pop("cleanupPolicies", None)
    if policies:
        ids = [policy["id"] for policy in ctx.planned["cleanup_policies"]]
        document["cleanupPolicies"] = {i: {"id": i, **policy} for i, policy in zip(ids, policies, strict=True)}
    return document


@hook("read", _REPOSITORY)
async def policies_as_list(ctx: Context) -> Json | None:
    """The repository, its policies as the list that Terraform knows."""
    document: Json | None = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned))
    if document and (policies := document.get("cleanupPolicies")):
        document["cleanupPolicies"] = [{**policy, "id": key} for key, policy in policies.items()]
    return document


@hook("flatten", _REPOSITORY)
def short_name(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The repository's own name without its path, and each policy's id."""
    state["name"] = str(document.get("name", "")).rpartition("/")[2]
    for policy, known in zip(state["cleanup_policies"], document.get("cleanupPolicies") or [], strict=True):
        policy["id"] = known["id"]
        for block in (*policy["condition"], *policy["most_recent_versions"]):
            for name, value in block.items():
                block[name] = [] if value is None else value
    return state

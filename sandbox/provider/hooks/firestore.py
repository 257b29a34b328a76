"""Firestore: databases that stay when they are no longer declared, and indexes that the server names."""

from __future__ import annotations

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill, general_delete, plan_deletion_policy, timeout

_DATABASE, _INDEX = "google_firestore_database", "google_firestore_index"


@hook("plan", _DATABASE)
def abandoned(ctx: Context) -> None:
    """Where nothing else is said, a database outlives its declaration."""
    plan_deletion_policy(ctx, "ABANDON")


@hook("delete", _DATABASE)
async def delete(ctx: Context) -> None:
    """Not one that is protected."""
    if ctx.planned.get("delete_protection_state") == "DELETE_PROTECTION_ENABLED":
        raise ProviderError(
            f"Cannot delete Firestore database {ctx.planned['name']}: Delete Protection is enabled. Set "
            "delete_protection_state to DELETE_PROTECTION_DISABLED for this resource and run "
            '"terraform apply" before attempting to delete it.'
        )
    await general_delete(ctx)


@hook("create", _INDEX)
async def create_index(ctx: Context) -> None:
    """Its name is in the operation's response."""
    call = ctx.kind.calls["create"]
    document = document_of(ctx)
    for name in ("database", "collection"):
        document.pop(name, None)
    answer = await ctx.api.call(call.method, ctx.kind.base + fill(call.url, ctx.planned), document)
    made = await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, "create"))
    ctx.planned["name"] = ctx.planned["id"] = made["name"]
    if ctx.planned.get("deletion_policy") in (None, UNKNOWN):
        ctx.planned["deletion_policy"] = ctx.settings.deletion_policy


@hook("create", "google_firestore_backup_schedule")
async def create_schedule(ctx: Context) -> None:
    """The server makes the name."""
    call = ctx.kind.calls["create"]
    made = await ctx.api.call(call.method, ctx.kind.base + fill(call.url, ctx.planned), document_of(ctx))
    ctx.planned["name"] = made["name"].rpartition("/")[2]

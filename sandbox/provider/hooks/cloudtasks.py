"""Cloud Tasks: pausing is a call of its own, and a queue is named in full."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill, general_update

_QUEUE = "google_cloud_tasks_queue"


@hook("expand", _QUEUE)
def named_in_full(ctx: Context, document: Json) -> Json:
    """The queue's name is its full name."""
    document["name"] = fill(ctx.kind.id, ctx.planned)
    return document


@hook("flatten", _QUEUE)
def as_wanted(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The state that is wanted exists in Terraform only; an imported queue is taken to be wanted running."""
    state["desired_state"] = state.get("desired_state") or "RUNNING"
    return state


@hook("after_create", _QUEUE)
async def pause(ctx: Context) -> None:
    """A new queue runs; a paused one is paused."""
    if ctx.planned.get("desired_state") == "PAUSED":
        await ctx.api.call("POST", f"{ctx.kind.base}{fill(ctx.kind.id, ctx.planned)}:pause", {})


@hook("update", _QUEUE)
async def update(ctx: Context) -> None:
    """Change the queue, then pause or resume it."""
    await general_update(ctx)
    if ctx.changed("desired_state"):
        verb = "pause" if ctx.planned["desired_state"] == "PAUSED" else "resume"
        await ctx.api.call("POST", f"{ctx.kind.base}{fill(ctx.kind.id, ctx.planned)}:{verb}", {})

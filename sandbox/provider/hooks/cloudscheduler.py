"""Cloud Scheduler: pausing is a call of its own, and the service adds headers that nobody asked for."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill, general_update

_JOB = "google_cloud_scheduler_job"
_RETRY: dict[str, tuple[Any, ...]] = {
    "retryCount": (0,),
    "maxRetryDuration": ("0s",),
    "minBackoffDuration": ("5s",),
    "maxBackoffDuration": ("3600s",),
    "maxDoublings": (5, 16),
}
"""What the service does where no retry is configured."""
_ADDED = ("User-Agent", "Content-Length", "X-CloudScheduler", "X-Google")


@hook("expand", _JOB)
def named_in_full(ctx: Context, document: Json) -> Json:
    """The job's name is its full name; `paused` is not part of the document."""
    document["name"] = fill(ctx.kind.id, ctx.planned)
    document.pop("paused", None)
    return document


@hook("flatten", _JOB)
def as_written(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """`paused` follows from the state; what the service filled in by itself is left out."""
    state["paused"] = document.get("state") == "PAUSED"
    if not ctx.planned.get("retry_config") and _is_default(document.get("retryConfig") or {}):
        state["retry_config"] = []
    for block in ("http_target", "app_engine_http_target"):
        configured = (ctx.planned.get(block) or [{}])[0]
        written = configured.get("headers") or {}
        for body in state[block] or []:
            if not configured.get("http_method") and body["http_method"] == "POST":
                body["http_method"] = ""
            headers = body.get("headers")
            if headers:
                kept = {k: v for k, v in headers.items() if k in written or not _was_added(k, v)}
                body["headers"] = kept
    return state


def _is_default(retry: Json) -> bool:
    return all(value in _RETRY.get(key, ()) for key, value in retry.items())


def _was_added(name: str, value: str) -> bool:
    return name.startswith(_ADDED) or (name == "Content-Type" and value == "application/octet-stream")


@hook("after_create", _JOB)
async def pause(ctx: Context) -> None:
    """A new job runs; a paused one is paused."""
    if ctx.planned.get("paused") is True:
        await ctx.api.call("POST", f"{ctx.kind.base}{fill(ctx.kind.id, ctx.planned)}:pause", {})


@hook("update", _JOB)
async def update(ctx: Context) -> None:
    """Change the job, then pause or resume it."""
    await general_update(ctx)
    if ctx.changed("paused"):
        verb = "pause" if ctx.planned.get("paused") is True else "resume"
        await ctx.api.call("POST", f"{ctx.kind.base}{fill(ctx.kind.id, ctx.planned)}:{verb}", {})

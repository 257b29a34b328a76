"""Memorystore: the password is asked for by itself, and a newer version is an upgrade."""

from __future__ import annotations

import re

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import changed_fields, fill, general_update, timeout

_INSTANCE = "google_redis_instance"


def _url(ctx: Context) -> str:
    return ctx.kind.base + fill(ctx.kind.id, ctx.planned)


@hook("plan", _INSTANCE)
def an_older_version_is_another_instance(ctx: Context) -> None:
    """Versions only go up."""
    old, new = _version((ctx.prior or {}).get("redis_version")), _version(ctx.planned.get("redis_version"))
    if old and new and new < old:
        ctx.replace.append(("redis_version",))


def _version(text: object) -> tuple[int, int] | None:
    found = re.fullmatch(r"REDIS_(\d+)_(\d+)", text) if isinstance(text, str) else None
    return (int(found[1]), int(found[2])) if found else None


@hook("read", _INSTANCE)
async def read(ctx: Context) -> Json | None:
    """With its password, which Terraform keeps as a sensitive value."""
    document: Json | None = await ctx.api.get(_url(ctx))
    if document is not None and document.get("authEnabled"):
        document["authString"] = (await ctx.api.call("GET", f"{_url(ctx)}/authString")).get("authString")
    return document


@hook("update", _INSTANCE)
async def update(ctx: Context) -> None:
    """The settings, then the version."""
    prior, version = ctx.prior or {}, ctx.planned.get("redis_version")
    upgraded = ctx.changed("redis_version")
    ctx.planned["redis_version"] = prior.get("redis_version")
    if changed_fields(ctx):
        await general_update(ctx)
    ctx.planned["redis_version"] = version
    if upgraded:
        operation = await ctx.api.call("POST", f"{_url(ctx)}:upgrade", {"redisVersion": version})
        await ctx.api.wait(ctx.kind.base, operation, timeout(ctx.planned, "update"))

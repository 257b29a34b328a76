"""Workflows: a name is made up where only its prefix is given."""

from __future__ import annotations

import secrets

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import general_create


@hook("create", "google_workflows_workflow")
async def create(ctx: Context) -> None:
    """Create under the name given, or under one made from the prefix."""
    if ctx.planned.get("name") in (None, UNKNOWN):
        prefix = ctx.planned.get("name_prefix")
        known = prefix if isinstance(prefix, str) else "terraform-"
        ctx.planned["name"] = f"{known}{secrets.token_hex(13)}"[:64]
    await general_create(ctx)

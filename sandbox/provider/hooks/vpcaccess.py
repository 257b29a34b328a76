"""Connectors of Serverless VPC Access: their link is their full name."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook


@hook("flatten", "google_vpc_access_connector")
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """A region that the provider's settings stand in for is not kept."""
    state["self_link"] = document.get("name", "")
    state["region"] = (ctx.config if ctx.prior is None else ctx.prior).get("region")
    return state

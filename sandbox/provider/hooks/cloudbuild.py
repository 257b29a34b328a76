"""Cloud Build: repositories, whose connection may be named in full."""

from __future__ import annotations

import re

from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import general_create, identity

_REPOSITORY = "google_cloudbuildv2_repository"
_FULL = re.compile(r"projects/([^/]+)/locations/([^/]+)/connections/([^/]+)")


@hook("create", _REPOSITORY)
async def create(ctx: Context) -> None:
    """Project and location are those of the connection where it tells them."""
    given = str(ctx.planned["parent_connection"])
    if full := _FULL.fullmatch(given):
        ctx.planned |= {"project": full[1], "location": full[2]}
    elif not isinstance(ctx.planned.get("location"), str):
        raise ProviderError(Problem("location: required field is not set", path=("location",)))
    ctx.planned["id"] = identity(ctx.kind.id, {**ctx.planned, "parent_connection": given.rpartition("/")[2]})
    await general_create(ctx)

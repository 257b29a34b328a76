"""Cloud Build: triggers, which the server numbers, and repositories, whose connection may be named in full."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import match, refusal
from sandbox.provider.resource import document_of, fill, general_create, identity
from sandbox.provider.settings import Settings
from sandbox.provider.suppress import seconds
from sandbox.provider.table import ResourceType

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


_TRIGGER = "google_cloudbuild_trigger"
_FORMS = ("projects/{project}/triggers/{trigger_id}", "{project}/{trigger_id}", "{trigger_id}")


@hook("validate", _TRIGGER)
def steps_end_in_time(ctx: Context) -> None:
    """A build's steps may not take longer than it may."""
    for build in _blocks(ctx.config.get("build")):
        given = [seconds(step.get("timeout")) for step in _blocks(build.get("step"))]
        most = 600.0 if build.get("timeout") is None else seconds(build["timeout"])
        total = sum(time for time in given if time)
        if most is not None and total > most:
            what = f"Step timeout sum ({total:g}s) cannot be greater than build timeout ({most:g}s)"
            ctx.problems.append(Problem(what, path=("build",)))


def _blocks(value: Any) -> list[dict[str, Any]]:
    """The blocks that are known."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


@hook("flatten", _TRIGGER)
def trigger_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """A trigger that waits for no approval says so."""
    return state | {"approval_config": state["approval_config"] or [{"approval_required": False}]}


@hook("create", _TRIGGER)
async def create_trigger(ctx: Context) -> None:
    """The answer tells the id."""
    call = ctx.kind.calls["create"]
    made = await ctx.api.call(call.method, ctx.kind.base + fill(call.url, ctx.planned), document_of(ctx))
    ctx.planned["trigger_id"] = made["id"]
    ctx.planned["id"] = _trigger_id(ctx.kind, ctx.planned)


def _trigger_id(kind: ResourceType, state: dict[str, Any]) -> str:
    """A global one's id names no location."""
    return identity(kind.id, state).replace("/locations/global/", "/")


@hook("identify", _TRIGGER)
def identify_trigger(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """In a location, or global where none is named."""
    for form in (kind.id, *_FORMS):
        if parts := match(form, given):
            state = {"project": settings.project, "location": "global", **parts}
            return {**state, "id": _trigger_id(kind, state)}
    raise refusal(given, [kind.id, *_FORMS])

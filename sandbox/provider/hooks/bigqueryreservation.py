"""BigQuery's reservations: assignments that the server names and tells in a list, BI Engine's one reservation."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import match, refusal
from sandbox.provider.resource import document_of, fill
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_ASSIGNMENT = "google_bigquery_reservation_assignment"
_COMMITMENT = "google_bigquery_capacity_commitment"
_BI = "google_bigquery_bi_reservation"
_WHOLE = re.compile(r"projects/(.+)/locations/(.+)/reservations/(.+)")


def _place(ctx: Context) -> str:
    """The assignments of the reservation, which may be told by its full name."""
    names = {**ctx.planned, "reservation": str(ctx.planned["reservation"]).rpartition("/")[2]}
    return ctx.kind.base + fill("projects/{project}/locations/{location}/reservations/{reservation}/assignments", names)


@hook("create", _ASSIGNMENT)
async def assign(ctx: Context) -> None:
    """In the location of the reservation, where none is said."""
    whole = _WHOLE.fullmatch(str(ctx.planned["reservation"]))
    if not isinstance(ctx.planned.get("location"), str) or not ctx.planned["location"]:
        if whole is None:
            raise ProviderError(
                f"`location` is required on {_ASSIGNMENT} when `reservation` is given as a bare name "
                f"(got {str(ctx.planned['reservation'])!r})."
            )
        ctx.planned["location"] = whole[2]
    answer = await ctx.api.call("POST", _place(ctx), document_of(ctx))
    ctx.planned["name"] = str(answer["name"]).rpartition("/")[2]
    ctx.planned["id"] = f"{_place(ctx).removeprefix(ctx.kind.base)}/{ctx.planned['name']}"


@hook("read", _ASSIGNMENT)
async def read_assignment(ctx: Context) -> Json | None:
    """The one of that name in the list."""
    listed = await ctx.api.get(_place(ctx)) or {}
    for found in listed.get("assignments") or []:
        if str(found["name"]).rpartition("/")[2] == ctx.planned["name"]:
            return {**found, "name": ctx.planned["name"]}
    return None


@hook("delete", _ASSIGNMENT)
async def unassign(ctx: Context) -> None:
    """One call."""
    await ctx.api.call("DELETE", f"{_place(ctx)}/{ctx.planned['name']}")


@hook("delete", _BI)
async def empty(ctx: Context) -> None:
    """It is always there: emptied."""
    url = ctx.kind.base + fill(ctx.kind.calls["update"].url, ctx.planned)
    await ctx.api.call("PATCH", f"{url}?updateMask=size%2CpreferredTables", {"size": 0, "preferredTables": []})


@hook("identify", _COMMITMENT)
def identify_commitment(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By project, location and id."""
    form = "projects/{project}/locations/{location}/capacityCommitments/{capacity_commitment_id}"
    for each in (form, "{project}/{location}/{capacity_commitment_id}", "{location}/{capacity_commitment_id}"):
        if parts := match(each, given):
            known = {"project": settings.project, **parts}
            name = form.format_map(known)
            return {**known, "name": name, "id": name}
    raise refusal(given, [form])


@hook("create", _COMMITMENT)
async def commit(ctx: Context) -> None:
    """The server makes an id where none is given."""
    call = ctx.kind.calls["create"]
    place = call.url.partition("?")[0]
    query = []
    if given := ctx.planned.get("capacity_commitment_id"):
        query.append(f"capacityCommitmentId={given}")
    if single := ctx.planned.get("enforce_single_admin_project_per_org"):
        query.append(f"enforceSingleAdminProjectPerOrg={single}")
    url = ctx.kind.base + fill(place, ctx.planned) + ("?" + "&".join(query) if query else "")
    answer = await ctx.api.call(call.method, url, document_of(ctx))
    ctx.planned["name"] = ctx.planned["id"] = answer["name"]

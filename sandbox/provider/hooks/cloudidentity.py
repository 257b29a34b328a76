"""Cloud Identity: names that the server makes, and roles of members that are changed one kind of change at a time."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_GROUP, _MEMBERSHIP = "google_cloud_identity_group", "google_cloud_identity_group_membership"


@hook("identify", _GROUP, _MEMBERSHIP)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """A name as it is, which tells a membership's group."""
    group = re.match(r"groups/[^/]+", given)
    told = {"group": group[0]} if group and kind.name == _MEMBERSHIP else {}
    return {"name": given, "id": given, **told}


@hook("create", _GROUP)
async def create(ctx: Context) -> None:
    """The name is in the answer."""
    call = ctx.kind.calls["create"]
    _named(ctx, await ctx.api.call(call.method, ctx.kind.base + fill(call.url, ctx.planned), document_of(ctx)))


def _named(ctx: Context, answer: Json) -> None:
    ctx.planned["name"] = ctx.planned["id"] = (answer.get("response") or answer)["name"]
    if ctx.planned.get("deletion_policy") in (None, UNKNOWN):
        ctx.planned["deletion_policy"] = ctx.settings.deletion_policy


@hook("create", _MEMBERSHIP)
async def create_membership(ctx: Context) -> None:
    """One that is there is taken as it is, where that is said."""
    document = document_of(ctx)
    url = ctx.kind.base + fill(ctx.kind.calls["create"].url, ctx.planned)
    if ctx.planned.get("create_ignore_already_exists"):
        key = document["preferredMemberKey"]
        query = {f"memberKey.{part}": key[part] for part in ("id", "namespace") if key.get(part)}
        found = await ctx.api.get(f"{url}:lookup?{urlencode(query)}")
        if found is not None:
            return _named(ctx, found)
    return _named(ctx, await ctx.api.call("POST", url, document))


@hook("update", _MEMBERSHIP)
async def update_membership(ctx: Context) -> None:
    """Roles that go, then those whose time changes, then those that come: a request has one kind."""
    url = f"{ctx.kind.base}{ctx.planned['name']}:modifyMembershipRoles"
    old, new = (_roles(state or {}) for state in (ctx.prior, ctx.planned))
    changed = [name for name in new if name in old and old[name] != new[name]]
    for field, value in (
        ("removeRoles", [name for name in old if name not in new]),
        ("updateRolesParams", [{"fieldMask": "expiryDetail.expire_time", "membershipRole": new[n]} for n in changed]),
        ("addRoles", [new[name] for name in new if name not in old]),
    ):
        if value:
            await ctx.api.call("POST", url, {field: value})


def _roles(state: dict[str, Any]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for role in state.get("roles") or []:
        details = role.get("expiry_detail") or []
        expires = {"expiryDetail": {"expireTime": details[0]["expire_time"]}} if details else {}
        found[role["name"]] = {"name": role["name"], **expires}
    return found

"""Tags on resources: a binding is one of its parent's list, by its name."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import refusal
from sandbox.provider.resource import general_create
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_BINDING = "google_tags_tag_binding"
_IN_LOCATION = "google_tags_location_tag_binding"
_FORM = re.compile(r"(?P<parent>%2F%2F[^/]+)/tagValues/(?P<value>[0-9]+)")


def _full(ctx: Context) -> str:
    return f"tagBindings/{quote(str(ctx.planned['parent']), safe='')}/{ctx.planned['tag_value']}"


@hook("create", _BINDING, _IN_LOCATION)
async def create(ctx: Context) -> None:
    """The name is made of the two it binds."""
    await general_create(ctx)
    prefix = "" if ctx.kind.name == _IN_LOCATION else "tagBindings/"
    ctx.planned["name"] = _full(ctx).removeprefix(prefix)


@hook("read", _BINDING, _IN_LOCATION)
async def read(ctx: Context) -> Json | None:
    """Found in the list of its parent's, where it stands by itself."""
    parent = quote(str(ctx.planned["parent"]), safe="")
    found = await ctx.api.call("GET", f"{ctx.kind.base}tagBindings?parent={parent}&pageSize=300")
    name = _full(ctx)
    return next((one for one in found.get("tagBindings", []) if one["name"] == name), None)


@hook("flatten", _BINDING)
def short_name(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The name without its collection."""
    return {**state, "name": str(document["name"]).removeprefix("tagBindings/")}


@hook("identify", _BINDING, _IN_LOCATION)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By the name, which tells both; after the location where there is one."""
    location, _, rest = given.partition("tagBindings/")
    match = _FORM.fullmatch(rest or given)
    if match is None or (kind.name == _IN_LOCATION) != bool(location):
        raise refusal(given, [kind.id])
    known = {"parent": unquote(match["parent"]), "tag_value": f"tagValues/{match['value']}"}
    if kind.name == _IN_LOCATION:
        return {**known, "id": given, "location": location.rstrip("/"), "name": given.partition("/")[2]}
    return {**known, "id": f"tagBindings/{match[0]}", "name": match[0]}

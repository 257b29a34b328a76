"""Whole access control lists: of a bucket, of its objects to come, of an object."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_BUCKET = "google_storage_bucket_acl"
_DEFAULT = "google_storage_default_object_acl"
_OBJECT = "google_storage_object_acl"
_OBJECT_ENTRY = "google_storage_object_access_control"
_TEAMS = re.compile(r"OWNER:project-(owners|editors)-|READER:project-viewers-")
_OWNER = re.compile(r"OWNER:project-owners-")  # who owns what is in a bucket of the sandbox


def _pairs(listed: Any) -> dict[str, str]:
    """Roles by entity, of pairs such as `READER:user-ann@example.com`."""
    return {entity: role for role, _, entity in (str(pair).partition(":") for pair in listed or [])}


@hook("plan", _BUCKET)
def keep_teams(ctx: Context) -> None:
    """The project's own entries stay where they are, and the order is the one there was."""
    old, new = (ctx.prior or {}).get("role_entity") or [], ctx.planned.get("role_entity") or []
    if not old or new is UNKNOWN or not new or UNKNOWN in new:
        return
    kept = [pair for pair in old if pair in new or _TEAMS.match(pair)]
    ctx.planned["role_entity"] = [*kept, *(pair for pair in dict.fromkeys(new) if pair not in kept)]


@hook("plan", _OBJECT)
def keep_owner(ctx: Context) -> None:
    """The owner can't be taken out, so whether a configuration names it changes nothing."""
    old, new = (ctx.prior or {}).get("role_entity") or [], ctx.planned.get("role_entity") or []
    if new is UNKNOWN or not new or UNKNOWN in new:
        return
    ctx.planned["role_entity"] = [*new, *(pair for pair in old if _OWNER.match(pair) and pair not in new)]


def _bucket(ctx: Context) -> str:
    return f"{ctx.kind.base}b/{ctx.planned['bucket']}"


def _object(ctx: Context) -> str:
    return f"{_bucket(ctx)}/o/{quote(str(ctx.planned['object']), safe='')}"


async def _exchange(ctx: Context, url: str, old: dict[str, str]) -> None:
    """Have the planned pairs at a list instead of the old ones; what isn't named as old stays."""
    new = _pairs(ctx.planned.get("role_entity"))
    for entity, role in new.items():
        if old.get(entity) != role:
            await ctx.api.call("POST", url, {"entity": entity, "role": role})
    for entity, role in old.items():
        if entity not in new and not _OWNER.match(f"{role}:{entity}"):
            await ctx.api.call("DELETE", f"{url}/{quote(entity, safe='@')}")


async def _listed(ctx: Context, url: str) -> list[str] | None:
    found = await ctx.api.get(url)
    return None if found is None else [f"{item['role']}:{item['entity']}" for item in found.get("items", [])]


def _given(ctx: Context) -> bool:
    pairs = ctx.planned.get("role_entity")
    return pairs is not UNKNOWN and bool(pairs)


@hook("create", _BUCKET)
async def create_bucket(ctx: Context) -> None:
    """The predefined list, or the pairs beside those that are there."""
    if predefined := ctx.planned.get("predefined_acl"):
        await ctx.api.call("PATCH", f"{_bucket(ctx)}?predefinedAcl={quote(predefined)}", {})
    if _given(ctx):
        standing = _pairs(await _listed(ctx, f"{_bucket(ctx)}/acl"))
        wanted = _pairs(ctx.planned["role_entity"])
        await _exchange(ctx, f"{_bucket(ctx)}/acl", {e: role for e, role in standing.items() if e in wanted})
    await _default(ctx)
    ctx.planned["id"] = f"{ctx.planned['bucket']}-acl"


async def _default(ctx: Context) -> None:
    if default := ctx.planned.get("default_acl"):
        await ctx.api.call("PATCH", f"{_bucket(ctx)}?predefinedDefaultObjectAcl={quote(default)}", {})


@hook("read", _BUCKET)
async def read_bucket(ctx: Context) -> Json | None:
    """All pairs, where the configuration has some: what a predefined list became isn't told apart."""
    listed = await _listed(ctx, f"{_bucket(ctx)}/acl")
    return None if listed is None else {"roleEntity": listed if _given(ctx) else []}


@hook("update", _BUCKET)
async def update_bucket(ctx: Context) -> None:
    """Pairs, else the default list."""
    if ctx.changed("role_entity"):
        await _exchange(ctx, f"{_bucket(ctx)}/acl", _pairs((ctx.prior or {}).get("role_entity")))
    elif ctx.changed("default_acl"):
        await _default(ctx)


@hook("delete", _BUCKET)
async def delete_bucket(ctx: Context) -> None:
    """Take the pairs out, but for the project's own."""
    for entity, role in _pairs(ctx.planned.get("role_entity")).items():
        if not _TEAMS.match(f"{role}:{entity}"):
            await ctx.api.call("DELETE", f"{_bucket(ctx)}/acl/{quote(entity, safe='@')}")


@hook("create", _DEFAULT)
async def create_default(ctx: Context) -> None:
    """The pairs and no others; none is the predefined `private`."""
    pairs = _pairs(ctx.planned["role_entity"]) if _given(ctx) else {}
    if pairs:
        entries = [{"entity": entity, "role": role} for entity, role in pairs.items()]
        await ctx.api.call("PATCH", _bucket(ctx), {"defaultObjectAcl": entries})
    else:
        await delete_default(ctx)
    ctx.planned["id"] = ctx.planned["bucket"]


@hook("update", _DEFAULT)
async def update_default(ctx: Context) -> None:
    """As at creation."""
    if ctx.changed("role_entity"):
        await create_default(ctx)


@hook("read", _DEFAULT)
async def read_default(ctx: Context) -> Json | None:
    """The pairs there are."""
    found = await ctx.api.get(f"{_bucket(ctx)}?projection=full")
    if found is None:
        return None
    return {"roleEntity": [f"{item['role']}:{item['entity']}" for item in found.get("defaultObjectAcl", [])]}


@hook("delete", _DEFAULT)
async def delete_default(ctx: Context) -> None:
    """Back to `private`."""
    await ctx.api.call("PATCH", f"{_bucket(ctx)}?predefinedDefaultObjectAcl=private", {})


@hook("create", _OBJECT)
async def create_object(ctx: Context) -> None:
    """The predefined list, or the pairs instead of those that are there."""
    if predefined := ctx.planned.get("predefined_acl"):
        await ctx.api.call("PATCH", f"{_object(ctx)}?predefinedAcl={quote(predefined)}", {})
    elif _given(ctx):
        await _exchange(ctx, f"{_object(ctx)}/acl", _pairs(await _listed(ctx, f"{_object(ctx)}/acl")))
    else:
        raise ProviderError('Error, you must specify either "predefined_acl" or "role_entity"')
    ctx.planned["id"] = f"{ctx.planned['object']}-acl"


@hook("update", _OBJECT)
async def update_object(ctx: Context) -> None:
    """As at creation, of what changed."""
    if ctx.changed("predefined_acl") and ctx.planned.get("predefined_acl"):
        await create_object(ctx)
    elif ctx.changed("role_entity") and _given(ctx):
        await _exchange(ctx, f"{_object(ctx)}/acl", _pairs((ctx.prior or {}).get("role_entity")))


@hook("read", _OBJECT)
async def read_object(ctx: Context) -> Json | None:
    """The pairs there are."""
    listed = await _listed(ctx, f"{_object(ctx)}/acl")
    return None if listed is None else {"roleEntity": listed}


@hook("delete", _OBJECT)
async def delete_object(ctx: Context) -> None:
    """Back to `private`."""
    await ctx.api.call("PATCH", f"{_object(ctx)}?predefinedAcl=private", {})


@hook("identify", _OBJECT_ENTRY)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By `BUCKET/OBJECT/ENTITY`, where the object may have slashes."""
    bucket, _, rest = given.partition("/")
    name, _, entity = rest.rpartition("/")
    return {"bucket": bucket, "object": name, "entity": entity, "id": given}

"""Cloud Logging of folders, organizations and billing accounts, and exclusions: their parent is in their id."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from sandbox.provider.hooks.logging import delete_bucket, delete_sink, update_bucket, whole_sink
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import refusal
from sandbox.provider.resource import changed_fields, document_of
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_SINKS = [f"google_logging_{kind}_sink" for kind in ("folder", "organization", "billing_account")]
_BUCKETS = [f"google_logging_{kind}_bucket_config" for kind in ("folder", "organization", "billing_account")]
_EXCLUSIONS = [f"google_logging_{kind}_exclusion" for kind in ("project", "folder", "organization", "billing_account")]
_FORM = re.compile(r"(\w+)/\{(\w+)\}/")

hook("update", *_BUCKETS)(update_bucket)
hook("delete", *_BUCKETS)(delete_bucket)
hook("delete", *_SINKS)(delete_sink)


def _parent(kind: ResourceType) -> tuple[str, str]:
    """The collection of the parent, and the argument that names one."""
    match = _FORM.match(kind.id)
    if match is None:
        raise ValueError(f"{kind.name} has no parent in its id")
    return match[1], match[2]


def _set_id(ctx: Context) -> str:
    """The id, whether the parent was given with or without its collection. Returns the parent."""
    collection, argument = _parent(ctx.kind)
    parent = f"{collection}/{str(ctx.planned[argument]).removeprefix(f'{collection}/')}"
    rest = ctx.kind.id.split("/", 2)[2]
    ctx.planned["id"] = f"{parent}/" + re.sub(r"\{(\w+)\}", lambda match: str(ctx.planned[match[1]]), rest)
    return parent


@hook("plan", *_SINKS)
def parent_without_its_collection(ctx: Context) -> None:
    """The state has a folder's or an organization's number alone."""
    collection, argument = _parent(ctx.kind)
    if isinstance(ctx.planned[argument], str) and collection != "billingAccounts":
        ctx.planned[argument] = ctx.planned[argument].removeprefix(f"{collection}/")


@hook("create", *_SINKS)
async def create_sink(ctx: Context) -> None:
    """Always with a writer of its own."""
    url = f"{ctx.kind.base}{_set_id(ctx)}/sinks?uniqueWriterIdentity=true"
    await ctx.api.call("POST", url, document_of(ctx))


@hook("update", *_SINKS)
async def update_sink(ctx: Context) -> None:
    """What changed, and the exclusions in any case."""
    changed = [f.api[0] for f in changed_fields(ctx) if f.api and f.name != "exclusions"]
    mask = quote(",".join(["exclusions", *changed]))
    url = f"{ctx.kind.base}{ctx.planned['id']}?uniqueWriterIdentity=true&updateMask={mask}"
    await ctx.api.call("PATCH", url, whole_sink(ctx))


@hook("create", *_BUCKETS)
async def take_over(ctx: Context) -> None:
    """A bucket above projects is there: Google makes it, or the API does."""
    _set_id(ctx)
    ctx.prior = {}
    await update_bucket(ctx)


@hook("create", *_EXCLUSIONS)
async def create_exclusion(ctx: Context) -> None:
    """One call."""
    await ctx.api.call("POST", f"{ctx.kind.base}{_set_id(ctx)}/exclusions", document_of(ctx))


@hook("update", *_EXCLUSIONS)
async def update_exclusion(ctx: Context) -> None:
    """What changed alone, emptied or not."""
    changed = [f.name for f in changed_fields(ctx)]
    if changed:
        zero: dict[str, Any] = {"disabled": False}
        body = {name: ctx.planned[name] or zero.get(name, "") for name in changed}
        await ctx.api.call("PATCH", f"{ctx.kind.base}{ctx.planned['id']}?updateMask={quote(','.join(changed))}", body)


@hook("identify", *_SINKS, *_BUCKETS, *_EXCLUSIONS)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By the whole id. What is in a bucket's id is taken as it stands, with the parent's collection."""
    collection, argument = _parent(kind)
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(kind.id))
    match = re.fullmatch(pattern, given)
    if match is None:
        raise refusal(given, [kind.id])
    found = {**match.groupdict(), "id": given}
    if kind.name in _BUCKETS:
        found[argument] = f"{collection}/{found[argument]}"
    return found

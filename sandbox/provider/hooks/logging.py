"""Cloud Logging: what Google makes by itself is taken over, and names may hold slashes."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import refusal
from sandbox.provider.resource import changed_fields, document_of, fill, general_create, general_delete, timeout
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_METRIC = "google_logging_metric"
_SINK = "google_logging_project_sink"
_BUCKET = "google_logging_project_bucket_config"
_VIEW = "google_logging_log_view"
_LINK = "google_logging_linked_dataset"
_SHARED_WRITER = "serviceAccount:cloud-logs@system.gserviceaccount.com"
_PLACE = re.compile(r"((?:projects|folders|organizations|billingAccounts)/[^/]+)/locations/([^/]+)/buckets/([^/]+)")


def _metric(ctx: Context) -> str:
    return f"{ctx.kind.base}projects/{ctx.planned['project']}/metrics/{quote(ctx.planned['name'], safe='')}"


@hook("read", _METRIC)
async def read_metric(ctx: Context) -> Json | None:
    """By its name, whose slashes are no path."""
    document: Json | None = await ctx.api.get(_metric(ctx))
    return document


@hook("update", _METRIC)
async def update_metric(ctx: Context) -> None:
    """The whole document."""
    if changed_fields(ctx):
        await ctx.api.call("PUT", _metric(ctx), document_of(ctx))


@hook("delete", _METRIC)
async def delete_metric(ctx: Context) -> None:
    """By its name."""
    await ctx.api.call("DELETE", _metric(ctx))


@hook("identify", _METRIC)
def identify_metric(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By its name, after the project if it is given too."""
    project, _, name = given.rpartition(" ")
    if not name:
        raise refusal(given, ["{project} {name}", "{name}"])
    return {"name": name, "id": name, "project": project or settings.project}


@hook("validate", _SINK)
def partitioned_by_a_writer_of_its_own(ctx: Context) -> None:
    """BigQuery's options need a writer of the sink's own."""
    if ctx.config.get("bigquery_options") and ctx.config.get("unique_writer_identity") is False:
        raise ProviderError("unique_writer_identity must be true when bigquery_options is supplied")


@hook("plan", _SINK)
def writer_comes_with_it(ctx: Context) -> None:
    """A sink that gets a writer of its own doesn't know it yet."""
    if ctx.prior and ctx.changed("unique_writer_identity") and ctx.planned["unique_writer_identity"] is True:
        ctx.planned["writer_identity"] = UNKNOWN


def _writer(ctx: Context) -> str:
    query = f"uniqueWriterIdentity={str(ctx.planned['unique_writer_identity'] is True).lower()}"
    custom = ctx.planned.get("custom_writer_identity")
    return f"{query}&customWriterIdentity={quote(custom, safe='')}" if custom else query


@hook("create", _SINK)
async def create_sink(ctx: Context) -> None:
    """Create it, or take it over where it is there, as Google's own are."""
    url = ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned)
    if await ctx.api.get(url) is not None:
        await ctx.api.call("PATCH", f"{url}?{_writer(ctx)}&updateMask={quote(_SINK_MASK)}", whole_sink(ctx))
        return
    place = url.rpartition("/")[0]
    await ctx.api.call("POST", f"{place}?{_writer(ctx)}", document_of(ctx))


_SINK_MASK = "exclusions,destination,filter,description,disabled,bigqueryOptions"


def whole_sink(ctx: Context) -> Json:
    """The API wants destination and filter in every change."""
    return {"filter": "", "disabled": False, "exclusions": [], **document_of(ctx)}


@hook("update", _SINK)
async def update_sink(ctx: Context) -> None:
    """What changed, and the exclusions in any case."""
    changed = ["exclusions", *(f.api[0] for f in changed_fields(ctx) if f.api and f.name != "exclusions")]
    url = ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned)
    await ctx.api.call("PATCH", f"{url}?{_writer(ctx)}&updateMask={quote(','.join(changed))}", whole_sink(ctx))


@hook("delete", _SINK)
async def delete_sink(ctx: Context) -> None:
    """Google's own sinks stay."""
    if ctx.planned["name"] not in ("_Required", "_Default"):
        await general_delete(ctx)


@hook("flatten", _SINK)
def unique_or_not(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Whether the writer is the sink's own shows in who it is."""
    state["unique_writer_identity"] = document.get("writerIdentity") != _SHARED_WRITER
    return state


@hook("create", _BUCKET)
async def create_bucket(ctx: Context) -> None:
    """Create it, or take over one that Google made."""
    url = ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned)
    if await ctx.api.get(url) is not None:
        ctx.prior = {}
        await _update_bucket(ctx, url)
        return
    place, _, id_ = url.rpartition("/")
    operation = await ctx.api.call("POST", f"{place}:createAsync?bucketId={id_}", document_of(ctx))
    await ctx.api.wait(ctx.kind.base, operation, timeout(ctx.planned, "create"))


@hook("update", _BUCKET)
async def update_bucket(ctx: Context) -> None:
    """Analytics first, by a call of its own; then the rest."""
    await _update_bucket(ctx, ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned))


async def _update_bucket(ctx: Context, url: str) -> None:
    changed = {f.name: ".".join(f.api or ()) for f in changed_fields(ctx)}
    document = document_of(ctx)
    if "enable_analytics" in changed:
        only = {"analyticsEnabled": ctx.planned["enable_analytics"] is True}
        operation = await ctx.api.call("POST", f"{url}:updateAsync?updateMask=analyticsEnabled", only)
        await ctx.api.wait(ctx.kind.base, operation, timeout(ctx.planned, "update"))
    kept = ("retention_days", "description", "cmek_settings", "index_configs")
    mask = [changed[name] for name in kept if name in changed]
    if mask:
        await ctx.api.call("PATCH", f"{url}?updateMask={quote(','.join(mask))}", document)
    if "locked" in changed:
        await ctx.api.call("PATCH", f"{url}?updateMask=locked", document)


@hook("delete", _BUCKET)
async def delete_bucket(ctx: Context) -> None:
    """Google's own buckets stay."""
    if ctx.planned["bucket_id"] not in ("_Required", "_Default"):
        await general_delete(ctx)


@hook("create", _VIEW, _LINK)
async def create_below(ctx: Context) -> None:
    """The bucket may be given by its full name, which says parent and location."""
    if match := _PLACE.fullmatch(str(ctx.planned["bucket"])):
        for name, value in zip(("parent", "location", "bucket"), match.groups(), strict=True):
            if ctx.config.get(name) in (None, UNKNOWN) or name == "bucket":
                ctx.planned[name] = value
    for name in ("parent", "location"):
        if ctx.planned.get(name) in (None, UNKNOWN):
            raise ProviderError(f"error extracting {name} field: bucket is not a full name, and {name} is not set")
    if ctx.kind.name == _VIEW:
        ctx.planned["name"] = str(ctx.planned["name"]).rpartition("/")[2]
    await general_create(ctx)


@hook("identify", _BUCKET, _VIEW, _LINK)
def identify_place(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """Only by the full name."""
    match = _PLACE.match(given)
    if match is None:
        raise refusal(given, [kind.id])
    parent, location, bucket = match.groups()
    if kind.name == _BUCKET:
        return {"id": given, "project": parent.rpartition("/")[2], "location": location, "bucket_id": bucket}
    own = "name" if kind.name == _VIEW else "link_id"
    return {"id": given, "parent": parent, "location": location, "bucket": bucket, own: given.rpartition("/")[2]}

"""Buckets, through the JSON API."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.provider.api import ApiError, Json
from sandbox.provider.codec import UNKNOWN, known
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.expand import expand
from sandbox.provider.fields import Field
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import changed_fields
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_BUCKET = "google_storage_bucket"
_IF_ZERO = {
    "send_age_if_zero": ("age", "age"),
    "send_days_since_noncurrent_time_if_zero": ("days_since_noncurrent_time", "daysSinceNoncurrentTime"),
    "send_days_since_custom_time_if_zero": ("days_since_custom_time", "daysSinceCustomTime"),
    "send_num_newer_versions_if_zero": ("num_newer_versions", "numNewerVersions"),
}
_STATES = {"LIVE": True, "ARCHIVED": False}


@hook("plan", _BUCKET)
def upper_location(ctx: Context) -> None:
    """Locations are upper case."""
    location = ctx.planned.get("location")
    if isinstance(location, str):
        ctx.planned["location"] = location.upper()
        if ctx.prior and ctx.prior.get("location") == location.upper():
            ctx.replace[:] = [path for path in ctx.replace if path != ("location",)]
    for placement in known(ctx.planned.get("custom_placement_config")):
        if isinstance(given := placement["data_locations"], list):
            placement["data_locations"] = [each.upper() if isinstance(each, str) else each for each in given]


def bucket_document(ctx: Context) -> Json:
    """The document of a bucket, its lifecycle rules completed."""
    document = expand(ctx.kind.fields, ctx.planned, ctx.config)
    rules = ctx.planned.get("lifecycle_rule") or []
    for rule, made in zip(rules, document.get("lifecycle", {}).get("rule", []), strict=False):
        condition, sent = rule["condition"][0], made.setdefault("condition", {})
        if condition.get("with_state") in _STATES:
            sent["isLive"] = _STATES[condition["with_state"]]
        for switch, (name, key) in _IF_ZERO.items():
            if condition.get(switch) and not condition.get(name):
                sent[key] = 0
    return document


@hook("create", _BUCKET)
async def create(ctx: Context) -> None:
    """Insert the bucket into its project."""
    url = f"{ctx.kind.base}b?project={quote(str(ctx.planned['project']))}"
    if ctx.planned.get("enable_object_retention"):
        url += "&enableObjectRetention=true"
    await ctx.api.call("POST", url, bucket_document(ctx))
    ctx.planned["id"] = ctx.planned["name"]


@hook("update", _BUCKET)
async def update(ctx: Context) -> None:
    """Patch what changed; what is gone from the configuration is sent as null."""
    changed = changed_fields(ctx)
    if not changed:
        return
    whole, patch = bucket_document(ctx), {}
    for f in changed:
        key = (f.api or (f.name,))[0]
        patch[key] = whole.get(key, [] if key == "cors" else None)
    if "labels" in patch:
        gone = set((ctx.prior or {}).get("effective_labels") or {}) - set(ctx.planned["effective_labels"])
        patch["labels"] = {**(patch["labels"] or {}), **dict.fromkeys(gone)}
    if ip_filter := patch.get("ipFilter"):
        # A patch merges: what is no longer filtered by has to be said.
        patch["ipFilter"] = {"publicNetworkSource": None, "vpcNetworkSources": None} | dict(ip_filter)
    if "lifecycle" in patch:
        patch["lifecycle"] = patch["lifecycle"] or {"rule": []}
    await ctx.api.call("PATCH", f"{ctx.kind.base}b/{ctx.planned['name']}", patch)


@hook("flatten", _BUCKET)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """What follows from the name, the project where only its number is told, the lifecycle's conditions."""
    state["url"] = f"gs://{state['name']}"
    state["force_destroy"] = bool(state.get("force_destroy"))
    # No folders are told as none, and kept as a block that says so.
    state["hierarchical_namespace"] = state["hierarchical_namespace"] or [{"enabled": False}]
    retention = (document.get("objectRetention") or {}).get("mode")
    state["enable_object_retention"] = retention == "Enabled"
    standing = ctx.planned.get("lifecycle_rule") or []
    for at, (rule, told) in enumerate(
        zip(state["lifecycle_rule"], document["lifecycle"]["rule"], strict=True) if state["lifecycle_rule"] else ()
    ):
        before = standing[at]["condition"][0] if at < len(standing) and standing[at].get("condition") else {}
        for condition in rule["condition"]:
            _complete(
                condition, told.get("condition", {}), before, ctx.kind.fields["lifecycle_rule"].fields["condition"]
            )
    return state


def _complete(condition: dict[str, Any], told: Json, before: dict[str, Any], field: Field) -> None:
    live = told.get("isLive")
    condition["with_state"] = "ANY" if live is None else "LIVE" if live else "ARCHIVED"
    for switch in _IF_ZERO:
        value = before.get(switch)
        condition[switch] = bool(value) if value is not UNKNOWN else False
    for name, f in field.fields.items():
        if f.kind == "list" and condition[name] is None:
            condition[name] = []


@hook("delete", _BUCKET)
async def delete(ctx: Context) -> None:
    """Delete the bucket, with `force_destroy` its objects in all their versions first."""
    bucket = f"{ctx.kind.base}b/{ctx.planned['name']}"
    if ctx.planned.get("force_destroy"):
        async for item in ctx.api.pages(f"{bucket}/o?versions=true&maxResults=500", "items"):
            await _delete_object(ctx, bucket, item)
    try:
        await ctx.api.call("DELETE", bucket)
    except ApiError as error:
        if error.status == 409 and "not empty" in error.message and not ctx.planned.get("force_destroy"):
            name = ctx.planned["name"]
            raise ProviderError(f"Error trying to delete bucket {name} without `force_destroy` set to true") from error
        raise


async def _delete_object(ctx: Context, bucket: str, item: Json) -> None:
    try:
        url = f"{bucket}/o/{quote(item['name'], safe='')}?generation={item['generation']}"
        await ctx.api.call("DELETE", url)
    except ApiError as error:
        if error.status != 404:
            raise


@hook("identify", _BUCKET)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By `PROJECT/NAME` or by name alone."""
    project, _, name = given.rpartition("/")
    return {"name": name, "id": name, "project": project or settings.project or None}

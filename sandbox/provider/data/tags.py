"""Data sources of tags: the keys of a parent and the values of a key, all of them or the one of a short name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from sandbox.provider.data import listing
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
_ONE = """
id string computed
parent string required
short_name string required
create_time string computed
description string computed
name string computed
namespaced_name string computed
update_time string computed
"""
_ELEMENT = """
  create_time string computed
  deletion_policy string computed
  description string computed
  name string computed
  namespaced_name string computed
  parent string computed
  short_name string computed
  update_time string computed
"""
_SERVICE = "cloudresourcemanager/v3"
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_tags_tag_key": (_SERVICE, "tagKeys/{name}", f"{_ONE}allowed_values_regex string computed\n"),
    "google_tags_tag_keys": (
        _SERVICE,
        "{parent}",
        f"""
parent string required
keys list computed api=tagKeys{_ELEMENT}  allowed_values_regex string computed
  purpose string computed
  purpose_data map(string) computed
""",
    ),
    "google_tags_tag_value": (_SERVICE, "tagValues/{name}", _ONE),
    "google_tags_tag_values": (
        _SERVICE,
        "{parent}",
        f"\nparent string required\nvalues list computed api=tagValues{_ELEMENT}",
    ),
}


def _url(ctx: Context) -> str:
    collection = "tagKeys" if "key" in ctx.kind.name else "tagValues"
    return f"{collection}?pageSize=300&parent={quote(str(ctx.planned['parent']), safe='')}"


async def _one(ctx: Context) -> State:
    """The one of a short name. Its name is its number alone."""
    parent, short, url = ctx.planned["parent"], ctx.planned["short_name"], _url(ctx)
    pages = ctx.api.pages(ctx.kind.base + url, url.partition("?")[0])
    found = next(iter([one async for one in pages if one["shortName"] == short]), None)
    if found is None:
        noun = "key" if "key" in ctx.kind.name else "value"
        raise ProviderError(f"tag {noun} with short_name {short} not found under parent {parent}")
    known = {name: found.get((f.api or ("",))[0], "") for name, f in ctx.kind.fields.items()}
    return known | {"id": found["name"], "name": found["name"].rpartition("/")[2], "parent": parent}


async def _every(ctx: Context) -> State:
    field = "keys" if "key" in ctx.kind.name else "values"
    return ctx.planned | {"id": ctx.planned["parent"], field: await listing.every(ctx, _url(ctx), field)}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_tags_tag_key": _one,
    "google_tags_tag_keys": _every,
    "google_tags_tag_value": _one,
    "google_tags_tag_values": _every,
}

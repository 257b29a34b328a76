"""Data sources of Cloud Storage: buckets, objects, and what objects hold."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlencode

from sandbox.control.http import Request
from sandbox.provider.api import ApiError, Json
from sandbox.provider.data import listing
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
_CHOSEN = """
bucket string required
match_glob string
prefix string
"""
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_storage_bucket_object_content": (
        "storage/v1",
        "{bucket}-{name}",
        """
bucket string required
name string required
content string optional computed
content_base64 string computed
content_base64sha512 string computed
content_hexsha512 string computed
cache_control string computed
content_disposition string computed
content_encoding string computed
content_language string computed
content_type string computed
contexts list computed
  custom list computed
    create_time string computed
    key string computed
    update_time string computed
    value string computed
crc32c string computed
customer_encryption list computed
  encryption_algorithm string computed
  encryption_key string computed
deletion_policy string computed
detect_md5hash string computed
event_based_hold bool computed
force_empty_content_type bool computed
generation number computed
kms_key_name string computed
md5hash string computed
md5hexhash string computed
media_link string computed
metadata map(string) computed
output_name string computed
retention list computed
  mode string computed
  retain_until_time string computed
self_link string computed
source string computed
source_md5hash string computed
storage_class string computed
temporary_hold bool computed
""",
    ),
    "google_storage_bucket_object_contents": (
        "storage/v1",
        "bucket/{bucket}",
        f"""{_CHOSEN}
bucket_objects list computed
  content string computed
  content_base64 string computed
  content_base64sha512 string computed
  content_hexsha512 string computed
  content_type string computed
  media_link string computed
  name string computed
  self_link string computed
""",
    ),
    "google_storage_bucket_objects": (
        "storage/v1",
        "{bucket}",
        f"""{_CHOSEN}
bucket_objects list computed
  content_type string computed
  media_link string computed
  name string computed
  self_link string computed
  storage_class string computed
""",
    ),
    "google_storage_buckets": (
        "storage/v1",
        "{project}",
        """
prefix string
project string
buckets list computed
  labels map(string) computed
  location string computed
  name string computed
  self_link string computed
  storage_class string computed
""",
    ),
}


async def _held(ctx: Context, bucket: str, name: str) -> Json:
    """The bytes of an object as text and as base64, and their hash in both spellings."""
    url = f"{ctx.kind.base}b/{quote(bucket)}/o/{quote(name, safe='')}?alt=media"
    try:
        data: bytes = (await ctx.api.send(Request.of("GET", url))).body
    except ApiError as error:
        said = f"googleapi: got HTTP response code {error.status} with body: {error.message}"
        raise ProviderError(f"Error downloading storage bucket object: {said}") from error
    digest = hashlib.sha512(data)
    return {
        "content": data.decode(errors="replace"),
        "content_base64": base64.b64encode(data).decode(),
        "content_base64sha512": base64.b64encode(digest.digest()).decode(),
        "content_hexsha512": digest.hexdigest(),
    }


async def _content(ctx: Context) -> State:
    """What an object holds, and nothing else of it."""
    bucket, name = str(ctx.planned["bucket"]), str(ctx.planned["name"])
    return ctx.planned | await _held(ctx, bucket, name) | {"id": f"{bucket}-{name}"}


async def _listed(ctx: Context) -> list[Json]:
    given = ctx.planned
    query = {name: given[key] for name, key in (("matchGlob", "match_glob"), ("prefix", "prefix")) if given[key]}
    url = f"{ctx.kind.base}b/{quote(str(given['bucket']))}/o{f'?{urlencode(query)}' if query else ''}"
    try:
        return [one async for one in ctx.api.pages(url, "items")]
    except ApiError as error:
        raise ProviderError(f"Error retrieving bucket objects: {error.text()}") from error


async def _objects(ctx: Context) -> State:
    """Those that a prefix and a pattern leave."""
    told = listing.told(ctx, "bucket_objects", await _listed(ctx))
    return ctx.planned | {"id": ctx.planned["bucket"], "bucket_objects": told}


async def _contents(ctx: Context) -> State:
    """The same with what each holds, by name."""
    given = ctx.planned
    bucket = str(given["bucket"])
    found = [
        {
            "name": one["name"],
            "content_type": one.get("contentType", ""),
            "media_link": one["mediaLink"],
            "self_link": one["selfLink"],
            **await _held(ctx, bucket, one["name"]),
        }
        for one in sorted(await _listed(ctx), key=lambda one: str(one["name"]).encode())
    ]
    chosen = [f"/{word}/{given[key]}" for word, key in (("glob", "match_glob"), ("prefix", "prefix")) if given[key]]
    return given | {"id": f"bucket/{bucket}{''.join(chosen)}", "bucket_objects": found}


async def _buckets(ctx: Context) -> State:
    """Those of a project whose names begin with a prefix."""
    project = listing.project(ctx)
    query = {"project": project} | ({"prefix": prefix} if (prefix := ctx.planned["prefix"]) else {})
    try:
        found = [one async for one in ctx.api.pages(f"{ctx.kind.base}b?{urlencode(query)}", "items")]
    except ApiError as error:
        raise ProviderError(f"Error retrieving buckets: {error.text()}") from error
    return ctx.planned | {"id": project, "buckets": listing.told(ctx, "buckets", found)}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_storage_bucket_object_content": _content,
    "google_storage_bucket_object_contents": _contents,
    "google_storage_bucket_objects": _objects,
    "google_storage_buckets": _buckets,
}

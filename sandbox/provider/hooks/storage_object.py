"""Objects of buckets: content in, checksums out."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sandbox.control.http import Request
from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.expand import expand
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_OBJECT = "google_storage_bucket_object"
_FOLLOWS = ("crc32c", "generation", "md5hash", "md5hexhash", "media_link")


def _data(ctx: Context) -> bytes | None:
    """What the object is to hold; None where that is not known yet. A path is Terraform's, not this process's."""
    content, source = ctx.planned.get("content"), ctx.planned.get("source")
    if isinstance(source, str) and source:
        path = Path(ctx.settings.directory, source)
        try:
            return path.read_bytes()
        except OSError as error:
            raise ProviderError(Problem(f"open {source}: {error.strerror}", path=("source",))) from error
    return content.encode() if isinstance(content, str) else None


def _md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


@hook("plan", _OBJECT)
def plan(ctx: Context) -> None:
    """Content that changed, here or in the bucket, is written again and changes the checksums."""
    if ctx.prior is None:
        if ctx.config.get("source_md5hash") not in (None, "") and ctx.planned.get("detect_md5hash") is not UNKNOWN:
            ctx.planned["detect_md5hash"] = None  # the hash that is given is compared in its place
        return
    written = ctx.config.get("content") is not None or ctx.config.get("source") is not None
    if not written:
        ctx.planned["detect_md5hash"] = ctx.prior.get("detect_md5hash")
        return
    data = None if UNKNOWN in (ctx.planned.get("content"), ctx.planned.get("source")) else _data(ctx)
    if data is not None and _md5(data) == ctx.prior.get("md5hash"):
        ctx.planned["detect_md5hash"] = ctx.prior.get("detect_md5hash")
        return
    ctx.planned["detect_md5hash"] = "different hash"
    for name in _FOLLOWS:
        ctx.planned[name] = UNKNOWN


def _key(values: Json) -> dict[str, str]:
    """The headers of the customer-supplied key that an object is encrypted with."""
    for block in values.get("customer_encryption") or []:
        key = str(block["encryption_key"])
        sha256 = base64.b64encode(hashlib.sha256(base64.b64decode(key)).digest()).decode()
        names = ("algorithm", "key", "key-sha256")
        given = (str(block.get("encryption_algorithm") or "AES256"), key, sha256)
        return {f"x-goog-encryption-{name}": value for name, value in zip(names, given, strict=True)}
    return {}


def _metadata(ctx: Context) -> Json:
    document = expand(ctx.kind.fields, ctx.planned, ctx.config)
    for name in ("content", "source", "sourceMd5hash", "customerEncryption"):
        document.pop(name, None)
    if custom := document.get("contexts", {}).get("custom"):
        keys = [entry["key"] for entry in ctx.planned["contexts"][0]["custom"]]
        values = [{"value": entry["value"]["value"]} for entry in custom]
        document["contexts"]["custom"] = dict(zip(keys, values, strict=True))
    return document


@hook("create", _OBJECT)
async def upload(ctx: Context) -> None:
    """Upload the metadata and the content in one multipart request."""
    bucket, name = str(ctx.planned["bucket"]), str(ctx.planned["name"])
    data = _data(ctx) or b""
    document = {**_metadata(ctx), "bucket": bucket, "name": name}
    kind = document.get("contentType") or "text/plain; charset=utf-8"
    boundary = secrets.token_hex(16)
    parts = (
        f"--{boundary}\r\ncontent-type: application/json\r\n\r\n{json.dumps(document)}\r\n"
        f"--{boundary}\r\ncontent-type: {kind}\r\n\r\n"
    )
    body = parts.encode() + data + f"\r\n--{boundary}--\r\n".encode()
    url = f"/upload{ctx.kind.base}b/{quote(bucket)}/o?uploadType=multipart&name={quote(name, safe='')}"
    at = Request.of("POST", url)
    kind = f"multipart/related; boundary={boundary}"
    headers = {"content-type": kind, "authorization": "Bearer embedded", **_key(ctx.planned)}
    await ctx.api.send(Request("POST", at.path, at.query, headers, body))
    ctx.planned["id"] = f"{bucket}-{name}"


def _url(ctx: Context) -> str:
    bucket, name = str(ctx.planned["bucket"]), str(ctx.planned["name"])
    return f"{ctx.kind.base}b/{quote(bucket)}/o/{quote(name, safe='')}"


@hook("read", _OBJECT)
async def read(ctx: Context) -> Json | None:
    """The object's metadata."""
    document: Json | None = await ctx.api.get(_url(ctx), headers=_key(ctx.planned))
    if document and (custom := (document.get("contexts") or {}).get("custom")):
        document["contexts"]["custom"] = [{"key": key, "value": value} for key, value in custom.items()]
    return document


@hook("flatten", _OBJECT)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Checksums in the forms Terraform has, and the content as it was given."""
    for name in ("content", "source", "customer_encryption"):
        value = ctx.planned.get(name)
        state[name] = ([] if name == "customer_encryption" else None) if value is UNKNOWN else value
    md5hash = ctx.planned.get("source_md5hash")
    state["source_md5hash"] = "" if md5hash in (None, UNKNOWN) else md5hash
    md5 = str(document.get("md5Hash") or "")
    state["md5hexhash"] = base64.b64decode(md5).hex() if md5 else ""
    state["detect_md5hash"] = md5
    state["bucket"] = ctx.planned["bucket"]
    return state


@hook("update", _OBJECT)
async def update(ctx: Context) -> None:
    """Write the content again where it changed, else patch the switches."""
    if ctx.planned.get("md5hash") is UNKNOWN or ctx.changed("content"):
        await upload(ctx)
        return
    names = ("event_based_hold", "temporary_hold", "retention", "contexts")
    changed = [name for name in names if ctx.changed(name)]
    if changed:
        document = _metadata(ctx)
        keys = [(ctx.kind.fields[name].api or (name,))[0] for name in changed]
        await ctx.api.call("PATCH", _url(ctx), {key: document.get(key) for key in keys})


@hook("delete", _OBJECT)
async def delete(ctx: Context) -> None:
    """Delete the live version."""
    await ctx.api.call("DELETE", _url(ctx))


@hook("identify", _OBJECT)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By `BUCKET/NAME`, where the name may have slashes."""
    bucket, _, name = given.partition("/")
    return {"bucket": bucket, "name": name, "id": f"{bucket}-{name}"}

"""Data sources of Cloud KMS: lists of key rings, keys and handles, and versions of keys."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlencode

from sandbox.provider import resource
from sandbox.provider.api import ApiError, Json
from sandbox.provider.data import listing
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
_PUBLIC = """public_key list computed
  algorithm string computed
  pem string computed
"""
_VERSION = f"""
crypto_key string required
algorithm string computed
name string computed
protection_level string computed
state string computed
{_PUBLIC}"""
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_kms_key_rings": (
        "cloudkms/v1",
        "projects/{project}/locations/{location}/keyRings",
        """
filter string
location string required
project string
key_rings list computed
  id string computed api=name
  name string computed api=short
""",
    ),
    "google_kms_crypto_keys": (
        "cloudkms/v1",
        "{key_ring}/cryptoKeys",
        """
filter string
key_ring string required
keys list computed api=cryptoKeys
  crypto_key_backend string computed
  deletion_policy string computed local
  destroy_scheduled_duration string computed
  effective_labels map(string) computed local
  id string computed api=name
  import_only bool computed
  key_ring string computed api=ring
  labels map(string) computed local
  name string computed api=short
  primary list computed
    name string computed
    state string computed
  purpose string computed
  rotation_period string computed
  skip_initial_version_creation bool computed local
  terraform_labels map(string) computed local
  version_template list computed
    algorithm string computed
    protection_level string computed
""",
    ),
    "google_kms_crypto_key_version": (
        "cloudkms/v1",
        "{crypto_key}/cryptoKeyVersions/{version}",
        f"{_VERSION}version number default=1",
    ),
    "google_kms_crypto_key_latest_version": (
        "cloudkms/v1",
        "{crypto_key}/latestCryptoKeyVersion",
        f"{_VERSION}filter string\nversion number computed",
    ),
    "google_kms_crypto_key_versions": (
        "cloudkms/v1",
        "{crypto_key}/cryptoKeyVersions",
        f"""
crypto_key string required
filter string
{_PUBLIC}versions list computed api=cryptoKeyVersions
  algorithm string computed
  crypto_key string computed api=key
  id string computed api=name
  name string computed
  protection_level string computed
  public_key list computed local
    algorithm string computed
    pem string computed
  state string computed
  version number computed api=number
""",
    ),
    "google_kms_key_handles": (
        "cloudkms/v1",
        "projects/{project}/locations/{location}/keyHandles",
        """
location string required
project string
resource_type_selector string required
key_handles list computed
  kms_key string computed
  name string computed
  resource_type_selector string computed
""",
    ),
}
_PLACE = r"projects/([^/]+)/locations/([a-z0-9-]+)/keyRings/([\w-]{1,63})"


def full(ctx: Context, given: str, *, key: bool = False) -> str:
    """The whole name of a ring, or of a key in one, which may be given by the parts that differ alone."""
    if re.fullmatch(_PLACE + (r"/cryptoKeys/[\w-]{1,63}" if key else ""), given):
        return given
    parts, count = given.split("/"), 4 if key else 3
    wanted = "{locationId}/{keyRingName}" + ("/{cryptoKeyName}" if key else "")
    if len(parts) not in (count, count - 1) or not all(re.fullmatch(r"[\w:.-]+", part) for part in parts):
        # The real provider's words, with their spelling and where their marks end.
        if key:
            whole = "{projectId}/{locationId}/{KeyringName}/{cryptoKeyName}"
            raise ProviderError(f"Invalid CryptoKey id format, expecting `{whole}` or `{wanted}, got id: {given}`")
        raise ProviderError(f"Invalid KeyRing id format, expecting `{{projectId}}/{wanted}` or `{wanted}.`")
    if len(parts) < count:
        if not ctx.settings.project:
            words = "The default project for the provider must be set when using the"
            raise ProviderError(f"{words} `{wanted}` id format.")
        parts.insert(0, ctx.settings.project)
    ring = f"projects/{parts[0]}/locations/{parts[1]}/keyRings/{parts[2]}"
    return f"{ring}/cryptoKeys/{parts[3]}" if key else ring


async def _listed(ctx: Context, url: str, field: str) -> list[Json]:
    wanted = ctx.planned.get("filter")
    found = f"{ctx.kind.base}{url}" + (f"?filter={quote(str(wanted), safe='')}" if wanted else "")
    try:
        return [one | {"short": one["name"].rpartition("/")[2]} async for one in ctx.api.pages(found, field)]
    except ApiError as error:
        if error.status == 404:
            raise ProviderError(f"{url} not found") from error
        raise


def _filtered(ctx: Context, name: str) -> str:
    return f"{name}/filter={wanted}" if (wanted := ctx.planned["filter"]) else name


async def _rings(ctx: Context) -> State:
    """Those of a location."""
    project = listing.project(ctx)
    name = resource.identity(ctx.kind.id, ctx.planned | {"project": project})
    told = listing.told(ctx, "key_rings", await _listed(ctx, name, "keyRings"))
    return ctx.planned | {"id": _filtered(ctx, name), "key_rings": told}


async def _keys(ctx: Context) -> State:
    """Those of a ring; their labels aren't told."""
    ring = full(ctx, str(ctx.planned["key_ring"]))
    found = [one | {"ring": ring} for one in await _listed(ctx, f"{ctx.planned['key_ring']}/cryptoKeys", "cryptoKeys")]
    told = listing.told(ctx, "keys", found) if found else None
    return ctx.planned | {"id": _filtered(ctx, f"{ring}/cryptoKeys"), "keys": told}


async def _found(ctx: Context, name: str) -> Json:
    found: Json | None = await ctx.api.get(ctx.kind.base + name)
    if found is None:
        raise ProviderError(f"{name} not found")
    return found


async def _public(ctx: Context, version: str) -> list[Json] | None:
    """The public half of a version, where its key has one."""
    key = await _found(ctx, str(ctx.planned["crypto_key"]))
    if key["purpose"] not in ("ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT"):
        return None
    found = await ctx.api.call("GET", f"{ctx.kind.base}{version}/publicKey")
    return [{"algorithm": found.get("algorithm", ""), "pem": found.get("pem", "")}]


async def _told(ctx: Context, version: Json) -> State:
    names = {"algorithm": "algorithm", "name": "name", "protection_level": "protectionLevel", "state": "state"}
    told: State = {name: version.get(api, "") for name, api in names.items()}
    number = int(version["name"].rpartition("/")[2])
    return ctx.planned | told | {"version": number, "public_key": await _public(ctx, version["name"])}


async def _version(ctx: Context) -> State:
    """A version of a key by its number."""
    name = f"{ctx.planned['crypto_key']}/cryptoKeyVersions/{ctx.planned['version']}"
    full(ctx, str(ctx.planned["crypto_key"]), key=True)
    return await _told(ctx, await _found(ctx, name)) | {"id": f"//cloudkms.googleapis.com/v1/{name}"}


async def _latest(ctx: Context) -> State:
    """The last version that passes a filter."""
    key = full(ctx, str(ctx.planned["crypto_key"]), key=True)
    found = await _listed(ctx, f"{ctx.planned['crypto_key']}/cryptoKeyVersions", "cryptoKeyVersions")
    if not found:
        raise ProviderError(f"No CryptoVersions found in crypto key {key}")
    return await _told(ctx, found[-1]) | {"id": _filtered(ctx, f"{key}/latestCryptoKeyVersion")}


async def _versions(ctx: Context) -> State:
    """Those that pass a filter, and the public half of the first."""
    key = full(ctx, str(ctx.planned["crypto_key"]), key=True)
    listed = await _listed(ctx, f"{ctx.planned['crypto_key']}/cryptoKeyVersions", "cryptoKeyVersions")
    found = [one | {"key": key, "number": one["short"]} for one in listed]
    told = listing.told(ctx, "versions", found)
    public = await _public(ctx, found[0]["name"]) if found else None
    return ctx.planned | {"id": _filtered(ctx, f"{key}/cryptoKeyVersions"), "versions": told, "public_key": public}


async def _handles(ctx: Context) -> State:
    """Those of a location that are of a type of resource."""
    project = listing.project(ctx)
    name = resource.identity(ctx.kind.id, ctx.planned | {"project": project})
    kind = ctx.planned["resource_type_selector"]
    query = urlencode({"filter": f'resource_type_selector="{kind}"'})
    try:
        found = [one async for one in ctx.api.pages(f"{ctx.kind.base}{name}?{query}", "keyHandles")]
    except ApiError as error:
        raise ProviderError(f"Error retrieving keyhandles: {error.text()}") from error
    told = listing.told(ctx, "key_handles", found)
    return ctx.planned | {"id": f"{name}?filter=resource_type_selector={kind}", "key_handles": told}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_kms_crypto_key_latest_version": _latest,
    "google_kms_crypto_key_version": _version,
    "google_kms_crypto_key_versions": _versions,
    "google_kms_crypto_keys": _keys,
    "google_kms_key_handles": _handles,
    "google_kms_key_rings": _rings,
}

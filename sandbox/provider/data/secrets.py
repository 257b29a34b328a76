"""Data sources of Secret Manager: secrets of a project or a location, their versions and what those hold."""

from __future__ import annotations

import base64
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from sandbox.provider import resource
from sandbox.provider.api import ApiError, Json
from sandbox.provider.data import listing
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.flatten import flatten
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
_ACCESS = """
secret string required
version string optional computed
project string optional computed
is_secret_data_base64 bool default=false
name string computed
secret_data string computed sensitive
"""
_VERSION = f"""{_ACCESS}
create_time string computed
destroy_time string computed
enabled bool computed
"""
_REGIONAL = "location string optional computed\n"
# What both kinds of secrets tell in a list.
_LISTED = """
  annotations map(string) computed
  create_time string computed
  deletion_policy string computed local
  deletion_protection bool computed local
  effective_annotations map(string) computed api=annotations
  effective_labels map(string) computed api=labels
  expire_time string computed
  labels map(string) computed
  name string computed
  project string computed api=project
  rotation list computed
    next_rotation_time string computed
    rotation_period string computed
  secret_id string computed
  tags map(string) computed local
  terraform_labels map(string) computed api=labels
  topics list computed
    name string computed
  ttl string computed local
  version_aliases map(string) computed
  version_destroy_ttl string computed
"""
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_secret_manager_secret_version": (
        "secretmanager/v1",
        "{name}",
        f"{_VERSION}fetch_secret_data bool default=true",
    ),
    "google_secret_manager_secret_version_access": ("secretmanager/v1", "{name}", _ACCESS),
    "google_secret_manager_regional_secret_version": (
        "secretmanager/v1",
        "{name}",
        f"""{_VERSION}{_REGIONAL}
customer_managed_encryption list computed
  kms_key_version_name string computed
""",
    ),
    "google_secret_manager_regional_secret_version_access": ("secretmanager/v1", "{name}", _ACCESS + _REGIONAL),
    "google_secret_manager_secrets": (
        "secretmanager/v1",
        "projects/{project}/secrets",
        f"""
filter string
project string optional computed
secrets list computed{_LISTED}
  replication list computed
    auto list computed api=automatic keep_empty
      customer_managed_encryption list computed
        kms_key_name string computed
    user_managed list computed
      replicas list computed
        customer_managed_encryption list computed
          kms_key_name string computed
        location string computed
""",
    ),
    "google_secret_manager_regional_secrets": (
        "secretmanager/v1",
        "projects/{project}/locations/{location}/secrets",
        f"""
filter string
location string required
project string optional computed
secrets list computed{_LISTED}
  customer_managed_encryption list computed
    kms_key_name string computed
  location string computed
""",
    ),
}


def _place(ctx: Context) -> State:
    """The secret's project, location and name: all in its full name, or each by itself."""
    given, place = ctx.planned, {}
    regional = "location" in given
    form = r"projects/([^/]+)/locations/([^/]+)/secrets/([^/]+)$" if regional else r"projects/([^/]+)/secrets/([^/]+)$"
    names = ("project", "location", "secret") if regional else ("project", "secret")
    if match := re.search(form, str(given["secret"])):
        place = dict(zip(names, match.groups(), strict=True))
        for name in names[:-1]:
            if given[name] and given[name] != place[name]:
                raise ProviderError(
                    f"{name} field value ({given[name]}) does not match {name} of secret ({place[name]})."
                )
        return place
    if regional and not given["location"]:
        raise ProviderError("location must be set when providing only secret name")
    place = {name: given[name] for name in names}
    return place | {"project": listing.project(ctx)}


async def _called(ctx: Context, name: str, what: str) -> Json:
    kind = "secret manager regional secret" if "location" in ctx.planned else "secret manager secret"
    try:
        answer: Json = await ctx.api.call("GET", ctx.kind.base + name)
    except ApiError as error:
        raise ProviderError(f"error retrieving available {kind} {what}: {error.text()}") from error
    return answer


async def _accessed(ctx: Context, name: str) -> State:
    answer = await _called(ctx, f"{name}:access", "version access")
    data = str(answer["payload"].get("data") or "")
    if not ctx.planned["is_secret_data_base64"]:
        data = base64.b64decode(data).decode(errors="replace")
    told = str(answer["name"])
    return {"id": told, "name": told, "version": told.rpartition("/")[2], "secret_data": data}


def _name(ctx: Context, place: State) -> str:
    middle = f"/locations/{place['location']}" if "location" in place else ""
    number = ctx.planned["version"] or "latest"
    return f"projects/{place['project']}{middle}/secrets/{place['secret']}/versions/{number}"


async def _access(ctx: Context) -> State:
    """What a version holds, for those who may read nothing else of it."""
    place = _place(ctx)
    return ctx.planned | place | await _accessed(ctx, _name(ctx, place))


async def _version(ctx: Context) -> State:
    """A version and what it holds; the real provider tells every one as enabled."""
    place = _place(ctx)
    name = _name(ctx, place)
    document = await _called(ctx, name, "versions")
    told = str(document["name"])
    state = ctx.planned | place | {"id": told, "name": told, "version": told.rpartition("/")[2], "enabled": True}
    state |= {"create_time": document["createTime"], "destroy_time": document.get("destroyTime")}
    if "customer_managed_encryption" in state:
        state["customer_managed_encryption"] = flatten(ctx.kind, document, {})["customer_managed_encryption"]
    if ctx.planned.get("fetch_secret_data") is not False:
        state |= await _accessed(ctx, name)
    return state


async def _secrets(ctx: Context) -> State:
    """Those that pass a filter."""
    given = ctx.planned
    place = {"project": listing.project(ctx)}
    name = resource.identity(ctx.kind.id, given | place)
    wanted = given["filter"]
    url = ctx.kind.base + name + (f"?filter={quote(str(wanted), safe='')}" if wanted else "")
    found = []
    async for one in ctx.api.pages(url, "secrets"):
        parts = one["name"].split("/")
        found.append(one | {"project": parts[1], "location": parts[3], "secretId": parts[-1]})
    told = listing.told(ctx, "secrets", found)
    return (
        given | place | {"id": f"{name}/filter={wanted}" if wanted else name, "filter": wanted or "", "secrets": told}
    )


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_secret_manager_regional_secret_version": _version,
    "google_secret_manager_regional_secret_version_access": _access,
    "google_secret_manager_regional_secrets": _secrets,
    "google_secret_manager_secret_version": _version,
    "google_secret_manager_secret_version_access": _access,
    "google_secret_manager_secrets": _secrets,
}

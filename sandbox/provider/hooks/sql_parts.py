"""Cloud SQL: what an instance has: databases, users that are told in a list, certificates of clients."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.provider.api import ApiError, Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.expand import expand
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.hooks.sql import run_operation
from sandbox.provider.importing import match, refusal
from sandbox.provider.resource import fill
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_DATABASE = "google_sql_database"
_USER = "google_sql_user"
_CERTIFICATE = "google_sql_ssl_cert"
_USER_FORMS = ("{project}/{instance}/{host}/{name}", "{project}/{instance}/{name}")


@hook("create", _DATABASE)
async def create_database(ctx: Context) -> None:
    """Create."""
    call = ctx.kind.calls["create"]
    await run_operation(
        ctx, "create", call.method, fill(call.url, ctx.planned), expand(ctx.kind.fields, ctx.planned, ctx.config)
    )


@hook("update", _DATABASE)
async def update_database(ctx: Context) -> None:
    """Change the character set and the collation."""
    call = ctx.kind.calls["update"]
    await run_operation(
        ctx, "update", call.method, fill(call.url, ctx.planned), expand(ctx.kind.fields, ctx.planned, ctx.config)
    )


@hook("delete", _DATABASE)
async def delete_database(ctx: Context) -> None:
    """Drop it."""
    call = ctx.kind.calls["delete"]
    await run_operation(ctx, "delete", call.method, fill(call.url, ctx.planned))


def _users(ctx: Context) -> str:
    return fill("projects/{project}/instances/{instance}/users", ctx.planned)


@hook("create", _USER)
async def create_user(ctx: Context) -> None:
    """Create; the id says the host as it was given."""
    host = ctx.planned.get("host")
    given = host if isinstance(host, str) else ""
    document = expand(ctx.kind.fields, ctx.planned, ctx.config)
    if secret := ctx.config.get("password_wo"):
        document["password"] = secret
    ctx.planned["id"] = f"{ctx.planned['name']}/{given}/{ctx.planned['instance']}"
    ctx.planned["host"] = given
    await run_operation(ctx, "create", "POST", _users(ctx), document)


@hook("read", _USER)
async def read_user(ctx: Context) -> Json | None:
    """The one of that name in the list; MySQL knows accounts by what stands before the @."""
    try:
        listed = await ctx.api.call("GET", ctx.kind.base + _users(ctx))
    except ApiError as error:
        if error.status in (403, 404):
            return None
        raise
    name = str(ctx.planned["name"])
    names, host = {name, name.partition("@")[0]}, ctx.planned.get("host")
    for user in listed.get("items", []):
        if user["name"] in names and (not host or host is UNKNOWN or user.get("host") == host):
            found: Json = user
            return found
    return None


@hook("flatten", _USER)
def known_as(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The id is of the name and the host that the server knows."""
    state["id"] = f"{document['name']}/{document.get('host', '')}/{document['instance']}"
    return state


@hook("update", _USER)
async def update_user(ctx: Context) -> None:
    """Another password or other roles."""
    document = expand(ctx.kind.fields, ctx.planned, ctx.config)
    if secret := ctx.config.get("password_wo"):
        document["password"] = secret
    await run_operation(ctx, "update", "PUT", f"{_users(ctx)}?{_query(ctx)}", document)


@hook("delete", _USER)
async def delete_user(ctx: Context) -> None:
    """Drop it."""
    await run_operation(ctx, "delete", "DELETE", f"{_users(ctx)}?{_query(ctx)}")


def _query(ctx: Context) -> str:
    return f"name={quote(str(ctx.planned['name']), safe='')}&host={quote(str(ctx.planned.get('host') or ''), safe='')}"


@hook("identify", _USER)
def identify_user(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By project, instance, host (MySQL only) and name."""
    for form in _USER_FORMS:
        if parts := match(form, given):
            host = parts.get("host", "")
            return {"host": host, **parts, "id": f"{parts['name']}/{host}/{parts['instance']}"}
    raise refusal(given, list(_USER_FORMS))


def _certificates(ctx: Context) -> str:
    return fill("projects/{project}/instances/{instance}/sslCerts", ctx.planned)


@hook("create", _CERTIFICATE)
async def create_certificate(ctx: Context) -> None:
    """Made with its key, which is told this once."""
    answer = await run_operation(ctx, "create", "POST", _certificates(ctx), {"commonName": ctx.planned["common_name"]})
    made = answer["clientCert"]
    ctx.planned["sha1_fingerprint"] = made["certInfo"]["sha1Fingerprint"]
    ctx.planned["private_key"] = made["certPrivateKey"]
    ctx.planned["server_ca_cert"] = answer["serverCaCert"]["cert"]


@hook("delete", _CERTIFICATE)
async def delete_certificate(ctx: Context) -> None:
    """Nobody is let in by it any more."""
    await run_operation(ctx, "delete", "DELETE", f"{_certificates(ctx)}/{ctx.planned['sha1_fingerprint']}")

"""Keys, whose secret is told once, and custom roles, which are not gone when they are deleted."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill, general_update, required
from sandbox.provider.settings import Settings

_KEY = "google_storage_hmac_key"
_ACCOUNT_KEY = "google_service_account_key"
_ROLE, _ORGANIZATION_ROLE = "google_project_iam_custom_role", "google_organization_iam_custom_role"
_ROLES = (_ROLE, _ORGANIZATION_ROLE)


def _key(ctx: Context) -> str:
    return ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned)


@hook("create", _KEY)
async def create_key(ctx: Context) -> None:
    """The secret comes with the answer; a key is born active."""
    call = ctx.kind.calls["create"]
    answer = await ctx.api.call(call.method, ctx.kind.base + fill(call.url, ctx.planned), document_of(ctx))
    ctx.planned |= {"secret": answer["secret"], "access_id": answer["metadata"]["accessId"]}


@hook("flatten", _KEY)
def key_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The secret as it was told."""
    return {**state, "secret": ctx.planned.get("secret")}


@hook("update", _KEY)
async def update_key(ctx: Context) -> None:
    """The state, under the etag that stands."""
    if ctx.changed("state"):
        found: Json = await ctx.api.call("GET", _key(ctx))
        await ctx.api.call("PUT", _key(ctx), {"etag": found.get("etag"), "state": ctx.planned["state"]})


@hook("delete", _KEY)
async def delete_key(ctx: Context) -> None:
    """Made inactive first: an active one isn't deleted."""
    found: Json | None = await ctx.api.get(_key(ctx))
    if found is None:
        return
    if found["state"] == "ACTIVE":
        await ctx.api.call("PUT", _key(ctx), {**found, "state": "INACTIVE"})
    await ctx.api.call("DELETE", _key(ctx))


def account_name(given: str, settings: Settings) -> str:
    """The name of an account, which may be given by its address or its id alone."""
    if given.startswith("projects/"):
        return given
    email = given if "@" in given else f"{given}@{required(settings.project, 'project')}.iam.gserviceaccount.com"
    return f"projects/-/serviceAccounts/{email}"


@hook("create", _ACCOUNT_KEY)
async def create_account_key(ctx: Context) -> None:
    """Made there, and the private half told in the answer; or the public half of the caller's own."""
    account = account_name(str(ctx.planned["service_account_id"]), ctx.settings)
    url, public = f"{ctx.kind.base}{account}/keys", ctx.planned.get("public_key_data")
    if public:
        made: Json = await ctx.api.call("POST", f"{url}:upload", {"publicKeyData": public})
    else:
        wanted = {"keyAlgorithm": ctx.planned["key_algorithm"], "privateKeyType": ctx.planned["private_key_type"]}
        made = await ctx.api.call("POST", url, wanted)
    ctx.planned |= {"name": made["name"], "id": made["name"], "private_key": made.get("privateKeyData", "")}


@hook("flatten", _ACCOUNT_KEY)
def account_key_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The private half as it was told."""
    return {**state, "private_key": ctx.planned.get("private_key"), "public_key": state.get("public_key") or ""}


def _role(ctx: Context) -> str:
    return ctx.kind.base + fill(ctx.kind.id, ctx.planned)


@hook("create", *_ROLES)
async def create_role(ctx: Context) -> None:
    """One that was deleted comes back as it is declared now."""
    found: Json | None = await ctx.api.get(_role(ctx))
    if found is None:
        body = {"roleId": ctx.planned["role_id"], "role": document_of(ctx)}
        await ctx.api.call("POST", ctx.kind.base + fill(ctx.kind.id.rpartition("/")[0], ctx.planned), body)
    elif found.get("deleted"):
        await ctx.api.call("POST", f"{_role(ctx)}:undelete", {})
        await ctx.api.call("PATCH", _role(ctx), document_of(ctx))
    else:
        name = fill(ctx.kind.id, ctx.planned)
        raise ProviderError(f"Custom project role {name} already exists and must be imported")


@hook("update", *_ROLES)
async def update_role(ctx: Context) -> None:
    """One that was deleted meanwhile comes back first."""
    found: Json = await ctx.api.call("GET", _role(ctx))
    if found.get("deleted"):
        await ctx.api.call("POST", f"{_role(ctx)}:undelete", {})
    await general_update(ctx)


@hook("flatten", *_ROLES)
def role_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The id at the end of the name."""
    return {**state, "role_id": str(document["name"]).rpartition("/")[2], "deleted": document.get("deleted") is True}

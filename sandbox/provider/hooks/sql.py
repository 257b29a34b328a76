"""Cloud SQL: operations of the older kind, settings that carry a version, users that are told in a list."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.provider.api import ApiError, Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.expand import expand
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import match, refusal
from sandbox.provider.made_up_names import make_up_name
from sandbox.provider.resource import fill, timeout
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_INSTANCE = "google_sql_database_instance"
_DATABASE = "google_sql_database"
_USER = "google_sql_user"
_USER_FORMS = ("{project}/{instance}/{host}/{name}", "{project}/{instance}/{name}")


async def _run(ctx: Context, step: str, method: str, path: str, document: Json | None = None) -> None:
    """One change, waited for; changes of one instance come one after the other."""
    # A change of a replica waits for its primary, as the real provider has it.
    instance = ctx.planned.get("instance") or ctx.planned.get("master_instance_name") or ctx.planned.get("name")
    async with ctx.api.lock(f"sql {ctx.planned['project']}/{instance}"):
        operation = await ctx.api.call(method, ctx.kind.base + path, document)
        waited, pause = 0.0, 0.02
        while operation.get("status") != "DONE":
            if waited >= timeout(ctx.planned, step):
                raise ProviderError(f"Error, timeout while waiting to {step} {ctx.kind.noun}")
            await ctx.api.sleep(pause)
            waited, pause = waited + pause, min(pause * 1.5, 1.0)
            place = f"projects/{ctx.planned['project']}/operations/{operation['name']}"
            operation = await ctx.api.call("GET", ctx.kind.base + place)
        for error in operation.get("error", {}).get("errors", []):
            raise ProviderError(f"Error waiting to {step} {ctx.kind.noun}: {error.get('message') or error.get('code')}")


def _document(ctx: Context) -> Json:
    """The document of an instance: consumers of Private Service Connect, and pooling, are one object, though sets."""
    document = expand(ctx.kind.fields, ctx.planned, ctx.config)
    settings = document.get("settings") or {}
    if pools := settings.pop("connectionPoolConfig", None):
        settings["connectionPoolConfig"] = pools[0]
    network = settings.get("ipConfiguration") or {}
    if (consumers := network.pop("pscConfig", None)) is not None:
        network["pscConfig"] = {"allowedConsumerProjects": [], **consumers[0]}
    return document


def _instance_path(ctx: Context) -> str:
    return fill("projects/{project}/instances/{name}", ctx.planned)


@hook("create", _INSTANCE)
async def create(ctx: Context) -> None:
    """Create; a password that Terraform forgets comes from the configuration alone."""
    make_up_name(ctx.planned)
    document = {**_document(ctx), "name": ctx.planned["name"]}
    if secret := ctx.config.get("root_password_wo"):
        document["rootPassword"] = secret
    if document.get("clone"):
        await _clone(ctx, document)
        return
    backups = document.get("settings", {}).get("backupConfiguration", {})
    later = bool(document.get("masterInstanceName") and backups.get("binaryLogEnabled"))
    if later:  # a replica is not made with a binary log, it gets one
        backups["binaryLogEnabled"] = False
    await _run(ctx, "create", "POST", f"projects/{ctx.planned['project']}/instances", document)
    if later:
        body = {"settings": {"backupConfiguration": {**backups, "binaryLogEnabled": True}}}
        await _run(ctx, "create", "PATCH", _instance_path(ctx), body)


async def _clone(ctx: Context, document: Json) -> None:
    """A copy of another instance, and then the settings that it is to have."""
    context = dict(document["clone"])
    source = str(context.pop("sourceInstanceName")).rpartition("/")[2]
    project = context.pop("sourceProject", None) or ctx.planned["project"]
    body = {"cloneContext": {**context, "destinationInstanceName": ctx.planned["name"]}}
    await _run(ctx, "create", "POST", f"projects/{project}/instances/{source}/clone", body)
    if ctx.config.get("settings"):
        made = await ctx.api.get(ctx.kind.base + _instance_path(ctx)) or {}
        wanted = {**document["settings"], "settingsVersion": made["settings"]["settingsVersion"]}
        await _run(ctx, "create", "PUT", _instance_path(ctx), {"settings": wanted})


@hook("update", _INSTANCE)
async def update(ctx: Context) -> None:
    """A new version of the engine by itself, then all settings with the version that they were read at."""
    document = _document(ctx)
    prior = ctx.prior or {}
    if ctx.changed("instance_type"):
        await _run(ctx, "update", "POST", _instance_path(ctx) + "/promoteReplica", {})
    if ctx.changed("database_version"):
        body = {"databaseVersion": ctx.planned["database_version"]}
        await _run(ctx, "update", "PATCH", _instance_path(ctx), body)
    if not (ctx.changed("settings") or ctx.changed("node_count")):
        return
    if ctx.changed("database_version"):
        prior = {"settings": [{"version": prior["settings"][0]["version"] + 1}]}
    document["settings"]["settingsVersion"] = prior["settings"][0]["version"]
    await _run(ctx, "update", "PUT", _instance_path(ctx), document)


@hook("delete", _INSTANCE)
async def delete(ctx: Context) -> None:
    """Delete, with all its data."""
    await _run(ctx, "delete", "DELETE", _instance_path(ctx))


@hook("flatten", _INSTANCE)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Addresses by their kind; blocks that the state holds although the API leaves them out."""
    found: dict[str, str] = {}
    for address in document.get("ipAddresses") or []:
        found.setdefault(address["type"], address["ipAddress"])
    state["first_ip_address"] = next(iter(found.values()), "")
    state["public_ip_address"], state["private_ip_address"] = found.get("PRIMARY", ""), found.get("PRIVATE", "")
    state["enforce_new_sql_network_architecture"] = document.get("sqlNetworkArchitecture") == "NEW_NETWORK_ARCHITECTURE"
    project = f"{ctx.planned.get('project')}:"
    state["master_instance_name"] = str(document.get("masterInstanceName") or "").removeprefix(project)
    state["replica_configuration"] = _replica(ctx, document)
    for settings in state["settings"]:
        settings["connection_pool_config"] = _pooling(document)
        for network in settings["ip_configuration"]:
            network["psc_config"] = _consumers(document)
        settings["data_cache_config"] = settings["data_cache_config"] or [{"data_cache_enabled": False}]
        fields = ctx.kind.fields["settings"].fields["read_pool_auto_scale_config"].fields
        pool: dict[str, Any] = {name: 0 if field.kind == "number" else [] for name, field in fields.items()}
        pool |= {"enabled": False, "disable_scale_in": False}
        settings["read_pool_auto_scale_config"] = settings["read_pool_auto_scale_config"] or [pool]
    return state


def _pooling(document: Json) -> list[dict[str, Any]]:
    """Managed Connection Pooling, which the state holds although it is off."""
    told = document["settings"].get("connectionPoolConfig") or {}
    flags = [{"name": flag["name"], "value": flag.get("value")} for flag in told.get("flags") or []]
    return [{"connection_pooling_enabled": bool(told.get("connectionPoolingEnabled")), "flags": flags}]


def _consumers(document: Json) -> list[dict[str, Any]]:
    """Who may connect by Private Service Connect."""
    told = document["settings"]["ipConfiguration"].get("pscConfig")
    if told is None:
        return []
    consumers: dict[str, Any] = {
        "psc_enabled": bool(told.get("pscEnabled")),
        "allowed_consumer_projects": list(told.get("allowedConsumerProjects") or []),
        "network_attachment_uri": told.get("networkAttachmentUri") or "",
        "psc_auto_connections": [],
    }
    for name in ("psc_auto_dns_enabled", "psc_write_endpoint_dns_enabled", "psc_auto_connection_policy_enabled"):
        consumers[name] = False
    return [consumers]


def _replica(ctx: Context, document: Json) -> list[dict[str, Any]]:
    """What a replica was made with: the API keeps little of it."""
    told = document.get("replicaConfiguration")
    if told is None:
        return []
    known = ctx.planned.get("replica_configuration")
    kept: dict[str, Any] = dict.fromkeys(ctx.kind.fields["replica_configuration"].fields)
    kept |= dict(known[0]) if isinstance(known, list) and known else {}
    kept |= {"cascadable_replica": bool(told.get("cascadableReplica"))}
    return [{**kept, "failover_target": bool(told.get("failoverTarget"))}]


@hook("plan", _INSTANCE)
def keep_a_grown_disk(ctx: Context) -> None:
    """A disk that grew by itself is no difference; one that is to shrink is another instance."""
    prior, planned = (ctx.prior or {}).get("settings"), ctx.planned.get("settings")
    if not prior or not isinstance(planned, list) or not planned or planned[0] is UNKNOWN:
        return
    old, new = prior[0].get("disk_size"), planned[0].get("disk_size")
    if isinstance(old, int | float) and isinstance(new, int | float) and new < old:
        if planned[0].get("disk_autoresize"):
            planned[0]["disk_size"] = old
        else:
            ctx.replace.append(("settings", 0, "disk_size"))


@hook("identify", _INSTANCE)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By project and name."""
    for form in kind.imports:
        if parts := match(form, given):
            return {"project": settings.project, **parts, "id": parts["name"], "deletion_protection": True}
    raise refusal(given, list(kind.imports))


@hook("create", _DATABASE)
async def create_database(ctx: Context) -> None:
    """Create."""
    call = ctx.kind.calls["create"]
    await _run(
        ctx, "create", call.method, fill(call.url, ctx.planned), expand(ctx.kind.fields, ctx.planned, ctx.config)
    )


@hook("update", _DATABASE)
async def update_database(ctx: Context) -> None:
    """Change the character set and the collation."""
    call = ctx.kind.calls["update"]
    await _run(
        ctx, "update", call.method, fill(call.url, ctx.planned), expand(ctx.kind.fields, ctx.planned, ctx.config)
    )


@hook("delete", _DATABASE)
async def delete_database(ctx: Context) -> None:
    """Drop it."""
    call = ctx.kind.calls["delete"]
    await _run(ctx, "delete", call.method, fill(call.url, ctx.planned))


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
    await _run(ctx, "create", "POST", _users(ctx), document)


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
    await _run(ctx, "update", "PUT", f"{_users(ctx)}?{_query(ctx)}", document)


@hook("delete", _USER)
async def delete_user(ctx: Context) -> None:
    """Drop it."""
    await _run(ctx, "delete", "DELETE", f"{_users(ctx)}?{_query(ctx)}")


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

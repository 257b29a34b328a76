"""Cloud SQL: operations of the older kind, instances whose settings carry a version."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN, known
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.expand import expand
from sandbox.provider.flatten import with_zeros
from sandbox.provider.hooks.machine_parts import block
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import match, refusal
from sandbox.provider.made_up_names import make_up_name
from sandbox.provider.resource import fill, timeout
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_INSTANCE = "google_sql_database_instance"
_ALONE = {"maintenance_version": "maintenanceVersion", "database_version": "databaseVersion"}
_TOGETHER = ("settings", "node_count", "replication_cluster", "maintenance_version")


async def run_operation(ctx: Context, step: str, method: str, path: str, document: Json | None = None) -> Json:
    """What one change is answered, once it is done; changes of one instance come one after the other."""
    # A change of a replica waits for its primary, as the real provider has it.
    instance = ctx.planned.get("instance") or ctx.planned.get("master_instance_name") or ctx.planned.get("name")
    async with ctx.api.lock(f"sql {ctx.planned['project']}/{instance}"):
        answer: Json = await ctx.api.call(method, ctx.kind.base + path, document)
        operation = answer.get("operation") or answer
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
        return answer


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
    document.pop("replicationCluster", None)  # which the real provider sends with changes only
    if secret := ctx.config.get("root_password_wo"):
        document["rootPassword"] = secret
    if document.get("clone"):
        await _clone(ctx, document)
        return
    backups = document.get("settings", {}).get("backupConfiguration", {})
    later = bool(document.get("masterInstanceName") and backups.get("binaryLogEnabled"))
    if later:  # a replica is not made with a binary log, it gets one
        backups["binaryLogEnabled"] = False
    await run_operation(ctx, "create", "POST", f"projects/{ctx.planned['project']}/instances", document)
    if later:
        body = {"settings": {"backupConfiguration": {**backups, "binaryLogEnabled": True}}}
        await run_operation(ctx, "create", "PATCH", _instance_path(ctx), body)


async def _clone(ctx: Context, document: Json) -> None:
    """A copy of another instance, and then the settings that it is to have."""
    context = dict(document["clone"])
    source = str(context.pop("sourceInstanceName")).rpartition("/")[2]
    project = context.pop("sourceProject", None) or ctx.planned["project"]
    body = {"cloneContext": {**context, "destinationInstanceName": ctx.planned["name"]}}
    await run_operation(ctx, "create", "POST", f"projects/{project}/instances/{source}/clone", body)
    if ctx.config.get("settings"):
        made = await ctx.api.get(ctx.kind.base + _instance_path(ctx)) or {}
        wanted = {**document["settings"], "settingsVersion": made["settings"]["settingsVersion"]}
        await run_operation(ctx, "create", "PUT", _instance_path(ctx), {"settings": wanted})


@hook("update", _INSTANCE)
async def update(ctx: Context) -> None:
    """A release and a version of the engine by themselves, then all settings at the version they were read at."""
    document = _document(ctx)
    document.pop("maintenanceVersion", None)  # which is never sent with others
    prior = ctx.prior or {}
    version = prior["settings"][0]["version"]
    promoted = ctx.changed("instance_type") and ctx.planned["instance_type"] == "CLOUD_SQL_INSTANCE"
    alone = {field: ctx.planned[name] for name, field in _ALONE.items() if ctx.changed(name)}
    for field, value in alone.items():
        await run_operation(ctx, "update", "PATCH", _instance_path(ctx), {field: value})
    if promoted:
        switched = prior.get("master_instance_name") in (ctx.planned.get("replica_names") or [])
        verb = "switchover" if switched else "promoteReplica"
        await run_operation(ctx, "update", "POST", f"{_instance_path(ctx)}/{verb}", {})
    if not (promoted or any(map(ctx.changed, _TOGETHER))):
        return
    if promoted or alone:
        found = await ctx.api.get(ctx.kind.base + _instance_path(ctx)) or {}
        version = found["settings"]["settingsVersion"]
    document["settings"]["settingsVersion"] = version
    await run_operation(ctx, "update", "PUT", _instance_path(ctx), document)


@hook("delete", _INSTANCE)
async def delete(ctx: Context) -> None:
    """Delete, with all its data."""
    await run_operation(ctx, "delete", "DELETE", _instance_path(ctx))


@hook("flatten", _INSTANCE)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Addresses by their kind; blocks that the state holds although the API leaves them out."""
    found: dict[str, str] = {}
    for address in document.get("ipAddresses") or []:
        found.setdefault(address["type"], address["ipAddress"])
    state["first_ip_address"] = next(iter(found.values()), None)
    state["public_ip_address"], state["private_ip_address"] = found.get("PRIMARY", ""), found.get("PRIVATE", "")
    state["enforce_new_sql_network_architecture"] = document.get("sqlNetworkArchitecture") == "NEW_NETWORK_ARCHITECTURE"
    project = f"{ctx.planned.get('project')}:"
    state["master_instance_name"] = str(document.get("masterInstanceName") or "").removeprefix(project)
    state["replica_configuration"] = _replica(ctx, document)
    state["replication_cluster"] = [_cluster(document)]
    for settings in state["settings"]:
        settings["connection_pool_config"] = _pooling(ctx, document)
        for network in settings["ip_configuration"]:
            network["psc_config"] = _consumers(ctx, document)
        settings["data_cache_config"] = settings["data_cache_config"] or [{"data_cache_enabled": False}]
        fields = ctx.kind.fields["settings"].fields["read_pool_auto_scale_config"].fields
        pool: dict[str, Any] = {name: 0 if field.kind == "number" else [] for name, field in fields.items()}
        pool |= {"enabled": False, "disable_scale_in": False}
        settings["read_pool_auto_scale_config"] = settings["read_pool_auto_scale_config"] or [pool]
    return state


def _pooling(ctx: Context, document: Json) -> list[dict[str, Any]]:
    """Managed Connection Pooling, which the state holds although it is off, once it was given."""
    told = document["settings"].get("connectionPoolConfig") or {}
    if not told and not block(block(ctx.planned, "settings"), "connection_pool_config"):
        return []
    flags = [{"name": flag["name"], "value": flag.get("value")} for flag in told.get("flags") or []]
    return [{"connection_pooling_enabled": bool(told.get("connectionPoolingEnabled")), "flags": flags}]


def _consumers(ctx: Context, document: Json) -> list[dict[str, Any]]:
    """Who may connect by Private Service Connect."""
    told = document["settings"]["ipConfiguration"].get("pscConfig")
    if told is None:
        return []
    network = ctx.kind.fields["settings"].fields["ip_configuration"].fields["psc_config"]
    connections = network.fields["psc_auto_connections"].fields
    consumers: dict[str, Any] = {
        "psc_enabled": bool(told.get("pscEnabled")),
        "allowed_consumer_projects": list(told.get("allowedConsumerProjects") or []),
        "network_attachment_uri": told.get("networkAttachmentUri") or "",
        "psc_auto_connections": [
            {name: made.get((field.api or (name,))[-1]) or "" for name, field in connections.items()}
            for made in told.get("pscAutoConnections") or []
        ],
    }
    for name in ("psc_auto_dns_enabled", "psc_write_endpoint_dns_enabled", "psc_auto_connection_policy_enabled"):
        consumers[name] = False
    return [consumers]


def _replica(ctx: Context, document: Json) -> list[dict[str, Any]]:
    """What a replica was made with: the API keeps little of it."""
    told = document.get("replicaConfiguration")
    if told is None:
        return []
    kept = with_zeros(ctx.kind.fields["replica_configuration"].fields, block(ctx.planned, "replica_configuration"))
    kept |= {"cascadable_replica": bool(told.get("cascadableReplica"))}
    return [{**kept, "failover_target": bool(told.get("failoverTarget"))}]


def _cluster(document: Json) -> dict[str, Any]:
    """Disaster recovery, which the state holds although there is none."""
    told = document.get("replicationCluster") or {}
    named = {"psa_write_endpoint": "psaWriteEndpoint", "failover_dr_replica_name": "failoverDrReplicaName"}
    cluster: dict[str, Any] = {name: told.get(field) or "" for name, field in named.items()}
    return {**cluster, "dr_replica": bool(told.get("drReplica"))}


@hook("plan", _INSTANCE)
def plan(ctx: Context) -> None:
    """What changes of a disk, of a pool's nodes and of who is whose primary."""
    _check_settings(ctx)
    _keep_a_grown_disk(ctx)
    _keep_scaled_nodes(ctx)
    _change_places(ctx)


def _check_settings(ctx: Context) -> None:
    """What only some engines have, and what a directory of one's own needs."""
    for settings in known(ctx.planned.get("settings")):
        version = ctx.planned.get("database_version")
        by_engine = isinstance(version, str) and not any(engine in version for engine in ("POSTGRES", "SQLSERVER"))
        if by_engine and any(
            backup.get("point_in_time_recovery_enabled") is True for backup in known(settings["backup_configuration"])
        ):
            raise ProviderError(
                "point_in_time_recovery_enabled is only available for the following [POSTGRES SQLSERVER]. You may want "
                "to consider using binary_log_enabled instead and remove point_in_time_recovery_enabled (removing "
                "point_in_time_recovery_enabled and adding binary_log_enabled will enable pitr for MYSQL)"
            )
        for directory in known(settings["active_directory_config"]):
            needed = ("dns_servers", "admin_credential_secret_name", "organizational_unit")
            if directory.get("mode") == "CUSTOMER_MANAGED_ACTIVE_DIRECTORY" and not all(map(directory.get, needed)):
                raise ProviderError(
                    "dns_servers, admin_credential_secret_name, and organizational_unit must all be provided when mode "
                    "is CUSTOMER_MANAGED_ACTIVE_DIRECTORY"
                )


def _keep_a_grown_disk(ctx: Context) -> None:
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


def _block(state: Any, name: str) -> dict[str, Any]:
    """The one block of that name, where it is known."""
    found = state.get(name) if isinstance(state, dict) else None
    return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}


def _keep_scaled_nodes(ctx: Context) -> None:
    """The nodes of a pool that scales by itself are what they are, within the bounds."""
    bounds = _block(_block(ctx.planned, "settings"), "read_pool_auto_scale_config")
    if not bounds.get("enabled"):
        return
    current = int((ctx.prior or {}).get("node_count") or 0)
    least, most = bounds.get("min_node_count"), bounds.get("max_node_count")
    if isinstance(least, int | float) and isinstance(most, int | float):
        ctx.planned["node_count"] = min(max(current, int(least)), int(most))


def _change_places(ctx: Context) -> None:
    """A replica becomes an instance by itself, or the old primary of a switchover a replica: neither is another one."""
    prior = ctx.prior
    if prior is None:
        return
    kinds = (prior.get("instance_type"), ctx.planned.get("instance_type"))
    if kinds == ("READ_REPLICA_INSTANCE", "CLOUD_SQL_INSTANCE"):
        for name in ("master_instance_name", "replica_configuration"):
            if ctx.config.get(name):
                raise ProviderError(f"Replica promote configuration check failed. Please remove {name} and try again.")
        ctx.planned |= {"master_instance_name": None, "replica_configuration": []}
        return
    if _switched_over(prior, ctx.planned, kinds):
        return
    if (prior.get("master_instance_name") or "") != (ctx.planned.get("master_instance_name") or ""):
        ctx.replace.append(("master_instance_name",))
    cascading = [_block(state, "replica_configuration").get("cascadable_replica") for state in (prior, ctx.planned)]
    if bool(cascading[0]) != bool(cascading[1]):
        ctx.replace.append(("replica_configuration", 0, "cascadable_replica"))


def _switched_over(prior: dict[str, Any], planned: dict[str, Any], kinds: tuple[Any, Any]) -> bool:
    """Whether the plan tells of an old primary what a switchover made of it."""
    master, server = planned.get("master_instance_name"), str(planned.get("database_version")).startswith("SQLSERVER")
    return (
        kinds == ("CLOUD_SQL_INSTANCE", "READ_REPLICA_INSTANCE")
        and master in (prior.get("replica_names") or [])
        and master not in (planned.get("replica_names") or [])
        and len(planned.get("replica_configuration") or []) == 1
        and (not server or bool(_block(planned, "replica_configuration").get("cascadable_replica")))
    )


@hook("identify", _INSTANCE)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By project and name."""
    for form in kind.imports:
        if parts := match(form, given):
            return {"project": settings.project, **parts, "id": parts["name"], "deletion_protection": True}
    raise refusal(given, list(kind.imports))

"""Data sources of Cloud SQL: instances by a filter, the databases, authorities and backups of one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from sandbox.provider.api import Json
from sandbox.provider.data import listing
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.fields import Field
from sandbox.provider.hooks import sql
from sandbox.provider.hooks.registry import Context
from sandbox.provider.plan import ZERO

State = dict[str, Any]
_SERVICE = "sqladmin/sql/v1beta4"
# Argument → the field by which the API filters.
_FILTERS = {
    "database_version": "databaseVersion",
    "region": "region",
    "zone": "gceZone",
    "tier": "settings.tier",
    "state": "state",
}
# What is told of each instance; whatever else an instance has is left empty.
_TOLD = frozenset(
    (
        "available_maintenance_versions",
        "connection_name",
        "database_version",
        "encryption_key_name",
        "enforce_new_sql_network_architecture",
        "first_ip_address",
        "instance_type",
        "ip_address",
        "maintenance_version",
        "master_instance_name",
        "name",
        "private_ip_address",
        "project",
        "psc_service_attachment_link",
        "public_ip_address",
        "region",
        "replication_cluster",
        "self_link",
        "server_ca_cert",
        "service_account_email_address",
        "settings",
    )
)
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_sql_backup_run": (
        _SERVICE,
        "projects/{project}/instances/{instance}/backupRuns/{backup_id}",
        """
instance string required
backup_id number optional computed
most_recent bool
project string optional computed
location string computed
start_time string computed
status string computed
""",
    ),
    "google_sql_ca_certs": (
        _SERVICE,
        "projects/{project}/instance/{instance}",
        """
instance string required
project string optional computed
active_version string computed
certs list computed
  cert string computed
  common_name string computed
  create_time string computed
  expiration_time string computed
  sha1_fingerprint string computed
""",
    ),
    "google_sql_database_instances": (
        _SERVICE,
        "database_instances_ds/{project}/{database_version}/{region}/{zone}/{tier}/{state}",
        "\n".join(f"{name} string" for name in ("project", *_FILTERS)),
    ),
    "google_sql_databases": (
        _SERVICE,
        "project/{project}/instance/{instance}/databases",
        """
instance string required
project string
databases list computed api=items
  charset string computed
  collation string computed
  deletion_policy string computed api=none
  instance string computed
  name string computed
  project string computed api=project
  self_link string computed
""",
    ),
}


def instances(fields: dict[str, Field]) -> Field:
    """The list of instances, each with the fields that one has which only the server sets."""
    told = {name: f for name, f in fields.items() if name != "project"} | {"project": _PROJECT}
    return Field("instances", "list", computed=True, optional=False, nested=True, api=("items",), fields=told)


_PROJECT = Field("project", "string", computed=True, optional=False, api=("project",))


async def _instances(ctx: Context) -> State:
    """Those of a project that pass a filter."""
    project = listing.project(ctx)
    wanted = [f"{field}:{ctx.planned[name]}" for name, field in _FILTERS.items() if ctx.planned[name]]
    url = f"{ctx.kind.base}projects/{project}/instances?filter={quote(' AND '.join(wanted))}"
    documents = [{**one, "project": project} async for one in ctx.api.pages(url, "items")]
    fields = ctx.kind.fields["instances"].fields
    one = replace(ctx, kind=replace(ctx.kind, fields=fields), planned={"project": project})
    elements = listing.told(ctx, "instances", documents)
    found = [_instance(one, *both) for both in zip(documents, elements, strict=True)]
    parts = [project, *(ctx.planned[name] or "" for name in ("database_version", "region", "zone", "tier", "state"))]
    return ctx.planned | {"id": "/".join(["database_instances_ds", *parts]), "instances": found}


def _instance(ctx: Context, document: Json, element: State) -> State:
    """One of the list, of which less is told than of one that is asked for by itself."""
    state = sql.flatten(ctx, document, element)
    for name, f in ctx.kind.fields.items():
        if name not in _TOLD or state[name] is None:
            state[name] = ZERO.get(f.kind, [])
    if "replicaConfiguration" in document:
        of = ctx.kind.fields["replica_configuration"].fields
        replica = {name: ZERO.get(f.kind, []) for name, f in of.items()}
        told = bool(document["replicaConfiguration"].get("failoverTarget"))
        state["replica_configuration"] = [{**replica, "failover_target": told}]
    if document["instanceType"] == "READ_POOL_INSTANCE":  # the real provider tells there what a resource has been given
        state["settings"] = [{**settings, "availability_type": ""} for settings in state["settings"]]
    state["replication_cluster"] = [{**cluster, "psa_write_endpoint": ""} for cluster in state["replication_cluster"]]
    return state


def _named(ctx: Context) -> tuple[str, str]:
    """The project and the name of the instance, which may be given by its link."""
    project, _, name = str(ctx.planned["instance"]).rpartition("/instances/")
    return (project.rpartition("/")[2] or listing.project(ctx)), name


async def _databases(ctx: Context) -> State:
    """Those of an instance, by their names."""
    project, instance = listing.project(ctx), ctx.planned["instance"]
    found = await ctx.api.get(f"{ctx.kind.base}projects/{project}/instances/{instance}/databases")
    if found is None:
        raise ProviderError(f'Databases in "{instance}" instance not found')
    documents = sorted(found.get("items") or [], key=lambda one: str(one["name"]))
    databases = listing.told(ctx, "databases", documents)
    return ctx.planned | {"id": f"project/{project}/instance/{instance}/databases", "databases": databases}


async def _authorities(ctx: Context) -> State:
    """By which the server of an instance is known."""
    project, instance = _named(ctx)
    answer = await ctx.api.call("GET", f"{ctx.kind.base}projects/{project}/instances/{instance}/listServerCas")
    certs = listing.told(ctx, "certs", answer.get("certs") or [])
    told = {"project": project, "certs": certs, "active_version": answer.get("activeVersion", "")}
    return ctx.planned | told | {"id": f"projects/{project}/instance/{instance}"}


async def _backup(ctx: Context) -> State:
    """One of an instance: by its number, the last one, or the only one."""
    project, instance, number = listing.project(ctx), ctx.planned["instance"], ctx.planned["backup_id"]
    place = f"{ctx.kind.base}projects/{project}/instances/{instance}/backupRuns"
    if number:
        found = await ctx.api.call("GET", f"{place}/{number:d}")
    else:
        runs = (await ctx.api.call("GET", place)).get("items") or []
        if not runs:
            raise ProviderError(f"No backups found for SQL Database Instance {instance}")
        if len(runs) > 1 and not ctx.planned["most_recent"]:
            raise ProviderError(
                f"Multiple SQL backup runs listed for Instance {instance}. Consider setting most_recent or specifying "
                "a backup_id"
            )
        found = runs[0]
    told = {"backup_id": int(found["id"]), "location": found.get("location", "")}
    told |= {"start_time": found.get("startTime", ""), "status": found.get("status", "")}
    return ctx.planned | told | {"id": f"projects/{project}/instances/{instance}/backupRuns/{found['id']}"}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_sql_backup_run": _backup,
    "google_sql_ca_certs": _authorities,
    "google_sql_database_instances": _instances,
    "google_sql_databases": _databases,
}

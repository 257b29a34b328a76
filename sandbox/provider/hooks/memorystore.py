"""Memorystore: endpoints that are asked for by fields of their own, backups that are off, the authority beside it."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill

_INSTANCE = "google_memorystore_instance"
_CLUSTER = "google_redis_cluster"
_NEW, _OLD = "desired_auto_created_endpoints", "desired_psc_auto_connections"


@hook("expand", _INSTANCE, _CLUSTER)
def expand(ctx: Context, document: Json) -> Json:
    """What is asked for, in the API's fields."""
    if asked := ctx.planned.get(_NEW):
        document["endpoints"] = [{"connections": [{"pscAutoConnection": one} for one in _asked(asked)]}]
    elif asked := ctx.planned.get(_OLD):
        document["pscAutoConnections"] = _asked(asked)
    backups = document.get("automatedBackupConfig")
    document["automatedBackupConfig"] = {**(backups or {}), "automatedBackupMode": "ENABLED" if backups else "DISABLED"}
    return document


def _asked(given: list[dict[str, Any]]) -> list[Json]:
    return [{"projectId": one["project_id"], "network": one["network"]} for one in given]


@hook("read", _INSTANCE, _CLUSTER)
async def read(ctx: Context) -> Json | None:
    """With the authority of one that encrypts, which is asked for by itself."""
    url = ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned)
    found: Json | None = await ctx.api.get(url)
    if found is not None and str(found.get("transitEncryptionMode")).endswith("SERVER_AUTHENTICATION"):
        told = await ctx.api.call("GET", f"{url}/certificateAuthority")
        found["managedServerCa"] = told["managedServerCa"]
    return found


@hook("flatten", _INSTANCE, _CLUSTER)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, as it is there; none of the backups where they are off."""
    found: list[dict[str, Any]] = []
    for endpoint in document.get("endpoints") or []:
        for one in endpoint["connections"]:
            made = {"network": one["pscAutoConnection"]["network"], "project_id": one["pscAutoConnection"]["projectId"]}
            if made not in found:
                found.append(made)
    if found:
        old = bool(ctx.planned.get(_OLD))
        state[_OLD] = found if old else []
        state[_NEW] = found if ctx.planned.get(_NEW) or not old else []
    if (document.get("automatedBackupConfig") or {}).get("automatedBackupMode") != "ENABLED":
        state["automated_backup_config"] = []
    return state

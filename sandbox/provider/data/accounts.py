"""Reading data sources of accounts: those of a project, and those that Google makes for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.provider.data import listing
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.hooks.registry import Context
from sandbox.provider.resource import required

State = dict[str, Any]


async def _service_account(ctx: Context) -> State:
    account = str(ctx.planned["account_id"])
    project = ctx.planned["project"] or ctx.settings.project
    if "/" in account:
        name = account
    elif "@" in account:
        name = f"projects/-/serviceAccounts/{account}"
    else:
        name = f"projects/{project}/serviceAccounts/{account}@{required(project, 'project')}.iam.gserviceaccount.com"
    document = await ctx.api.get(ctx.kind.base + name)
    if document is None:
        raise ProviderError(Problem(f"Service Account {name!r} not found"))
    return ctx.planned | {
        "id": document["name"],
        "name": document["name"],
        "project": document.get("projectId", project),
        "email": document["email"],
        "member": f"serviceAccount:{document['email']}",
        "unique_id": document.get("uniqueId"),
        "display_name": document.get("displayName"),
        "disabled": bool(document.get("disabled")),
    }


async def _default_account(ctx: Context) -> State:
    """Compute Engine's own account of a project, which may have been deleted."""
    project = listing.project(ctx)
    email = str((await ctx.api.call("GET", f"{ctx.kind.base}projects/{project}"))["defaultServiceAccount"])
    name = f"projects/{project}/serviceAccounts/{email}"
    known = await ctx.api.get(f"/iam/v1/{name}")
    if known is None:
        raise ProviderError(Problem(f"{name} not found"))
    told = {"email": email, "name": name, "member": f"serviceAccount:{email}", "unique_id": known["uniqueId"]}
    return ctx.planned | told | {"id": name, "project": project, "display_name": known.get("displayName") or ""}


async def _storage_agent(ctx: Context) -> State:
    return await _agent(ctx, "email_address", "email_address")


async def _bigquery_agent(ctx: Context) -> State:
    return await _agent(ctx, "email", "email")


async def _agent(ctx: Context, attribute: str, key: str) -> State:
    project = listing.project(ctx)
    document = await ctx.api.get(f"{ctx.kind.base}projects/{project}/serviceAccount") or {}
    email = document[key]
    return ctx.planned | {"id": email, "project": project, attribute: email, "member": f"serviceAccount:{email}"}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_bigquery_default_service_account": _bigquery_agent,
    "google_compute_default_service_account": _default_account,
    "google_service_account": _service_account,
    "google_storage_project_service_account": _storage_agent,
}
